"""report.html: complete, without network, the same every time, safe whatever the pages say."""

import json
import re
import shutil
from html.parser import HTMLParser

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from baogao.explore import figures
from baogao.explore.database import open_views
from baogao.explore.labels import label
from baogao.explore.report import write_report
from baogao.records import SCHEMAS, TABLES
from helpers import ROOT
from test_run import SUMMARY, baogao


class Elements(HTMLParser):
    """All start tags of a page with their attributes."""

    def __init__(self, page):
        super().__init__()
        self.found = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


def rows(out, table):
    return pq.read_table(out / "dataset" / table).to_pylist()


def test_it_shows_the_figures_of_the_tables(demo_out):
    page = (demo_out / "report.html").read_text(encoding="utf-8")
    activities, reports = rows(demo_out, "activities"), rows(demo_out, "reports")
    assert f"<h1>{len(reports)} work reports from " in page
    assert f"<b>{len(activities)}</b><span>activities 活动" in page
    lectures = sum(activity["type"] == "lecture" for activity in activities)
    assert re.search(rf"讲座培训(?:(?!</svg>).)*?>{lectures}</text>", page, re.DOTALL)
    for report in reports:
        assert report["issuer"] is None or len({r["issuer"] for r in reports}) > 12 or report["issuer"] in page


def test_it_loads_nothing_and_runs_nothing(demo_out):
    elements = Elements((demo_out / "report.html").read_text(encoding="utf-8")).found
    assert {tag for tag, _ in elements} & {"script", "img", "link", "iframe", "object", "form"} == set()
    for _, attributes in elements:
        assert not any(name.startswith("on") or name in ("src", "srcset") for name in attributes)
        assert attributes.get("href", "#").startswith("#")


def test_the_same_tables_give_the_same_bytes(demo_out, tmp_path):
    write_report(demo_out / "dataset", tmp_path / "again.html")
    assert (tmp_path / "again.html").read_bytes() == (demo_out / "report.html").read_bytes()


def test_an_archive_of_nothing_but_failures_has_a_report(tmp_path):
    for table in TABLES:
        (tmp_path / "dataset" / table).mkdir(parents=True)
        pq.write_table(SCHEMAS[table].empty_table(), tmp_path / "dataset" / table / "part-00000.parquet")
    failure = {"source": "<script>alert(1)</script>.jpg", "page_id": None, "stage": "read", "error": "a picture", "remedy": "none"}
    pq.write_table(pa.Table.from_pylist([failure], SCHEMAS["failures"]), tmp_path / "dataset" / "failures" / "part-00000.parquet")
    write_report(tmp_path / "dataset", tmp_path / "report.html")
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;.jpg" in page
    assert "script" not in {tag for tag, _ in Elements(page).found}


def test_text_of_a_page_is_never_markup(tmp_path):
    hostile = '<img src=x onerror="alert(1)">'
    for i in range(2):
        (tmp_path / f"{i}.txt").write_text(SUMMARY.format(place=f"{'柳荫' if i else '梧桐里'}{hostile}"), encoding="utf-8")
    done = baogao("run", tmp_path / "0.txt", tmp_path / "1.txt", "-o", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    assert "img" not in {tag for tag, _ in Elements((tmp_path / "out" / "report.html").read_text(encoding="utf-8")).found}


def test_scores_against_gold_are_shown(tmp_path):
    gold = json.loads((ROOT / "corpus" / "gold" / "dev.json").read_text(encoding="utf-8"))
    files = {report["page"] for report in gold if "!/" not in report["page"]}
    name = min(sorted(files), key=lambda page: sum(report["page"] == page for report in gold))
    source = next(path for path in (ROOT / "corpus" / "pages" / "dev").rglob("*") if path.as_posix().endswith(name))
    folder = tmp_path / "pages" / source.parent.name
    folder.mkdir(parents=True)
    shutil.copy(source, folder)
    (tmp_path / "gold.json").write_text(json.dumps([report for report in gold if report["page"] == name]), encoding="utf-8")
    done = baogao("run", tmp_path / "pages", "-o", tmp_path / "out", "--gold", tmp_path / "gold.json")
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    printed = baogao("evaluate", tmp_path / "gold.json", tmp_path / "out").stdout
    split = next(line.split() for line in printed.splitlines() if line.startswith("split"))
    assert re.search(rf"<td>split</td>(<td class=\"r\">{split[1]}</td>)", page)


def test_what_is_no_gold_stops_the_run_before_it_starts(tmp_path):
    (tmp_path / "page.txt").write_text(SUMMARY, encoding="utf-8")
    (tmp_path / "gold.json").write_text("[{}]", encoding="utf-8")
    done = baogao("run", tmp_path / "page.txt", "-o", tmp_path / "out", "--gold", tmp_path / "gold.json")
    assert done.returncode == 2
    assert "gold.json is no file of gold annotations" in done.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(("group", "table", "column"), [
    ("genre", "reports", "genre"), ("type", "activities", "type"), ("status", "activities", "status"), ("kind", "organizations", "kind"),
    ("section", "sections", "kind"), ("role", "blocks", "role"), ("time", "times", "kind"), ("place_status", "reports", "place_status"),
    ("finding", "findings", "kind"), ("stage", "coverage", "stage"),
])  # fmt: skip
def test_every_value_has_a_chinese_name(group, table, column):
    values = TABLES[table].__dataclass_fields__[column].metadata["values"]
    assert values
    assert all(label(group, value) != value for value in values)


def test_the_calendar_keeps_the_fullest_years_and_says_how_many_it_leaves_out(tmp_path):
    months = [(1900 + i, 1, 1.0 + i) for i in range(30)] + [(None, 5, 2.5)]
    kept, unknown, hidden = figures._calendar(months)
    assert [row.key for row in kept] == list(range(1906, 1930))
    assert hidden == 6
    assert unknown.parts[4] == 2.5


def test_sums_do_not_depend_on_threads(demo_out):
    with open_views(demo_out / "dataset", figures.TABLES) as one, open_views(demo_out / "dataset", figures.TABLES) as four:
        one.execute("SET threads = 1")
        four.execute("SET threads = 4")
        assert figures.read_figures(one) == figures.read_figures(four)
