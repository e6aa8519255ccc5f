"""Expressions that take their date from another one beside them: bare days from a month, named days from a stated date."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

from baogao.extract.times.dates import last_day
from baogao.extract.times.grammar import UNKNOWN_YEAR, TimeExpression
from baogao.extract.times.numbers import YEAR

# Between a named day and the date that the report gives it: 5月16日，全国助残日; 4月是爱国卫生月; 科普日（9月17日—23日）.
_DATE_THEN_DAY = re.compile(
    "(?:[（(](?:星期|周).[）)])?[，, ]?(?:是|为|即|的|举行的|举办的|开展的|组织的|结合|利用|借助|以|暨|迎来|我国"
    '|第[^，,。；;]{1,4}[个届次])*[“"]?'
)
_DAY_THEN_DATE = re.compile('[”"]?(?:宣传)?(?:活动)?(?:期间)?[（(，,]?(?:活动)?(?:时间)?(?:是|为|定在|定于|选在|于|从|自|在|[:：])*')
_DATED = ("date", "span", "month")
_FURTHEST = 200
"""Expressions of its sentence among which a bare day looks for its month."""
_NAMED_IN_YEAR = re.compile(f'[“"‘「『]?{YEAR}[ \u3000]{{0,2}}年')


def bare_day(time: TimeExpression, before: Sequence[TimeExpression], month: str | None) -> TimeExpression | None:
    """A bare day (16日) dated by what stands before it in its sentence, else by `month`, the month of its line or of the report.

    None if the expression is no bare day, or nothing gives it a month. Behind 每月10日 it recurs as well.
    """
    if not time.edtf or not time.edtf.startswith(f"{UNKNOWN_YEAR}-XX-"):
        return None
    if before and before[-1].edtf == "R/P1M" and before[-1].text[-1] in "日号":
        return replace(time, kind="recurring", edtf="R/P1M", months=(), certainty="exact")
    dated = next((t.edtf for t in islice(reversed(before), _FURTHEST) if t.kind in _DATED and t.edtf and t.months), None)
    found = dated.split("/")[-1][:7] if dated else month
    if not found or not found[5:].isdigit() or int(found[5:]) > 12:
        return None
    last = last_day(found[:4], int(found[5:]))
    days = [min(int(point[8:]), last) if point[8:].isdigit() else None for point in time.edtf.split("/")]
    edtf = "/".join(f"{found}-{day:02d}" if day else f"{found}-XX" for day in days)
    return replace(time, edtf=edtf, months=(int(found[5:]),), certainty="inferred")


def month_of_line(times: Sequence[TimeExpression], text: str) -> str | None:
    """The month (2012-05) that heads a list of days: one with a line to itself, or at a line's start before a colon."""
    for time in reversed(times):
        if time.kind == "month" and time.edtf and len(time.edtf) == 7:
            start = text.rfind("\n", 0, time.start) + 1
            before, behind = text[start : time.start].strip(), text[time.end : time.end + 2].lstrip(" \u3000")
            if not before and behind[:1] in ("", "\n", "：", ":"):
                return time.edtf
    return None


def with_stated_dates(group: Sequence[TimeExpression], text: str) -> list[TimeExpression]:
    """The expressions of a sentence, its named days without a fixed date set to the date that stands right beside them."""
    dated = list(group)
    for i, day in enumerate(group):
        if day.kind != "named_day" or _NAMED_IN_YEAR.match(day.text) or (day.edtf and len(day.edtf.split("/")[0]) > 7):
            continue
        beside = [(group[i - 1], text[group[i - 1].end : day.start], _DATE_THEN_DAY)] if i else []
        beside += [(group[i + 1], text[day.end : group[i + 1].start], _DAY_THEN_DATE)] if i + 1 < len(group) else []
        for date, gap, bridge in beside:
            if _can_date(date, day) and bridge.fullmatch(gap):
                dated[i] = replace(day, edtf=date.edtf, months=date.months, certainty=date.certainty)
                break
    return dated


def _can_date(date: TimeExpression, day: TimeExpression) -> bool:
    """Whether a date is exact enough for the named day: days for one of the calendar, also a month for another cause."""
    if date.kind not in _DATED or not date.edtf or not date.months or (date.rule == "month" and date.kind == "span"):
        return False
    return date.kind != "month" or not day.edtf
