"""Rules for dates, months, years, and spans and lists of these: what is written with numerals and 年, 月, 日 or separators.

The rules are tried in the order of `DATE_RULES`; a construction stands before its parts (a span before the date it begins with).
A year that the expression does not state is XXXX; one that is masked keeps its mask (20XX, 201X).
"""

from __future__ import annotations

import re
from calendar import monthrange
from itertools import pairwise

from baogao.extract.times.grammar import UNKNOWN_YEAR, Reading, Rule, part, reading, rule
from baogao.extract.times.numbers import (
    DAY,
    DIGITS,
    FULL_YEAR,
    HAN,
    MASKED_YEAR,
    MASKS,
    MONTH,
    NUMERAL,
    SPACE,
    START,
    YEAR,
    ZERO,
    read_number,
    read_year,
    two_digits,
)

_PARTS = {
    "上旬": (1, 10), "中旬": (11, 20), "下旬": (21, 31), "上中旬": (1, 20), "中下旬": (11, 31),
    "上半月": (1, 15), "下半月": (16, 31),
}  # fmt: skip
_YEAR_AFTER = ("次年", "翌年", "来年", "第二年", "明年")

_S = SPACE
_DASH = "[-—–－―─~～〜﹣]{1,3}"
_TO = f"(?:起|开始)?{_S}(?:至|到|{_DASH}){_S}"
_TO_SIGNS = "-—–－―─~～〜﹣至到起开"
_LIST = "[、,，和及]"
_LISTED = MONTH.replace("元", "")
# What looks like a list of months behind a line break or full stop begins with an item number (2、4月份), but for 7、8两个月 and three.
_NO_ITEM_NUMBER = f"(?:(?<!^)(?<![\\n。；;])|(?={_LISTED}(?:{_S}{_LIST}{_S}{_LISTED}){{2}}|[^月\n]{{3,5}}两个?月))"
_OF_YEAR = f"(?:(?P<y>{YEAR}){_S}年度?的?{_S})?"
_DAY_UNIT = "(?:日|号(?![楼院门网文桥令线]))"
_PART = (
    "(?:上、?中旬|中、?下旬|[上中下]旬|[上下]半月|初(?![中级二三]|一(?!直))|底(?![数子层线])|末(?!端)|中(?=[\\s，,。；;、）)至到前—~-]|$))"
)

# Dates in figures with separators (2012-3-3, 2012.3) are Arabic throughout.
_AR_YEAR = f"(?:{FULL_YEAR}|{MASKED_YEAR})"
_AR_MONTH = "(?:1[0-2]|0?[1-9]|[xX*_]{1,2})"
_AR_DAY = "(?:3[01]|[12][0-9]|0?[1-9]|[xX*_]{1,2})"
_NO_QUANTITY = f"(?![{DIGITS}.．]|{_S}[%％‰万亿元角米平公千斤吨亩倍度个人户次名件])"

# A number of years is a duration, not a year: 3年来, 10年后, x年内.
_NO_DURATION = "(?![来前后内多以间期级龄制限之余])"
_DURATION_BEFORE = f"(?<![近第满了达共任历逾过约续事教每有{DIGITS}{MASKS}])"


def last_day(year: str, month: int) -> int:
    """Last day of a month; February has 28 where the year is masked.

    >>> last_day("2012", 2), last_day("20XX", 2), last_day("XXXX", 4)
    (29, 28, 30)
    """
    return monthrange(int(year) if year.isdigit() else 2001, month)[1]


def _valid(month: str | None, day: str | None = None) -> bool:
    """Whether the numerals can be a month and a day of it; masked ones and missing ones can."""
    m = read_number(month) if month else None
    d = read_number(day) if day else None
    return (m is None or 1 <= m <= 12) and (d is None or 1 <= d <= (last_day("2000", m) if m else 31))


def _year(match: re.Match[str], name: str = "y") -> str:
    numeral = part(match, name)
    return read_year(numeral) if numeral else UNKNOWN_YEAR


def _days_of_part(word: str | None, year: str, month: str) -> tuple[str, str] | None:
    """First and last day of 上旬, 中旬, 下旬 ...; None for 初, 中, 底, which are the plain month."""
    days = _PARTS.get((word or "").replace("、", ""))
    if not days or not month.isdigit():
        return None
    return f"{days[0]:02d}", f"{min(days[1], last_day(year, int(month))):02d}"


def _date(match: re.Match[str]) -> Reading | None:
    if not _valid(match["m"], match["d"]):
        return None
    return reading("date", f"{_year(match)}-{two_digits(match['m'])}-{two_digits(match['d'])}")


