"""Sentences that may state a unit: the names and role phrases in one, and which phrase and which verb speaks of which name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from baogao.extract.unit_counts import NUMBER
from baogao.extract.unit_frames import RoleFrame, find_frames
from baogao.extract.unit_holders import split_holders
from baogao.extract.unit_names import UnitName, find_names
from baogao.extract.unit_words import CLAUSE_END, role_words, unit_words
from baogao.language.document import Document

QUANTITY = rf"(?:不少于|不低于|约|近)?(?:第?{NUMBER})?(?:余|多)?(?:支|个|家|所|处|名|条|类|级|批|人|座)?(?:以上)?的?"
_OBJECT_GAP = re.compile(
    rf"(?!成?的)(?:了|起|起了|起来|出|过|有|着|成|成了)?(?:相应|专门|自己|统一|首个)?{QUANTITY}(?:[^，,。；;：:\n]{{0,60}}的)?{QUANTITY}"
)
_JOINT_GAP = re.compile(rf"(?:[（(][^（）()\n]{{0,40}}[)）])?\s*(?:、|和|及|以及|与|或)\s*{QUANTITY}")
_CHAIN_GAP = re.compile(r"(?:[、，,；;和及以由并且\s]|并由|同时|其中)*")
_BEHIND = r"了?(?:[^，,。；;：:\n]{0,20}的)?" + QUANTITY + r"(?<=的)?.{0,4}?"

_CLAUSE_START = CLAUSE_END + "。 \u3000、)）.．"

Foundings = Sequence["Founding | None"]
Links = tuple[tuple[RoleFrame, UnitName | None], ...]


@dataclass(frozen=True, slots=True)
class Founding:
    """A verb that brings a unit into being or tells of its place: its use (found, divide, below, form, renew, born) and its span."""

    use: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence text[start:end] with its unit names and role phrases.

    `foundings` gives for each name the verb that founds it; `links` joins each role phrase with the name that it speaks of.
    """

    document: Document
    start: int
    end: int
    names: tuple[UnitName, ...]
    foundings: tuple[Founding | None, ...]
    links: Links


def read_sentence(document: Document, start: int, end: int) -> Sentence:
    """Names, role phrases and verbs of text[start:end], joined."""
    text = document.text
    frames = find_frames(text, start, end)
    names = [*find_names(document, start, end), *_quoted_names(text, start, end)]
    names = [name for name in names if not any(frame.holder_start < name.end and name.start < frame.holder_end for frame in frames)]
    names.sort(key=lambda name: name.start)
    foundings = tuple(_foundings(text, start, end, names))
    targets = _targets(document, names, foundings, frames)
    links = tuple(link for frame, target in zip(frames, targets, strict=True) for link in _links(text, names, foundings, frame, target))
    return Sentence(document, start, end, tuple(names), foundings, links)


@cache
def _verbs() -> re.Pattern[str]:
    verbs = unit_words().verbs
    return re.compile("|".join(f"(?P<{use}>{verbs[use]})" for use in ("found", "divide", "below", "form", "renew")))


@cache
def _born() -> re.Pattern[str]:
    adverbs = r"(?:于[^，,。；;]{2,16}|也|已经?|正式|相继|先后|都|均|全部|由[^，,。；;]{2,20}(?:合并|联合)|[0-9一二三四五六七八九十年月日初上中下旬底]{2,10})?"
    return re.compile(rf"{adverbs}(?:{unit_words().verbs['born']})(?=[，,。；;！\n]|$|于|起来)")


@cache
def _behind() -> re.Pattern[str]:
    return re.compile(rf"(?:[，,]\s*(?:并|共同)?{unit_words().verbs['found']})?{_BEHIND}")


@cache
def _quoted() -> re.Pattern[str]:
    return re.compile(rf"{unit_words().verbs['quoted']}(?:了|起|的)?{QUANTITY}(?P<name>[“\"][^”\"，,。；;\n]{{2,14}}[”\"])(?=[，,。；;（(\n]|$)")


def _quoted_names(text: str, start: int, end: int) -> Iterator[UnitName]:
    """Names in quotes that have no head noun, where a verb founds them: 成立“大党委”."""
    for match in _quoted().finditer(text, start, end):
        if not unit_words().head.search(match["name"]):
            yield UnitName(*match.span("name"), "", "other", False)


