"""Sentences that may state a unit: the names and role phrases in one, and which phrase speaks of which name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from baogao.extract.organizations.foundings import (
    QUANTITY,
    Founding,
    find_foundings,
    founding_before,
    makes_a_unit,
    quoted_names,
    whole_object,
)
from baogao.extract.organizations.frames import RoleFrame
from baogao.extract.organizations.holders import split_holders
from baogao.extract.organizations.names import UnitName, find_names, find_weak_names
from baogao.extract.organizations.verb_frames import find_frames
from baogao.extract.organizations.words import CLAUSE_END, role_words, unit_words
from baogao.language.document import Document

_CHAIN = r"(?:[、，,和及以由并且\s]|并由|同时|其中)*"
_BEHIND = r"了?(?:[^，,。；;：:\n]{0,20}的)?" + QUANTITY + r"(?<=的)?[^，,。；;：:\n]{0,4}?"
_LONGEST_SEAT = 4
_ELECTED = ("委员会", "领导班子", "班子", "两委班子")
"""Heads of what an election brings in: a secretary belongs to it too."""
_CLAUSE_START = CLAUSE_END + "。 \u3000、)）.．"

Foundings = Sequence[Founding | None]
Links = tuple[tuple[RoleFrame, UnitName | None], ...]


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
    names = _names(document, start, end, frames)
    foundings = find_foundings(text, start, end, names)
    targets = _targets(document, names, foundings, frames)
    for i, name in enumerate(names):
        if foundings[i] is None:
            own = [frame for frame, target in zip(frames, targets, strict=True) if target == name]
            foundings[i] = founding_before(text, start, own, name)
    links = tuple(link for frame, target in zip(frames, targets, strict=True) for link in _links(text, names, foundings, frame, target))
    return Sentence(document, start, end, tuple(names), tuple(foundings), links)


def _names(document: Document, start: int, end: int, frames: list[RoleFrame]) -> list[UnitName]:
    """The unit names of a sentence that are not part of a holder, in order and apart from each other."""
    text = document.text
    names = [*find_names(document, start, end), *quoted_names(text, start, end)]
    names += [name for name in find_weak_names(document, start, end) if makes_a_unit(text, start, name, frames)]
    names = [name for name in names if not any(frame.holder_start < name.end and name.start < frame.holder_end for frame in frames)]
    apart: list[UnitName] = []
    for name in sorted(names, key=lambda name: (name.start, -name.end)):
        if not apart or apart[-1].end <= name.start:
            apart.append(name)
    return [whole_object(text, start, name) for name in apart]


@cache
def _chain() -> re.Pattern[str]:
    """What may stand between two role phrases of one unit."""
    return re.compile(rf"{_CHAIN}(?:{unit_words().verbs['found']}了?)?")


@cache
def _behind() -> re.Pattern[str]:
    """What may stand between a role phrase and the unit that it describes."""
    pieces = r"(?P<pieces>(?:、[^，,。；;：:、的\n]{2,10}){1,4}的)?"  # roles in words that stand in no list
    return re.compile(rf"{pieces}(?:[，,]?\s*(?:并|共同)?(?P<found>{unit_words().verbs['found']}))?{_BEHIND}")


def _targets(document: Document, names: list[UnitName], foundings: Foundings, frames: list[RoleFrame]) -> list[UnitName | None]:
    """For each frame the unit that it speaks of, as far as the sentence tells."""
    text = document.text
    found: list[UnitName | None] = [None] * len(frames)
    for i in reversed(range(len(frames))):
        found[i] = _described(text, names, frames[i])
        if found[i] is None and i + 1 < len(frames) and _chain().fullmatch(text, frames[i].end, frames[i + 1].start):
            following = found[i + 1]
            found[i] = following if following and following.start >= frames[i + 1].end else None
    for i, frame in enumerate(frames):
        if frame.form == "staffed":
            found[i] = _staffed(text, names, foundings, [target for target in found if target], frame)
        elif found[i] is None and frame.form != "gathered":
            chained = i and not frame.unit and frames[i - 1].unit and _chain().fullmatch(text, frames[i - 1].end, frame.start)
            last = found[i - 1] if chained else None
            found[i] = last or _named_inside(document, names, foundings, frame) or _before(text, names, foundings, frame)
    return found


def _staffed(text: str, names: list[UnitName], foundings: Foundings, told: list[UnitName], frame: RoleFrame) -> UnitName | None:
    """The unit before a frame that takes people in: one that a verb founds or that other frames speak of."""
    before = [name for name, founding in zip(names, foundings, strict=True) if name.end <= frame.start and (founding or name in told)]
    return before[-1] if before and not re.search("[；;]", text[before[-1].end : frame.start]) else None


def _described(text: str, names: list[UnitName], frame: RoleFrame) -> UnitName | None:
    """The unit right behind a frame that describes it: 由校长任组长的领导小组, 党员组成服务队."""
    name = next((name for name in names if name.start >= frame.end), None)
    match = _behind().fullmatch(text, frame.end, name.start) if name else None
    if match is None:
        return None
    of = text[frame.end] == "的" or text[frame.end - 1] == "的" or match["pieces"]
    sets_up = frame.role == "牵头" and match["found"]  # 镇纪委牵头成立督查组
    makes_up = match["found"] == "组成"  # 主席任组长，各主任为成员，组成考核组
    heads_up = match["found"] and frame.form == "predicate" and frame.strong  # 院长亲自挂帅，成立了领导小组
    return name if of or sets_up or makes_up or heads_up or frame.form in ("members", "gathered") else None


def _named_inside(document: Document, names: list[UnitName], foundings: Foundings, frame: RoleFrame) -> UnitName | None:
    """The unit that a frame's own words name (任办公室主任): one named so before in the sentence, or those words."""
    if frame.unit is None:
        return None
    words = document.text[slice(*frame.unit)].removesuffix("的")
    before = [
        ((founding is not None, name.start), name)
        for name, founding in zip(names, foundings, strict=True)
        if name.end <= frame.start and document.text[name.start : name.end].endswith(words)
    ]
    if before:
        return max(before, key=lambda item: item[0])[1]
    inside = find_names(document, *frame.unit)
    return inside[-1] if inside else None


