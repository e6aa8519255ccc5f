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
from baogao.language.document import Document
from baogao.resources import load_yaml

__all__ = ["find_issuer", "find_place"]

SIGNED, LABELLED, TITLED, OPENING, SUBJECT, MENTIONED = 10.0, 6.0, 3.0, 2.0, 1.0, 0.5
"""Weight of a name by where it stands: OPENING in the first OPENING_CHARS characters, SUBJECT more at the start of a clause,
MENTIONED elsewhere and for each further mention, of which MOST_MENTIONS count."""

SURE, SURE_IF_MASKED = 3.0, 1.5
"""Weight that a name needs: a site masks the names that matter. Set on corpus/train."""

OPENING_CHARS = 300
MOST_MENTIONS = 4
MOST_TITLE_LINES = 3

_LINE_CHARS = 80
_BEFORE, _AFTER = 12, 8
_NEWS = re.compile(r"本报讯|本网讯|本报记者|本报通讯员|[（(]通讯员|告诉记者|记者了解到")
_PORTRAIT = re.compile(r"[^。]{2,40}[，,][男女][，,]")
_FORM_FIELD = re.compile(r"(?:(?:申报|申请|主办|报送|制定|编制|起草|填报)(?:单位)?|(?:社区|单位|学校|村)名称)[：:]\s*$")
_UNDER = re.compile(r"(?:在|按照|根据|经|受|遵照|向)[^，。；,;]{0,6}$")
_CLAUSE_START = re.compile(r"(?:^|[，。；！？：,;!?:.《\s])(?:我们|我|现将?|20\S{2}年)?$")
_OWN = re.compile(r"(?:为了?使|根据|结合|作为|我们|提高|推动|促进|对|也?是)$")
_JOINED = re.compile("、(?:党委|党总支|党支部|居委会|村委会|办事处|人民政府)")
_WIDE = ("县", "市", "街")
_SALUTATION = re.compile(r"(?:(?!现将|如下|总结|汇报|情况|名称|(?:申报|申请|主办|承办|报送|填报)单位)[^，。；！？：,;!?:]){2,60}[：:]")
_TITLE_NOISE = re.compile(r"^(?:\s|关于|年度?|\d{2,4}[xX×*_]{0,2}年度?)*")
_SUBTITLE = re.compile(r"[—－–\-]{2,}")
_TITLE_RUN = re.compile(r"[^\d，。、；：,;:“”\s]*")
_DATE_PARTS = re.compile(r"[\dxX×*_〇○零一二三四五六七八九十]{1,4}\s*[年月日.\-/]|[\d.\-/]+")
_SEALS = re.compile(r"[（(](?:盖?章|公?章|印|签章)[)）]")
_PARTY = re.compile("中共|中国共产党")
_SIGNER_LABEL = re.compile(r"^\s*[\u4e00-\u9fff]{2,4}[：:]")
_BETWEEN_UNITS = re.compile(r"[\s、，,；;（）()]+")
_UNIT_LIKE = re.compile(rf"[\u4e00-\u9fffA-Za-z{MASK}“”]{{5,24}}(?<![人们谢礼])")
_BECOMES = r"(?:担任|出任|当选为?|选为|任命为|作为|成为|我是|我叫[^，,。]{2,4}[，,]是)了?(?:一[名位个])?"
_SENTENCE_END = "。！？!?"
_TEXT_END = ("。", "！", "？", "!", "?", "；", ";", "，", ",", "：", ":", ".")


@dataclass(frozen=True, slots=True)
class _Mention:
    """A name with the weight of the place where it stands."""

    name: Name
    weight: float
    signed: bool = False


def find_issuer(document: Document, *, genre: str, signed_span: tuple[int, int] | None) -> str | None:
    """The unit that speaks, as written; for genre review the post. None where the report names none, and for a
    news item or the portrait of a person.

    `signed_span` is where the date of signature stands in document.text (code points).
    """
    if genre == "review":
        return _find_post(document.text, document.title or "")
    signed, end = _signature(document.text, signed_span)
    if not signed and (genre == "other" or _NEWS.search(document.text) or _PORTRAIT.match(document.text)):
        return None
    groups: dict[str, list[_Mention]] = defaultdict(list)
    for mention in (*signed, *_titled(document), *_mentioned(document, end)):
        groups[_core(mention.name)].append(mention)
    _join_levels(groups)
    core = _strongest(groups)
    if core is None:
        return _by_level(document)
    unsigned = [_form(mention.name) for mention in groups[core] if not mention.signed]
    return _short_form(core if core in unsigned else _form(groups[core][0].name), f"{document.title}\n{document.text}")


