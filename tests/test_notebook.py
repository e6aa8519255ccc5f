"""`baogao.open`, `baogao.load` and the tutorial: what a researcher does in a notebook."""

import json
import shutil
import subprocess
import sys

import pyarrow as pa
import pytest
import spacy

import baogao
from baogao.errors import BaogaoError
from baogao.records import SCHEMAS
from helpers import ROOT

TEXT = "社区成立了由书记任组长的环境整治领导小组。2013年3月5日，社区组织党员志愿者清扫背街小巷，参加人员80余人。5月举办健康知识讲座2场。"
ACTIVITY = ("start", "end", "name", "type", "status", "time", "edtf", "months", "place", "organizer", "partners", "audience",
            "participants", "count", "unit", "measure", "text")  # fmt: skip


@pytest.fixture(scope="module")
def nlp():
    return baogao.load()


@pytest.fixture(scope="module")
def ds(demo_out):
    return baogao.open(demo_out)


def test_importing_is_quick_and_loads_nothing_heavy():
    code = "import sys, baogao; print(len(sys.modules), 'pyarrow' in sys.modules)"
    out = subprocess.run([sys.executable, "-X", "importtime", "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.split()[1] == "False"
    microseconds = int(next(line for line in out.stderr.splitlines() if line.endswith("| baogao")).split("|")[1])
    assert microseconds < 200_000


def test_a_table_comes_in_four_kinds(ds):
    arrow = ds.activities.arrow()
    assert isinstance(arrow, pa.Table)
    assert arrow.schema.names == SCHEMAS["activities"].names
    frame = ds.activities.pandas()
    assert list(frame.columns) == arrow.column_names
    assert str(frame["participants"].dtype) == "Int64"
    assert ds.activities.polars(["type"]).shape == (len(arrow), 1)
    assert ds.activities.relation().filter("type = 'lecture'").fetchall()
    assert ds.sql("SELECT count(*) FROM activities").fetchall() == [(len(arrow),)]
    assert len(ds["activities"]) == len(arrow)
    assert "pages" in ds._repr_html_()


def test_what_is_not_there_is_told(ds, tmp_path):
    with pytest.raises(BaogaoError, match="no finished dataset"):
        baogao.open(tmp_path)
    with pytest.raises(AttributeError, match="the tables are pages"):
        _ = ds.activites
    with pytest.raises(KeyError, match="no report r0"):
        ds.report("r0")


def test_a_report_shows_its_records_where_they_stand(ds):
    identifier = ds.activities.arrow(["report_id"]).column(0)[0].as_py()
    report = ds.report(identifier)
    assert report.activities
    for activity in report.activities:
        assert report.text[activity["start"] : activity["end"]] == activity["text"]
    page = report._repr_html_()
    assert page.count('class="activity') >= len(report.activities)
    assert all(role["holder"] is None or role["holder"] for unit in report.organizations for role in unit["roles"])


def test_markup_in_a_report_stays_text(ds):
    report = ds.report(ds.reports.arrow(["report_id"]).column(0)[0].as_py())
    report.text, report.title = "<script>alert(1)</script>" + report.text, "<img src=x>"
    assert "<script>" not in report._repr_html_()
    assert "<img" not in report._repr_html_()


def test_the_pipeline_gives_the_records_of_the_run(ds, nlp):
    """Every report of the demo: same activities with all their fields, same times, same units with their roles."""
    for identifier in ds.reports.arrow(["report_id"]).column(0).to_pylist():
        report = ds.report(identifier)
        doc = report.doc(nlp)
        assert [{key: row[key] for key in ACTIVITY} for row in doc._.activities] == [
            {key: row[key] for key in ACTIVITY} for row in report.activities
        ]
        times = ("start", "end", "text", "kind", "edtf", "months", "certainty", "rule")
        assert [[row[key] for key in times] for row in doc._.times] == [[row[key] for key in times] for row in report.times]
        assert sorted(map(unit, doc._.organizations)) == sorted(map(unit, report.organizations))
        assert (doc._.issuer, doc._.period, doc._.signed) == tuple(report.fields[key] for key in ("issuer", "period", "signed"))


def unit(row):
    roles = [(role["role"], role["holder"] or "", role["start"]) for role in row["roles"]]
    return row["start"], row["end"], row["unit"], row["kind"], row["status"], row["parent"] or "", sorted(roles)


def test_spans_cover_their_records(nlp):
    doc = nlp(TEXT)
    assert doc.text == TEXT
    assert [(span.text, span.kb_id_) for span in doc.spans["times"]] == [("2013年3月5日", "2013-03-05"), ("5月", "XXXX-05")]
    assert [row["type"] for row in doc._.activities] == [span.label_ for span in doc.spans["activities"]]
    for key in ("times", "activities", "organizations"):
        for span, row in zip(doc.spans[key], getattr(doc._, key), strict=True):
            assert span.start_char <= row["start"] < row["end"] <= span.end_char
    assert doc._.organizations[0]["unit"] == "环境整治领导小组"
    assert len(nlp("").spans["times"]) == 0


def test_displacy_draws_them(nlp):
    html = spacy.displacy.render(nlp(TEXT), style="span", options={"spans_key": "activities"}, jupyter=False)
    assert "讲座" in html
    assert "lecture" in html


def records(docs):
    return [
        (doc._.activities, doc._.organizations, doc._.times, [(s.start, s.end, s.label_) for s in doc.spans["activities"]]) for doc in docs
    ]


def test_two_processes_give_what_one_gives(nlp, ds):
    texts = [TEXT, *ds.reports.arrow(["text"]).column(0).to_pylist()[:5]]
    assert records(nlp.pipe(texts, n_process=2, batch_size=2)) == records(nlp(text) for text in texts)


def test_a_saved_pipeline_works_as_before(nlp, tmp_path):
    nlp.to_disk(tmp_path / "saved")
    again = spacy.load(tmp_path / "saved")
    assert again.pipe_names == nlp.pipe_names
    assert records([again(TEXT)]) == records([nlp(TEXT)])
    from_bytes = spacy.blank("zh", config=nlp.config).from_bytes(nlp.to_bytes())
    assert records([from_bytes(TEXT)]) == records([nlp(TEXT)])


def test_focus_and_unknown_focus(ds, nlp):
    texts = ds.reports.arrow(["text"]).column(0).to_pylist()[:10]
    strict = baogao.load(focus="precision")
    assert sum(len(strict(text)._.activities) for text in texts) < sum(len(nlp(text)._.activities) for text in texts)
    with pytest.raises(ValueError, match="focus"):
        baogao.load(focus="best")


def test_docs_survive_a_docbin(nlp):
    bin_ = spacy.tokens.DocBin(store_user_data=True, docs=[nlp(TEXT)])
    again = next(spacy.tokens.DocBin().from_bytes(bin_.to_bytes()).get_docs(nlp.vocab))
    assert json.dumps(records([again])) == json.dumps(records([nlp(TEXT)]))  # lists come back as tuples


def test_the_tutorial_runs_from_pages_to_figures(demo_out, tmp_path):
    """Every cell of docs/tutorial.ipynb; the run finds the demo's checkpoints, so that nothing is computed twice."""
    nbformat = pytest.importorskip("nbformat")
    nbclient = pytest.importorskip("nbclient")
    pytest.importorskip("altair")
    shutil.copytree(demo_out, tmp_path / "tutorial-out")
    notebook = nbformat.read(ROOT / "docs" / "tutorial.ipynb", 4)
    nbclient.NotebookClient(notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}).execute()
    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    assert sum("image/svg+xml" in output.get("data", {}) for output in outputs) == 3
    printed = json.dumps(outputs, ensure_ascii=False)
    assert "17 pages with 43 reports" in printed
    assert "near-duplicates left out" in printed