def _month(match: re.Match[str]) -> Reading | None:
    year, month = _year(match), two_digits(match["m"])
    days = _days_of_part(part(match, "x"), year, month)
    if days:
        return reading("span", f"{year}-{month}-{days[0]}/{year}-{month}-{days[1]}")
    return reading("month", f"{year}-{month}")


def _years(match: re.Match[str], first: str, second: str) -> tuple[str, str]:
    """Years of a span's two ends; one that is not stated follows from the other, a second month below the first lies a year on."""
    one, two = _year(match), _year(match, "y2")
    crosses = first.isdigit() and second.isdigit() and int(second) < int(first)
    if two != UNKNOWN_YEAR or match["y2"]:
        if one == UNKNOWN_YEAR and two.isdigit() and not match["y"]:
            one = str(int(two) - crosses)
        return one, two
    if one.isdigit() and (crosses or part(match, "next") in _YEAR_AFTER):
        return one, str(int(one) + 1)
    return one, one


def _end(year: str, month: str, day: str | None) -> str:
    return f"{year}-{month}" + (f"-{day}" if day else "")


def _span(match: re.Match[str]) -> Reading | None:
    """From a month or day to another: 5月23日—29日, 1—6月份, 3月中旬到5月底, 十二月至次年一月."""
    m1, m2, d1, d2 = match["m"], match["m2"] or match["m"], match["d"], match["d2"] or match["e2"]
    # Without its own 月 the first month needs a month behind (3—5月, not 3—5日).
    if not match["u"] and (not match["m2"] or d2):
        return None
    if not match["m2"] and not d1:
        return None
    if not _valid(m1, d1) or not _valid(m2, d2):
        return None
    first, second = two_digits(m1), two_digits(m2)
    one, two = _years(match, first, second)
    days = _days_of_part(match["x"], one, first), _days_of_part(match["x2"], two, second)
    left = two_digits(d1) if d1 else days[0] and days[0][0]
    right = two_digits(d2) if d2 else days[1] and days[1][1]
    return reading("span", f"{_end(one, first, left or None)}/{_end(two, second, right or None)}")


def _figures(match: re.Match[str]) -> Reading | None:
    """Figures with separators: 2012-3-3, 2012.3."""
    return _date(match) if part(match, "d") else _month(match)


def _figures_span(match: re.Match[str]) -> Reading | None:
    """From one date in figures to another: 2012.9-2013.6, 3.17-3.18."""
    d1, d2 = match["d"], match["d2"]
    if bool(d1) != bool(d2) or not _valid(match["m"], d1) or not _valid(match["m2"], d2):
        return None
    first, second = two_digits(match["m"]), two_digits(match["m2"])
    one, two = _years(match, first, second)
    return reading("span", f"{_end(one, first, d1 and two_digits(d1))}/{_end(two, second, d2 and two_digits(d2))}")


def _day_list(match: re.Match[str]) -> Reading | None:
    """Days of one month (6月7日、8日): from the first to the last."""
    days = [match["d"], *re.findall(f"{_LIST}{_S}({DAY})", match["rest"])]
    numbers = [read_number(day) or 0 for day in days]
    if not all(_valid(match["m"], day) for day in days) or any(a >= b for a, b in pairwise(numbers)):
        return None
    month = f"{_year(match)}-{two_digits(match['m'])}"
    return reading("span", f"{month}-{two_digits(days[0])}/{month}-{two_digits(days[-1])}")


def _month_list(match: re.Match[str]) -> Reading | None:
    """Months with one 月: neighbours are a span (7、8月份), others have months but no value (3、6、9月)."""
    months = tuple(read_number(numeral) or 0 for numeral in re.split(f"{_S}{_LIST}{_S}", match["list"]))
    if months[0] < 1 or months[-1] > 12 or any(a >= b for a, b in pairwise(months)):
        return None
    if months[-1] - months[0] == len(months) - 1:
        return reading("span", f"{_year(match)}-{months[0]:02d}/{_year(match)}-{months[-1]:02d}")
    return Reading("span", None, months)


def _month_pair(match: re.Match[str]) -> Reading | None:
    """Two neighbouring months in two Han digits: 七八月."""
    first, second = read_number(match["first"]) or 0, read_number(match["second"]) or 0
    return reading("span", f"{UNKNOWN_YEAR}-{first:02d}/{UNKNOWN_YEAR}-{second:02d}") if second == first + 1 else None


def _year_span(match: re.Match[str]) -> Reading | None:
    one, two = _year(match), _year(match, "y2")
    if one.isdigit() and two.isdigit() and not 0 < int(two) - int(one) < 60:
        return None
    return reading("span", f"{one}/{two}")


