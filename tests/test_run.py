"""`baogao run` as a new user would use it."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import zipfile

import pyarrow.dataset as ds
import pytest

from helpers import ROOT, shared_path

SUMMARY = """我社区在街道的领导下开展了各项工作，现将2013年工作总结如下：
一、加强领导，健全机制
社区成立了由书记任组长、主任任副组长、各网格员为成员的环境整治领导小组。
二、开展活动
3月5日，社区组织党员志愿者清扫背街小巷，参加人员80余人。5月举办健康知识讲座2场。
{place}社区
2013年12月20日
"""
PLACES = ("柳荫", "梧桐里", "石榴园", "清水塘", "北渡口")


def baogao(*arguments, **environment):
    """The command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "baogao", *map(str, arguments)],
        capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": str(ROOT / "pipeline"), **environment},
    )  # fmt: skip


def table(out, name):
    return ds.dataset(out / "dataset" / name, format="parquet").to_table().to_pylist()


def digests(out):
    paths = sorted((out / "dataset").rglob("*.*"))
    return {path.relative_to(out).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


@pytest.fixture
def folder(tmp_path):
    """Five Chinese txt files on a desktop."""
    folder = tmp_path / "我的报告"
    folder.mkdir()
    for place in PLACES:
        (folder / f"{place}社区2013年工作总结.txt").write_text(SUMMARY.format(place=place), encoding="utf-8")
    return folder


def test_a_folder_of_text_files_becomes_a_dataset(folder, tmp_path):
    done = baogao("run", folder, "-o", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    assert "5 pages with 5 reports" in done.stdout
    reports = table(tmp_path / "out", "reports")
    assert {report["issuer"] for report in reports} == {f"{place}社区" for place in PLACES}
    assert {report["signed"] for report in reports} == {"2013-12-20"}
    assert {report["genre"] for report in reports} == {"summary"}
    times = {time["text"]: time["edtf"] for time in table(tmp_path / "out", "times")}
    assert times["3月5日"] == "2013-03-05"
    roles = {(role["role"], role["holder"]) for role in table(tmp_path / "out", "roles")}
    assert {("组长", "书记"), ("副组长", "主任"), ("成员", "各网格员")} <= roles
    assert (tmp_path / "out" / "report.html").stat().st_size > 1000
    assert json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))["pages"] == 5


class GbkInfo(zipfile.ZipInfo):
    """A member as Chinese programs write it: its name in GBK, without the flag for UTF-8."""

    def _encodeFilenameFlags(self):  # noqa: N802  (the hook that zipfile has)
        return self.filename.encode("gbk"), self.flag_bits & ~0x800


