"""A release holds no text and no names, and gives both back to those who have the pages."""

import subprocess
import sys

import pyarrow.parquet as pq
import pytest

from baogao.analysis.join import join
from baogao.analysis.release import LEFT_OUT, columns_given_back, pseudonym, read_key, release
from baogao.errors import BaogaoError
from baogao.records import SCHEMAS, TABLES
from baogao.run.runner import RunOptions, run
from baogao.settings import read_settings

KEY = b"a key of the test"
PAGE = """柳荫社区2013年科普工作总结

一、加强领导
成立了科普工作領(lǐng)导小组，由社区党委书记王芳任组长，副组长田淑勤。
二、开展活动
5月份，在社区广场举办防震知识讲座，有200名居民参加。6月5日，组织志愿者开展环境日宣传，发放资料300份。
柳荫社区居委会
2013年12月20日
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("release")
    (folder / "pages").mkdir()
    (folder / "pages" / "a.txt").write_text(PAGE, encoding="utf-8")
    (folder / "pages" / "b.txt").write_text(PAGE.replace("柳荫", "青石桥").replace("5月份", "7月份"), encoding="utf-8")
    run([folder / "pages"], folder / "out", read_settings(None), RunOptions(1, True))
    release(folder / "out", folder / "shared", KEY)
    return folder


def rows(folder, table):
    return pq.read_table(folder / "dataset" / table).to_pylist()


def test_no_text_and_no_name_is_left(made):
    released = b"".join(repr(rows(made / "shared", table)).encode() for table in TABLES if table not in ("edits", "sections")).decode()
    for word in ("柳荫", "王芳", "田淑勤", "领导小组", "讲座", "广场", "a.txt", "志愿者"):
        assert word not in released
    assert {edit["before"] for edit in rows(made / "shared", "edits")} == {""}
    assert all(len(edit["after"]) <= 1 for edit in rows(made / "shared", "edits"))
    assert [row["heading"] for row in rows(made / "shared", "sections")] == [""] * len(rows(made / "out", "sections"))


def test_figures_and_pseudonyms_are_kept(made):
    was, now = rows(made / "out", "months"), rows(made / "shared", "months")
    assert [{**a, "place": a["place"] and pseudonym(KEY, a["place"])} for a in was] == now
    holders = {row["holder"] for row in rows(made / "shared", "roles")}
    assert holders == {pseudonym(KEY, row["holder"]) for row in rows(made / "out", "roles")}
    assert pseudonym(b"another key 123456", "王芳") != pseudonym(KEY, "王芳")


def test_who_has_the_pages_gets_text_and_names_back(made):
    target = made / "joined"
    command = [sys.executable, str(made / "shared" / "join.py"), str(made / "pages"), "-o", str(target)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("2 of 2 pages found")
    given_back = set(columns_given_back())
    for table in TABLES:
        was, now = rows(made / "out", table), rows(target, table)
        assert len(was) == len(now)
        hidden = {*LEFT_OUT.get(table, ()), "source", "url"}
        for a, b in zip(was, now, strict=True):
            for column in SCHEMAS[table].names:
                if column not in hidden and not ((table, column) in given_back and b[column] != a[column] and _stands_nowhere(a[column])):
                    assert a[column] == b[column], (table, column)
    assert [r["text"] for r in rows(target, "reports")] == [r["text"] for r in rows(made / "out", "reports")]
    assert {"王芳" in (row["holder"] or "") for row in rows(target, "roles")} == {True, False}


def _stands_nowhere(phrase):
    return all(
        part not in PAGE.replace("柳荫", other).replace("領(lǐng)", "领")
        for part in ([phrase] if isinstance(phrase, str) else phrase or ["x"])
        for other in ("柳荫", "青石桥")
    )


def test_a_page_that_is_missing_stays_without_text(made):
    some = made / "some"
    some.mkdir()
    (some / "renamed.txt").write_bytes((made / "pages" / "a.txt").read_bytes())
    lines = list(join(made / "shared", [some], made / "half"))
    assert [line.split(" ", 4)[:3] for line in lines] == [["1", "of", "2"], ["1", "pages", "are"]]
    assert sorted(bool(row["raw"]) for row in rows(made / "half", "texts")) == [False, True]
    other = made / "other"
    other.mkdir()
    (other / "x.txt").write_text("别的网页，没有关系。", encoding="utf-8")
    with pytest.raises(BaogaoError, match="holds none of the 2 pages"):
        list(join(made / "shared", [other], made / "none"))


def test_the_same_key_gives_the_same_release(made):
    release(made / "out", made / "again", KEY)
    for path in sorted((made / "shared").rglob("*")):
        if path.is_file():
            assert path.read_bytes() == (made / "again" / path.relative_to(made / "shared")).read_bytes()


def test_a_key_is_made_once_and_must_be_long(tmp_path):
    first = read_key(tmp_path / "key")
    assert (len(first), read_key(tmp_path / "key")) == (64, first)
    (tmp_path / "short").write_text("abc", encoding="ascii")
    with pytest.raises(BaogaoError, match="shorter than 16"):
        read_key(tmp_path / "short")
