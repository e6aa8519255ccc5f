"""The whole stage: tables that hold together, the same bytes on every way, and input that has little or nothing to find."""

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from baogao.records import SCHEMAS
from baogao.reuse import find_reuse
from baogao.reuse.settings import FormulaSettings, PassageSettings, ReuseSettings

TABLES = ("pairs", "passages", "passage_uses", "findings", "reports", "intervals", "failures")


def prose(seed: int, count: int) -> str:
    return "".join(chr(code) for code in np.random.default_rng(seed).integers(0x4E00, 0x5E00, count))


def batch(texts: dict[str, str], **columns: list[str | None]) -> pa.RecordBatch:
    return pa.RecordBatch.from_pydict({"report_id": list(texts), "page_id": list(texts), "text": list(texts.values()), **columns})


@pytest.fixture(scope="module")
def archive() -> dict[str, str]:
    """Thirty reports: two families with changed names and numbers, a shared paragraph, a phrase that all have."""
    texts = {}
    for i in range(30):
        own = "\n".join(prose(100 * i + part + 10, 80) + "。" for part in range(4))
        shared = f"{prose(1, 60)}，共{10 + i}人次。{prose(2, 50)}。" if i % 3 == 0 else ""
        family = f"\n{prose(3, 200)}{prose(900 + i, 3)}社区{prose(4, 200)}。" if i % 5 == 0 else ""
        texts[f"r{i:02d}"] = f"{own}{prose(5, 12)}，{shared}{family}"
    return texts


def test_tables_hold_together(archive: dict[str, str], tmp_path: Path) -> None:
    result = find_reuse([batch(archive)], tmp_path)
    assert result.pairs.schema.equals(SCHEMAS["pairs"])
    assert result.passages.schema.equals(SCHEMAS["passages"])
    assert result.reports["report_id"].to_pylist() == sorted(archive)
    uses = result.passage_uses.to_pylist()
    passages = {row["passage_id"]: row for row in result.passages.to_pylist()}
    assert len(passages) == result.passages.num_rows
    for identifier, passage in passages.items():
        own = [use for use in uses if use["passage_id"] == identifier]
        assert passage["n_uses"] == len(own)
        assert passage["n_reports"] == len({use["report_id"] for use in own})
        assert {value["slot"] for use in own for value in use["slot_values"]} <= {slot["name"] for slot in passage["slots"]}
    for use in uses:
        text = archive[use["report_id"]]
        assert 0 <= use["start"] < use["end"] <= len(text)
        for value in use["slot_values"]:
            assert use["start"] <= value["start"] <= value["end"] <= use["end"]
            assert text[value["start"] : value["end"]] == value["value"]


def test_intervals_do_not_overlap_and_agree_with_the_shares(archive: dict[str, str], tmp_path: Path) -> None:
    result = find_reuse([batch(archive)], tmp_path)
    last: dict[str, int] = {}
    copied = dict.fromkeys(archive, 0)
    for row in result.intervals.to_pylist():
        assert row["start"] >= last.get(row["report_id"], 0)
        last[row["report_id"]] = row["end"]
        if row["kind"] == "copied":
            copied[row["report_id"]] += sum(char.isalnum() for char in archive[row["report_id"]][row["start"] : row["end"]])
    for row in result.reports.to_pylist():
        length = sum(char.isalnum() for char in archive[row["report_id"]])
        assert row["copied_share"] == pytest.approx(copied[row["report_id"]] / length, abs=1e-4)
        assert row["copied_share"] + row["formula_share"] + row["quoted_share"] + row["novel_share"] <= 1.0001


