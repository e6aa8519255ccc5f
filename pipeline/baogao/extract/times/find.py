"""Where the time expressions of a text stand and what each says by itself.

One pass over the text for rules that begin with a numeral (time_dates) or another word of the calendar (time_cycles), one for names
(time_names); of what overlaps, the longest expression that starts first stays.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator

from baogao.extract.times.dates import DATE_RULES
from baogao.extract.times.day_numbers import find_day_numbers
from baogao.extract.times.grammar import Rule, TimeExpression, by_sign
from baogao.extract.times.lunar import LUNAR_NUMERAL_RULES, LUNAR_RULES
from baogao.extract.times.names import CLOSE, OPEN, Found, find_names
from baogao.extract.times.numbers import DIGITS, HAN, NUMERAL, SPACE
from baogao.extract.times.recurrences import ONCE_RULES, RECURRENCE_RULES
from baogao.extract.times.seasons import QUARTER_RULES, SEASON_RULES
from baogao.extract.times.years import certainty_of, in_year

NUMERAL_RULES: tuple[Rule, ...] = (*ONCE_RULES, *QUARTER_RULES, *LUNAR_NUMERAL_RULES, *DATE_RULES)
"""The rules for expressions that begin with a numeral, in the order they are tried."""
WORD_RULES: tuple[Rule, ...] = (*RECURRENCE_RULES, *SEASON_RULES, *LUNAR_RULES)
"""The rules for expressions that begin with another character, in the order they are tried."""

_TO_NUMERAL = f"[.．/、,，至到和及起—–－―─~～〜-](?=[ \u3000]?[{NUMERAL}]{{1,9}}[ \u3000]?[年月日号季学两.．/、,，至到和及—–－―─~～〜-])"
# What must follow a numeral for a rule to begin with it: a unit, or a separator with another numeral that has one.
_NUMERAL_SIGN = (
    f"[{NUMERAL}OoＯ]{{0,9}}{SPACE}(?P<sign>[年月日]|季(?=度)|号(?=、[{NUMERAL}]{{1,3}}号)|{_TO_NUMERAL}|[-./．](?<=[{DIGITS}OoＯ]{{4}}.)(?=[{DIGITS}])"
    '|个(?=[月季周星学])|[天周](?=一)|星(?=期一)|[期时以末初开收”"](?<=五.)|[，,。；;、）)\\s工](?<=[_xX*×]{2}.))'
)
# The same for the characters that other expressions begin with.
_WORD_SIGNS = {
    "每": f"[天日晚夜早周星礼月季年半两双隔逢学个旬{DIGITS}{HAN}]", "天": "天", "月": "月",
    "周": "周|[一二三四][至到—-]", "半": "[年个月]", "前": "[二两三23]个?季", "第": "[一二三四1-4１-４][季、至到和—–－~～-]",
    "上下": "半年|旬", "中": "旬", "今去明来初早盛深晚隆": "[春夏秋冬]", "春夏秋冬": "[季天春夏秋冬、今明次至到，,的]",
    "寒暑署": "[假期暑署、和(（]", "正腊": "月", "农阴夏": "历", "大": "年[初三]",
}  # fmt: skip
# One character set in front, so that the search passes over all other characters at the speed of a character search.
_TRIGGER = re.compile(
    f"[{NUMERAL}元{''.join(_WORD_SIGNS)}](?:(?<=[{NUMERAL}元])(?={_NUMERAL_SIGN})|"
    + "|".join(f"(?<=[{first}])(?={then})" for first, then in _WORD_SIGNS.items())
    + ")"
)
_BY_NUMERAL_SIGN = by_sign(NUMERAL_RULES)
_BY_FIRST = by_sign(WORD_RULES)
_BOOK = re.compile("《[^《》\n]{1,60}》")
_NO_TIME_IN_TITLE = ("season", "holiday", "festival", "named_day", "recurring")
_QUOTED = ("festival", "named_day", "five_year_plan")
_TAKES_YEAR = frozenset(
    ("half", "quarter", "quarters", "season", "seasons", "school_holiday", "calendar", "bare_cause", "day_number",
     "lunar_date", "campaign_season")
)  # fmt: skip


def find_times(text: str) -> list[TimeExpression]:
    """Time expressions of a text, sorted, not overlapping; a year that an expression does not state is XXXX.

    >>> [(t.text, t.edtf) for t in find_times("2011年6月建成橱窗，“七一”前每月出一期；科技活动周定了。")]
    [('2011年6月', '2011-06'), ('“七一”', 'XXXX-07-01'), ('每月', 'R/P1M'), ('科技活动周', 'XXXX-05')]
    """
    found = sorted((*_by_rule(text), *find_names(text), *find_day_numbers(text)), key=lambda item: (item[0], -item[1]))
    titles = [match.span() for match in _BOOK.finditer(text)] if "《" in text else []
    found = [item for item in found if item[2].kind not in _NO_TIME_IN_TITLE or not _inside(item, titles)]
    return [_expression(item, text) for item in _joined_with_years(_without_overlap(found), text)]


def _inside(item: Found, spans: list[tuple[int, int]]) -> bool:
    index = bisect_right(spans, (item[0], len(spans))) - 1
    return index >= 0 and item[1] <= spans[index][1]


def _by_rule(text: str) -> Iterator[Found]:
    position = 0
    while trigger := _TRIGGER.search(text, position):
        start, sign = trigger.start(), trigger["sign"]
        rules = _BY_NUMERAL_SIGN.get(sign, ()) if sign else _BY_FIRST.get(trigger[0], ())
        read = _first_reading(rules, text, start)
        position = read[1] if read else start + 1
        if read:
            yield read


def _first_reading(rules: tuple[Rule, ...], text: str, start: int) -> Found | None:
    for rule in rules:
        match = rule.pattern.match(text, start)
        read = rule.read(match) if match else None
        if match and read:
            return start, match.end(), read, rule.name
    return None


def _without_overlap(found: Iterable[Found]) -> Iterator[Found]:
    """The longest of the expressions that start first, then what follows it."""
    end = 0
    for item in found:
        if item[0] >= end:
            yield item
            end = item[1]


def _joined_with_years(found: Iterable[Found], text: str) -> Iterator[Found]:
    """A year becomes part of the expression without a year that follows it: 2012年春节, 20xx年第一季度."""
    held: Found | None = None
    for item in found:
        gap = text[held[1] : item[0]] if held else ""
        if held and item[3] in _TAKES_YEAR and held[2].kind == "year" and (gap in ("", " ", "的") or gap in OPEN):
            closing = gap != "" and gap in OPEN and text[item[1] : item[1] + 1] in tuple(CLOSE)
            read = in_year(item[2], text[item[0] : item[1]], held[2].edtf or "")
            item = (held[0], item[1] + closing, read, item[3])
        elif held:
            yield held
        held = item
    if held:
        yield held


def _expression(found: Found, text: str) -> TimeExpression:
    start, end, read, rule = found
    quotable = read.kind in _QUOTED or rule in _QUOTED
    if quotable and start and text[start - 1] in OPEN and text[end : end + 1] and text[end] in CLOSE:
        start, end = start - 1, end + 1
    return TimeExpression(start, end, text[start:end], read.kind, read.edtf, read.months, certainty_of(read), rule)
