"""Values of time expressions: EDTF, and the two things that reports need and EDTF has no notation for.

EDTF (Library of Congress; ISO 8601-2:2019, level 2) writes dates with masked digits (`20XX-08`), seasons and other parts of a year
(`2012-21` to `2012-41`) and intervals (`2012-05-23/2012-05-29`). Two kinds of value go beyond it, and the `edtf` library rejects
them: a part of a year whose digits are masked (`XXXX-40`, `20XX-24`), and a recurrence (`R/P1M`, the repeat of ISO 8601-1 without
its start). The grammar of all values that this package writes:

    value    = point | point "/" point | "R/P" number ("D" | "W" | "M" | "Y")
    point    = year | year "-" part | year "-" month | year "-" month "-" day
    year     = 4 * (digit | "X")
    part     = "21".."24" (spring, summer, autumn, winter) | "33".."36" (quarters) | "37".."39" (four months) | "40" | "41" (halves)
    month    = "01".."12" | "XX"
    day      = "01".."31" | "XX"

Winter of a year (`2012-24`) is its December with the two months that follow.
"""

from __future__ import annotations

import re

Month = tuple[int | None, int]
"""A calendar month: year (None where every digit is masked) and month from 1 to 12."""

PARTS: dict[int, tuple[int, int]] = {
    21: (3, 5), 22: (6, 8), 23: (9, 11), 24: (12, 14),
    33: (1, 3), 34: (4, 6), 35: (7, 9), 36: (10, 12),
    37: (1, 4), 38: (5, 8), 39: (9, 12), 40: (1, 6), 41: (7, 12),
}  # fmt: skip
"""First and last month of each part of a year, counted from its January; above 12 they lie in the year after."""

_YEAR = r"[0-9X]{4}"
_POINT = re.compile(rf"({_YEAR})(?:-(?:(2[1-4]|3[3-9]|4[01])|(0[1-9]|1[0-2]|XX)(?:-(0[1-9]|[12][0-9]|3[01]|XX))?))?")
_REPEAT = re.compile(r"R/P[1-9][0-9]*[DWMY]")


def is_value(edtf: str) -> bool:
    """Whether a string is a value of the grammar above.

    >>> [is_value(v) for v in ("2012-05/2012-06", "XXXX-40", "R/P3M", "2012-5", "2012-13")]
    [True, True, True, False, False]
    """
    if edtf.startswith("R/"):
        return _REPEAT.fullmatch(edtf) is not None
    points = edtf.split("/")
    return len(points) <= 2 and all(_POINT.fullmatch(point) for point in points)


def with_year(edtf: str, year: str) -> str:
    """The value with every wholly masked year replaced; `year` has four characters, digits or X.

    An interval whose end lies earlier in the year than its start ends in the year after.

    >>> with_year("XXXX-05-23/XXXX-05-29", "2012"), with_year("XXXX-12/XXXX-01", "2012"), with_year("XXXX-24/XXXX-21", "20XX")
    ('2012-05-23/2012-05-29', '2012-12/2013-01', '20XX-24/20XX-21')
    """
    points = edtf.split("/")
    spans = [_month_numbers(point) for point in points]
    years = [year] * len(points)
    if len(points) == 2 and year.isdigit() and spans[0] and spans[1] and spans[1][0] < spans[0][0]:
        years[1] = f"{int(year) + 1:04d}"
    return "/".join(y + point[4:] if point.startswith("XXXX") else point for y, point in zip(years, points, strict=True))


def earliest_latest_month(edtf: str) -> tuple[Month | None, Month | None]:
    """First and last month that a value can touch; (None, None) for a recurrence, ValueError for what is no value.

    A partly masked year gives the first and last year it can be; a wholly masked one gives None for the year.

    >>> earliest_latest_month("2012-24"), earliest_latest_month("201X-05"), earliest_latest_month("XXXX-40")
    (((2012, 12), (2013, 2)), ((2010, 5), (2019, 5)), ((None, 1), (None, 6)))
    """
    if not is_value(edtf):
        raise ValueError(f"{edtf!r} is no EDTF value as baogao.extract.times.edtf_values describes them")
    if edtf.startswith("R/"):
        return None, None
    points = edtf.split("/")
    return _bounds(points[0])[0], _bounds(points[-1])[1]


def months_of(edtf: str | None) -> tuple[int, ...]:
    """The calendar months (1 to 12) that a value covers, in the order they run.

    Empty where the value names no month: a year, a span of years, a masked month, a recurrence, None.

    >>> months_of("2012-24"), months_of("2012-11/2013-02"), months_of("2012")
    ((12, 1, 2), (11, 12, 1, 2), ())
    """
    if edtf is None or edtf.startswith("R/"):
        return ()
    points = edtf.split("/")
    spans = [_month_numbers(point) for point in points]
    first, last = spans[0], spans[-1]
    if first is None or last is None:
        return ()
    start, end = first[0], last[1]
    if len(points) == 2:
        years = [point[:4] for point in points]
        if all(year.isdigit() for year in years):
            end += 12 * (int(years[1]) - int(years[0]))
        elif end < start:
            end += 12
    return tuple((month - 1) % 12 + 1 for month in range(start, min(end, start + 11) + 1))


def _month_numbers(point: str) -> tuple[int, int] | None:
    """First and last month of a point, counted from the January of its year; None if it names none."""
    if len(point) < 7 or point[5:7] == "XX":
        return None
    number = int(point[5:7])
    return PARTS.get(number, (number, number))


def _bounds(point: str) -> tuple[Month, Month]:
    first, last = _month_numbers(point) or (1, 12)
    low, high = (None, None) if point.startswith("XXXX") else (int(point[:4].replace("X", d)) for d in "09")
    return _shift(low, first), _shift(high, last)


def _shift(year: int | None, month: int) -> Month:
    """Month number counted from a year's January, as a month of its own year."""
    over, month = divmod(month - 1, 12)
    return (None if year is None else year + over), month + 1
