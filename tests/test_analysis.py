"""Panel, counts and citations add up and can be checked against the source."""

import csv

import pytest
from typer.testing import CliRunner

from baogao.analysis.cite import cite
from baogao.analysis.count import WordFinder, count_words, read_words
from baogao.analysis.panel import PanelSettings, write_panel
from baogao.cli import app
from baogao.errors import BaogaoError
from made_dataset import made, small, write_made


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def report(report_id, **values):
    defaults = {"page_id": "p" + report_id, "genre": "summary", "is_representative": True, "place_status": "named", "n_chars": 100}
    return made("reports", report_id=report_id, **(defaults | values))


def act(report_id, number, status="done", copied_share=0.0, *months, year=2013, type="lecture"):
    name = f"{report_id}a{number}"
    yield made("activities", activity_id=name, report_id=report_id, status=status, type=type, months=months, copied_share=copied_share)
    common = {"report_id": report_id, "activity_id": name, "type": type, "status": status, "copied_share": copied_share, "genre": "summary"}
    for month in months or (None,):
        yield made("months", month=month, year=year if months else None, weight=1 / max(1, len(months)), **common)


def archive():
    """甲 with a summary of May and June 2013 and a near-duplicate of it, 乙 with a plan for May 2013, and one without a place."""
    reports = [
        report("r1", place="甲", year_min=2013, year_max=2013, cluster_id="c", adcode="110101"),
        report("r2", place="甲", year_min=2013, year_max=2013, cluster_id="c", is_representative=False, adcode="110101"),
        report("r3", place="乙", year_min=2013, year_max=2013, genre="plan", adcode="110102"),
        report("r4", place="××社区", place_status="masked"),
    ]
    pages = [made("pages", page_id="p" + r.report_id, sha256=r.report_id) for r in reports]
    exposure = [made("exposure", report_id=r, year=2013, month=m) for r, m in (("r1", 5), ("r1", 6), ("r2", 5), ("r3", 5))]
    acts = [
        *act("r1", 1, "done", 0.0, 5), *act("r1", 2, "done", 0.9, 5, 6), *act("r2", 1, "done", 0.0, 5),
        *act("r3", 1, "planned", 0.0, 5, type="visit"), *act("r4", 1, "done", 0.0),
    ]  # fmt: skip
    pair = made("pairs", report_a="r1", report_b="r2", jaccard=0.8, shared_chars=90, near_duplicate=True, place_relation="same")
    return [*reports, *pages, *exposure, *acts, pair]


@pytest.fixture
def out(tmp_path):
    return write_made(tmp_path / "out", archive())


def test_coverage_tells_where_reports_are_lost(out, tmp_path):
    write_panel(out, tmp_path / "x", PanelSettings())
    steps = [(r["step"], r["reports"], r["activities"]) for r in rows(tmp_path / "x" / "coverage.csv") if not r["genre"]]
    assert steps == [
        ("pages", "", ""), ("reports", "4", "5"), ("unique", "3", "4"), ("placed", "2", "3"),
        ("year_known", "2", "3"), ("exposed", "2", "3"),
        ("with_activity", "2", "3"), ("with_done_activity", "1", "2"), ("with_dated_done_activity", "1", "2"),
    ]  # fmt: skip


def test_panel_counts_raw_once_and_own_and_has_zeros_only_where_a_report_covers_the_month(out, tmp_path):
    write_panel(out, tmp_path / "x", PanelSettings())
    cells = {
        (r["place"], r["year"], r["month"], r["type"], r["claim"]): tuple(
            float(r[k]) for k in ("raw", "once", "own", "reports", "reports_once")
        )
        for r in rows(tmp_path / "x" / "panel.csv")
    }
    assert cells["甲", "2013", "5", "lecture", "done"] == (2.5, 1.5, 1.0, 2, 1)
    assert cells["甲", "2013", "6", "lecture", "done"] == (0.5, 0.5, 0.0, 1, 1)
    assert cells["甲", "2013", "6", "visit", "done"] == (0, 0, 0, 1, 1)
    assert cells["乙", "2013", "5", "visit", "planned"] == (1, 1, 1, 1, 1)
    assert cells["", "", "", "lecture", "done"] == (1, 1, 1, 0, 0)
    assert ("甲", "2013", "7", "lecture", "done") not in cells
    assert ("甲", "2013", "5", "lecture", "planned") not in cells
    assert ("乙", "2013", "5", "visit", "done") not in cells
    assert sum(cell[0] for cell in cells.values()) == 5
    assert len(cells) == 2 * 19 * 2 + 19 + 1


def test_panel_by_division(out, tmp_path):
    write_panel(out, tmp_path / "x", PanelSettings(by="adcode"))
    assert {r["adcode"] for r in rows(tmp_path / "x" / "panel.csv")} == {"110101", "110102", ""}


