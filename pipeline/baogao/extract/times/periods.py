"""Months and years that a value of a time expression covers."""

from __future__ import annotations

import re

from baogao.extract.times.edtf_values import Month, earliest_latest_month

LONGEST = 120
"""Months beyond this many are not listed; a period of more than ten years is no period of a report."""


def covered_months(edtf: str) -> list[Month]:
    """Every month from the earliest to the latest of a value, the year None where it is masked; empty where none is stated.

    >>> covered_months("2012-11/2013-01"), covered_months("20XX-05"), covered_months("R/P1M")
    ([(2012, 11), (2012, 12), (2013, 1)], [(None, 5)], [])
    """
    first, last = earliest_latest_month(_without_masked_years(edtf))
    if first is None or last is None:
        return []
    start, end = ((year or 0) * 12 + month - 1 for year, month in (first, last))
    if end < start and first[0] is None:
        end += 12
    places = range(start, min(end, start + LONGEST - 1) + 1)
    return [(place // 12 if first[0] is not None else None, place % 12 + 1) for place in places]


def years_of(edtf: str) -> tuple[int, ...]:
    """Years that a value touches, ascending; empty where they are masked.

    >>> years_of("2012-11/2013-01"), years_of("20XX-05")
    ((2012, 2013), ())
    """
    first, last = earliest_latest_month(_without_masked_years(edtf))
    if first is None or last is None or first[0] is None or last[0] is None:
        return ()
    return tuple(range(first[0], last[0] + 1))


def _without_masked_years(edtf: str) -> str:
    """A year of which a digit is masked is not known; all of it is masked, lest the century count as its range."""
    return re.sub(r"(?<![0-9X-])[0-9X]{0,3}X[0-9X]{0,3}(?![0-9X])", "XXXX", edtf)
