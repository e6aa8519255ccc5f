"""Which year a time expression is of, where it does not say.

The codebook's rule: the year comes from the expression's own sentence, else from the report's period, else from its signature; where
a period of two years leaves it open, it stays XXXX. A sentence gives a year by an expression in front that states one
(2011年6月…，8月…), or by 今年, 去年, 明年, counted from the year that the report is about; a chapter, by the year in its heading.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from baogao.extract.times.calendar import lunar_day_in_year
from baogao.extract.times.dates import last_day
from baogao.extract.times.edtf_values import earliest_latest_month, months_of, with_year
from baogao.extract.times.grammar import UNKNOWN_YEAR, Reading, TimeExpression
from baogao.extract.times.links import bare_day, month_of_line, with_stated_dates
from baogao.extract.times.lunar import lunar_date
from baogao.extract.times.numbers import YEAR

_NEAR = 6
"""Months by which an expression may miss a period of two years and still be of the nearer one."""
_AHEAD = 2
"""Months by which an expression may lie behind the signature and still be of its year."""

_SHORT = 5
"""Months from first to last of a period that is no half-year, so that the months beside it may lie in the year beside its own."""

_SHIFTS = {"前": -2, "去": -1, "上": -1, "今": 0, "本": 0, "明": 1, "来": 1}
_RELATIVE = "(前年|去年|上年|今年|本年|明年|来年)(?!同期)度?"
_JUST_BEFORE = re.compile(f"{_RELATIVE}[的，,]?[ \u3000]?$")
_OPENING = re.compile(f"[ \u3000]*(?:[一二三四五六七八九十0-9]{{1,2}}[、.．]|第[一二三四五六七八九十][，,、])?(?:在|到|自)?{_RELATIVE}")
_STATES_YEAR = re.compile(f'[“"‘「『]?{YEAR}[ \u3000]{{0,2}}年')
# A year that qualifies a noun or bounds a stretch of time (2009年的, 自2003年, 2008年以来) does not date what follows it.
_QUALIFIES = re.compile("的|起|至今|版|前|后|[^，,。；;：:\n]{0,12}(?:以来|后|之?前)(?:[，,、\n]|$)")
_BOUNDS = re.compile("(?:自|从|由|比|较|到|至|为|于)[ \u3000]?$")
_CHAPTER = re.compile(
    r"^[ \u3000]*(?P<number>[一二三四五六七八九十]{1,3}、|第[一二三四五六七八九十]部分)[^\n。]{0,30}$"
    r"|^[ \u3000]*[^\n，。；：,;:、（(]{4,15}$",
    re.MULTILINE,
)
_LISTED = re.compile("[^。；;！？\n]{0,8}")
_LONGEST_LIST = 50
"""Expressions that a 每年 holds for."""


@dataclass(frozen=True, slots=True)
class _Report:
    """What gives years in a report.

    `base` is the year that 今年 means there, None if unknown; `of_year_before`: the text tells of the year before the signature's;
    `looks_ahead`: it plans, so that months long after the signature are of its year;
    `chapters`: where each chapter starts and the year that its heading states.
    """

    text: str
    period: str | None
    signed: str | None
    base: str | None
    of_year_before: bool
    looks_ahead: bool
    chapters: tuple[tuple[int, str | None], ...]


def certainty_of(read: Reading) -> str:
    """`vague` where an expression that should name a month leaves it open, else `exact`."""
    if read.kind in ("recurring", "year"):
        return "exact"
    return "vague" if read.edtf is None or "-XX" in read.edtf else "exact"


def in_year(read: Reading, text: str, year: str) -> Reading:
    """A reading without a year, set into one; `text` is the expression as written.

    Of the lunar calendar, a festival gets its month, another day its date.

    >>> in_year(Reading("festival", None, (9, 10)), "中秋节", "2012")
    Reading(kind='festival', edtf='2012-09', months=(9,))
    """
    if read.edtf is None:
        lunar = lunar_date(text) if year.isdigit() else None
        civil = lunar_day_in_year(*lunar, int(year)) if lunar else None
        if not civil:
            return read
        return Reading(read.kind, civil.isoformat()[: 10 if read.kind == "date" else 7], (civil.month,))
    edtf = with_year(read.edtf, year)
    if edtf.endswith("-02-28") and ("旬" in text or "半月" in text):
        edtf = f"{edtf[:-2]}{last_day(year, 2)}"
    return replace(read, edtf=edtf)


def resolve_years(
    times: Sequence[TimeExpression],
    text: str,
    sentences: Sequence[tuple[int, int]],
    *,
    period: str | None,
    signed: str | None,
    looks_ahead: bool = False,
) -> list[TimeExpression]:
    """The expressions with the years that the report gives them; `sentences` are the sorted spans of the text's sentences.

    `looks_ahead` for a plan: months long after its signature are of the same year, not of the year before.
    """
    base = _base_year(period, signed)
    before = _tells_of_year_before(times, text, signed)
    report = _Report(text, period, signed, base, before, looks_ahead, _chapter_years(text, times, base))
    month = (period or "")[:7] if len(months_of(period)) == 1 else None
    resolved: list[TimeExpression] = []
    for start, group in _by_sentence(times, sentences):
        sentence = with_stated_dates(_resolve_sentence(group, start, month, report), text)
        month = month_of_line(sentence, text) or month
        resolved += sentence
    return resolved


def _by_sentence(times: Sequence[TimeExpression], sentences: Sequence[tuple[int, int]]) -> Iterator[tuple[int, list[TimeExpression]]]:
    """Each sentence's start with its expressions; what stands in no sentence belongs to the one before it."""
    starts = [start for start, _ in sentences]
    group: list[TimeExpression] = []
    last = -1
    for time in times:
        index = bisect_right(starts, time.start) - 1
        if index != last and group:
            yield (starts[last] if last >= 0 else 0), group
            group = []
        last = index
        group.append(time)
    if group:
        yield (starts[last] if last >= 0 else 0), group


