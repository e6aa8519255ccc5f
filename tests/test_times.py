"""Time expressions: what is found, what it means, which year it is of."""

import json
import re
import time
from pathlib import Path

import pytest
from edtf import parse_edtf
from hypothesis import given, settings
from hypothesis import strategies as st

from baogao.extract.times import find_period, find_signed, find_times, resolve_years
from baogao.extract.times.edtf_values import PARTS, earliest_latest_month, is_value, months_of, with_year
from baogao.extract.times.find import NUMERAL_RULES, WORD_RULES
from baogao.records import CERTAINTIES, TIME_KINDS

CASES = Path(__file__).parent / "cases"


def rows(name):
    return [json.loads(line) for line in (CASES / name).read_text(encoding="utf-8").splitlines()]


def marked(name):
    """The rows of a case file as parameters; a known failure must fail."""
    return [
        pytest.param(
            row,
            marks=[pytest.mark.xfail(strict=True, reason=row["comment"])] if row.get("expect") == "known_failure" else [],
            id=f"{row['label']}: {row['text'][:30]!r}",
        )
        for row in rows(name)
    ]


def sentences(text):
    ends = [match.end() for match in re.finditer(r"[。！？!?\n]+[”\"’]*", text)] + [len(text)]
    return list(zip([0, *ends], ends, strict=False))


@pytest.mark.parametrize("row", marked("times.jsonl"))
def test_expressions_of_a_text(row):
    assert [[t.text, t.kind, t.edtf, list(t.months)] for t in find_times(row["text"])] == row["want"]


@pytest.mark.parametrize("row", marked("times_years.jsonl"))
def test_years_that_the_report_gives(row):
    text = row["text"]
    times = resolve_years(
        find_times(text), text, sentences(text), period=row["period"], signed=row["signed"], looks_ahead=row.get("looks_ahead", False)
    )
    assert [[t.text, t.edtf, t.certainty] for t in times] == row["want"]


@pytest.mark.parametrize("row", marked("times_signed.jsonl"))
def test_signature_of_a_report(row):
    text = row["text"]
    edtf, span = find_signed(text, find_times(text))
    assert edtf == row["want"]
    assert (span is None) == (edtf is None)


@pytest.mark.parametrize("row", marked("times_period.jsonl"))
def test_period_of_a_report(row):
    text = row["text"]
    period = find_period(row["title"], text, find_times(text), genre=row["genre"], signed=row["signed"])
    assert list(period) == row["want"]


def test_the_cases_hold_all_kinds_and_negatives():
    table = rows("times.jsonl")
    assert len(table) >= 400
    assert {expression[1] for row in table for expression in row["want"]} == set(TIME_KINDS)
    assert sum(not row["want"] for row in table) >= 100


def edtf_knows(value):
    """Whether the value is plain EDTF: no recurrence, no masked part of a year, no interval of parts other than seasons."""
    parts = [point for point in value.split("/") if len(point) == 7 and point[5:].isdigit() and int(point[5:]) in PARTS]
    masked = any("X" in point[:4] for point in parts)
    return not value.startswith("R/") and not masked and not ("/" in value and any(int(point[5:]) > 24 for point in parts))


def test_every_value_is_edtf_or_of_the_documented_extension():
    values = {t.edtf for row in rows("times.jsonl") for t in find_times(row["text"]) if t.edtf}
    values |= {with_year(value, "2012") for value in values if not value.startswith("R/")}
    for value in sorted(values):
        assert is_value(value), value
        if edtf_knows(value):
            parse_edtf(value)


CHARACTERS = "0123456789０２一二三四五六七八九十〇○零xX×*_年月日号季周节度第每天春夏秋冬寒暑假期旬底初上下半至到—-、，。,.·“”（）()《》 \n"
WORDS = "2012 20xx 五一 春节 科普日 宣传月 每周 星期 去年 社区 活动 国庆 农历 正月".split()
TEXTS = st.lists(st.sampled_from([*CHARACTERS, *WORDS]), max_size=40).map("".join)


@given(TEXTS)
@settings(max_examples=500)
def test_expressions_are_well_formed(text):
    times = find_times(text)
    last = 0
    for t in times:
        assert last <= t.start < t.end <= len(text)
        assert text[t.start : t.end] == t.text
        assert t.kind in TIME_KINDS
        assert t.certainty in CERTAINTIES
        assert t.edtf is None or is_value(t.edtf)
        assert all(1 <= month <= 12 for month in t.months)
        assert len(set(t.months)) == len(t.months)
        last = t.end


