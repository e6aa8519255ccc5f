"""The issuer of a report: the unit, or for a personal report the post, that speaks.

The signature says it best, then a form's field (申报单位：…), the title, and the name that opens the report; a name that stands
above the one who speaks (在青石街道的领导下) is none of it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from baogao.extract.names import MASK, Name, names_in_document, names_in_run, words
from baogao.language.document import Document
from baogao.resources import load_yaml

SIGNED, LABELLED, TITLED, OPENING, SUBJECT, MENTIONED = 10.0, 6.0, 3.0, 2.0, 1.0, 0.5
"""Weight of a name by where it stands: OPENING in the first OPENING_CHARS characters, SUBJECT more at the start of a clause."""

SURE, SURE_IF_MASKED = 3.0, 1.5
"""Weight that a name needs: a site masks the names that matter."""

OPENING_CHARS = 300
MOST_MENTIONS = 4
"""Further mentions of a name that add MENTIONED each."""

_TAIL_CHARS = 80
_NEWS = re.compile(r"本报讯|本网讯|本报记者|本报通讯员|[（(]通讯员|告诉记者|记者了解到")
_LABEL = re.compile(r"(?:(?:申报|申请|主办|报送|制定|编制|起草|填报)(?:单位)?|(?:社区|单位|学校|村)名称)[：:]\s*$")
_SUPERIOR_BEFORE = re.compile(r"(?:在|按照|根据|经|受|遵照|向)[^，。；,;]{0,6}$")
_CLAUSE_START = re.compile(r"(?:^|[，。；！？：,;!?:.《\s])(?:我们|我|现将?|20\S{2}年)?$")
_SELF = re.compile(r"(?:为了?使|根据|结合|作为|我们|提高|推动|促进|对|也?是)$")
_TITLE_NOISE = re.compile(r"^(?:[—\-－–\s]+|关于|年度?|\d{2,4}[xX×*_]{0,2}年度?)")
_DATE_PARTS = re.compile(r"[\dxX×*_〇○零一二三四五六七八九十]{1,4}\s*[年月日.\-/]|[\d.\-/]+")
_SEALS = re.compile(r"[（(](?:盖?章|公?章|印|签章)[)）]|中共|中国共产党")
_POST_LEAD = r"(?:担任|出任|当选为?|选为|任命为|作为|成为|我是|我叫[^，,。]{2,4}[，,]是)了?(?:一[名位个])?"
_UNIT_LIKE = re.compile(rf"[\u4e00-\u9fffA-Za-z{MASK}“”]{{5,24}}(?<![人们谢礼])")
_WIDE = ("县", "市", "街", "城区", "园区", "片区")
_SENTENCE_END = "。！？!?"


@dataclass(frozen=True, slots=True)
class _Mention:
    name: Name
    weight: float
    signed: bool


def find_issuer(document: Document, *, genre: str, signed_span: tuple[int, int] | None) -> str | None:
    """The unit that speaks, as written; for genre review the post. None where the report names none, and for a news item.

    `signed_span` is where the date of signature stands in document.text.
    """
    if genre == "review":
        return _find_post(document.text)
    signed, end = _signature(document.text, signed_span)
    if not signed and (genre == "other" or _NEWS.search(document.text)):
        return None
    mentions = [*signed, *_titled(document), *_mentioned(document, end)]
    return _best(mentions, document) if mentions else None


def _best(mentions: Sequence[_Mention], document: Document) -> str | None:
    """The strongest name, in the form that the report's own text has where it has one."""
    groups: dict[str, list[_Mention]] = defaultdict(list)
    for mention in mentions:
        groups[_core(mention.name)].append(mention)
    masked = [core for core in groups if any(char in MASK for char in core)]
    strength = {core: _strength(group) for core, group in groups.items()}
    sure = {core: weight for core, weight in strength.items() if weight >= (SURE_IF_MASKED if core in masked else SURE)}
    if not sure:
        return None
    core = max(sure, key=lambda name: sure[name])
    if core in masked:  # the site hid the name in one place and left it in another
        head = core.lstrip(MASK)
        core = next((other for other in sure if other not in masked and head and other.endswith(head)), core)
    forms = [_form(mention.name) for mention in groups[core] if not mention.signed]
    return _short_form(core if core in forms else _form(groups[core][0].name), f"{document.title}\n{document.text}")


def _short_form(name: str, text: str) -> str:
    """The short form of a name's organ where the report has it."""
    for long, short in load_yaml("configs", "words", "issuers.yaml")["short_forms"].items():
        if name.endswith(long) and (name.removesuffix(long) + short) in text:
            return name.removesuffix(long) + str(short)
    return name


def _strength(group: Sequence[_Mention]) -> float:
    """Weight of the best place where a name stands, and a little for each further one."""
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


