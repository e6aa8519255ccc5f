"""Exports say what the dataset says, in the form that each program needs."""

import asyncio
import csv
import json
import sqlite3
import zipfile

import duckdb
import pyarrow as pa
import pytest
from typer.testing import CliRunner

from baogao.cli import app
from baogao.dataset.query import open_source
from baogao.errors import BaogaoError
from baogao.export import export
from baogao.export import stata as stata_module
from made_dataset import TEXT, made, small, write_made


@pytest.fixture
def out(tmp_path):
    return write_made(tmp_path / "out", small())


def exported(out, to, name, **options):
    target = out.parent / name
    notes = export(out, to, target, **options)
    return target, notes


def test_csv_for_excel_has_bom_and_crlf_and_no_formula_date_or_number(out):
    path, notes = exported(out, "csv", "reports.csv", tables=["reports"])
    data = path.read_bytes()
    assert data.startswith(b"\xef\xbb\xbfreport_id,")
    assert data.count(b"\r\n") == 3
    rows = list(csv.DictReader(data.decode("utf-8-sig").splitlines(keepends=True)))
    assert (rows[0]["adcode"], rows[0]["period"], rows[0]["year_min"], rows[0]["text"]) == ("030406\t", "2013\t", "2013", TEXT)
    pages, _ = exported(out, "csv", "pages.csv", tables=["pages"])
    assert "'=1+1" in pages.read_text(encoding="utf-8-sig")
    assert notes == []


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"])
def test_no_cell_starts_a_formula(tmp_path, start):
    out = write_made(tmp_path / "out", [made("pages", page_id="p1", title=f"{start}cmd|' /C calc'!A0")])
    path, _ = exported(out, "csv", "pages.csv", tables=["pages"])
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[1][1].startswith("'" + start)


def test_plain_csv_has_the_values_as_they_are(out):
    path, _ = exported(out, "csv-plain", "reports.csv", tables=["reports"])
    text = path.read_bytes().decode()
    rows = list(csv.DictReader(text.splitlines(keepends=True)))
    assert "\r" not in text
    assert (rows[0]["adcode"], rows[0]["is_representative"], rows[1]["place"], rows[0]["raw_spans"]) == ("030406", "true", "", "[]")


def test_several_tables_as_csv_are_a_folder(out):
    folder, _ = exported(out, "csv", "folder", tables=["times", "activities"])
    assert sorted(path.name for path in folder.iterdir()) == ["activities.csv", "times.csv"]


def test_cells_longer_than_excel_holds_are_cut_and_told(tmp_path):
    out = write_made(tmp_path / "out", [made("texts", page_id="p1", raw="社" * 40_000)])
    path, notes = exported(out, "csv", "texts.csv", tables=["texts"])
    assert len(path.read_text(encoding="utf-8-sig").splitlines()[1].split(",")[1]) == 32_767
    assert notes == ["1 cells of texts.raw were cut to the 32,767 characters that Excel holds; export it with --plain to have it whole."]


def test_xlsx_has_a_sheet_a_table_with_codebook_notes_and_filters(out):
    openpyxl = pytest.importorskip("openpyxl")
    path, _ = exported(out, "xlsx", "a.xlsx", tables=["pages", "activities"])
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["codebook", "pages", "activities"]
    sheet = book["activities"]
    row = {head.value: cell.value for head, cell in zip(sheet[1], sheet[2], strict=True)}
    assert (row["name"], row["months"], row["count"], row["edtf"], row["place"]) == ("科普讲座", "[5]", 3, "2013-05", None)
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:AA2"
    assert sheet["E1"].comment.text.startswith("kind of act: lecture, publicity")
    assert book["pages"]["B2"].value == "=1+1" and book["pages"]["B2"].data_type == "s"
    assert [cell.value for cell in book["codebook"][2]][:2] == ["pages", "page_id"]


def test_a_table_longer_than_a_sheet_goes_on_in_the_next(out, monkeypatch):
    openpyxl = pytest.importorskip("openpyxl")
    monkeypatch.setattr("baogao.export.excel.MOST_ROWS", 2)
    path, _ = exported(out, "xlsx", "a.xlsx", tables=["reports"])
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["codebook", "reports", "reports_2"]
    assert [book[name]["A2"].value for name in book.sheetnames[1:]] == ["r1", "r2"]


def test_stata_has_labels_for_variables_and_values(out):
    pandas = pytest.importorskip("pandas")
    path, _ = exported(out, "stata", "activities.dta", tables=["activities"])
    with pandas.io.stata.StataReader(path) as reader:
        frame = reader.read(convert_categoricals=False)
        labels, values = reader.variable_labels(), reader.value_labels()
    assert (frame["type"][0], values["type"][1], values["status"][3]) == (1, "lecture", "planned")
    assert (frame["end_"][0], frame["text"][0], labels["name"]) == (20, TEXT[8:20], "what was done, a short phrase from the text")
    assert frame["participants"].isna()[0]