def _school_year(match: re.Match[str]) -> Reading | None:
    """A school year runs from September to July; its first term to January, its second from February."""
    one, two = _year(match), _year(match, "y2")
    if one.isdigit() and two.isdigit() and int(two) != int(one) + 1:
        return None
    terms = {"一": (f"{one}-09", f"{two}-01"), "上": (f"{one}-09", f"{two}-01")}
    terms |= {"二": (f"{two}-02", f"{two}-07"), "下": (f"{two}-02", f"{two}-07")}
    start, end = terms.get(match["term"] or "", (f"{one}-09", f"{two}-07"))
    return reading("span", f"{start}/{end}")


def _year_alone(match: re.Match[str]) -> Reading | None:
    return reading("year", _year(match))


def _two_han_digits(match: re.Match[str]) -> Reading | None:
    """六二年 is a year; 七八年 may be seven or eight years."""
    first, second = (read_number(digit) or 0 for digit in match["y"])
    return None if second == first + 1 else _year_alone(match)


def _bare_day(match: re.Match[str]) -> Reading | None:
    return reading("date", f"{UNKNOWN_YEAR}-XX-{two_digits(match['d'])}")


def _bare_days(match: re.Match[str]) -> Reading | None:
    first, last = read_number(match["d"]) or 0, read_number(match["d2"]) or 0
    if not 0 < first < last <= 31:
        return None
    return reading("span", f"{UNKNOWN_YEAR}-XX-{first:02d}/{UNKNOWN_YEAR}-XX-{last:02d}")


def _days_listed(match: re.Match[str]) -> Reading | None:
    """Days without a month (12号、13号): from the first to the last."""
    numbers = [read_number(day) or 0 for day in re.findall(DAY, match.group())]
    if numbers[0] < 1 or numbers[-1] > 31 or any(a >= b for a, b in pairwise(numbers)):
        return None
    return reading("span", f"{UNKNOWN_YEAR}-XX-{numbers[0]:02d}/{UNKNOWN_YEAR}-XX-{numbers[-1]:02d}")


def _figures_span_pattern(separator: str, to: str) -> str:
    return (
        f"{START}(?:(?P<y>{_AR_YEAR}){separator})(?P<m>{_AR_MONTH})(?:{separator}(?P<d>{_AR_DAY}))?{_S}{to}{_S}"
        f"(?:(?P<y2>{_AR_YEAR}){separator})?(?P<m2>{_AR_MONTH})(?:{separator}(?P<d2>{_AR_DAY}))?{_NO_QUANTITY}"
    )


_SECOND_END = (
    f"(?:(?:(?P<y2>{YEAR}){_S}年|(?P<next>次年|翌年|来年|第二年|明年|同年|当年|今年|本年))的?{_S})?"
    f"(?:(?P<m2>{MONTH}){_S}月份?{_S}(?:(?P<d2>{DAY}){_S}{_DAY_UNIT}|(?P<x2>{_PART}))?|(?P<e2>{DAY}){_S}{_DAY_UNIT})"
)
WEEK_OF_MONTH = f"的?(?:第[{HAN}1-5]|最[后末]一|末)个?(?:周|星期|礼拜)(?:的?(?:周|星期|礼拜)?[一二三四五六日天](?![个次]))?"
"""第二个星期日, 最后一周 ..., behind a month."""