def test_dyads_have_every_pair_and_weighted_zeros(out, tmp_path):
    write_panel(out, tmp_path / "x", PanelSettings(zeros=2))
    found = rows(tmp_path / "x" / "dyads.csv")
    assert [(r["report_a"], r["report_b"], r["weight"]) for r in found if r["shared"] == "true"] == [("r1", "r2", "1.0")]
    zeros = [r for r in found if r["shared"] == "false"]
    assert [r["weight"] for r in zeros] == ["2.5", "2.5"]
    assert all((r["report_a"], r["report_b"]) != ("r1", "r2") and r["shared_chars"] == "0" for r in zeros)
    write_panel(out, tmp_path / "y", PanelSettings(zeros=2))
    assert (tmp_path / "x" / "dyads.csv").read_bytes() == (tmp_path / "y" / "dyads.csv").read_bytes()


def test_all_zero_pairs_know_their_places(out, tmp_path):
    write_panel(out, tmp_path / "x", PanelSettings(zeros=100))
    zeros = {
        (r["report_a"], r["report_b"]): (r["place_relation"], r["area"])
        for r in rows(tmp_path / "x" / "dyads.csv")
        if r["shared"] == "false"
    }
    assert len(zeros) == 5
    assert zeros["r3", "r4"] == ("unknown", "")
    assert zeros["r1", "r3"] == ("unknown", "city")


def test_words_are_grouped_folded_and_counted_with_their_sentences(tmp_path):
    sentence = made("sentences", sentence_id="n1", report_id="r1", text="办科普讲座，又办讲座和培训", start=0, end=13)
    data = [report("r1", place="甲", year_min=2013, year_max=2013), report("r2", place="甲", year_min=2013, year_max=2013), sentence]
    out = write_made(tmp_path / "out", data)
    words = tmp_path / "words.txt"
    words.write_text("# 我的词\n讲座: 讲座、科普讲座 培訓\n志愿者\n", encoding="utf-8")
    count_words(words, out, tmp_path / "x")
    by_place = [
        (r["place"], r["year"], r["group"], r["n"], r["reports_with"], r["reports"]) for r in rows(tmp_path / "x" / "by_place_year.csv")
    ]
    assert by_place == [("甲", "2013", "讲座", "3", "1", "2"), ("甲", "2013", "志愿者", "0", "0", "2")]
    assert [(r["report_id"], r["n_讲座"], r["n_志愿者"]) for r in rows(tmp_path / "x" / "by_report.csv")] == [
        ("r1", "3", "0"),
        ("r2", "0", "0"),
    ]
    assert [(r["term"], r["sentence_id"]) for r in rows(tmp_path / "x" / "evidence.csv")] == [
        ("科普讲座", "n1"),
        ("讲座", "n1"),
        ("培训", "n1"),
    ]


def test_overlapping_hits_of_two_groups_count_in_each():
    finder = WordFinder({"讲座": ("讲座", "科普讲座"), "科普": ("科普",)})
    assert [(hit.group, hit.term, hit.start) for hit in finder.find("科普讲座")] == [("讲座", "科普讲座", 0), ("科普", "科普", 0)]


@pytest.mark.parametrize(
    ("content", "message"),
    [("# 无\n", "holds no terms"), ("讲座:\n", "line 1: group 讲座 has no terms"), ("a: 讲座\nb: 讲座\n", "stands in group a too")],
)
def test_a_wrong_file_of_words_is_told(tmp_path, content, message):
    path = tmp_path / "words.txt"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(BaogaoError, match=message):
        read_words(path)


def test_a_citation_is_the_raw_text_with_its_edits(tmp_path):
    raw = "在區(qū)委領導下举办讲座。"
    data = [
        made("pages", page_id="p1", sha256="ab12", title="总结"),
        made("page_sources", page_id="p1", source="a.html", url="http://a.example/1", captured="2021-06"),
        made("texts", page_id="p1", raw=raw),
        made("edits", page_id="p1", kind="pinyin", before="(qū)", after="", raw_start=2, raw_end=6),
        made("edits", page_id="p1", kind="script", before="領", after="领", raw_start=7, raw_end=8),
        report("r1", page_id="p1", raw_end=len(raw)),
        made("activities", activity_id="a1", report_id="r1", text="在区委", raw_start=0, raw_end=7),
    ]
    out = write_made(tmp_path / "out", data)
    citation = cite(out, "a1")
    assert (citation.quote, citation.clean, citation.sha256) == ("在區(qū)委", "在区委", "ab12")
    assert [edit["kind"] for edit in citation.edits] == ["pinyin"]
    result = CliRunner().invoke(app, ["cite", str(out), "a1"])
    assert result.stdout.splitlines() == [
        "activities a1 of report r1", "  “在區(qū)委”", "  repaired: “在区委”", "  edit at 2, pinyin: “(qū)” -> “”",
        "  characters 0 to 7 of page p1, 总结", "  http://a.example/1, captured 2021-06", "  SHA-256 ab12",
        f"  dataset {citation.dataset}, baogao {citation.baogao}",
    ]  # fmt: skip
    with pytest.raises(BaogaoError, match="No record has the identifier a9"):
        cite(out, "a9")


def test_the_version_follows_from_the_tables(tmp_path):
    versions = [
        cite(write_made(tmp_path / name, data), "r1").dataset for name, data in (("a", small()), ("b", small()), ("c", small()[:-1]))
    ]
    assert versions[0] == versions[1] != versions[2]
