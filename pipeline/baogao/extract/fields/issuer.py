"""Fields of a report as a whole: the issuer (here) and the place (places.py).

The issuer is the unit, or for a personal report the post, that speaks. The signature says it best, then a field of a form
(申报单位：…), the title, and the name that opens the report; a name that stands above the one who speaks (在青石街道的领导下) is none.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import takewhile

from baogao.extract.fields.names import MASK, Name, names_in_document, names_in_run, without_heads, words
from baogao.extract.fields.places import find_place
from baogao.extract.fields.posts import find_post
from baogao.language.document import Document

__all__ = ["find_issuer", "find_place"]

LABELLED, TITLED, OPENING, SUBJECT, MENTIONED = 6.0, 3.0, 2.0, 1.0, 0.5
"""Weight of a name by where it stands: OPENING in the first OPENING_CHARS characters, SUBJECT more at the start of a clause,
MENTIONED elsewhere and for each further mention, of which MOST_MENTIONS count."""

SURE, SURE_IF_MASKED = 3.0, 1.5
"""Weight that a name needs; a masked one must act besides: a site masks the names that matter. Set on corpus/train."""

OPENING_CHARS = 300
MOST_MENTIONS = 4
MOST_TITLE_LINES = 3

_LINE_CHARS = 80
_SIGNER_CHARS = 30
_BEFORE, _AFTER = 12, 8
_NEWS = re.compile(r"本报讯|本网讯|本报记者|本报通讯员|[（(]通讯员|告诉记者|记者了解到")
_PORTRAIT = re.compile(r"[^。]{2,40}[，,][男女][，,]")
_FORM_FIELD = re.compile(r"(?:(?:申报|申请|主办|报送|制定|编制|起草|填报)(?:单位)?|(?:社区|单位|学校|村)名称)[：:]\s*$")
_UNDER = re.compile(r"(?:在|按照|根据|经|受|遵照|向)[^，。；,;]{0,6}$")
_CLAUSE_START = re.compile(r"(?:^|[，。；！？：,;!?:.《\s])(?:我们|我|现将?|20\S{2}年)?$")
_VISITED = re.compile(r"(?:来|莅临|检查|视察|指导|参观|调研)")
_OWN = re.compile(r"(?:下面，?我?就|为了?使|根据|结合|作为|我们|提高|推动|促进|也?是)$")
_CONCERNED = re.compile("来说|而言")
_AT_PLACE = re.compile("地点[：:]\\S*$")
_JOINED = re.compile("、(?:党委|党总支|党支部|居委会|村委会|办事处|人民政府)")
_WIDE = ("县", "市", "街")
_SALUTATION = re.compile(r"(?:(?!现将|如下|总结|汇报|情况|名称|(?:申报|申请|主办|承办|报送|填报)单位)[^，。；！？：,;!?:]){2,60}[：:]")
_TITLE_NOISE = re.compile(r"^(?:[\s（(]|关于|年度?|\d{2,4}[xX×*_]{0,2}年度?)*")
_SUBTITLE = re.compile(r"[—－–\-]{2,}")
_TITLE_RUN = re.compile(r"[^\d，。、；：,;:“”\s]*")
_DATE_PARTS = re.compile(r"[\dxX×*_〇○零一二三四五六七八九十]{1,4}\s*[年月日.\-/](?!级)|[\d.\-/]+")
_SEALS = re.compile(r"[（(](?:盖?章|公?章|印|签章)[)）]")
_PARTY = re.compile("中共|中国共产党")
_SIGNER_LABEL = re.compile(r"^\s*[\u4e00-\u9fff]{2,4}[：:]")
_EDGE = " \u3000，,、；;（()）"
_BETWEEN_UNITS = re.compile(r"[\s、，,；;（）()]+")
_UNIT_LIKE = re.compile(rf"[\u4e00-\u9fffA-Za-z{MASK}“”]{{5,24}}(?<![人们谢礼])")
_SENTENCE_END = "。！？!?"
_TEXT_END = ("。", "！", "？", "!", "?", "；", ";", "，", ",", "：", ":", ".")


@dataclass(frozen=True, slots=True)
class _Mention:
    """A name with the weight of the place where it stands; `acts` if it begins a clause, a title or a field of a form."""

    name: Name
    weight: float
    acts: bool


def find_issuer(document: Document, *, genre: str, signed_span: tuple[int, int] | None) -> str | None:
    """The unit that speaks, as written; for genre review the post. None where the report names none, and for a
    news item or the portrait of a person.

    `signed_span` is where the date of signature stands in document.text (code points).
    """
    if genre == "review":
        return find_post(document.text, document.title or "")
    signed, end = _signature(document.text, signed_span)
    if signed:
        return _without_superior(signed, document.text[:end])
    if genre == "other" or _NEWS.search(document.text) or _PORTRAIT.match(document.text):
        return None
    groups: dict[str, list[_Mention]] = defaultdict(list)
    for mention in (*_titled(document), *_mentioned(document)):
        groups[_core(mention.name)].append(mention)
    _join_levels(groups)
    core = _strongest(groups)
    if core is None:
        return _by_level(document)
    names = [_form(mention.name) for mention in groups[core]]
    return core if core in names else names[0]


def _strongest(groups: dict[str, list[_Mention]]) -> str | None:
    """The name with the most weight, if that is enough; a masked name gives way to the same one unmasked (xx社区, 柳荫社区)."""
    masked = {core for core in groups if any(char in MASK for char in core)}
    strength = {core: _strength(group) for core, group in groups.items()}
    acting = {core for core in masked if any(mention.acts for mention in groups[core])}
    sure = {core: weight for core, weight in strength.items() if weight >= (SURE_IF_MASKED if core in acting else SURE)}
    core = max(sure, key=lambda name: sure[name], default=None)
    head = core.lstrip(MASK) if core in masked and core else ""
    return next((other for other in sure if head and other not in masked and other.endswith(head)), core)


def _join_levels(groups: dict[str, list[_Mention]]) -> None:
    """Counts a unit named by its level (镇总工会) with the one whose name ends so (XX镇总工会)."""
    for core in [core for core in groups if _level_unit().fullmatch(core)]:
        longer = next((other for other in groups if other != core and other.endswith(core)), None)
        if longer:
            groups[longer] += groups.pop(core)


def _by_level(document: Document) -> str | None:
    """A unit that is named by its level or trade only (县科协, 畜牧站), if it acts by itself: not 我县科协, nor in the title alone.

    It begins a clause of the first sentences, or the title names it and any clause of the text begins with it. By its trade alone it
    must be named twice: once may be any unit that helped.
    """
    title, text = _TITLE_NOISE.sub("", document.title or ""), document.text.replace(document.title or "\n", "\n", 1)
    told = _level_unit().search(text[:OPENING_CHARS])
    if told:
        return told.group(1)
    for pattern in (_level_unit(), _trade_unit()):
        titled = pattern.match(title)
        if titled and re.search(rf"(?:^|[，。；,;\s]){re.escape(titled.group(1))}(?![\u4e00-\u9fff]?[长员])", text):
            return titled.group(1)
    told = _trade_unit().search(text[:OPENING_CHARS])
    return told.group(1) if told and text.count(told.group(1)) > 1 else None


@cache
def _level_unit() -> re.Pattern[str]:
    units = "|".join(_longest_first(word for word in words("organs") | words("institutions") if "党" not in word))
    level = "省|市|区|县|乡|镇|街道|[景园]区|校|院|厂"
    return re.compile(
        rf"(?:^|[，。；,;\s])((?:{level})(?:{units})|团[省市区县]委|[省市区县][\u4e00-\u9fff]{{2,6}}?局|[景园]区管委会)(?![\u4e00-\u9fff]?[长员])"
    )


@cache
def _trade_unit() -> re.Pattern[str]:
    units = "|".join(_longest_first(word for word in words("institutions") - words("generic") if len(word) > 2))
    return re.compile(rf"(?:^|[，。；,;\s])({units})(?!副?[长员])")


def _longest_first(choices: Iterable[str]) -> list[str]:
    return sorted(choices, key=lambda word: (-len(word), word))


def _strength(group: Sequence[_Mention]) -> float:
    return max(mention.weight for mention in group) + MENTIONED * min(len(group) - 1, MOST_MENTIONS)


def _core(name: Name) -> str:
    """What the forms of a unit's name share: its place without authority and enclosing places, else the whole name."""
    if name.head == "offices":
        return name.base
    return name.place if name.place and name.head in ("places", "authorities") else _form(name)


