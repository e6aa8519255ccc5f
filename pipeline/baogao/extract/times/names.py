"""Time expressions that are names: festivals, named days, weeks and months, seasons in a campaign's name.

A name of the calendar is found by its end: at each character that a name can end in, the longest name that ends there is looked up,
so that the cost does not grow with the calendar. Weeks and months for a cause that the calendar does not have are read by their
form. The spans leave out quotation marks around a whole name; `time_find.find_times` adds them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from baogao.extract.times.calendar import CalendarDay, calendar_config, days_by_name, scope_pattern
from baogao.extract.times.grammar import UNKNOWN_YEAR, Reading, reading
from baogao.extract.times.numbers import HAN
from baogao.extract.times.seasons import SEASONS

OPEN, CLOSE = '“"‘「『', '”"’」』'
"""Quotation marks."""
IDEOGRAPH = "\u4e00-\u9fff"

_LONGEST_CAUSE = 12
"""Characters of the longest name that is read by its form; the longest in corpus/train has 9."""

Found = tuple[int, int, Reading, str]
"""Start, end, reading and rule."""


@dataclass(frozen=True, slots=True)
class _Names:
    """What the calendar file gives, prepared for the search."""

    days: dict[str, CalendarDay]
    last_two: frozenset[str]
    longest: int
    last: re.Pattern[str]
    scope: re.Pattern[str]
    cause_head: re.Pattern[str]
    bare: re.Pattern[str]


def either(words: Sequence[str]) -> str:
    """A pattern for any of some words, longer ones first."""
    return "(?:" + "|".join(sorted(words, key=lambda word: (-len(word), word))) + ")"


@cache
def _names() -> _Names:
    config, days = calendar_config(), days_by_name()
    heads = config["cause_heads"]
    return _Names(
        days=days,
        last_two=frozenset(name[-2:] for name in days),
        longest=max(map(len, days)),
        last=re.compile(f"[{''.join(sorted({name[-1] for name in days}))}]"),
        scope=re.compile(f"{scope_pattern()}$"),
        cause_head=re.compile(f"(?:{either(heads['week_month'])}[周月]|{either(heads['day'])}日)$"),
        bare=re.compile(f"[{OPEN}](?P<cause>{either(config['bare_in_quotes'])})[{CLOSE}](?=、|和|及|等)"),
    )


@cache
def heads_proper_name() -> re.Pattern[str]:
    """What follows a festival that heads a proper name (勋章, 红旗手, 领导小组), a closing quotation mark before it or not."""
    config = calendar_config()
    return re.compile(f"[{CLOSE}]?(?:活动)?(?:工作)?{either(config['proper_heads'])}|{either(config['place_heads'])}")


@cache
def starts_cause() -> re.Pattern[str]:
    """Everything up to the last word or sign behind which the name of a cause can start."""
    return re.compile(f".*(?:{either(calendar_config()['cause_starts'])}|[^{IDEOGRAPH}])", re.DOTALL)


def find_names(text: str) -> Iterator[Found]:
    """Every name of a text that is a time expression; the spans may overlap and are in no order."""
    yield from _calendar_names(text)
    yield from _campaign_seasons(text)
    for match in _names().bare.finditer(text):
        yield *match.span("cause"), _reading(_names().days[match["cause"] + "日"]), "bare_cause"


def _reading(day: CalendarDay) -> Reading:
    return Reading(day.kind, day.edtf, day.months)


def _calendar_names(text: str) -> Iterator[Found]:
    names = _names()
    for match in names.last.finditer(text):
        end = match.end()
        found = _longest_name(text, end, names) if text[end - 2 : end] in names.last_two else None
        if not found and match[0] in "日周月":
            found = _cause(text, end, names)
        if found:
            yield found


def _longest_name(text: str, end: int, names: _Names) -> Found | None:
    for start in range(max(0, end - names.longest), end - 1):
        day = names.days.get(text[start:end])
        if day is None:
            continue
        if (start and text[start - 1] in day.not_after) or (text[end : end + 1] and text[end] in day.not_before):
            return None
        if heads_proper_name().match(text, end):
            return None
        scope = names.scope.search(text, max(0, start - 8), start)
        return (scope.start() if scope else start), end, _reading(day), "calendar"
    return None


def _cause(text: str, end: int, names: _Names) -> Found | None:
    """A week or month for a cause that the calendar does not have: “民法典宣传月”, 结合法制教育月活动."""
    window = text[max(0, end - _LONGEST_CAUSE) : end]
    head = names.cause_head.search(window)
    if not head or heads_proper_name().match(text, end):
        return None
    limit = starts_cause().match(window, 0, head.start())
    name = window[limit.end() if limit else 0 :]
    if len(name) == len(head[0]) or name[0] in HAN + "十两几半":
        return None
    return end - len(name), end, Reading("named_day", None, ()), "cause"


_CAMPAIGN = re.compile(f"(?!一年|一日|四季)[{IDEOGRAPH}]{{2}}之([春夏秋冬])(?![夏秋冬])")


def _campaign_seasons(text: str) -> Iterator[Found]:
    """A season in the name of a campaign that it dates: 科普之冬, 社区之夏."""
    place = text.find("之", 2)
    while place >= 0:
        match = _CAMPAIGN.match(text, place - 2)
        if match:
            yield *match.span(), reading("season", f"{UNKNOWN_YEAR}-{SEASONS[match[1]]}"), "campaign_season"
        place = text.find("之", place + 1)