def _strongest(groups: dict[str, list[_Mention]]) -> str | None:
    """The name with the most weight, if that is enough; a masked name gives way to the same one unmasked (xx社区, 柳荫社区)."""
    masked = {core for core in groups if any(char in MASK for char in core)}
    strength = {core: _strength(group) for core, group in groups.items()}
    sure = {core: weight for core, weight in strength.items() if weight >= (SURE_IF_MASKED if core in masked else SURE)}
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
    """A unit that is named by its level or trade only (县科协, 畜牧站), if it begins the title or a clause of the first sentences.

    By its trade alone it must be named twice: once may be any unit that helped.
    """
    title, opening = _TITLE_NOISE.sub("", document.title or ""), document.text[:OPENING_CHARS]
    for text in (title, re.split("[。！？!?]", opening)[0], *re.findall("我[^，。；,;]*", opening)):
        match = _level_unit().search(text)
        if match:
            return match.group(1)
    titled, told = _trade_unit().match(title), _trade_unit().search(opening)
    if titled and len(titled.group(1)) > 3:
        return titled.group(1)
    return told.group(1) if told and document.text.count(told.group(1)) > 1 else None


@cache
def _level_unit() -> re.Pattern[str]:
    units = "|".join(_longest_first(word for word in words("organs") | words("institutions") if "党" not in word))
    return re.compile(rf"(?:^|[，。；,;\s])我?((?:省|市|区|县|乡|镇|街道)(?:{units})|团[省市区县]委)(?![\u4e00-\u9fff]?[长员])")


@cache
def _trade_unit() -> re.Pattern[str]:
    units = "|".join(_longest_first(word for word in words("institutions") - words("generic") if len(word) > 2))
    return re.compile(rf"(?:^|[，。；,;\s])(?:我们?)?({units})(?!副?[长员])")


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


def _short_form(name: str, text: str) -> str:
    """The short form of a name's organ (科学技术协会: 科协) where the report has it."""
    for long, short in load_yaml("configs", "words", "issuers.yaml")["short_forms"].items():
        if name.endswith(long) and (name.removesuffix(long) + short) in text:
            return f"{name.removesuffix(long)}{short}"
    return name


def _signature(text: str, signed_span: tuple[int, int] | None) -> tuple[list[_Mention], int]:
    """The name in the signature, and where that begins: beside its date, above or below it; without a date in the last lines."""
    date, behind = signed_span or (len(text), len(text))
    start = text.rfind("\n", 0, date) + 1
    below = text.find("\n", behind)
    places = [(start, date), *_lines_above(text, start, 2)]
    if below >= 0:
        next_end = text.find("\n", below + 1)
        places.append((below, next_end if next_end >= 0 else len(text)))
    for first, last in places:
        name = _signed_name(text[max(first, last - _LINE_CHARS) : last], dated=signed_span is not None)
        if name:
            return [_Mention(name, SIGNED, signed=True)], first
    return [], len(text)


def _lines_above(text: str, start: int, count: int) -> Iterator[tuple[int, int]]:
    """Spans of the lines with text above the one that begins at `start`, nearest first."""
    while count and start > 0:
        end = start - 1
        start = text.rfind("\n", 0, end) + 1
        if text[start:end].strip():
            count -= 1
            yield start, end


def _signed_name(line: str, *, dated: bool) -> Name | None:
    """The name that fills the last sentence of a line; further organs of the same unit may stand behind it.

    Beside a date any unit-like line counts, with a head noun that no word list has.
    """
    line = _SIGNER_LABEL.sub("", _SEALS.sub(" ", line)).strip(" \u3000。\n")
    sentence = re.split(f"[{_SENTENCE_END}]", line)[-1]
    parts = [part for part in _BETWEEN_UNITS.split(_PARTY.sub(" ", _DATE_PARTS.sub(" ", sentence))) if part]
    units = [next((name for name in names_in_run(part, max_gap=_LINE_CHARS) if name.text == part), None) for part in parts]
    organs = words("authorities") | words("organs")
    if units and units[0] and all(unit or part in organs for unit, part in zip(units, parts, strict=True)):
        several = len(parts) > 1 and units[0].place  # 柳荫社区党委、居委会 is 柳荫社区
        return replace(units[0], head="places") if several else _with_party(units[0], sentence)
    if dated and _UNIT_LIKE.fullmatch(line) and not _has_stop(line) and not line.endswith(_posts()):
        return Name(0, len(line), line, "institutions", None, line)
    return None