@given(TEXTS, st.sampled_from([None, "2012", "20XX", "XXXX", "2012-40", "2011-09/2012-07", "2009/2012"]))
@settings(max_examples=300)
def test_resolving_keeps_places_and_stated_years(text, period):
    times = find_times(text)
    resolved = resolve_years(times, text, sentences(text), period=period, signed=None)
    assert [(t.start, t.end, t.text, t.rule) for t in resolved] == [(t.start, t.end, t.text, t.rule) for t in times]
    for before, after in zip(times, resolved, strict=True):
        assert after.edtf is None or is_value(after.edtf)
        if before.edtf and before.kind != "named_day" and not before.edtf.startswith("XXXX"):
            assert after == before


@given(TEXTS, TEXTS)
@settings(max_examples=200)
def test_a_paragraph_reads_the_same_whatever_stands_before_it(before, text):
    def read(head):
        return [(t.start - len(head), t.end - len(head), t.kind, t.edtf) for t in find_times(head + text) if t.start >= len(head)]

    assert read(f"{before}。\n\n社区居民委员会。\n\n") == read("。\n\n")


MONTH_POINT = st.builds("{}-{:02d}".format, st.integers(1900, 2099), st.integers(1, 12))


@given(MONTH_POINT, MONTH_POINT)
def test_months_of_an_interval_are_those_between_its_bounds(a, b):
    start, end = sorted((a, b))
    first, last = earliest_latest_month(f"{start}/{end}")
    count = 12 * (last[0] - first[0]) + last[1] - first[1] + 1
    assert len(months_of(f"{start}/{end}")) == min(count, 12)
    assert months_of(f"{start}/{end}")[0] == first[1]


@pytest.mark.parametrize(
    ("value", "bounds", "months"),
    [
        ("2012-05-23", ((2012, 5), (2012, 5)), (5,)),
        ("2012", ((2012, 1), (2012, 12)), ()),
        ("20XX", ((2000, 1), (2099, 12)), ()),
        ("XXXX-XX", ((None, 1), (None, 12)), ()),
        ("2012-XX-18", ((2012, 1), (2012, 12)), ()),
        ("XXXX-24", ((None, 12), (None, 2)), (12, 1, 2)),
        ("2012-24/2013-21", ((2012, 12), (2013, 5)), (12, 1, 2, 3, 4, 5)),
        ("XXXX-24/XXXX-21", ((None, 12), (None, 5)), (12, 1, 2, 3, 4, 5)),
        ("2012-36", ((2012, 10), (2012, 12)), (10, 11, 12)),
        ("XXXX-40", ((None, 1), (None, 6)), (1, 2, 3, 4, 5, 6)),
        ("XXXX-12/XXXX-01", ((None, 12), (None, 1)), (12, 1)),
        ("2012-09/2013-07", ((2012, 9), (2013, 7)), (9, 10, 11, 12, 1, 2, 3, 4, 5, 6, 7)),
        ("2009/2012", ((2009, 1), (2012, 12)), ()),
        ("R/P3M", (None, None), ()),
    ],
)
def test_bounds_and_months_of_a_value(value, bounds, months):
    assert earliest_latest_month(value) == bounds
    assert months_of(value) == months


def test_a_string_that_is_no_value_has_no_bounds():
    with pytest.raises(ValueError, match="2012-13"):
        earliest_latest_month("2012-13")


HOSTILE = "1 1- 1月 一 每 1、 x 20xx年 “三八 3.15 月 春 之 初一 日 宣传月 2012- 1月1日至 第一 每月1日、 《 正月 12.4 去年 年月日".split()


@pytest.mark.parametrize("unit", [*HOSTILE, "1 "])
def test_time_grows_linearly_with_hostile_text(unit):
    """Ten times the text may take at most thirty times as long (linear with room for noise); quadratic would take a hundred times."""
    short, long = ((unit * size)[:size] for size in (20_000, 200_000))
    assert seconds(long) < 30 * max(seconds(short), 0.01)


def seconds(text):
    start = time.process_time()
    find_times(text)
    return time.process_time() - start


def test_a_million_characters_of_one_unit_take_seconds():
    assert seconds("1月1、" * 250_000) < 30


def test_every_rule_is_described_in_the_docs():
    described = set(re.findall(r"`([a-z_]+)`", (CASES.parent.parent / "docs" / "times.md").read_text(encoding="utf-8")))
    named = {"calendar", "day_number", "cause", "bare_cause", "campaign_season"}
    assert {rule.name for rule in (*NUMERAL_RULES, *WORD_RULES)} | named <= described