def test_a_long_table_is_several_stata_files(out, monkeypatch):
    pandas = pytest.importorskip("pandas")
    monkeypatch.setattr(stata_module, "FILE_ROWS", 1)
    path, notes = exported(out, "stata", "reports.dta", tables=["reports"])
    parts = [pandas.read_stata(file)["report_id"].tolist() for file in (path, path.with_stem("reports-2"))]
    assert parts == [["r1"], ["r2"]]
    assert notes == ["reports is in 2 files of at most 1 rows (reports.dta, reports-2.dta, ...); join them with append using."]


def test_long_texts_make_smaller_stata_files(monkeypatch):
    class Source:
        def batches(self, table):
            return (pa.RecordBatch.from_pydict({"text": [text]}) for text in ("短", "长" * 1000, "短", "短"))

    monkeypatch.setattr(stata_module, "FILE_BYTES", 1000)
    assert [sum(map(len, batches)) for batches in stata_module._chunks(Source(), "reports")] == [2, 2]


def test_sqlite_has_keys_that_hold_and_finds_two_characters(out):
    path, _ = exported(out, "sqlite", "a.db")
    with sqlite3.connect(path) as database:
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        found = "SELECT report_id FROM reports WHERE rowid IN (SELECT rowid FROM reports_fts WHERE reports_fts MATCH ?)"
        hits = {word: database.execute(found, (f'"{word}"',)).fetchall() for word in ("讲座", "科普讲座", "总结", "座讲", "𠀀社")}
        keys = database.execute("PRAGMA foreign_key_list(activities)").fetchall()
        meaning = database.execute("""SELECT meaning FROM codebook WHERE "table" = 'roles' AND "column" = 'role'""").fetchall()
    assert hits == {"讲座": [("r1",)], "科普讲座": [("r1",)], "总结": [("r1",), ("r2",)], "座讲": [], "𠀀社": [("r1",)]}
    assert sorted(key[2] for key in keys) == ["passages", "reports", "sections", "times"]
    assert meaning == [("role",)]


def test_datasette_searches_for_a_word_of_two_characters(out):
    datasette = pytest.importorskip("datasette.app")
    path, _ = exported(out, "sqlite", "a.db")

    async def search():
        site = datasette.Datasette([str(path)])
        await site.invoke_startup()
        page = await site.client.get("/a/reports?_search=讲座")
        rows = await site.client.get("/a/reports.json?_search=讲座&_shape=objects")
        return 'type="search"' in page.text, [row["report_id"] for row in rows.json()["rows"]]

    assert asyncio.run(search()) == (True, ["r1"])


def test_duckdb_keeps_lists_and_comments(out):
    path, _ = exported(out, "duckdb", "a.duckdb")
    with duckdb.connect(str(path), read_only=True) as database:
        assert database.execute("SELECT months FROM activities").fetchall() == [([5],)]
        comment = "SELECT comment FROM duckdb_columns() WHERE table_name = 'months' AND column_name = 'weight'"
        assert database.execute(comment).fetchall() == [("1 / number of months of the activity",)]


def test_jsonl_keeps_nested_values(out):
    path, _ = exported(out, "jsonl", "pages.jsonl", tables=["pages"])
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert [row["metadata"] for row in rows] == [{"author": "admin"}, {}]


def test_frictionless_finds_the_data_package_valid(out):
    frictionless = pytest.importorskip("frictionless")
    folder, _ = exported(out, "datapackage", "dp")
    report = frictionless.validate(str(folder / "datapackage.json"))
    assert report.flatten(["type", "note"]) == []
    broken = (folder / "activities.csv").read_text(encoding="utf-8").replace("lecture", "lesson")
    (folder / "activities.csv").write_text(broken, encoding="utf-8")
    kinds = {kind for (kind,) in frictionless.validate(str(folder / "datapackage.json")).flatten(["type"])}
    assert "constraint-error" in kinds


def test_graphml_has_units_posts_and_persons(out):
    networkx = pytest.importorskip("networkx")
    path, _ = exported(out, "graphml", "a.graphml")
    graph = networkx.read_graphml(path, force_multigraph=True)
    label = {node: data["label"] for node, data in graph.nodes(data=True)}
    edges = sorted((label[a], role, label[b]) for a, b, role in graph.edges(data="role"))
    expected = {
        ("王芳", "组长", "领导小组"), ("社区党委书记", "组长", "领导小组"),
        ("王芳", "holds", "社区党委书记"), ("社区", "above", "领导小组"),
    }  # fmt: skip
    assert edges == sorted(expected)