def _with_party(name: Name, sentence: str) -> Name:
    """The name of a party committee with the party's own name before it, as its signature writes it (中共青石镇委员会)."""
    party = re.search(f"(?:{_PARTY.pattern})(?={re.escape(name.text)})", sentence) if name.head == "institutions" else None
    return replace(name, text=party.group() + name.text, place=None) if party else name


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
                yield _Mention(Name(0, level.end(), level.group(1), "organs", None, level.group(1)), TITLED)
                break
            name = next(names_in_run(run.group()), None) if run else None
            if name and name.start == 0 and not _has_stop(name.text):
                yield _Mention(name, TITLED)


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


def _mentioned(document: Document, end: int) -> Iterator[_Mention]:
    """Names in the text before `end` that do not stand above the one who speaks and are not addressed."""
    text = document.text
    addressed = _salutation(text)
    for name in names_in_document(document):
        if name.end > end:
            return
        if addressed[0] <= name.start < addressed[1]:
            continue
        before, after = text[max(0, name.start - _BEFORE) : name.start], text[name.end : name.end + _AFTER]
        if _FORM_FIELD.search(before):
            yield _Mention(name, LABELLED)
        elif not (_is_above(before, after) or (before[-1:] == "“" and after[:1] == "”") or _is_wide(name)):
            joined = _JOINED.match(text, name.end) if name.head in ("organs", "authorities") else None
            own = _OWN.search(before) is not None
            weight = OPENING if own or name.start < OPENING_CHARS else MENTIONED
            whole = replace(name, end=joined.end(), text=text[name.start : joined.end()]) if joined else name
            yield _Mention(whole, weight + (SUBJECT if own or _CLAUSE_START.search(before) else 0.0))


def _is_above(before: str, after: str) -> bool:
    """Whether a name stands above the one who speaks: 在…的领导下, 根据…《通知》."""
    return _UNDER.search(before) is not None and (after.startswith("《") or _superior().match(after.lstrip("的")) is not None)


def _is_wide(name: Name) -> bool:
    """Whether a name is that of a county, city or street, which reports name without speaking for it."""
    return name.head == "places" and name.text.endswith(_WIDE) and name.text[0] not in MASK


@cache
def _superior() -> re.Pattern[str]:
    return re.compile("|".join(sorted(words("superior"), key=lambda word: (-len(word), word))))


@cache
def _post() -> re.Pattern[str]:
    """Pattern for a post that somebody says to hold, or that stands in the signature."""
    posts = "|".join(sorted(words("posts"), key=lambda word: (-len(word), word)))
    signed = rf"述职人?[：:]\s*(?P<signed>[^，。\s]{{0,16}}?(?:{posts}))(?=\s|$)"
    return re.compile(rf"{_BECOMES}(?P<held>[^，。,；;！!\s]{{0,20}}?(?:{posts}))|{signed}")


def _find_post(text: str, title: str) -> str | None:
    """The post that a personal report speaks from; one that names its unit before that of the title, and that before others."""
    held = [match["held"] or match["signed"] for match in _post().finditer(text)]
    posts = [post for post in held if post not in words("posts") and "一名" not in post]
    for post in posts:
        name = next(names_in_run(post), None)
        if name:
            return post[post.index(_form(name)) :]
    return _titled_post(title) or (posts[0] if posts else None)


def _titled_post(title: str) -> str | None:
    """The post that begins a title, with what qualifies it: 社区党委书记2019年度述职报告; a post alone (书记) names nobody's."""
    post = re.match(rf"[\u4e00-\u9fff{MASK}]{{1,16}}?(?:{'|'.join(_longest_first(words('posts')))})(?=20|\d|年|述|个人)", title)
    return post.group() if post and post.group() not in words("posts") and not post.group().startswith(("年", "关于")) else None
