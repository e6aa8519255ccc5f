"""What the rules for time expressions are made of."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from baogao.extract.times.edtf_values import months_of

UNKNOWN_YEAR = "XXXX"


@dataclass(frozen=True, slots=True)
class TimeExpression:
    """A time expression of a text: `start` and `end` in code points, end exclusive.

    `kind` is one of records.TIME_KINDS, `edtf` a value of the grammar in edtf_values or None, `months` the calendar months covered
    in the order they run. `certainty`: `exact` where the expression says all of it, `inferred` where the year comes from elsewhere
    in the report, `vague` where the calendar leaves the month open. `rule` names the rule that read it.
    """

    start: int
    end: int
    text: str
    kind: str
    edtf: str | None
    months: tuple[int, ...]
    certainty: str
    rule: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What an expression means, without its place."""

    kind: str
    edtf: str | None
    months: tuple[int, ...]


Read = Callable[[re.Match[str]], Reading | None]
"""Reads the match of a rule; None where the numbers make no date."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A named construction: a pattern and a function that reads its match.

    `signs` are the characters that lead to the rule: for an expression that begins with a numeral those that can follow the
    numeral (年, 月, -), for another those that it begins with.
    """

    name: str
    signs: str
    pattern: re.Pattern[str]
    read: Read


def rule(name: str, signs: str, pattern: str, read: Read) -> Rule:
    """A rule with its pattern compiled."""
    return Rule(name, signs, re.compile(pattern), read)


def by_sign(rules: Iterable[Rule]) -> dict[str, tuple[Rule, ...]]:
    """The rules that each sign leads to, in their order."""
    table: dict[str, tuple[Rule, ...]] = {}
    for each in rules:
        for sign in each.signs:
            table[sign] = (*table.get(sign, ()), each)
    return table


def reading(kind: str, edtf: str) -> Reading:
    """A reading whose months are those of its value."""
    return Reading(kind, edtf, months_of(edtf))


def part(match: re.Match[str], name: str) -> str | None:
    """Text of a group; None where it took no part in the match or the pattern has no such group."""
    return match[name] if name in match.re.groupindex else None
