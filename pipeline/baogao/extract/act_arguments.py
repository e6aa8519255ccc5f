"""Who, where, with whom, for whom and what: the arguments of an act, read from its clause by rules."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from baogao.extract.act_numbers import Number, is_people, numbers_in
from baogao.extract.context import Context
from baogao.language.sentences import Span
from baogao.resources import load_yaml

LONGEST_PLACE = 24
LONGEST_SUBJECT = 16
"""Characters that a place or a subject may have."""
_GAP = "[^，,。；;：:！？!?\n]"


@dataclass(frozen=True, slots=True)
class Arguments:
    """What a clause says of its act besides type, status and time."""

    name: str
    place: str | None
    organizer: str | None
    partners: tuple[str, ...]
    audience: str | None
    participants: int | None
    count: int | None
    unit: str | None
    measure: str


def read_arguments(context: Context, span: Span, head: Span, type_: str) -> Arguments:
    """Arguments of the act in text[span], whose head clause is text[head]."""
    clause = _without_times(context, span)
    main = _without_times(context, head)
    numbers = list(numbers_in(context, span))
    people = next((number for number in numbers if is_people(number)), None)
    pieces = next((number for number in numbers if not is_people(number)), None)
    organizer = _organizer(clause) or _organizer(main)
    return Arguments(
        _name(context, head), _place(clause), organizer, _partners(clause), _audience(clause),
        people.value if people else None, pieces.value if pieces else None, pieces.measure if pieces else None,
        _measure(context.document.text[slice(*span)], type_, pieces),
    )  # fmt: skip


def _without_times(context: Context, span: Span) -> str:
    """The text of a span, its time expressions (and 前后, 期间 behind them) taken out."""
    text, pieces, last = context.document.text, [], span[0]
    for time in context.times_in(*span):
        pieces.append(text[last : time.start])
        last = max(last, time.end)
    pieces.append(text[last : span[1]] if last < span[1] else "")
    return _AFTER_TIME.sub("", "\0".join(pieces)).replace("\0", "").lstrip("，,：: ")


_AFTER_TIME = re.compile(
    "\0(?:[上下]午|晚上?|早上|中午|傍晚|凌晨)?(?:前夕|前后|期间|之际|以来|以前|之前|开始|起|里|间|前|后|份|当天|那天)?"
)


@cache
def _alternatives(*groups: str) -> str:
    words = load_yaml("configs", "words", "arguments.yaml")
    joined = {word for group in groups for word in words[group]}
    return "|".join(sorted(map(re.escape, joined), key=lambda word: (-len(word), word)))


@cache
def _verbs() -> str:
    words = load_yaml("configs", "words", "acts.yaml")
    joined = {*words["event_verbs"], *words["act_verbs"], *load_yaml("configs", "words", "arguments.yaml")["place_verbs"]}
    return "|".join(sorted((word for word in joined if len(word) > 1), key=lambda word: (-len(word), word)))


@cache
def _place_patterns() -> tuple[re.Pattern[str], ...]:
    places, verbs = _alternatives("places"), _verbs()
    behind = f"(?={_VERB_GAP}(?:{verbs}|[设办建贴挂放打搞开摆]|[，,。；;]|$))"
    return (
        re.compile(
            f"(?:在|于|利用|依托|以)(?P<place>{_GAP}{{0,{LONGEST_PLACE}}}?(?:{places})(?:内|里|上|外|前|旁|中|边|处|门口)?){behind}"
        ),
        re.compile(
            f"(?:走进|深入|进入|赴|前往|来到|走上|到)(?P<place>{_GAP}{{0,{LONGEST_PLACE}}}?(?:{places})(?:内|里|上|外|前|旁|中)?)(?:，|,|{verbs}|$)"
        ),
        re.compile("进(?P<place>社区|校园|家庭|企业|农村|村|机关|楼院|院落|学校|广场|军营)(?!人|城)"),
    )


_VERB_GAP = "(?:[，,]|先后|分别|共|各|又|还|都|也|免费|统一|集中|专门|举行了|经常|定期|广泛|设点)?"


def _place(clause: str) -> str | None:
    for pattern in _place_patterns():
        match = pattern.search(clause)
        if match:
            return match["place"]
    return None


@cache
def _subject() -> re.Pattern[str]:
    behind = f"{_alternatives('behind_subject')}|{_verbs()}|，|,"
    return re.compile(f"由?(?P<who>{_GAP}{{0,{LONGEST_SUBJECT}}}?(?:{_alternatives('units')}))(?=们?(?:{behind}))")


def _organizer(clause: str) -> str | None:
    match = _subject().match(clause)
    if match and not match["who"].startswith(tuple(load_yaml("configs", "words", "arguments.yaml")["no_subject"])):
        return str(match["who"])
    return None


@cache
def _partner_patterns() -> tuple[re.Pattern[str], ...]:
    units, people, verbs = _alternatives("units", "people"), _alternatives("people"), _verbs()
    return (
        re.compile(
            f"(?:联合|会同|配合|协同|携手|邀请|聘请|特邀|请来|请|协助)了?(?P<who>{_GAP}{{1,30}}?(?:{units})(?:等)?)(?=[，,等为到来给对在共]|{verbs}|$)"
        ),
        re.compile(f"(?:与|和|同)(?P<who>{_GAP}{{1,24}}?(?:{units}))(?:联合|共同|一起|合作|合办|联手|携手|共建|签订|座谈|联办|结合)"),
        re.compile(
            f"(?:组织|发动|动员|带领|号召|召集)了?(?P<who>{_GAP}{{0,16}}?(?:{people}))(?=[，,0-9对到去为给在向进前]|{verbs}|观看|参观|参加)"
        ),
    )


_AND = re.compile("[、和及与]|以及")


def _partners(clause: str) -> tuple[str, ...]:
    for pattern in _partner_patterns():
        match = pattern.search(clause)
        if match:
            who = _COUNTED.sub("", match["who"].removesuffix("等"))
            return tuple(part for part in _AND.split(who) if part)
    return ()


_COUNTED = re.compile("^[0-9一二三四五六七八九十百余多两]{1,5}(?:余|多)?(?:名|位|个|家|户)")


@cache
def _audience_patterns() -> tuple[re.Pattern[str], ...]:
    people, verbs = _alternatives("people"), _verbs()
    return (
        re.compile(
            f"(?:为|给|向|对|面向|针对|供)(?P<who>{_GAP}{{0,24}}?(?:{people})(?:们)?)(?=[，,进作做开办讲提免发送的上]|{verbs}|[0-9]|$)"
        ),
        re.compile(
            f"(?:走访|慰问|看望|帮助|救助|资助|服务|发动|组织|培训|帮扶)了?(?P<who>{_GAP}{{0,16}}?(?:{people})(?:们)?)(?=[，,0-9]|近|约|{verbs}|$)"
        ),
        re.compile(
            f"(?:^|[，,])(?:近|约|共|共有|有)?[0-9一二三四五六七八九十百千余多]{{1,6}}(?:名|人次|位|个|人)?(?P<who>{_GAP}{{0,10}}?(?:{people}))(?:参加|参与|观看|到场|前来|接受|受益)"
        ),
    )


def _audience(clause: str) -> str | None:
    for pattern in _audience_patterns():
        match = pattern.search(clause)
        if match:
            return _COUNTED.sub("", match["who"])
    return None


_STOCK = re.compile("(?:共建有|共有|现有|建有|设有|拥有|目前|现已有|已有|订有|藏书|备有)")
_CASES = re.compile("(?:受理|办结|办理|调解|调处|化解|接待|处理|查处|代办|登记|转办|审核|答复|接访)")
_CASE_UNITS = ("件", "起", "宗", "例", "户", "项", "人次")


def _measure(text: str, type_: str, pieces: Number | None) -> str:
    """stock: what exists; caseload: cases handled; flow: all else."""
    if _STOCK.search(text):
        return "stock"
    if pieces and pieces.measure in _CASE_UNITS and (_CASES.search(text) or type_ == "mediation"):
        return "caseload"
    return "flow"


@cache
def _openings() -> re.Pattern[str]:
    words = load_yaml("configs", "words", "acts.yaml")
    skip = {word for group in ("intention", "habit", "completion", "event_verbs", "effort", "frame") for word in words[group]}
    return re.compile(f"(?:{'|'.join(sorted(skip, key=lambda word: (-len(word), word)))})+了?")


def _name(context: Context, head: Span) -> str:
    """The head clause without what dates, counts or introduces the act."""
    clause = _without_times(context, head)
    subject = _organizer(clause)
    if subject:
        clause = clause[clause.index(subject) + len(subject) :]
    opening = _openings().match(clause)
    name = clause[opening.end() :] if opening and opening.end() < len(clause) - 1 else clause
    return _TRAILING.sub("", name).strip("，,。；;：:、 的") or clause


_TRAILING = re.compile(
    "(?:共|共计|达)?[0-9０-９零一二两三四五六七八九十百千万余多近]{1,8}(?:人次|场次|批次|[次场期份册套张条幅块处个户件起台部支人名项])$"
)