def _signature(text: str, signed_span: tuple[int, int] | None) -> tuple[list[_Mention], int]:
    """The name in the signature, and where that begins: beside its date, above or below it; without a date in the last lines."""
    date, end = signed_span or (len(text), len(text))
    start = text.rfind("\n", 0, date) + 1
    places = [(start, date), *_lines_above(text, start, 2)]
    below = text.find("\n", end)
    if below >= 0:
        places.append((below, below + 1 + text[below + 1 :].find("\n") % _TAIL_CHARS))
    for first, last in places:
        found = _signed_names(text[max(first, last - _TAIL_CHARS) : last])
        if found:
            return [_Mention(name, SIGNED, True) for name in found[:1]], first
    return [], len(text)


def _lines_above(text: str, start: int, count: int) -> Iterator[tuple[int, int]]:
    """Spans of the lines with text above the one that starts at `start`, nearest first."""
    while count and start > 0:
        end = start - 1
        start = text.rfind("\n", 0, end) + 1
        if text[start:end].strip():
            count -= 1
            yield start, end


def _signed_names(line: str) -> list[Name]:
    """Names that fill the last sentence of a line; a person's name may stand behind, further organs of the unit too."""
    sentence = re.split("[。！？!?]", line.strip(" \u3000。\n"))[-1]
    parts = [part for part in re.split(r"[\s、，,；;（）()]+", _DATE_PARTS.sub(" ", _SEALS.sub(" ", sentence))) if part]
    units = [[name for name in names_in_run(part, max_gap=_TAIL_CHARS) if name.text == part] for part in parts]
    organs = [part in words("authorities") or part in words("organs") for part in parts]
    if not units or not units[0] or not all(unit or organ for unit, organ in zip(units, organs, strict=True)):
        return [Name(0, len(line), parts[0], "institutions", None, parts[0])] if len(parts) == 1 and _is_unit_like(line, parts[0]) else []
    first = units[0][0]
    if len(parts) > 1 and first.place:  # 柳荫社区党委、居委会 is 柳荫社区
        first = replace(first, head="places")
    return [first]


def _is_unit_like(line: str, part: str) -> bool:
    """Whether a part that makes up a whole line of the signature can be a unit with a head noun that no word list has."""
    alone = _SEALS.sub("", line).strip(" \u3000。\n") == part
    return alone and _UNIT_LIKE.fullmatch(part) is not None and not any(len(word) > 1 and word in part for word in words("stops"))


def _titled(document: Document) -> Iterator[_Mention]:
    """The name that begins the title, or the first line where it is a title too."""
    first_line = document.text.lstrip().split("\n", 1)[0][:60]
    for title in filter(None, (document.title, first_line if first_line[-1:] not in _SENTENCE_END else None)):
        while noise := _TITLE_NOISE.match(title):
            title = title[noise.end() :]
        run = re.match(r"[^\d，。、；：,;:“”\s]*", title)
        name = next(names_in_run(run.group() if run else ""), None)
        if name and name.start == 0 and not any(len(word) > 1 and word in name.text for word in words("stops")):
            yield _Mention(name, TITLED, False)


def _mentioned(document: Document, end: int) -> Iterator[_Mention]:
    """Names in the text before `end` that do not stand above the one who speaks."""
    text = document.text
    for name in names_in_document(document):
        if name.end > end:
            return
        before, after = text[max(0, name.start - 12) : name.start], text[name.end : name.end + 8].lstrip("的")
        if _LABEL.search(before):
            yield _Mention(name, LABELLED, False)
            continue
        if (_SUPERIOR_BEFORE.search(before) and _superior().match(after)) or (before.endswith("“") and after.startswith("”")):
            continue
        if name.text.endswith(_WIDE) and name.head == "places" and name.text[0] not in MASK:
            continue
        weight = OPENING if name.start < OPENING_CHARS or _SELF.search(before) else MENTIONED
        yield _Mention(name, weight + (SUBJECT if _CLAUSE_START.search(before) or _SELF.search(before) else 0.0), False)


@cache
def _superior() -> re.Pattern[str]:
    return re.compile("|".join(sorted(words("superior"), key=lambda word: (-len(word), word))))


@cache
def _post() -> re.Pattern[str]:
    posts = "|".join(sorted(words("posts"), key=lambda word: (-len(word), word)))
    return re.compile(rf"{_POST_LEAD}(?P<post>[^，。,；;！!\s]{{0,20}}?(?:{posts}))|述职人?[：:]\s*(?P<signed>[^，。\s]{{0,16}}?(?:{posts}))(?=\s|$)")


def _find_post(text: str) -> str | None:
    """The post that a personal report speaks from; one that names its unit before one that does not."""
    posts = [re.sub("专职|兼职", "", match.group("post") or match.group("signed")) for match in _post().finditer(text)]
    named = [(post, next(names_in_run(post), None)) for post in posts]
    for post, name in named:
        if name:
            return post[post.index(_form(name)) :]
    return posts[0] if posts else None
