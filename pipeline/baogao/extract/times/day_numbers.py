"""Days called by month and day as numerals without a unit, with the name behind them: “三八”, 五.一劳动节, “12.4”法制宣传日."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from baogao.extract.times.calendar import calendar_config, calendar_day
from baogao.extract.times.grammar import UNKNOWN_YEAR, reading
from baogao.extract.times.names import CLOSE, IDEOGRAPH, OPEN, Found, either, heads_proper_name, starts_cause
from baogao.extract.times.numbers import DIGITS, HAN, ZERO

_DOT = "[.．·•・‧∙]"
_DAY = f"{_DOT}(?:3[01]|[12][0-9]|0?[1-9])"
_NOT_BEFORE = f"(?![{DIGITS}{HAN}十.．%％])"
_NOT_BEHIND = frozenset("0123456789０１２３４５６７８９" + HAN + ZERO + "十百千第")
# Figures before a measure are a quantity: 3.15万元, 5.12公里.
_QUANTITY = re.compile("[ \u3000]?[万亿元米公平方‰倍个名人次户亩吨斤克度小分岁厘毫升层km]")
_TOLD = re.compile("[那这当][天日]|前后|前夕|期间")
"""What stands behind figures only if they are a day: 3.12那天."""
_TAIL = re.compile(
    f"[{IDEOGRAPH}]{{0,11}}?(?:节(?![日目约假省能水气庆])|日(?![常益内夜报子]|前(?![后夕])|期(?!间))|周(?![围边一二三四五六末年])"
    "|月(?![底初份末]))"
)
_NO_NAME = re.compile("[节假生平今明当次整半][日月周]$")


@dataclass(frozen=True, slots=True)
class _Numerals:
    """The numerals of the calendar file: form to (date, kind, how it is read), and patterns for them."""

    forms: dict[str, tuple[str, str, str]]
    festivals: frozenset[str]
    alone: frozenset[str]
    codes: dict[str, str]
    spelled: re.Pattern[str]
    figures: re.Pattern[str]
    proper: re.Pattern[str]


@cache
def _numerals() -> _Numerals:
    config = calendar_config()
    forms = {entry["form"]: (entry["date"], entry["kind"], entry["read"]) for entry in config["numerals"]}
    codes: dict[str, str] = config["digit_codes"]
    spelled = either([f"{_DOT}?".join(form) for form in forms])
    coded = "|".join(f"(?<={code[0]}){code[1:]}" for code in codes)
    heads = (f"{head}(?![{unless}])" if unless else head for head, unless in config["numeral_heads"].items())
    return _Numerals(
        forms=forms,
        festivals=frozenset(date for date, kind, _ in forms.values() if kind == "festival"),
        alone=frozenset(config["pairs_alone"]),
        codes=codes,
        spelled=re.compile(f"{spelled}{_NOT_BEFORE}"),
        figures=re.compile(f"[1-9](?:(?:(?<=1)[0-2])?{_DAY}|{coded}){_NOT_BEFORE}"),
        proper=re.compile("|".join(heads)),
    )


def find_day_numbers(text: str) -> Iterator[Found]:
    """Every day of a text that is called by numerals; the spans may overlap and are in no order."""
    numerals = _numerals()
    for match in numerals.spelled.finditer(text):
        date, kind, read = numerals.forms[re.sub(_DOT, "", match[0])]
        yield from _named(match, date, kind, read)
    for match in numerals.figures.finditer(text):
        if match.start() and text[match.start() - 1] in ".．" and text[match.start() - 2 : match.start() - 1].isdigit():
            continue
        yield from _named(match, *_figures(match, numerals))


def _figures(match: re.Match[str], numerals: _Numerals) -> tuple[str, str, str]:
    """Date, kind and how it is read, of figures with a dot (12.4) or run together (119)."""
    if match[0] in numerals.codes:
        return numerals.codes[match[0]], "named_day", "named"
    month, day = (int(number) for number in re.split(_DOT, match[0]))
    date = f"{month:02d}-{day:02d}"
    told = _TOLD.match(match.string, match.end())
    alone = told or (f"{month}.{day}" in numerals.alone and not _QUANTITY.match(match.string, match.end()))
    return date, "festival" if date in numerals.festivals else "named_day", "alone" if alone else "quoted"


def _named(match: re.Match[str], date: str, kind: str, read: str) -> Iterator[Found]:
    text, (start, end) = match.string, match.span()
    if start and text[start - 1] in _NOT_BEHIND:
        return
    quoted = bool(start) and text[start - 1] in OPEN and text[end : end + 1] != "" and text[end] in CLOSE
    tail = _tail(text, end + quoted)
    if not (tail or read == "alone" or (read == "quoted" and quoted)):
        return
    if tail:
        kind = "festival" if tail.endswith("节") else "named_day"
        start, end = start - quoted, end + quoted + len(tail)
    if heads_proper_name().match(text, end) or (not tail and _numerals().proper.match(text, end)):
        return
    yield start, end, reading(kind, f"{UNKNOWN_YEAR}-{date[:2] if tail[-1:] in ('周', '月') else date}"), "day_number"


def _tail(text: str, start: int) -> str:
    """The name that follows a numeral (劳动节, 全国法制宣传日, 维权周), or nothing."""
    match = _TAIL.match(text, start)
    if not match:
        return ""
    tail = match[0]
    named = tail == "节" or calendar_day(tail) or (len(tail) > 2 and not _NO_NAME.search(tail) and not starts_cause().match(tail[:-1]))
    return tail if named else ""