def test_docbin_has_every_record_as_a_span(out):
    spacy = pytest.importorskip("spacy")
    from spacy.tokens import DocBin

    path, _ = exported(out, "docbin", "a.spacy")
    doc, other = DocBin().from_disk(path).get_docs(spacy.blank("zh").vocab)
    assert doc.text == TEXT
    assert [(s.text, s.label_, s.id_) for s in doc.spans["times"]] == [("5月份", "month", "t1")]
    assert [(s.text, s.label_, s.id_) for s in doc.spans["activities"]] == [(TEXT[8:20], "lecture", "a1")]
    assert json.loads(doc.user_data["report"])["place"] == "柳荫社区"
    assert len(other.spans["times"]) == 0


def test_label_studio_counts_code_points_and_doccano_utf16_units(out):
    path, _ = exported(out, "label-studio", "ls.json")
    task = json.loads(path.read_text(encoding="utf-8"))[0]
    region = next(r for r in task["predictions"][0]["result"] if r["id"] == "t1")
    text, value = task["data"]["text"], region["value"]
    assert "".join(list(text)[value["start"] : value["end"]]) == value["text"] == "5月份"
    path, _ = exported(out, "doccano", "dc.jsonl")
    row = json.loads(path.read_text(encoding="utf-8").splitlines()[0])
    start, end, _ = next(label for label in row["label"] if label[2] == "times: month")
    assert (start, end) == (value["start"] + 1, value["end"] + 1)
    assert row["text"].encode("utf-16-le")[2 * start : 2 * end].decode("utf-16-le") == "5月份"


def test_a_condition_chooses_rows(out):
    path, _ = exported(out, "jsonl", "r.jsonl", tables=["reports"], where="genre = 'summary' and year_min >= 2010")
    assert [json.loads(line)["report_id"] for line in path.read_text(encoding="utf-8").splitlines()] == ["r1"]
    path, _ = exported(out, "doccano", "d.jsonl", where="genre = 'plan'")
    assert [json.loads(line)["report_id"] for line in path.read_text(encoding="utf-8").splitlines()] == ["r2"]


@pytest.mark.parametrize(
    ("where", "message"),
    [
        ("year >= 2010", "its columns are report_id, page_id"),
        ("genre = ", "is no condition"),
        ("1 = 1; DROP VIEW reports", "is no condition"),
        ("1 = 1 LIMIT 1", "is no condition"),
        ("1 = 1 UNION SELECT * FROM reports", "is no condition"),
        ("true) TO '/tmp/x.csv' --", "is no condition"),
    ],
)
def test_a_wrong_condition_is_one_sentence(out, where, message):
    with pytest.raises(BaogaoError) as error:
        export(out, "jsonl", out.parent / "r.jsonl", tables=["reports"], where=where)
    assert message in str(error.value)
    assert not (out.parent / "r.jsonl").exists()


def test_a_condition_cannot_read_other_files(out):
    secret = out.parent / "secret.txt"
    secret.write_text("x", encoding="utf-8")
    with (
        pytest.raises(BaogaoError, match="does not fit"),
        open_source(out, f"title = (SELECT content FROM read_text('{secret}'))") as source,
    ):
        source.condition("reports")


def test_nothing_is_overwritten_unasked_and_nothing_half_written_stays(out):
    target = out.parent / "a.jsonl"
    target.write_text("mine", encoding="utf-8")
    with pytest.raises(BaogaoError, match="is there already"):
        export(out, "jsonl", target, tables=["reports"])
    assert target.read_text(encoding="utf-8") == "mine"
    export(out, "jsonl", target, tables=["times"], force=True)
    assert '"time_id": "t1"' in target.read_text(encoding="utf-8")
    assert sorted(path.name for path in out.parent.iterdir()) == ["a.jsonl", "out"]


@pytest.mark.parametrize("to", ["csv", "xlsx", "stata", "sqlite", "jsonl", "datapackage", "graphml", "docbin", "label-studio", "doccano"])
def test_two_exports_are_the_same_bytes(out, to):
    def content(path):
        files = sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
        return [(file.name.replace("2", "1"), file.read_bytes()) for file in files]

    first, _ = exported(out, to, "x1")
    second, _ = exported(out, to, "x2")
    assert content(first) == content(second)


def test_the_command_says_what_it_wrote(out):
    target = out.parent / "a.xlsx"
    result = CliRunner().invoke(app, ["export", str(out), "--to", "xlsx", "-o", str(target), "--table", "reports"])
    assert (result.exit_code, result.stdout) == (0, f"Written: {target}\n")
    assert zipfile.is_zipfile(target)
    wrong = CliRunner().invoke(app, ["export", str(out), "--to", "xlxs", "-o", str(target)])
    assert "There is no format xlxs" in str(wrong.exception)
