"""Statements of one report joined: the roles of one unit stated in several places are one unit."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import islice

from baogao.extract.organizations.names import find_names
from baogao.extract.organizations.parents import parent_of
from baogao.extract.organizations.rules import APPOSITION
from baogao.extract.organizations.statements import Statement
from baogao.extract.results import UnitRole
from baogao.language.document import Document

_NOT_NAME = re.compile(r"[\s“”\"'（()）的]")
_MEMORY = 300
"""Characters before a bare head noun within which its full name is looked for."""

_RECENT = 100
"""Units of a report that a later statement is compared with; more stand in no report, but in a hostile text."""

_POINTERS = ("这支", "这个", "该")
_LEAST_TITLE = 6
"""Characters of a name in a heading that the fuller name right behind it may repeat."""

_LISTED = ("table", "series")
"""Rules that find several units beside each other: each is one of its own."""

_NEAR = 80
"""Characters between two statements of a unit that are quoted as one."""


@dataclass(slots=True)
class _Group:
    """Statements of one unit: the first, with the end and founding verb of all that are quoted as one with it, and all of them."""

    first: Statement
    statements: list[Statement]


def merge_statements(document: Document, statements: Iterable[Statement]) -> list[Statement]:
    """Statements in the order of the text, those of one unit joined into one; what only a post's name states needs two places."""
    text = document.text
    groups: list[_Group] = []
    for statement in sorted(statements, key=lambda statement: (statement.start, statement.name.start)):
        recent = list(islice(reversed(groups), _RECENT))
        alike = (group for group in recent if _ends_so(text, group.first, statement) and _same_unit(text, group.first, statement))
        group = next(alike, None) or next((group for group in recent if _same_unit(text, group.first, statement)), None)
        if group is None:
            named = _with_antecedent(document, statement)
            groups.append(_Group(named, [named]))
        else:
            near = statement.start - group.first.end <= _NEAR
            end = max(group.first.end, statement.end) if near else group.first.end
            group.first = replace(group.first, end=end, founding=group.first.founding or statement.founding)
            group.statements.append(statement)
    return [_joined(group) for group in groups if len(group.statements) > 1 or group.first.rule != APPOSITION]


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


def _ends_so(text: str, first: Statement, second: Statement) -> bool:
    return _name(text, first).endswith(_name(text, second))


def _same_unit(text: str, first: Statement, second: Statement) -> bool:
    """Whether `second` speaks of the unit of `first`, and not of one that another body has set up under that name."""
    if first.name == second.name:
        return True
    if not _same_name(text, first, second):
        return False
    parents = parent_of(text, first), parent_of(text, second)
    return not all(parents) or parents[0] == parents[1]


def _same_name(text: str, first: Statement, second: Statement) -> bool:
    """Whether two names are one, one is the other's head noun alone (领导小组下设…) or a heading's short form of it."""
    names = _name(text, first), _name(text, second)
    if second.name.bare or _head_only(second):
        again = second.founding is None or second.founding.use in ("renew", "below")
        listed = second.rule in _LISTED
        near = second.start - first.end <= _NEAR and first.name.kind == second.name.kind and second.name.bare and not listed
        return again and (names[0].endswith(names[1]) or near)
    heading = len(names[0]) >= _LEAST_TITLE and second.start - first.end <= _NEAR and not first.roles
    return names[0] == names[1] or (heading and names[1].endswith(names[0]))


def _joined(group: _Group) -> Statement:
    """One statement with the roles and sizes of all; it quotes the first and what stands near it, or a later one that says more."""
    first, statements = group.first, group.statements
    fullest = max(statements, key=lambda statement: len(statement.roles))
    told = sum(len(statement.roles) for statement in statements if statement.start < first.end)
    main = fullest if fullest.start >= first.end and len(fullest.roles) > told else first
    apposed = all(statement.rule == APPOSITION for statement in statements)
    roles: list[UnitRole] = []
    known: set[tuple[str, str | None]] = set()
    for statement in statements:  # a role told again is one; masked names told together are several
        new = [role for role in statement.roles if apposed or (role.role, role.holder) not in known]
        roles += new
        known.update((role.role, role.holder) for role in new)
    sizes = {size.what: size for statement in reversed(statements) for size in reversed(statement.sizes)}
    rule = next((statement.rule for statement in statements if statement.rule != APPOSITION), APPOSITION)
    return replace(main, roles=tuple(roles), sizes=tuple(reversed(sizes.values())), rule=rule, founding=first.founding)