def _foundings(text: str, start: int, end: int, names: list[UnitName]) -> list[Founding | None]:
    """For each name the verb that founds it: as the verb's object, as one of several objects, or as its subject."""
    verbs = [_founding(text, match) for match in _verbs().finditer(text, start, end)]
    found: list[Founding | None] = []
    for i, name in enumerate(names):
        near = [verb for verb in verbs if verb.end <= name.start and (i == 0 or verb.end >= names[i - 1].end)]
        verb = next((verb for verb in reversed(near) if _OBJECT_GAP.fullmatch(text, verb.end, name.start)), None)
        if verb is None and i and found[i - 1] and _JOINT_GAP.fullmatch(text, names[i - 1].end, name.start):
            verb = found[i - 1]
        if verb is None and (born := _born().match(text, name.end, end)):
            verb = Founding("born", name.start, born.end())
        found.append(verb)
    return found


def _founding(text: str, match: re.Match[str]) -> Founding:
    again = match.lastgroup == "found" and text[: match.start()].endswith("进一步", match.start() - 3)
    return Founding("renew" if again else str(match.lastgroup), match.start(), match.end())


def _targets(document: Document, names: list[UnitName], foundings: Foundings, frames: list[RoleFrame]) -> list[UnitName | None]:
    """For each frame the unit that it speaks of, as far as the sentence tells."""
    text = document.text
    found: list[UnitName | None] = [None] * len(frames)
    for i in reversed(range(len(frames))):
        found[i] = _described(text, names, frames[i])
        if found[i] is None and i + 1 < len(frames) and _CHAIN_GAP.fullmatch(text, frames[i].end, frames[i + 1].start):
            following = found[i + 1]
            found[i] = following if following and following.start >= frames[i + 1].end else None
    for i, frame in enumerate(frames):
        if found[i] is None and frame.form != "gathered":
            chained = i and not frame.unit and _CHAIN_GAP.fullmatch(text, frames[i - 1].end, frame.start)
            last = found[i - 1] if chained and frames[i - 1].unit else None
            found[i] = last or _named_inside(document, names, foundings, frame) or _before(text, names, foundings, frame)
    return found


def _described(text: str, names: list[UnitName], frame: RoleFrame) -> UnitName | None:
    """The unit right behind a frame that describes it: 由校长任组长的领导小组, 党员组成服务队."""
    name = next((name for name in names if name.start >= frame.end), None)
    if name is None or not _behind().fullmatch(text, frame.end, name.start):
        return None
    behind = text[frame.end : name.start]
    joined = behind.startswith("的") or text[frame.end - 1] == "的" or frame.form in ("members", "gathered")
    return name if joined else None


def _named_inside(document: Document, names: list[UnitName], foundings: Foundings, frame: RoleFrame) -> UnitName | None:
    """The unit that a frame's own words name (任办公室主任): one named so before in the sentence, or those words."""
    if frame.unit is None:
        return None
    words = document.text[slice(*frame.unit)].removesuffix("的")
    before = [
        (founding is not None, name.start, name)
        for name, founding in zip(names, foundings, strict=True)
        if name.end <= frame.start and document.text[name.start : name.end].endswith(words)
    ]
    if before:
        return max(before, key=lambda item: item[:2])[2]
    inside = find_names(document, *frame.unit)
    return inside[-1] if inside else None


def _before(text: str, names: list[UnitName], foundings: Foundings, frame: RoleFrame) -> UnitName | None:
    """The nearest name before a frame whose kind of unit has such a role: one that is founded there or opens a clause, else any."""
    kinds = role_words().kinds.get(frame.role)
    before = [
        (founding is not None or name.start == 0 or text[name.start - 1] in _CLAUSE_START, name.start, name)
        for name, founding in zip(names, foundings, strict=True)
        if name.end <= frame.start and (kinds is None or name.kind in kinds)
    ]
    return max(before, key=lambda item: item[:2])[2] if before else None


def _links(text: str, names: list[UnitName], foundings: Foundings, frame: RoleFrame, target: UnitName | None) -> Links:
    """The frame with its unit; several units in a row have a frame's holders in turn (分别由…) or its verbs in common."""
    row = _row(text, names, foundings, target) if target in names else []
    if target is None or len(row) < 2 or target.end > frame.start:
        return ((frame, target),)
    if "分别" in text[target.end : frame.holder_start]:
        holders = split_holders(text, frame.holder_start, frame.holder_end)
        if len(holders) == len(row):
            parts = zip(holders, row, strict=True)
            return tuple((replace(frame, holder_start=holder.start, holder_end=holder.end), name) for holder, name in parts)
    if frame.form == "predicate":
        return tuple((frame, name) for name in row)
    return ((frame, target),)


def _row(text: str, names: list[UnitName], foundings: Foundings, target: UnitName | None) -> list[UnitName]:
    """The names that stand in a row up to `target`, objects of one verb."""
    last = next(i for i, name in enumerate(names) if name == target)
    first = last
    while first and foundings[first] and foundings[first - 1] == foundings[last]:
        first -= 1
    return names[first : last + 1]