@cache
def _seat() -> re.Pattern[str]:
    """What stands in front of the unit that gives another its seat: 办公室设在工会."""
    return re.compile(rf"{unit_words().verbs['seat']}了?$")


def _before(text: str, names: list[UnitName], foundings: Foundings, frame: RoleFrame) -> UnitName | None:
    """The name before a frame that it most likely speaks of, among those whose kind of unit has such a role.

    First the title's own unit (所长: 所), then one right before the frame, in the same part of the sentence, founded or opening a
    clause, and the nearest.
    """
    kinds = role_words().kinds.get(frame.role)
    part = max(text.rfind(mark, 0, frame.start) for mark in "；;")
    before = []
    for name, founding in zip(names, foundings, strict=True):
        own = bool(frame.title) and name.head.endswith(frame.title[:-1])
        beside = 0 <= frame.start - name.end <= 1
        leads = founding is not None or name.start == 0 or text[name.start - 1] in _CLAUSE_START
        near = not name.weak or own or founding is not None or beside
        seat = _seat().search(text, max(0, name.start - _LONGEST_SEAT), name.start)
        fits = own or kinds is None or name.kind in kinds or (founding is not None and name.head in _ELECTED)
        if name.end <= frame.start and near and not seat and fits:
            before.append(((own, beside, name.start > part, leads, name.start), name))
    return max(before, key=lambda item: item[0])[1] if before else None


def _links(text: str, names: list[UnitName], foundings: Foundings, frame: RoleFrame, target: UnitName | None) -> Links:
    """The frame with its unit; several units in a row have a frame's holders in turn (分别由…) or its verbs in common."""
    row = _row(names, foundings, target) if target in names else []
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


def _row(names: list[UnitName], foundings: Foundings, target: UnitName | None) -> list[UnitName]:
    """The names that stand in a row up to `target`, objects of one verb."""
    last = next(i for i, name in enumerate(names) if name == target)
    first = last
    while first and foundings[first] and foundings[first - 1] == foundings[last]:
        first -= 1
    return names[first : last + 1]
