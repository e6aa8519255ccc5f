"""Rules for the parts of a year (quarters, halves, seasons, school holidays), parts of an unnamed month, and five-year plans."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise

from baogao.extract.times.edtf_values import months_of
from baogao.extract.times.grammar import UNKNOWN_YEAR, Reading, Rule, part, reading, rule
from baogao.extract.times.numbers import SPACE, START, read_number
from baogao.resources import load_yaml

SEASONS = {"春": 21, "夏": 22, "秋": 23, "冬": 24}
"""EDTF numbers of the seasons."""

_QUARTER = "[一二三四1-4１-４]"
_QUARTERS = f"第?(?P<q>{_QUARTER})(?:{SPACE}(?P<to>[、至到和]|[-—–－~～]{{1,2}}){SPACE}第?(?P<r>{_QUARTER}))?{SPACE}季度"


def _quarter(match: re.Match[str]) -> Reading | None:
    """One quarter, a span of quarters (一至三季度), or two that are no neighbours (二、四季度: months but no value)."""
    first = read_number(match["q"]) or 0
    last = read_number(match["r"] or match["q"]) or 0
    if first == last:
        return reading("quarter", f"{UNKNOWN_YEAR}-{32 + first}")
    if last - first > 1 and match["to"] in ("、", "和"):
        return Reading("span", None, months_of(f"{UNKNOWN_YEAR}-{32 + first}") + months_of(f"{UNKNOWN_YEAR}-{32 + last}"))
    return reading("span", f"{UNKNOWN_YEAR}-{3 * first - 2:02d}/{UNKNOWN_YEAR}-{3 * last:02d}") if first < last else None


def _first_quarters(match: re.Match[str]) -> Reading:
    last = 3 * (read_number(match["q"].replace("两", "二")) or 0)
    return reading("span", f"{UNKNOWN_YEAR}-01/{UNKNOWN_YEAR}-{last:02d}")


def _part_of_month(match: re.Match[str]) -> Reading:
    start, end = {"上": (1, 10), "中": (11, 20), "下": (21, 31)}[match["part"]]
    return reading("span", f"{UNKNOWN_YEAR}-XX-{start:02d}/{UNKNOWN_YEAR}-XX-{end:02d}")


def _half(match: re.Match[str]) -> Reading:
    return reading("half", f"{UNKNOWN_YEAR}-{40 if match['half'] == '上' else 41}")


def _season(match: re.Match[str]) -> Reading:
    """A season, or seasons that follow each other (冬春, 今冬明春: a span); others have months but no value (春秋两季)."""
    seasons = [SEASONS[c] for c in match["s"] if c in SEASONS]
    months = tuple(dict.fromkeys(month for season in seasons for month in months_of(f"{UNKNOWN_YEAR}-{season}")))
    if len(seasons) == 1:
        return Reading("season", f"{UNKNOWN_YEAR}-{seasons[0]}", months)
    if len(seasons) > 3 or any((after - before) % 4 != 1 for before, after in pairwise(seasons)):
        return Reading("season", None, months)
    return Reading("season", f"{UNKNOWN_YEAR}-{seasons[0]}/{UNKNOWN_YEAR}-{seasons[-1]}", months)


def _school_holiday(match: re.Match[str]) -> Reading:
    winter, summer = "寒" in match[0], "暑" in match[0] or "署" in match[0]
    if winter and summer:
        return Reading("holiday", None, (1, 2, 7, 8))
    start, end = ("01", "02") if winter else ("07", "08")
    return reading("holiday", f"{UNKNOWN_YEAR}-{start}/{UNKNOWN_YEAR}-{end}")


@cache
def _plans() -> dict[str, str]:
    plans: dict[str, str] = load_yaml("configs", "calendar.yaml")["five_year_plans"]
    return plans


def _five_year_plan(match: re.Match[str]) -> Reading | None:
    years = _plans().get(part(match, "plan") or "")
    return reading("span", years) if years else None


QUARTER_RULES: tuple[Rule, ...] = (
    rule("quarter", "季、至到和-—–－~～", f"{START}{_QUARTERS}", _quarter),
    # A plan's years count before a word of time or closing quotation mark; 十二五规划 is the name of a document.
    rule("five_year_plan", "”\"期时以末初开收",
         "(?P<plan>十[一二三四五]?五|[七八九]五)(?=[”\"]?(?:期间|时期|以来|末|初|开局|收官))", _five_year_plan),
)  # fmt: skip
"""Rules for parts of a year that begin with a numeral."""

SEASON_RULES: tuple[Rule, ...] = (
    rule("quarters", "前", "前(?P<q>[二两三23])个?季度", _first_quarters),
    rule("quarter", "第", _QUARTERS, _quarter),
    rule("part_of_month", "上中下", "(?<![^\\s，,。；;：:、（(当同本])(?P<part>[上中下])旬", _part_of_month),
    rule("half", "上下", "(?P<half>[上下])半年", _half),
    rule("seasons", "春夏秋冬今去明来", "[今去明来]?(?P<s>[春夏秋冬][今明次]?[春夏秋冬]{1,2})(?:[两三]季|季节?|月|之交)", _season),
    rule("seasons", "今去", "(?P<s>[今去]冬[今明]春)", _season),
    rule("seasons", "春夏秋冬", "(?P<s>[春夏秋冬](?:季?、[春夏秋冬]){1,2})[两三]?季", _season),
    rule("season", "春夏秋冬", "(?P<s>[春夏秋冬])(?:季|天(?!下))", _season),
    rule("season", "春夏秋冬", "(?<=年)(?P<s>[春夏秋冬])(?=[至到，,、的])", _season),
    rule("season", "初早盛深晚隆", "[初早盛深晚隆](?P<s>[春夏秋冬])(?![节季十])", _season),
    rule("season_of_year", "今去明", "(?P<s>[今去明][春夏秋冬])(?![至夏])", _season),
    # 署 is the usual slip for 暑.
    rule("school_holiday", "寒暑署", "寒[、和(（]?[暑署][)）]?[假期]|[暑署](?:假|期(?!间))|寒假", _school_holiday),
)  # fmt: skip
"""Rules for parts of a year that begin with another character."""