def _resolve_sentence(group: Sequence[TimeExpression], start: int, month: str | None, report: _Report) -> list[TimeExpression]:
    """The expressions of one sentence with their years; it starts at `start`, `month` is that of its line or of the report."""
    opening = _OPENING.match(report.text, start)
    frame = _shifted(opening[1], report.base) if opening else None
    resolved: list[TimeExpression] = []
    for time in group:
        if _states_year(time):
            if time.edtf and _dates_what_follows(time, report.text):
                frame = time.edtf[:4]
        elif time.kind != "recurring":
            word = _relative_word(time, start, report.text)
            if word:
                frame = _shifted(word, report.base)
            time = bare_day(time, resolved, month) or time
            if not _states_year(time) and not _recurs(time, resolved, report.text):
                time = _set_year(time, frame or _year_of_report(time, report))
        resolved.append(time)
    return resolved


def _states_year(time: TimeExpression) -> bool:
    if time.edtf and not time.edtf.startswith(("R/", UNKNOWN_YEAR)):
        return True
    return _STATES_YEAR.match(time.text) is not None


def _dates_what_follows(time: TimeExpression, text: str) -> bool:
    """Whether the year of an expression holds for what comes after it in the sentence."""
    if time.kind in ("date", "month"):
        return True
    if len(set(_stated_years(time.edtf))) > 1:
        return False
    return not _QUALIFIES.match(text, time.end) and not _BOUNDS.search(text, max(0, time.start - 2), time.start)


def _relative_word(time: TimeExpression, start: int, text: str) -> str | None:
    """今年, 去年 ... right before the expression or as its first character (去冬今春)."""
    before = _JUST_BEFORE.search(text, max(start, time.start - 6), time.start)
    if before:
        return before[1]
    return time.text[0] if time.rule in ("season_of_year", "seasons") and time.text[0] in _SHIFTS else None


def _recurs(time: TimeExpression, before: Sequence[TimeExpression], text: str) -> bool:
    """Whether the expression belongs to a 每年 in front of it (每年春节、端午): then it is of no one year."""
    for i, other in enumerate(islice(reversed(before), _LONGEST_LIST), start=1):
        behind = before[len(before) - i + 1].start if i > 1 else time.start
        if not _LISTED.fullmatch(text, other.end, behind):
            return False
        if other.kind == "recurring":
            return other.edtf == "R/P1Y"
        if not other.edtf or not other.edtf.startswith(UNKNOWN_YEAR):
            continue
    return False


def _shifted(word: str, base: str | None) -> str | None:
    """The year that a word such as 去年 means; None for this year if it is unknown (then the report's own rule holds).

    A masked year keeps what its neighbours share with it: the year after 20XX is 20XX, the year after 201X is 20XX.
    """
    shift = _SHIFTS[word[0]]
    if base is None:
        return UNKNOWN_YEAR if shift else None
    if base.isdigit():
        return str(int(base) + shift)
    return f"{base[:2]}XX" if shift else base