def test_a_zip_of_gbk_pages_with_gbk_names_is_read(tmp_path):
    path = tmp_path / "pages.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for place in PLACES:
            body = SUMMARY.format(place=place).replace("\n", "</p><p>")
            page = f"<html><head><meta charset=gb2312><title>{place}</title></head><body><p>{body}"
            archive.writestr(GbkInfo(f"{place}.html"), page.encode("gbk"))
    done = baogao("run", path, "-o", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    assert {page["encoding_used"] for page in table(tmp_path / "out", "pages")} == {"gb18030"}
    assert {source["source"] for source in table(tmp_path / "out", "page_sources")} == {f"pages.zip!/{place}.html" for place in PLACES}


def test_what_cannot_be_read_is_a_failure_and_nothing_else_is_lost(folder, tmp_path):
    (folder / "photo.jpg").write_bytes(b"\xff\xd8\xff\xe0" + bytes(500))
    (folder / "empty.txt").write_bytes(b"")
    (folder / "broken.html").write_bytes(
        "<html><body><div><p>社区工作总结<table><tr><td>社区开展了义诊活动，服务居民30人。".encode() + b"\xff<"
    )
    done = baogao("run", folder, "-o", tmp_path / "out")
    assert done.returncode == 3, done.stderr
    failures = {failure["source"]: failure for failure in table(tmp_path / "out", "failures")}
    assert set(failures) == {"我的报告/photo.jpg", "我的报告/empty.txt"}
    assert "JPEG" in failures["我的报告/photo.jpg"]["error"]
    assert all(failure["remedy"] for failure in failures.values())
    assert len(table(tmp_path / "out", "pages")) == 6
    assert "2 sources failed" in done.stdout


@pytest.mark.parametrize("flags", [{}, {"PYTHONHASHSEED": "7"}])
def test_every_run_gives_the_same_bytes(folder, tmp_path, flags):
    files = sorted(folder.iterdir())
    assert baogao("run", *files, "-o", tmp_path / "a").returncode == 0
    assert baogao("run", *reversed(files), "-o", tmp_path / "b", **flags).returncode == 0
    assert digests(tmp_path / "a") == digests(tmp_path / "b")


def test_two_workers_give_the_same_bytes_as_none(folder, tmp_path):
    assert baogao("run", folder, "-o", tmp_path / "a").returncode == 0
    assert baogao("run", folder, "-o", tmp_path / "b", "--workers", "2").returncode == 0
    assert digests(tmp_path / "a") == digests(tmp_path / "b")


def test_running_again_over_more_files_equals_a_fresh_run(folder, tmp_path):
    last = sorted(folder.iterdir())[-1]
    aside = tmp_path / last.name
    shutil.move(last, aside)
    assert baogao("run", folder, "-o", tmp_path / "a").returncode == 0
    shutil.move(aside, last)
    assert baogao("run", folder, "-o", tmp_path / "a").returncode == 0
    assert baogao("run", folder, "-o", tmp_path / "b").returncode == 0
    assert digests(tmp_path / "a") == digests(tmp_path / "b")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("nowhere", "-o", "out"), "There is no nowhere; check the spelling of the path."),
        (("hollow", "-o", "out"), "There are no files in hollow; give a folder or file with saved pages."),
        (("page.txt", "-o", "full"), "full holds other files and nothing was written; give an empty or new folder with -o."),
        (("page.txt", "-o", "page.txt"), "page.txt is a file; give a folder for the output with -o."),
    ],
)
def test_wrong_use_is_one_sentence_and_touches_nothing(tmp_path, monkeypatch, arguments, message):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "hollow").mkdir()
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "thesis.txt").write_text("mine", encoding="utf-8")
    (tmp_path / "page.txt").write_text(SUMMARY, encoding="utf-8")
    done = baogao("run", *arguments)
    assert done.returncode == 2
    assert done.stderr.strip() == f"baogao: {message}"
    assert [path.name for path in (tmp_path / "full").iterdir()] == ["thesis.txt"]
    assert not (tmp_path / "out").exists()


def test_every_span_of_every_table_reads_in_the_raw_text_what_it_claims(tmp_path):
    assert baogao("run", shared_path("seeds"), "-o", tmp_path / "out").returncode == 0
    out = tmp_path / "out"
    raw = {row["page_id"]: row["raw"] for row in table(out, "texts")}
    reports = {row["report_id"]: row for row in table(out, "reports")}
    edited = {}
    for edit in table(out, "edits"):
        edited.setdefault(edit["page_id"], []).append(edit)
        assert raw[edit["page_id"]][edit["raw_start"] : edit["raw_end"]] == edit["before"]
    for name in ("sections", "sentences", "times", "organizations", "activities", "candidates"):
        for row in table(out, name):
            report = reports[row["report_id"]]
            text = row.get("text", row.get("heading"))
            assert report["text"][row["start"] : row["end"]] == text
            assert report["raw_start"] <= row["raw_start"] < row["raw_end"] <= report["raw_end"]
            touched = any(e["raw_start"] < row["raw_end"] and e["raw_end"] > row["raw_start"] for e in edited.get(report["page_id"], ()))
            if not touched and "\n" not in text:
                assert raw[report["page_id"]][row["raw_start"] : row["raw_end"]] == text


def test_an_output_folder_may_be_given_relative_to_where_one_is(folder, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = baogao("run", folder.name, "-o", "here")
    assert done.returncode == 0, done.stderr
    assert len(table(tmp_path / "here", "reports")) == 5
