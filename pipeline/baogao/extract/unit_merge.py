"""Statements of one report joined: the roles of one unit stated in several places are one unit."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from baogao.extract.unit_names import find_names
from baogao.extract.unit_parents import parent_of
from baogao.extract.unit_rules import APPOSITION
from baogao.extract.unit_statements import Statement
from baogao.language.document import Document

_NOT_NAME = re.compile(r"[\s“”\"'（()）的]")
_MEMORY = 300
"""Characters before a bare head noun within which its full name is looked for."""

_RECENT = 100
"""Units of a report that a later statement is compared with; more stand in no report, but in a hostile text."""

_POINTERS = ("这支", "这个", "该")
_LEAST_TITLE = 6
"""Characters of a name in a heading that the fuller name right behind it may repeat."""

_NEAR = 80
"""Characters between two statements of a unit that are quoted as one."""


def merge_statements(document: Document, statements: Iterable[Statement]) -> list[Statement]:
    """Statements in the order of the text, those of one unit joined into one; what only a post's name states needs two places."""
    text = document.text
    merged: list[Statement] = []
    again: set[int] = set()
    for statement in sorted(statements, key=lambda statement: (statement.start, statement.name.start)):
        recent = range(len(merged) - 1, max(-1, len(merged) - 1 - _RECENT), -1)
        place = next((i for i in recent if _same_unit(text, merged[i], statement)), None)
        if place is None:
            merged.append(_with_antecedent(document, statement))
        else:
            merged[place] = _joined(merged[place], statement)
            again.add(place)
    return [statement for i, statement in enumerate(merged) if i in again or statement.rule != APPOSITION]


def _with_antecedent(document: Document, statement: Statement) -> Statement:
    """A statement of 中心 or 该队 under the full name that stands before it in the text."""
    pointed = document.text[max(0, statement.name.start - 2) : statement.name.start].endswith(_POINTERS)
    if not (statement.name.bare and statement.founding is None) and not (pointed and _head_only(statement)):
        return statement
    before = find_names(document, max(0, statement.start - _MEMORY), statement.start)
    full = [name for name in before if not name.bare and name.head.endswith(statement.name.head)]
    return replace(statement, name=full[-1]) if full else statement


def _head_only(statement: Statement) -> bool:
    return statement.name.end - statement.name.start == len(statement.name.head)


def _name(text: str, statement: Statement) -> str:
    return _NOT_NAME.sub("", text[statement.name.start : statement.name.end])


def _same_unit(text: str, first: Statement, second: Statement) -> bool:
    """Whether `second` speaks of the unit of `first`: by the same name, or by its head noun alone (领导小组下设…)."""
    if first.name == second.name:
        return True
    parents = parent_of(text, first), parent_of(text, second)
    if all(parents) and parents[0] != parents[1]:
        return False
    names = _name(text, first), _name(text, second)
    if second.name.bare or _head_only(second):
        again = second.founding is None or second.founding.use in ("renew", "below")
        near = second.start - first.end <= _NEAR and first.name.kind == second.name.kind and len(names[1]) > 1
        return again and (names[0].endswith(names[1]) or near)
    heading = len(names[0]) >= _LEAST_TITLE and second.start - first.end <= _NEAR and not first.roles
    return names[0] == names[1] or (heading and names[1].endswith(names[0]))


def _joined(first: Statement, second: Statement) -> Statement:
    """One statement with the roles of both; it quotes both where they are near each other, else the one that says more."""
    near = second.start - first.end <= _NEAR
    main = second if not near and len(second.roles) > len(first.roles) else first
    known = {(role.role, role.holder) for role in first.roles}
    own = second.rule == first.rule == APPOSITION
    roles = (*first.roles, *(role for role in second.roles if own or (role.role, role.holder) not in known))
    counted = {size.what for size in first.sizes}
    sizes = (*first.sizes, *(size for size in second.sizes if size.what not in counted))
    start, end = (first.start, max(first.end, second.end)) if near else (main.start, main.end)
    rule = second.rule if first.rule == APPOSITION else first.rule
    return replace(main, start=start, end=end, roles=roles, sizes=sizes, rule=rule, founding=first.founding or second.founding)