def test_bytes_do_not_depend_on_order_cutting_or_workers(archive: dict[str, str], tmp_path: Path) -> None:
    small = ReuseSettings(part_reports=4, part_chars=3000, task_rows=1000)
    backwards = dict(reversed(archive.items()))
    halves = [batch(dict(list(backwards.items())[:11])), batch(dict(list(backwards.items())[11:]))]
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as executor:
        results = [
            find_reuse([batch(archive)], tmp_path / "one"),
            find_reuse(halves, tmp_path / "two", small),
            find_reuse(halves, tmp_path / "three", small, executor),
        ]
    for table in TABLES:
        assert results[1]._read(table, getattr(results[0], table).schema).equals(getattr(results[0], table)), table
        for one, other in zip(results[1].files(table), results[2].files(table), strict=True):
            assert one.read_bytes() == other.read_bytes()


def test_a_stopped_stage_goes_on(archive: dict[str, str], tmp_path: Path) -> None:
    whole = find_reuse([batch(archive)], tmp_path / "whole")
    find_reuse([batch(archive)], tmp_path / "stopped")
    for path in sorted((tmp_path / "stopped" / "work").glob("edges-*")):
        path.unlink()
    again = find_reuse([], tmp_path / "stopped")
    for table in TABLES:
        assert getattr(again, table).equals(getattr(whole, table))


def test_a_shared_passage_is_a_template_with_a_number_slot(archive: dict[str, str], tmp_path: Path) -> None:
    result = find_reuse([batch(archive)], tmp_path)
    skeletons = {row["skeleton"]: row for row in result.passages.to_pylist()}
    passage = next(row for skeleton, row in skeletons.items() if "共{number1}" in skeleton)
    values = [use["slot_values"][0]["value"] for use in result.passage_uses.to_pylist() if use["passage_id"] == passage["passage_id"]]
    assert passage["n_reports"] == 10
    assert values == [f"共{10 + i}人次"[1:] for i in range(0, 30, 3)]


@pytest.mark.parametrize(
    "texts",
    [
        {},
        {"r1": "社区开展义诊活动。"},
        {"r1": "", "r2": "。。。", "r3": "\n", "r4": "。。。"},
        {f"r{i}": prose(i, 5) for i in range(9)},
    ],
)
def test_archives_with_nothing_to_find_have_empty_tables(texts: dict[str, str], tmp_path: Path) -> None:
    result = find_reuse([batch(texts)] if texts else [], tmp_path)
    assert [getattr(result, table).num_rows for table in TABLES] == [0, 0, 0, 0, len(texts), 0, 0]
    assert result.reports["novel_share"].to_pylist() == [1.0] * len(texts)
    assert result.reports["is_representative"].to_pylist() == [True] * len(texts)


def test_identical_reports_stay_linear(tmp_path: Path) -> None:
    texts = {f"r{i:05d}": prose(1, 300) for i in range(3000)}
    result = find_reuse([batch(texts)], tmp_path)
    assert result.pairs.num_rows == 2999
    assert set(result.pairs["report_a"].to_pylist()) == {"r00000"}
    assert result.passages["n_reports"].to_pylist() == [3000]
    assert result.reports["copied_share"].to_pylist() == [1.0] * 3000


def test_an_archive_of_stock_phrases_alone_has_formulas_and_no_pairs(tmp_path: Path) -> None:
    phrases = [prose(i, 18) for i in range(40)]
    texts = {f"r{i:03d}": "。".join(np.random.default_rng(i).permutation(phrases)[:12]) for i in range(300)}
    result = find_reuse([batch(texts)], tmp_path, ReuseSettings(formula=FormulaSettings(clusters=20)))
    assert set(result.passages["kind"].to_pylist()) == {"formula"}
    assert set(result.pairs["shared_chars"].to_pylist()) <= {0}
    assert min(result.reports["formula_share"].to_pylist()) > 0.9


def test_a_report_that_repeats_itself_without_end_is_cut_off_and_says_so(tmp_path: Path) -> None:
    texts = {"r1": "社区" * 100_000, "r2": prose(1, 40) * 500, "r3": "社区" * 50_000}
    result = find_reuse([batch(texts)], tmp_path, ReuseSettings(passages=PassageSettings(repeats=4)))
    assert [row["stage"] for row in result.failures.to_pylist()] == ["reuse"]
    assert "3 reports that repeat a passage more than 4 times" in result.failures["error"][0].as_py()