def _set_year(time: TimeExpression, year: str | None) -> TimeExpression:
    if year is None or year == UNKNOWN_YEAR:
        return time
    read = in_year(Reading(time.kind, time.edtf, time.months), time.text, year)
    if read.edtf == time.edtf:
        return time
    return replace(time, edtf=read.edtf, months=read.months, certainty="vague" if certainty_of(read) == "vague" else "inferred")


def _year_of_report(time: TimeExpression, report: _Report) -> str | None:
    """The year that the chapter, the period or the signature gives an expression; None if they leave it open."""
    index = bisect_right(report.chapters, time.start, key=lambda chapter: chapter[0]) - 1
    chapter = report.chapters[index][1] if index >= 0 else None
    if chapter:
        return chapter
    years = {year for year in _stated_years(report.period) if year != UNKNOWN_YEAR}
    if years:
        return _year_beside(time, report.period or "") if len(years) == 1 else _year_in_period(time, report.period or "")
    if not report.signed or report.signed.startswith(UNKNOWN_YEAR) or report.of_year_before:
        return None
    month = months_of(report.signed)
    far_ahead = not report.looks_ahead and bool(month) and report.signed[:4].isdigit() and any(m > month[0] + _AHEAD for m in time.months)
    return None if far_ahead else report.signed[:4]


def _year_beside(time: TimeExpression, period: str) -> str:
    """The year of a period in one year; of some months at its end or start, January and December may lie in the year beside it."""
    year = period[:4]
    first, last = earliest_latest_month(period)
    if not year.isdigit() or not time.months or first is None or last is None or last[1] - first[1] > _SHORT:
        return year
    start, end = time.months[0], time.months[-1]
    if start <= end < first[1] and start + 12 - last[1] <= 1:
        return str(int(year) + 1)
    return str(int(year) - 1) if start > last[1] and first[1] + 12 - end <= 1 else year


def _year_in_period(time: TimeExpression, period: str) -> str | None:
    """The one year of a longer period in which the expression lies inside it, or else close to it; None if none or several do."""
    first, last = earliest_latest_month(period)
    if not time.months or first is None or last is None or first[0] is None or last[0] is None:
        return None
    low, high = 12 * first[0] + first[1], 12 * last[0] + last[1]
    misses: dict[int, int] = {}
    for year in range(first[0], last[0] + 1):
        start = 12 * year + time.months[0]
        misses[year] = max(low - start, start + len(time.months) - 1 - high, 0)
    best = min(misses.values())
    nearest = [year for year, miss in misses.items() if miss == best]
    return str(nearest[0]) if len(nearest) == 1 and best < _NEAR else None


def _stated_years(edtf: str | None) -> list[str]:
    return [] if edtf is None or edtf.startswith("R/") else [point[:4] for point in edtf.split("/")]


def _base_year(period: str | None, signed: str | None) -> str | None:
    """The year that 今年 means: the period's, but no later than the signature's; with a period of several years, the signature's."""
    years = {year for year in _stated_years(period) if year != UNKNOWN_YEAR}
    written = next((year for year in _stated_years(signed) if year != UNKNOWN_YEAR), None)
    if len(years) != 1:
        return written
    year = years.pop()
    return min(year, written) if written and year.isdigit() and written.isdigit() else year


def _tells_of_year_before(times: Sequence[TimeExpression], text: str, signed: str | None) -> bool:
    """Whether the last year stated in the text is the one before the signature's, and the text does not speak of this year."""
    years = [t.edtf[:4] for t in times if t.kind in ("date", "month", "year") and t.edtf and t.edtf != signed and t.edtf[:4].isdigit()]
    if "今年" in text or not signed or not years or not signed[:4].isdigit():
        return False
    return int(max(years)) == int(signed[:4]) - 1


def _chapter_years(text: str, times: Sequence[TimeExpression], base: str | None) -> tuple[tuple[int, str | None], ...]:
    """Where each chapter starts, with the year that its heading states (十、2013年打算; 明年思路)."""
    years = [time for time in times if time.kind == "year"]
    starts = [time.start for time in years]
    chapters: list[tuple[int, str | None]] = []
    for heading in _CHAPTER.finditer(text):
        stated = years[bisect_right(starts, heading.start() - 1) : bisect_right(starts, heading.end() - 1)]
        relative = re.search(_RELATIVE, heading[0])
        year = stated[-1].edtf if stated else None
        if not year and relative and base and _SHIFTS[relative[1][0]]:
            year = _shifted(relative[1], base)
        if year or heading["number"]:
            chapters.append((heading.start(), year))
    return tuple(chapters)
