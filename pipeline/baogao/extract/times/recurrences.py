"""Rules for recurrences: 每月, 每周一、三、五, 每月最后一个星期五, 每年5月, 天天, 一年一度."""

from __future__ import annotations

import re

from baogao.extract.times.dates import WEEK_OF_MONTH
from baogao.extract.times.edtf_values import months_of
from baogao.extract.times.grammar import UNKNOWN_YEAR, Reading, Rule, part, rule
from baogao.extract.times.numbers import DAY, DIGITS, HAN, MONTH, SPACE, read_number

_PERIODS = {
    "天": "1D", "日": "1D", "晚": "1D", "夜": "1D", "早": "1D", "周": "1W", "星期": "1W", "礼拜": "1W", "旬": "10D",
    "半月": "15D", "半个月": "15D", "月": "1M", "季": "3M", "季度": "3M", "半年": "6M", "学期": "6M",
    "学年": "1Y", "年": "1Y", "年度": "1Y",
}  # fmt: skip

_TO = "(?:至|到|[-—–－~～]{1,2})"
_JOIN = f"{SPACE}(?:[、,，和及]|{_TO}){SPACE}"
_WEEK = "(?:周|星期|礼拜)"
_WEEKDAY = f"{_WEEK}?[一二三四五六日天末]"
# 每周一 is Monday, but not where 一 begins what follows: 每周一次, 每周一评, 每周一个.
_MONDAY = "一(?![次期评换查报讲题歌法课星练测考篇条句诗词场个人名信谈问更主调通碰曲字图案])"
_WEEKDAYS = f"{_WEEK}?(?:[二三四五六日天末]|{_MONDAY})(?:{_JOIN}{_WEEKDAY}(?![个次名]))*"
_DAY_OF_MONTH = f"(?:{DAY}[日号]|逢{DAY}[日号]?|初[{HAN}十]|十五|二十|三十)"
_DAYS_OF_MONTH = f"的?{_DAY_OF_MONTH}(?:{_JOIN}(?:{_DAY_OF_MONTH}|{DAY}[日号]?))*"
_DATE = f"{MONTH}{SPACE}月份?(?:{SPACE}{DAY}[日号]|[上中下]旬|[初底末])?"
_ONCE = "一(?:次|度|更新|[换查评报签])"


def _recurring(match: re.Match[str]) -> Reading:
    period = _PERIODS[part(match, "unit") or "月"]
    count = read_number((part(match, "n") or "一").replace("两", "二").replace("双", "二")) or 1
    return Reading("recurring", f"R/P{count * int(period[:-1])}{period[-1]}", ())


def _recurring_months(match: re.Match[str]) -> Reading | None:
    """A yearly recurrence that states its months: 每年5月, 每年的3月5日, 每年4至5月, 每年3月和9月."""
    numbers = [read_number(numeral) or 0 for numeral in re.findall(f"({MONTH}){SPACE}(?:月|(?={_JOIN}))", match["dates"])]
    if not numbers or not all(1 <= number <= 12 for number in numbers):
        return None
    if len(numbers) == 2 and re.search(_TO, match["dates"]):
        return Reading("recurring", "R/P1Y", months_of(f"{UNKNOWN_YEAR}-{numbers[0]:02d}/{UNKNOWN_YEAR}-{numbers[1]:02d}"))
    return Reading("recurring", "R/P1Y", tuple(dict.fromkeys(numbers)))


ONCE_RULES: tuple[Rule, ...] = (
    rule("once_a_period", "天日周星月季年", f"(?:一|(?P<n>两)个?)(?P<unit>天|日|周|星期|月|季度?|年){_ONCE}", _recurring),
    rule("once_a_period", "个", "一个(?P<unit>月|季度|季|周|星期|学期)(?=[开碰召组举搞办换更检做出][^，,。；;\\s]{0,4}一次)", _recurring),
)  # fmt: skip
"""Rules for recurrences that begin with a numeral: 一天一次, 一年一度, 一个季度（碰一次头）."""

RECURRENCE_RULES: tuple[Rule, ...] = (
    rule("recurring_months", "每", f"每年度?的?(?P<dates>(?:{MONTH}{SPACE}(?:[、和及]|{_TO}){SPACE})?{_DATE}(?:{_JOIN}{_DATE}){{0,3}})",
         _recurring_months),
    rule("recurring_days", "每",
         f"每[个逢]?(?P<n>双)?(?P<unit>月)(?:{_DAYS_OF_MONTH}|{WEEK_OF_MONTH}|的?[上中下]旬|[初中底末](?![{HAN}级]))", _recurring),
    rule("recurring_days", "每", f"每逢(?:农历)?[初十][{HAN}十](?:{_JOIN}(?:初|十|廿|二十)?[{HAN}十])*", _recurring),
    rule("recurring_weekdays", "每", f"每[个逢]?(?P<n>双)?(?P<unit>周|星期|礼拜)的?{_WEEKDAYS}", _recurring),
    rule("recurring_weekdays", "周", f"(?P<unit>周)[{HAN}]{_TO}{_WEEK}?[五六日天]", _recurring),
    rule("once_a_period", "半", f"(?P<unit>半年|半个?月){_ONCE}", _recurring),
    rule("recurring", "每",
         f"每(?!一天)隔?(?P<n>[两双{HAN}]|[{DIGITS}])?个?(?P<unit>半个?月|学期|学年|季度|星期|礼拜|[天周月季旬])(?!经)", _recurring),
    rule("recurring", "每", f"每隔?(?P<n>[两{HAN}]|[{DIGITS}])?(?P<unit>半年|年度?|[日晚夜早])(?!级)", _recurring),
    rule("recurring", "天", "(?<![一今明昨每整])(?P<unit>天)天(?!上[的有飞掉]|下[的])", _recurring),
    # 月月有活动 is a slogan.
    rule("recurring", "月周", "(?P<unit>[月周])(?P=unit)(?![有圆末])", _recurring),
)  # fmt: skip
"""Rules for recurrences that begin with another character."""