DATE_RULES: tuple[Rule, ...] = (
    rule("figures_span", "./．", _figures_span_pattern("[./．]", f"(?:至|到|{_DASH})"), _figures_span),
    rule("figures_span", "-", _figures_span_pattern("-", "(?:至|到|[—–－~～]{1,2})"), _figures_span),
    rule("figures_date", "-./．—－",
         f"{START}(?P<y>{_AR_YEAR})(?P<s>[-./．—－])(?P<m>{_AR_MONTH})(?P=s)(?P<d>{_AR_DAY})日?(?![{DIGITS}])", _figures),
    rule("month_day_span", ".．",
         f"{START}(?P<m>1[0-2]|[1-9])[.．](?P<d>{_AR_DAY}){_S}(?:至|到|{_DASH}){_S}(?P<y2>(?!))?"
         f"(?P<m2>1[0-2]|[1-9])[.．](?P<d2>{_AR_DAY}){_NO_QUANTITY}", _figures_span),
    rule("school_year", _TO_SIGNS + "年/",
         f"{START}(?P<y>{_AR_YEAR}){_S}年?{_S}(?:至|到|/|{_DASH}){_S}(?P<y2>{_AR_YEAR}){_S}学年度?"
         f"(?:{_S}第?(?P<term>[一二上下])学期)?", _school_year),
    rule("year_span", _TO_SIGNS + "年",
         f"{START}(?P<y>{_AR_YEAR}){_S}(?:年度?)?{_TO}(?P<y2>{_AR_YEAR}){_S}年度?(?!{_S}{MONTH}{_S}月)", _year_span),
    rule("figures_month", "./．-",
         f"{START}(?P<y>{FULL_YEAR})(?:[.．/]|-(?=[01][0-9]))(?P<m>1[0-2]|0?[1-9]){_NO_QUANTITY}(?!-)", _figures),
    rule("span", _TO_SIGNS + "年月",
         f"{START}{_OF_YEAR}(?P<m>{MONTH}){_S}(?:(?P<u>月份?){_S}(?:(?P<d>{DAY}){_S}{_DAY_UNIT}?|(?P<x>{_PART}))?)?"
         f"{_TO}{_SECOND_END}", _span),
    rule("month_list", "年、,，/和及",
         f"{START}{_NO_ITEM_NUMBER}{_OF_YEAR}(?P<list>{_LISTED}(?:{_S}{_LIST}{_S}{_LISTED}){{1,11}}){_S}"
         f"(?:两个?)?月份?(?![{NUMERAL}])", _month_list),
    rule("month_pair", "月", f"(?<![{HAN}十])(?P<first>[{HAN}])(?P<second>[{HAN}])月份?(?![{NUMERAL}])", _month_pair),
    rule("day_list", "年月",
         f"{START}{_OF_YEAR}(?P<m>{MONTH}){_S}月{_S}(?P<d>{DAY}){_S}{_DAY_UNIT}?"
         f"(?P<rest>(?:{_S}{_LIST}{_S}{DAY}{_S}{_DAY_UNIT}?){{1,8}})(?<=[日号])", _day_list),
    rule("date", "年月", f"{START}{_OF_YEAR}(?P<m>{MONTH}){_S}月份?{_S}(?P<d>{DAY}){_S}{_DAY_UNIT}", _date),
    rule("week_of_month", "年月", f"{START}{_OF_YEAR}(?P<m>{MONTH}){_S}月份?{WEEK_OF_MONTH}", _month),
    rule("month", "年月",
         f"{START}(?<![数几半满近逐])(?!一月[一来内后]){_OF_YEAR}(?P<m>{MONTH}){_S}月(?:份(?!额))?(?P<x>{_PART})?"
         f"(?![龄球饼亮薪租票嫂息]|{_S}{DAY}{_S}日)", _month),
    rule("year", "年", f"{START}(?P<y>{_AR_YEAR}){_S}年(?:[度份底末]|初(?!中))?(?![代级届龄])", _year_alone),
    # Two digits are a year where they cannot be a number of years: 08年, 98年, 六二年, and 12年 at the head of a clause.
    rule("year_of_two_digits", "年",
         f"{START}(?P<y>[0０〇零][{DIGITS}{HAN}]|9[0-9]|九[{HAN}{ZERO}])年度?(?![代级届]){_NO_DURATION}", _year_alone),
    rule("year_of_two_digits", "年", f"(?<![{HAN}十百第])(?P<y>[四五六七八九][{HAN}〇零])年(?![代级届]){_NO_DURATION}", _two_han_digits),
    rule("year_of_two_digits", "年", "(?<![^，,。；;：:（(\\s])(?P<y>[012][0-9])年度?(?=我|本|社区|全|工作|计划|街道)", _year_alone),
    rule("year_masked", "年", f"{_DURATION_BEFORE}(?P<y>[{MASKS}]{{1,8}}){_S}年[度份]?(?![代级届]){_NO_DURATION}", _year_alone),
    rule("year_masked", "，,。；;、）) \n工", f"{START}(?P<y>20[_xX*×]{{2,4}})(?=[，,。；;、）)\\s]|工作)", _year_alone),
    rule("days_listed", "日号",
         f"{START}(?<![为近约共需用月])(?P<d>{DAY})[日号](?P<rest>(?:、{DAY}[日号]){{1,8}})"
         "(?=[，,。；;）)]|[两三]个|上午|下午|晚上|分别)", _days_listed),
    rule("day_span", "日", f"{START}(?<![为近约共需用月])(?P<d>{DAY})日{_TO}(?P<d2>{DAY})日(?![内间游])", _bare_days),
    rule("day", "日",
         f"{START}(?<![为近约共需用满休假过个月])(?P<d>[12][0-9]|3[01]|[1-9])日(?![内间游龄元语均产]|[以之]内|工作)", _bare_day),
)  # fmt: skip
"""Rules for dates, in the order they are tried."""
