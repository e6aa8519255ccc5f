"""Contradictions inside one report that can be counted: numbers of things that the text itself enumerates or repeats."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_DIGITS = "一二三四五六七八九十"
_NUMBERS = {digit: value for value, digit in enumerate(_DIGITS, 1)} | {"两": 2}
_NAMED = re.compile(rf"“([{_DIGITS}两]|\d{{1,2}})(个|大|项|条|支|抓|结合|到位|进)([\u4e00-\u9fff]{{1,6}})”")
_STATED = re.compile(
    rf"([{_DIGITS}两]|[2-9]|10)(?:个|项|点|条|种|大|方面|类)(?:方面|[\u4e00-\u9fff]{{0,8}})[:：,，。]\s*(?=(?:即|就是)?[:：]?\s*一是)"
)
_ITEM = re.compile(rf"([{_DIGITS}])是")
_REACH = 600
_SURE = 3


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A place that does not fit another place of the same text, and why."""

    start: int
    end: int
    evidence: str


def contradictions(text: str) -> Iterator[Contradiction]:
    """Numbers in a text that do not agree with its enumerations or with each other.

    >>> [found.evidence for found in contradictions("建立了四项制度，一是例会制度，二是值班制度，三是考核制度。")]
    ['四 are announced, but 3 are enumerated']
    """
    yield from _miscounted(text)
    yield from _renamed(text)


def _number(written: str) -> int:
    return int(written) if written.isdigit() else _NUMBERS[written]


def _miscounted(text: str) -> Iterator[Contradiction]:
    """四项制度，一是…二是…三是…: announced and enumerated numbers differ; only the first paragraph behind it is read."""
    for match in _STATED.finditer(text):
        stop = text.find("\n", match.end(), match.end() + _REACH)
        items = [
            _NUMBERS[item[1]] for item in _ITEM.finditer(text, match.end(), stop if stop >= 0 else min(len(text), match.end() + _REACH))
        ]
        run = 0
        for item in items:
            if item != run + 1:
                break
            run = item
        if _SURE <= run != _number(match[1]) and run == len(items):
            yield Contradiction(
                match.start(), match.start() + len(match[0].rstrip(" :：,，。\n")), f"{match[1]} are announced, but {run} are enumerated"
            )


def _renamed(text: str) -> Iterator[Contradiction]:
    """“四个延伸” and “三个延伸” in one text."""
    first: dict[str, tuple[str, str]] = {}
    for match in _NAMED.finditer(text):
        number, measure, thing = match.groups()
        known = first.setdefault(measure + thing, (number, match[0]))
        if _number(known[0]) != _number(number):
            yield Contradiction(match.start(), match.end(), f"the text also has {known[1]}")
