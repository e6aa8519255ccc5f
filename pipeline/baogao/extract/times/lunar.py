"""Rules for dates of the lunar calendar: 正月十五, 腊月二十三, 农历八月十五, 大年初二."""

from __future__ import annotations

import re

from baogao.extract.times.calendar import calendar_day, lunar_day_months, lunar_festivals
from baogao.extract.times.grammar import Reading, Rule, part, rule
from baogao.extract.times.numbers import HAN, read_number

_DAY = f"(?:初[{HAN}十]|[二廿]十?[{HAN}]|二十|三十|十[{HAN}]?)"


def _numbers(match: re.Match[str]) -> tuple[int, int | None]:
    day = part(match, "d")
    month = part(match, "m") or ("腊" if day == "三十" else "正")
    return read_number(month) or 1, read_number(day) if day else None


def _lunar(match: re.Match[str]) -> Reading:
    """The civil months that the lunar day, or most of the lunar month, can fall in."""
    month, day = _numbers(match)
    if not day:
        return Reading("month", None, (month % 12 + 1, (month + 1) % 12 + 1))
    festival = match[0].startswith("大年") or (month, day) in lunar_festivals()
    return Reading("festival" if festival else "date", None, lunar_day_months(month, day))


LUNAR_NUMERAL_RULES: tuple[Rule, ...] = (
    rule("lunar_date", "月", f"(?P<m>十[一二]?|[{HAN}])月(?P<d>初[{HAN}十]|十五)(?![{HAN}日号直些个般])", _lunar),
)
"""八月十五, 三月初三: without 日, and with a day that only the lunar calendar counts so."""

LUNAR_RULES: tuple[Rule, ...] = (
    rule("lunar_date", "农阴夏", f"[农阴夏]历的?(?P<m>正|冬|腊|十[一二]?|[{HAN}])月(?P<d>{_DAY})?", _lunar),
    rule("lunar_date", "正腊", f"(?P<m>[正腊])月(?P<d>{_DAY})?", _lunar),
    rule("lunar_date", "大", f"大年(?P<d>初[{HAN}十]|三十)", _lunar),
)
"""Lunar dates that begin with another word."""


def lunar_date(name: str) -> tuple[int, int] | None:
    """Lunar month and day of a lunar date or of a festival's name; None for another name.

    >>> lunar_date("“中秋节”"), lunar_date("腊月二十三"), lunar_date("国庆节")
    ((8, 15), (12, 23), None)
    """
    for each in (*LUNAR_RULES, *LUNAR_NUMERAL_RULES):
        match = each.pattern.fullmatch(name)
        if match:
            month, day = _numbers(match)
            return (month, day) if day else None
    named = calendar_day(name)
    return named.lunar if named else None
