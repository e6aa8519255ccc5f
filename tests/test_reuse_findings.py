"""Findings and relations: what is claimed, and what is not."""

from copy import deepcopy
from pathlib import Path

import pyarrow as pa
import pytest
import yaml

from baogao.reuse import find_reuse
from baogao.reuse.contradictions import contradictions
from baogao.reuse.dates import Months, gap, months_of, written, year_of
from baogao.reuse.leaks import Exchange, Side, leaks_in
from baogao.reuse.relations import direction, facts_of, own_place, place_relation, proper_name, same_issuer
from helpers import ROOT

CASES = yaml.safe_load((ROOT / "tests" / "cases" / "reuse_findings.yaml").read_text(encoding="utf-8"))
FACTS = {
    "report_id": "r", "page_id": "p", "site": None, "issuer": None, "place": None, "title": None, "period": None, "signed": None,
    "published": None, "year_min": None, "year_max": None, "year_basis": None,
}  # fmt: skip


def findings_of(reports: dict[str, dict], folder: Path) -> list[tuple]:
    rows = [{"report_id": key, "page_id": report.get("page_id", key), **report} for key, report in reports.items()]
    columns = {name: [row.get(name) for row in rows] for name in sorted({name for row in rows for name in row})}
    found = find_reuse([pa.RecordBatch.from_pydict(columns)], folder).findings.to_pylist()
    for row in found:
        if row["report_id"]:
            assert reports[row["report_id"]]["text"][row["start"] : row["end"]].startswith(row["text"])
    return [(row["report_id"], row["kind"], row["text"], row["other_report_id"], row["attribution"]) for row in found]


@pytest.mark.parametrize("case", [pytest.param(case, id=case["label"]) for case in CASES])
def test_findings(case: dict, tmp_path: Path) -> None:
    base = CASES[0]["reports"]["r1"]["text"]
    reports = {key: {"text": _exchanged(base, report.pop("exchange", {})), **report} for key, report in deepcopy(case["reports"]).items()}
    assert findings_of(reports, tmp_path) == [tuple(row) for row in case["findings"]]


def _exchanged(text: str, exchange: dict[str, list]) -> str:
    """The text with words exchanged, each in the occurrences (from 1) given, in all if none are."""
    for old, (new, *places) in exchange.items():
        pieces = text.split(old)
        text = pieces[0] + "".join((new if not places or i in places else old) + piece for i, piece in enumerate(pieces[1:], 1))
    return text


@pytest.mark.parametrize(
    ("text", "evidence"),
    [
        ("建立了四项制度，一是例会制度，二是值班制度，三是考核制度。", ["四 are announced, but 3 are enumerated"]),
        ("建立了四项制度，一是例会制度，二是值班制度，三是考核制度，四是奖惩制度。", []),
        ("搞好“四个延伸”。在“三个延伸”方面", ["the text also has “四个延伸”"]),
        ("搞好“四个延伸”。在“三个结合”方面", []),
        ("有四种类型：一是这样的，二是那样的。第三种则不同。", []),
    ],
)
def test_contradictions(text: str, evidence: list[str]) -> None:
    assert [found.evidence for found in contradictions(text)] == evidence


@pytest.mark.parametrize(
    ("edtf", "first", "last"),
    [
        ("2013", (2013, 1), (2013, 12)), ("2013-05", (2013, 5), (2013, 5)), ("2013-05-08", (2013, 5), (2013, 5)),
        ("2013-22", (2013, 6), (2013, 8)), ("2013-24", (2013, 12), (2014, 2)), ("2013-34", (2013, 4), (2013, 6)),
        ("2013-41", (2013, 7), (2013, 12)), ("2012-11/2013-02", (2012, 11), (2013, 2)), ("2013?", (2013, 1), (2013, 12)),
    ],
)  # fmt: skip
def test_months_of_dates(edtf: str, first: tuple[int, int], last: tuple[int, int]) -> None:
    assert months_of(edtf) == Months(first[0] * 12 + first[1] - 1, last[0] * 12 + last[1] - 1)