def _form(name: Name) -> str:
    """A name without the places that enclose its own (青石街道柳荫社区居委会: 柳荫社区居委会)."""
    if name.place and name.place.endswith(("社区", "村")):
        return name.text[name.text.index(name.place) :]
    return name.text


def _signature(text: str, signed_span: tuple[int, int] | None) -> tuple[str | None, int]:
    """The unit that signs, as written, and where the signature begins: beside its date, above or below it; else in the last lines."""
    date, behind = signed_span or (len(text), len(text))
    start = text.rfind("\n", 0, date) + 1
    below = text.find("\n", behind)
    places = [(start, date), *_lines_above(text, start, 2)]
    if below >= 0:
        next_end = text.find("\n", below + 1)
        places.append((below, next_end if next_end >= 0 else len(text)))
    for i, (first, last) in enumerate(places):
        name = _signer(text[max(first, last - _LINE_CHARS) : last], dated=signed_span is not None, alone=i == 0 or signed_span is not None)
        if name:
            return _with_signer_above(text, name, first, dated=signed_span is not None), first
    return None, len(text)


def _with_signer_above(text: str, signer: str, start: int, *, dated: bool) -> str:
    """A signer with the one that signs in the line above: 柏树镇委员会、柏树镇人民政府."""
    above = next(_lines_above(text, start, 1), None)
    other = _signer(text[slice(*above)], dated=False, alone=False) if above and dated and above[1] - above[0] <= _SIGNER_CHARS else None
    return f"{other}、{signer}" if other else signer


