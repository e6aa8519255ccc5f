"""Records of an earlier run are found in a later one by the page's bytes and the place in its raw text."""

import csv
import json

import pytest
from typer.testing import CliRunner

from baogao.analysis.crosswalk import crosswalk
from baogao.cli import app
from baogao.errors import BaogaoError
from made_dataset import made, write_made

RAW = "甲社区工作总结。办讲座，发传单。乙社区工作总结。走访居民。"


def dataset(folder, reports, acts, raw=RAW):
    rows = [made("pages", page_id="p1", sha256="ab" * 32), made("texts", page_id="p1", raw=raw)]
    rows += [made("reports", report_id=name, page_id="p1", raw_start=a, raw_end=b) for name, a, b in reports]
    for name, report, quote in acts:
        start = raw.index(quote)
        rows.append(made("activities", activity_id=name, report_id=report, type="lecture", raw_start=start, raw_end=start + len(quote)))
    return write_made(folder, rows)


@pytest.fixture
def runs(tmp_path):
    """The earlier run took the page for one report; the later one splits it, and draws the spans of acts anew."""
    acts = [("a1", "r1", "办讲座"), ("a2", "r1", "发传单"), ("a3", "r1", "走访居民"), ("a4", "r1", "乙社区")]
    old = dataset(tmp_path / "old", [("r1", 0, 29)], acts)
    acts = [("b1", "r1", "办讲座"), ("b2", "r1", "，发传单"), ("b3", "r2", "走访居民")]
    new = dataset(tmp_path / "new", [("r1", 0, 16), ("r2", 16, 29)], acts)
    return old, new


def matches(folder):
    with (folder / "crosswalk.csv").open(encoding="utf-8", newline="") as file:
        return {row["old_id"]: (row["new_id"], row["match"]) for row in csv.DictReader(file)}


def test_records_are_matched_by_place(runs, tmp_path):
    crossed = crosswalk(*runs, tmp_path / "x")
    assert matches(tmp_path / "x") == {
        "r1": ("r1", "same"), "a1": ("b1", "exact"), "a2": ("b2", "overlap"), "a3": ("b3", "exact"), "a4": ("", "lost"),
    }  # fmt: skip
    assert dict(crossed.records["activities"]) == {"exact": 2, "overlap": 1, "lost": 1}


def test_two_records_that_go_to_one_are_merged(tmp_path):
    old = dataset(tmp_path / "old", [("r1", 0, 29)], [("a1", "r1", "办讲座，"), ("a2", "r1", "讲座，发传")])
    new = dataset(tmp_path / "new", [("r1", 0, 29)], [("b1", "r1", "办讲座，发传")])
    crosswalk(old, new, tmp_path / "x")
    assert [matches(tmp_path / "x")[name] for name in ("a1", "a2")] == [("b1", "merged"), ("b1", "merged")]


def test_a_raw_text_read_otherwise_is_matched_by_its_words(tmp_path):
    old = dataset(tmp_path / "old", [("r1", 0, 29)], [("a1", "r1", "走访居民"), ("a2", "r1", "社区")])
    raw = "\n\n" + RAW
    new = dataset(tmp_path / "new", [("r1", 2, 31)], [("b1", "r1", "走访居民"), ("b2", "r1", "社区")], raw)
    crosswalk(old, new, tmp_path / "x")
    assert matches(tmp_path / "x") == {"r1": ("r1", "same"), "a1": ("b1", "exact"), "a2": ("", "lost")}


def test_codes_are_carried_over_and_lost_ones_kept_apart(runs, tmp_path):
    codes = tmp_path / "codes.csv"
    codes.write_text("activity_id,report_id,code\na2,r1,传单\na4,r1,无\n", encoding="utf-8")
    crossed = crosswalk(*runs, tmp_path / "x", codes=[codes])
    assert (tmp_path / "x" / "codes.csv").read_text(encoding="utf-8") == "activity_id,report_id,code\nb2,r1,传单\n"
    assert (tmp_path / "x" / "lost-codes.csv").read_text(encoding="utf-8") == "activity_id,report_id,code\na4,r1,无\n"
    assert crossed.files == {"codes.csv": (1, 1)}
    codes.write_text("id,code\na2,传单\n", encoding="utf-8")
    with pytest.raises(BaogaoError, match="no column with identifiers"):
        crosswalk(*runs, tmp_path / "y", codes=[codes])


def test_corrections_hold_where_a_report_is_around_them(runs, tmp_path):
    corrections = tmp_path / "corrections.jsonl"
    common = {"sha256": "ab" * 32, "label": "activity", "action": "reject"}
    lines = [json.dumps(common | {"raw_start": 8, "raw_end": 11}), json.dumps(common | {"raw_start": 12, "raw_end": 19})]
    corrections.write_text("\n".join(lines) + "\n", encoding="utf-8")
    crossed = crosswalk(*runs, tmp_path / "x", corrections=corrections)
    assert (tmp_path / "x" / "corrections.jsonl").read_text(encoding="utf-8") == lines[0] + "\n"
    assert (tmp_path / "x" / "lost-corrections.jsonl").read_text(encoding="utf-8") == lines[1] + "\n"
    assert crossed.files == {"corrections.jsonl": (1, 1)}


def test_the_command_counts(runs, tmp_path):
    result = CliRunner().invoke(app, ["crosswalk", *map(str, runs), "-o", str(tmp_path / "x")])
    line = next(line for line in result.stdout.splitlines() if line.startswith("activities"))
    assert line.split() == ["activities", "0", "2", "1", "0", "1"]