@pytest.mark.parametrize("edtf", [None, "", "20XX", "XXXX-05", "R/P1M", "2013-99", "2013/20XX"])
def test_masked_dates_and_recurrences_have_no_months(edtf: str | None) -> None:
    assert months_of(edtf) is None


def test_the_year_of_a_date_is_one_or_none() -> None:
    assert [year_of(edtf) for edtf in ("2013-05", "2012/2013", "20XX", None)] == [2013, None, None, None]


def test_an_upload_is_an_upper_bound_and_never_a_date_of_writing() -> None:
    assert written({"signed": None, "period": None}, "2013-06").months == Months(None, 2013 * 12 + 5)
    assert written({"signed": "2014-01", "period": None}, "2013-06").basis == "published 2013-06"


@pytest.mark.parametrize(
    ("a", "b", "which"),
    [
        ({"period": "2012"}, {"period": "2013"}, "a_to_b"),
        ({"signed": "2013-12"}, {"signed": "2013-05"}, "b_to_a"),
        ({"period": "2013"}, {"signed": "2013-12"}, "undetermined"),
        ({"period": "20XX"}, {"period": "2013"}, "undetermined"),
        ({"period": "2013"}, {"published": "2012-05"}, "b_to_a"),
        ({"period": "2013"}, {"published": "2014-05"}, "undetermined"),
        ({"year_min": 2009, "year_max": 2010, "year_basis": "body"}, {"period": "2013"}, "a_to_b"),
        ({"year_min": 2009, "year_max": 2010, "year_basis": "upload bound"}, {"period": "2013"}, "undetermined"),
    ],
)
def test_direction_needs_dates_that_lie_apart(a: dict, b: dict, which: str) -> None:
    found, basis = direction(facts_of({**FACTS, **a}), facts_of({**FACTS, **b}))
    assert found == which
    assert basis is not None
    assert basis.startswith("a: ")


def test_without_any_date_a_direction_has_no_basis() -> None:
    assert direction(facts_of(FACTS), facts_of(FACTS)) == ("undetermined", None)
    assert direction(facts_of({**FACTS, "period": "2013"}), facts_of(FACTS)) == ("undetermined", "a: period 2013; b: no date")


def test_gaps_are_least_and_largest_months_between() -> None:
    assert gap(months_of("2012"), months_of("2013-03")) == (3, 14)
    assert gap(months_of("2013"), months_of("2013-03")) == (0, 9)
    assert gap(months_of("2013"), Months(None, 24156)) == (None, None)


def test_issuers_are_the_same_only_by_a_name_of_their_own() -> None:
    facts = [facts_of({**FACTS, "issuer": issuer}) for issuer in ("柳荫社区", "柳荫 社区", "我社区", "我社区", "××社区", None)]
    assert same_issuer(facts[0], facts[1])
    assert not any(same_issuer(one, other) for one in facts[2:] for other in facts)
    assert [proper_name(name) for name in ("社区", "本街道", "柳荫社区")] == [None, None, "柳荫社区"]


def test_a_place_is_the_same_with_and_without_the_units_above_it() -> None:
    facts = [facts_of({**FACTS, "place": place}) for place in ("青石桥街道柳荫社区", "柳荫社区", "枇杷园社区", None)]
    assert [place_relation(facts[0], other) for other in facts] == ["same", "same", "different", "unknown"]
    assert own_place(facts[0]) == ("柳荫", "社区")


def test_a_leak_inside_a_larger_one_is_not_told_twice() -> None:
    texts = "渔溪口镇举办讲座。成立了锦屏湾镇联合会。", "锦屏湾镇举办讲座。成立了锦屏湾镇联合会。"
    issuers = "渔溪口镇总工会", "锦屏湾镇总工会"
    own, other = (
        Side(i, facts_of({**FACTS, "issuer": issuer}), text, ((0, len(text)),))
        for i, (issuer, text) in enumerate(zip(issuers, texts, strict=True))
    )
    exchanged = [Exchange(0, 1, "place", "渔溪口镇", "锦屏湾镇"), Exchange(0, 1, "place", "渔溪口", "锦屏湾")]
    assert [own.text[leak.start : leak.end] for leak in leaks_in(own, {1: other}, exchanged)] == ["锦屏湾镇"]