def _lines_above(text: str, start: int, count: int) -> Iterator[tuple[int, int]]:
    """Spans of the lines with text above the one that begins at `start`, nearest first."""
    while count and start > 0:
        end = start - 1
        start = text.rfind("\n", 0, end) + 1
        if text[start:end].strip():
            count -= 1
            yield start, end


def _signer(line: str, *, dated: bool, alone: bool) -> str | None:
    """The unit that fills the last sentence of a line, with further organs of it or other units beside it (柳荫社区党委、居委会).

    Beside a date any unit-like line counts, with a head noun that no word list has. A line `alone` may name an organ without its
    place (团支部).
    """
    alone = alone and not line.rstrip().endswith("。")
    line = _first_of(_SEALS, _SIGNER_LABEL.sub("", line)).strip("。\n")
    sentence = _first_of(_DATE_PARTS, re.split(f"[{_SENTENCE_END}]", line)[-1])
    parts = [part for part in _BETWEEN_UNITS.split(_PARTY.sub(" ", sentence)) if part]
    units = [next((name for name in names_in_run(part, max_gap=_LINE_CHARS) if name.text == part), None) for part in parts]
    organs = words("authorities") | words("organs")
    if units and units[0] and all(unit or part in organs for unit, part in zip(units, parts, strict=True)):
        return sentence
    if alone and _organ_alone().fullmatch(sentence):
        return sentence
    if dated and _UNIT_LIKE.fullmatch(line) and not _has_stop(line) and not line.endswith(_posts()):
        return line
    return None


def _first_of(divider: re.Pattern[str], line: str) -> str:
    """The first part of a line between seals or dates that is not blank."""
    return next((part.strip(_EDGE) for part in divider.split(line) if part.strip(_EDGE)), "")


@cache
def _organ_alone() -> re.Pattern[str]:
    """An organ that signs without its place: 团支部, 校团委, 物理组."""
    units = "|".join(_longest_first(words("organs") | words("institutions") | words("offices")))
    return re.compile(rf"(?:(?![成设建了我])[\u4e00-\u9fff]){{0,4}}(?:{units}|教?研?组)")


