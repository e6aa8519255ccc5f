"""Input that was made to do harm, through the whole command: each is a failure or an ordinary page, and the rest is untouched."""

import io
import tarfile
import time
import zipfile

import pyarrow.dataset as ds
import pytest

from baogao.read.page import RawText, Source, SourcePage, lines_as_blocks
from baogao.run.page import PageTask, process_pages
from baogao.run.tasks import NO_STATISTICS, extractor_of
from baogao.settings import Settings
from made_archive import PAGE, run

GOOD = PAGE.format(place="柳荫", year=2013, what="科普宣传", act="清扫背街小巷", month=3, n=80)


def named(place: str) -> str:
    return GOOD.replace("柳荫", place)


def with_body(more: str, place: str) -> str:
    return named(place).replace("<body>", f"<body>{more}", 1)


def entities(name: str) -> str:
    """Declarations of entities that stand for ten of the one before, nine times over."""
    levels = "".join(f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(9))
    return f'<?xml version="1.0"?><!DOCTYPE {name} [<!ENTITY a "社区工作">{levels}]>'


def docx_with_entities() -> bytes:
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    package = "http://schemas.openxmlformats.org/package/2006"
    body = "<w:body><w:p><w:r><w:t>&j;</w:t></w:r></w:p></w:body>"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="xml" ContentType="{kind}"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="r" Type="{office}" Target="word/document.xml"/></Relationships>',
        "word/document.xml": f'{entities("w")}<w:document xmlns:w="{word}">{body}</w:document>',
    }
    return zipped(parts)


def zipped(members: dict[str, str]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def tar_with_ways_out() -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as archive:
        member = tarfile.TarInfo("/escaped.html")
        content = named("南关").encode()
        member.size = len(content)
        archive.addfile(member, io.BytesIO(content))
        link = tarfile.TarInfo("link.html")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    return stream.getvalue()


PAGES = {
    "entities.html": entities("html") + with_body("<p>&j;</p>", "枣林"),
    "attributes.html": with_body(f"<p {' '.join(f'a{i}=1' for i in range(200_000))}>一</p>", "锦江"),
    "attribute.html": with_body(f'<p title="{"社" * 2_000_000}">一</p>', "望湖"),
    "nested.html": with_body("<div><ul><li><table><tr><td>" * 5_000, "槐树"),
    "bidi.html": named("北渡口").replace("<title>", "<title>\u202e\x07\x1b[31m"),
    "formula.html": named("梧桐里").replace("<title>", "<title>=cmd|calc!A1"),
}
FILES = {
    "bomb.docx": docx_with_entities(),
    "bomb.zip": zipped({"0.txt": "0" * 30_000_000}),
    "ways-out.zip": zipped({"../../escaped.html": named("石榴园")}),
    "ways-out.tar.gz": tar_with_ways_out(),
    "slipped.txt": ("清水塘社区总结\n" + "《鶎" * 20_000).encode(),
}


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """What the command says of an archive of nothing but hostile files and one good one, and where its output is."""
    root = tmp_path_factory.mktemp("hostile")
    archive = root / "pages"
    archive.mkdir()
    (archive / "good.html").write_text(GOOD, encoding="utf-8")
    for name, page in PAGES.items():
        (archive / name).write_text(page, encoding="utf-8")
    for name, data in FILES.items():
        (archive / name).write_bytes(data)
    return run("run", archive, "-o", root / "out", "--workers", "1"), root / "out"


def rows(out, table):
    return ds.dataset(out / "dataset" / table, format="parquet").to_table().to_pylist()


def test_the_run_ends_well_and_every_file_is_a_page_or_a_failure(hostile):
    done, out = hostile
    assert done.returncode == 3, done.stderr  # finished, with failures
    known = {row["source"].split("!")[0] for table in ("page_sources", "failures") for row in rows(out, table)}
    assert known - {"all reports"} == {f"pages/{name}" for name in ("good.html", *PAGES, *FILES)}


def test_bombs_are_failures_with_a_remedy(hostile):
    _, out = hostile
    failed = {row["source"]: row for row in rows(out, "failures") if row["stage"] == "read"}
    assert set(failed) == {"pages/bomb.docx", "pages/bomb.zip!/0.txt"}
    assert all(row["remedy"] for row in failed.values())


@pytest.mark.parametrize("place", ["柳荫", "枣林", "锦江", "望湖", "槐树", "北渡口", "梧桐里", "石榴园", "南关"])
def test_the_report_of_a_hostile_page_is_found_all_the_same(hostile, place):
    _, out = hostile
    assert [row["issuer"] for row in rows(out, "reports") if row["issuer"] == f"{place}社区"] == [f"{place}社区"]


def test_nothing_is_written_outside_the_output(hostile):
    _, out = hostile
    assert sorted(path.name for path in out.parent.iterdir()) == ["out", "pages"]
    assert not list(out.parent.parent.rglob("escaped*"))


def test_what_is_printed_moves_no_cursor(hostile):
    done, out = hostile
    listed = run("failures", out)
    assert not {"\x1b", "\x07", "\u202e"} & set(done.stdout + done.stderr + listed.stdout)


def test_cells_of_a_hostile_title_start_no_formula(hostile, tmp_path):
    _, out = hostile
    assert run("export", out, "--to", "csv", "--table", "pages", "-o", tmp_path / "pages.csv").returncode == 0
    content = (tmp_path / "pages.csv").read_text(encoding="utf-8-sig")
    assert "cmd|calc" in content
    assert ",=cmd" not in content


@pytest.mark.parametrize("tag", ["!!python/object/apply:os.system [id]", "!!python/name:os.system"])
def test_a_tag_in_a_settings_file_makes_no_object(tmp_path, tag):
    (tmp_path / "settings.yaml").write_text(f"clean: {tag}\n", encoding="utf-8")
    (tmp_path / "a.txt").write_text("社区总结\n", encoding="utf-8")
    done = run("run", tmp_path / "a.txt", "-o", tmp_path / "out", "--settings", tmp_path / "settings.yaml")
    assert done.returncode == 2
    assert "cannot be read" in done.stderr


UNITS = (
    "1日 2015年 xx ×× 和 、 10 1、 一、 “ 《》 （ 组长： 由 第 . ？ 开展活动， 名， 社区\n 【篇1】\n 姓名 http://a.b/ 二是 区(qū) 😀".split(
        " "
    )
)


@pytest.mark.parametrize("unit", UNITS)
def test_time_of_a_page_grows_linearly_with_hostile_text(unit):
    """Ten times the text may take at most thirty times as long (linear with room for noise); quadratic would take a hundred times."""
    short, long = ("柳荫社区工作总结\n" + unit * (size // len(unit)) for size in (4_000, 40_000))
    assert seconds(long) < 30 * max(seconds(short), 0.03)


def seconds(raw):
    """Processor time of all stages over a page of plain text."""
    page = SourcePage("p0", "0" * 64, RawText(raw, lines_as_blocks(raw)), None, "utf-8", "strict", 0, (Source("a.txt", b""),))
    start = time.process_time()
    (rows,) = process_pages([PageTask(page, NO_STATISTICS)], Settings().clean, extractor_of(Settings()))
    assert not rows.get("failures")
    return time.process_time() - start
