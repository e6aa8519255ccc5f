"""The civil calendar of configs/calendar.yaml: festivals, named days, weeks and months, and where in a year they fall."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from lunar_python import LunarYear, Solar

from baogao.extract.times.edtf_values import months_of
from baogao.extract.times.grammar import UNKNOWN_YEAR
from baogao.resources import load_yaml

FIRST_YEAR, LAST_YEAR = 1990, 2035
"""Years over which the months of a lunar day are gathered where the year is unknown."""


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A festival, day, week or month of the calendar.

    `edtf` is its value in an unknown year (`XXXX-12-04`, `XXXX-05`), None for a lunar day; `lunar` is its lunar month and day.
    A name does not count behind a character of `not_after` nor before one of `not_before`.
    """

    kind: str
    edtf: str | None
    months: tuple[int, ...]
    lunar: tuple[int, int] | None
    not_after: str
    not_before: str


def calendar_config() -> dict[str, Any]:
    """The content of configs/calendar.yaml."""
    config: dict[str, Any] = load_yaml("configs", "calendar.yaml")
    return config


@cache
def days_by_name() -> dict[str, CalendarDay]:
    """Every name of the calendar with its day; a cause also with each filler before 日, 周, 月 (禁毒日, 禁毒宣传日)."""
    config = calendar_config()
    days: dict[str, CalendarDay] = {}
    filled: dict[str, CalendarDay] = {}
    for kind, section in (("festival", "festivals"), ("named_day", "named")):
        for entry in config[section]:
            for name in entry["names"]:
                day = _day("festival" if name.endswith("节") else kind, entry)
                if name in days:
                    raise ValueError(f"configs/calendar.yaml: {name} stands twice")
                days[name] = day
                if name[-1] in "日周月":
                    filled |= {name[:-1] + filler + name[-1]: day for filler in config["fillers"]}
    return filled | days


@cache
def scope_pattern() -> str:
    """A pattern for the words that may stand before a name without changing the day (全国, 国际)."""
    return f"(?:{'|'.join(calendar_config()['scopes'])}){{1,2}}"


@cache
def calendar_day(name: str) -> CalendarDay | None:
    """The day that a name means, with or without its scope (全国, 国际 ...) and quotation marks.

    >>> [day and day.edtf for day in map(calendar_day, ("国际禁毒日", "“禁毒宣传日”", "接待日"))]
    ['XXXX-06-26', 'XXXX-06-26', None]
    """
    days, bare = days_by_name(), name.strip('“”"‘’「」『』')
    return days.get(bare) or days.get(re.sub(f"^{scope_pattern()}", "", bare))


@cache
def lunar_festivals() -> frozenset[tuple[int, int]]:
    """Lunar month and day of the calendar's festivals."""
    return frozenset(day.lunar for day in days_by_name().values() if day.lunar)


def _day(kind: str, entry: dict[str, Any]) -> CalendarDay:
    edtf = _value(entry)
    lunar = tuple(int(number) for number in entry["lunar"].split("-")) if "lunar" in entry else None
    months = tuple(entry["months"]) if "months" in entry else months_of(edtf)
    return CalendarDay(kind, edtf, months, (lunar[0], lunar[1]) if lunar else None, entry.get("not_after", ""), entry.get("not_before", ""))


def _value(entry: dict[str, Any]) -> str | None:
    if "date" in entry:
        return f"{UNKNOWN_YEAR}-{entry['date']}"
    if "span" in entry:
        start, end = entry["span"].split("/")
        return f"{UNKNOWN_YEAR}-{start}/{UNKNOWN_YEAR}-{end}"
    return f"{UNKNOWN_YEAR}-{entry['month']:02d}" if "month" in entry else None


@cache
def _lunar_months(year: int) -> dict[int, tuple[date, int]]:
    """First civil day and number of days of the twelve months of a lunar year, leap months left out."""
    months = {}
    for number in range(1, 13):
        month = LunarYear.fromYear(year).getMonth(number)
        first = Solar.fromJulianDay(month.getFirstJulianDay())
        months[number] = date(first.getYear(), first.getMonth(), first.getDay()), int(month.getDayCount())
    return months


@cache
def lunar_day_in_year(month: int, day: int, year: int) -> date | None:
    """The civil day of `year` on which a lunar day falls; None if it falls on none or two (腊八 at a year's turn).

    The thirtieth of a month that has 29 days is its last day.

    >>> [str(lunar_day_in_year(*lunar)) for lunar in ((8, 15, 2012), (12, 30, 2008), (12, 8, 2022))]
    ['2012-09-30', '2008-02-06', 'None']
    """
    found = []
    for lunar_year in (year - 1, year):
        first, length = _lunar_months(lunar_year)[month]
        found.append(first + timedelta(days=min(day, length) - 1))
    of_year = [civil for civil in found if civil.year == year]
    return of_year[0] if len(of_year) == 1 else None


@cache
def lunar_day_months(month: int, day: int) -> tuple[int, ...]:
    """The civil months that a lunar day can fall in, December before January; those of the calendar file come from there.

    >>> lunar_day_months(8, 15), lunar_day_months(12, 20)
    ((9, 10), (1, 2))
    """
    for named in days_by_name().values():
        if named.lunar == (month, day):
            return named.months
    found = {civil.month for year in range(FIRST_YEAR, LAST_YEAR + 1) if (civil := lunar_day_in_year(month, day, year))}
    months = tuple(sorted(found))
    return (12, *months[:-1]) if months[0] == 1 and months[-1] == 12 else months