def _without_superior(signer: str, text: str) -> str:
    """A signer without the places above its own, where the text names it without them (清江区柳荫社区居委会: 柳荫社区居委会)."""
    party = _PARTY.match(signer)
    first = party.end() if party else 0
    start = first
    for place in re.finditer("[省市县区镇乡]|街道|农场", signer[first:]):
        above, rest = signer[first : first + place.end()], signer[first + place.end() :]
        name = next(names_in_run(rest), None)
        own = (name.place or name.text) if name and name.start == 0 else None
        if own and any(not text[: match.start()].endswith(above) for match in re.finditer(re.escape(own), text)):
            start = first + place.end()
    return (party.group() if party else "") + signer[start:]


@cache
def _posts() -> tuple[str, ...]:
    return tuple(sorted(words("posts")))


def _has_stop(text: str) -> bool:
    """Whether a name holds a word that no name does, head nouns apart (the 委员 of 委员会)."""
    rest = without_heads(text)
    return any(len(word) > 1 and word in rest for word in words("stops"))


def _titled(document: Document) -> Iterator[_Mention]:
    """The names that begin the title, a subtitle, or a line that is a title at the start of the text."""
    for title in (document.title or "", *_title_lines(document.text)):
        for part in _SUBTITLE.split(title):
            run = _TITLE_RUN.match(_TITLE_NOISE.sub("", part))
            level = _level_unit().match(run.group()) if run else None
            if level:
                yield _Mention(Name(0, level.end(), level.group(1), "organs", None, level.group(1)), TITLED, acts=True)
                break
            name = next(names_in_run(run.group()), None) if run else None
            if name and name.start == 0 and not _has_stop(name.text):
                yield _Mention(name, TITLED, acts=True)


def _title_lines(text: str) -> list[str]:
    """The first lines of a text as far as they are short and end no sentence."""
    lines = [line.strip() for line in text.lstrip().split("\n", MOST_TITLE_LINES)[:MOST_TITLE_LINES]]
    return list(takewhile(lambda line: len(line) <= _LINE_CHARS / 2 and not line.endswith(_TEXT_END), lines))


def _salutation(text: str) -> tuple[int, int]:
    """The span of the line that names those who are addressed (县民政局检查组：), among the first lines; empty without one."""
    start = 0
    for line in text.split("\n", MOST_TITLE_LINES)[:MOST_TITLE_LINES]:
        if _SALUTATION.fullmatch(line.strip()):
            return start, start + len(line)
        start += len(line) + 1
    return 0, 0


def _mentioned(document: Document) -> Iterator[_Mention]:
    """Names in the text that do not stand above the one who speaks and are not addressed."""
    text = document.text
    addressed = _salutation(text)
    for name in names_in_document(document):
        before, after = text[max(0, name.start - _BEFORE) : name.start], text[name.end : name.end + _AFTER]
        if addressed[0] <= name.start < addressed[1] or _AT_PLACE.search(before):
            continue
        if _FORM_FIELD.search(before):
            yield _Mention(name, LABELLED, acts=True)
        elif not (_is_above(before, after) or (before[-1:] == "“" and after[:1] == "”") or _is_wide(name)):
            joined = _JOINED.match(text, name.end) if name.head in ("organs", "authorities") else None
            own = _OWN.search(before) is not None or (before.endswith(("到", "莅临")) and _VISITED.match(after) is not None)
            own = own or (before.endswith("对") and _CONCERNED.match(after) is not None)
            weight = OPENING if own or name.start < OPENING_CHARS else MENTIONED
            whole = replace(name, end=joined.end(), text=text[name.start : joined.end()]) if joined else name
            acts = own or _CLAUSE_START.search(before) is not None
            yield _Mention(whole, weight + (SUBJECT if acts else 0.0), acts)


def _is_above(before: str, after: str) -> bool:
    """Whether a name stands above the one who speaks: 在…的领导下, 根据…《通知》."""
    return _UNDER.search(before) is not None and (after.startswith("《") or _superior().match(after.lstrip("的")) is not None)


def _is_wide(name: Name) -> bool:
    """Whether a name is that of a county, city or street, which reports name without speaking for it."""
    return name.head == "places" and name.text.endswith(_WIDE) and name.text[0] not in MASK


@cache
def _superior() -> re.Pattern[str]:
    return re.compile("|".join(sorted(words("superior"), key=lambda word: (-len(word), word))))
