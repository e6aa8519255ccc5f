"""When a report was written, as far as its dates tell: intervals of months."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

_DATE = re.compile(r"(\d{4})(?:-(\d\d))?(?:-\d\d)?[?~%]?")
_SUB_YEARS = {
    **{season: (season - 21) * 3 + 2 for season in (21, 22, 23)},  # spring begins in March; winter is below
    **{quarter: (quarter - 33) * 3 for quarter in (33, 34, 35, 36)},
}


@dataclass(frozen=True, slots=True)
class Months:
    """A stretch of months, first and last, counted from year 0 (2013-01 is 2013 * 12); None is open."""

    first: int | None
    last: int | None

    def is_before(self, other: Months) -> bool:
        """Whether all of it lies before all of the other."""
        return self.last is not None and other.first is not None and self.last < other.first


def months_of(edtf: str | None) -> Months | None:
    """Months that an EDTF date or interval covers; None for a masked year, a recurrence or no date.

    >>> months_of("2013-40"), months_of("2013-11-02/2014-01"), months_of("20XX-08")
    (Months(first=24156, last=24161), Months(first=24166, last=24168), None)
    """
    if not edtf:
        return None
    bounds = [_bounds(part) for part in edtf.split("/")]
    if len(bounds) > 2 or bounds[0] is None or bounds[-1] is None:
        return None
    return Months(bounds[0][0], bounds[-1][1])


def _bounds(date: str) -> tuple[int, int] | None:
    match = _DATE.fullmatch(date)
    if not match:
        return None
    year = int(match[1]) * 12
    if not match[2]:
        return year, year + 11
    part = int(match[2])
    if 1 <= part <= 12:
        return year + part - 1, year + part - 1
    if part in _SUB_YEARS:
        return year + _SUB_YEARS[part], year + _SUB_YEARS[part] + 2
    if part in (40, 41):
        return year + (part - 40) * 6, year + (part - 40) * 6 + 5
    return (year + 11, year + 13) if part == 24 else None  # December to February


def year_of(edtf: str | None) -> int | None:
    """The year that an EDTF date or interval lies in; None for none, a masked one, or more than one."""
    months = months_of(edtf)
    if months is None or months.first is None or months.last is None or months.first // 12 != months.last // 12:
        return None
    return months.first // 12


@dataclass(frozen=True, slots=True)
class Written:
    """When a report was written and what tells so; `months` None if nothing tells."""

    months: Months | None
    basis: str | None


def written(dates: Mapping[str, str | None], published: str | None) -> Written:
    """The first of some dates by name (EDTF) that is known, cut off at the upload; else only that it is not younger than that.

    >>> written({"signed": None, "period": "2013"}, "2013-06")
    Written(months=Months(first=24156, last=24161), basis='period 2013, published 2013-06')
    """
    upload = months_of(published)
    bound = upload.last if upload else None
    for name, edtf in dates.items():
        months = months_of(edtf)
        if not months or months.first is None or months.last is None:
            continue
        if bound is None or months.last <= bound:
            return Written(months, f"{name} {edtf}")
        if months.first <= bound:
            return Written(Months(months.first, bound), f"{name} {edtf}, published {published}")
    return Written(Months(None, bound), f"published {published}") if upload else Written(None, None)


def gap(one: Months | None, other: Months | None) -> tuple[int | None, int | None]:
    """Least and largest number of months between two dates; None where a bound is open.

    >>> gap(months_of("2013"), months_of("2014-03"))
    (3, 14)
    """
    if one is None or other is None:
        return None, None
    bounds = (one.first, one.last, other.first, other.last)
    if any(bound is None for bound in bounds):
        return None, None
    a, b, c, d = (bound for bound in bounds if bound is not None)
    return max(0, c - b, a - d), max(abs(d - a), abs(b - c))
