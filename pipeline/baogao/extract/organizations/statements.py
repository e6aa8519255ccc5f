"""A statement of a unit: what one place of the text says of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from baogao.extract.organizations.foundings import Founding
from baogao.extract.organizations.frames import RoleFrame
from baogao.extract.organizations.holders import Holder, split_holders
from baogao.extract.organizations.names import UnitName
from baogao.extract.organizations.words import role_of
from baogao.extract.results import UnitRole, UnitSize

_COUNTED_ROLES = ("成员",)
"""Roles whose holders a number counts: 由20名党员组成 has the member 党员, 20 of them; 一名副主任 stays one."""

_LEAST_COUNTED = 3


@dataclass(frozen=True, slots=True)
class Statement:
    """What text[start:end] states of a unit; `founding` is the verb that founds it there, `rule` what found the statement."""

    name: UnitName
    start: int
    end: int
    roles: tuple[UnitRole, ...]
    sizes: tuple[UnitSize, ...]
    rule: str
    founding: Founding | None = None


def make_statement(
    text: str, name: UnitName, frames: Iterable[RoleFrame], rule: str, *, founding: Founding | None = None, sizes: Iterable[UnitSize] = ()
) -> Statement:
    """A statement from the earliest to the latest word that states it."""
    frames, sizes = list(frames), list(sizes)
    spans = [(name.start, name.end), *((frame.start, frame.end) for frame in frames), *((size.start, size.end) for size in sizes)]
    if founding:
        spans.append((founding.start, founding.end))
    roles: list[UnitRole] = []
    for frame in frames:
        for i, holder in enumerate(split_holders(text, frame.holder_start, frame.holder_end)):
            role = role_of(frame.title[2:]) if frame.title.startswith("正副") and i == 0 else frame.role
            roles.append(role_row(role, holder))
            sizes += size_rows(role, holder)
    return Statement(name, min(start for start, _ in spans), max(end for _, end in spans), tuple(roles), tuple(sizes), rule, founding)


def role_row(role: str, holder: Holder) -> UnitRole:
    """The role of one holder; a number that counts members is no part of it."""
    return UnitRole(role, holder.bare if _counts_members(role, holder) else holder.text, holder.start, holder.end)


def size_rows(role: str, holder: Holder) -> Iterator[UnitSize]:
    """How many members a holder stands for, if the text counts them."""
    if holder.count and _counts_members(role, holder):
        yield UnitSize(holder.bare, holder.count, holder.start, holder.end)


def _counts_members(role: str, holder: Holder) -> bool:
    """Whether a holder's number counts members (20名党员, 护士2名) and does not pick somebody out (一名副主任)."""
    behind = holder.text.startswith(holder.bare)
    return role in _COUNTED_ROLES and bool(holder.bare) and (holder.count or 0) >= (1 if behind else _LEAST_COUNTED)
