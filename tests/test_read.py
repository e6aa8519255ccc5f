"""From any archive to pages: formats, nesting, limits, and what becomes of bad input."""

import gzip
import json
import stat
import sys
import zipfile

import py7zr
import pytest

from baogao.read.page import SourcePage
from baogao.read.reader import read_sources
from baogao.read.seven_zip import TooMuchError, unpack
from baogao.read.sources import list_files, open_file
from baogao.records import Failure
from baogao.settings import ReadSettings
from made_files import HTML, LINE, docx, pdf, seven_zipped, tarred, warc, zipped

MHTML = (
    b"From: <Saved by a browser>\r\nSnapshot-Content-Location: http://www.example.cn/a.html\r\nMIME-Version: 1.0\r\n"
    b'Content-Type: multipart/related; type="text/html"; boundary="B"\r\n\r\n'
    b"--B\r\nContent-Type: text/css\r\n\r\np {color: red}\r\n"
    b"--B\r\nContent-Type: text/html; charset=gb2312\r\nContent-Transfer-Encoding: base64\r\n\r\n%s\r\n--B--\r\n"
)


def read(path, name=None, **settings):
    return list(read_sources(open_file(path, name or path.name, ReadSettings(**settings))))


@pytest.fixture
def read_bytes(tmp_path):
    def reader(name, data, **settings):
        path = tmp_path / name
        path.write_bytes(data)
        return read(path, **settings)

    return reader


def lines(items):
    return [item.text.raw.split("\n")[0] if isinstance(item, SourcePage) else item.error for item in items]


def sources(items):
    return [item.sources[0].source if isinstance(item, SourcePage) else item.source for item in items]


def mhtml(markup, charset="gbk"):
    import base64

    return MHTML % base64.encodebytes(markup.encode(charset))


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.html", HTML.encode()),
        ("a.htm", HTML.encode("gbk")),
        ("a.txt", LINE.encode("gbk")),
        ("no_suffix", HTML.encode()),
        ("a.docx", docx([LINE])),
        ("a.pdf", pdf([[LINE]])),
        ("a.mht", mhtml(HTML)),
        ("a.mhtml", mhtml(HTML)),
        ("a.txt.gz", gzip.compress(LINE.encode())),
        ("a.zip", zipped([("a.html", HTML)])),
        ("a.zip", zipped([("a.docx", docx([LINE]))])),
        ("a.tar", tarred([("a.txt", LINE.encode())], "w")),
        ("a.tar.gz", tarred([("a.txt", LINE.encode())])),
        ("a.tar.xz", tarred([("a.txt", LINE.encode())], "w:xz")),
        ("a.warc", warc([("http://a.cn/", "200 OK", [("Content-Type", "text/html")], HTML.encode())], gzip=False)),
        ("a.warc.gz", warc([("http://a.cn/", "200 OK", [("Content-Type", "text/html")], HTML.encode())])),
        ("a.7z", seven_zipped([("a/b.txt", LINE.encode())])),
        ("a.csv", f"id,text\n1,{LINE}\n".encode("gbk")),
        ("a.tsv", f"text\tid\n{LINE}\t1\n".encode("utf-8-sig")),
        ("a.jsonl", json.dumps({"text": LINE}).encode()),
        ("a.doc", HTML.encode()),
        ("a.doc", mhtml(HTML)),
    ],
)
def test_every_format_gives_the_text(read_bytes, name, data):
    items = read_bytes(name, data)
    assert lines(items) == [LINE]
    for block in items[0].text.blocks:
        text = items[0].text.raw[block.start : block.end]
        assert text == text.strip()
        assert "\n" not in text


def test_archives_inside_archives_are_opened(read_bytes):
    crawl = warc([("http://www.a.cn/x.html", "200 OK", [("Content-Type", "text/html")], HTML.encode())])
    items = read_bytes("a.zip", zipped([("b.tar.gz", tarred([("c.zip", zipped([("d/e.html", HTML), ("f.warc.gz", crawl)]))]))]))
    assert sources(items) == ["a.zip!/b.tar.gz!/c.zip!/d/e.html", "a.zip!/b.tar.gz!/c.zip!/f.warc.gz!/1"]
    assert [item.site for item in items] == ["d", "www.a.cn"]
    assert items[0].page_id == items[1].page_id


def test_a_folder_stands_for_its_site_unless_the_page_names_one(read_bytes):
    canonical = HTML.replace("<title>", '<link rel="canonical" href="http://www.b.cn/1.html"><title>')
    items = read_bytes("a.zip", zipped([("www.a.cn/1.html", HTML), ("www.a.cn/2.html", canonical)]))
    assert [item.site for item in items] == ["www.a.cn", "www.b.cn"]


def test_names_in_gbk_are_read(read_bytes):
    data = zipped([("abcd.html", HTML)]).replace(b"abcd.html", "总结.html".encode("gbk"))
    assert sources(read_bytes("a.zip", data)) == ["a.zip!/总结.html"]


def test_the_bodies_of_responses_are_decoded_by_their_headers(read_bytes):
    page = HTML.encode("gbk")
    chunks = b"%x\r\n%s\r\n0\r\n\r\n" % (len(page), page)
    items = read_bytes(
        "a.warc.gz",
        warc(
            [
                ("http://a.cn/1", "200 OK", [("Content-Type", "text/html; charset=gb2312")], page),
                ("http://a.cn/2", "200 OK", [("Content-Type", "text/html"), ("Content-Encoding", "gzip")], gzip.compress(page)),
                ("http://a.cn/3", "200 OK", [("Content-Type", "text/html"), ("Transfer-Encoding", "chunked")], chunks),
            ]
        ),
    )
    assert lines(items) == [LINE] * 3
    assert [item.encoding_basis for item in items] == ["header", "gb18030", "gb18030"]
    assert {item.sources[0].captured for item in items} == {"2013-12-20"}
    assert all(item.sources[0].warc_record_id.startswith("<urn:uuid:") for item in items)


def test_what_is_no_page_in_a_crawl_is_passed_over_and_server_errors_are_told(read_bytes):
    items = read_bytes(
        "a.warc.gz",
        warc(
            [
                ("http://a.cn/1.png", "200 OK", [("Content-Type", "image/png")], b"\x89PNG"),
                ("http://a.cn/2", "301 Moved", [("Location", "/3")], b""),
                ("http://a.cn/3", "404 Not Found", [("Content-Type", "text/html")], b"<p>no</p>"),
            ]
        ),
    )
    assert lines(items) == ["the server answered 404 for http://a.cn/3"]


def test_a_crawl_that_breaks_off_is_told_and_what_came_before_is_kept(read_bytes):
    data = warc([(f"http://a.cn/{i}", "200 OK", [("Content-Type", "text/html")], HTML.encode()) for i in range(3)], gzip=False)
    items = read_bytes("a.warc", data[: -len(HTML.encode()) // 2])
    assert lines(items) == [LINE, LINE, "the WARC file breaks off inside the record"]


def test_columns_of_a_table_go_along(read_bytes):
    rows = [
        {"body": LINE, "url": "http://www.a.cn/1", "year": 2013, "tags": ["a"], "none": None},
        ["no object"],
        {"body": " "},
        {"body": LINE * 2},
    ]
    data = "\n".join(map(json.dumps, rows)) + "\n{broken\n"
    items = read_bytes("a.jsonl", data.encode(), text_column="body")
    assert sources(items) == ["a.jsonl!/1", "a.jsonl!/2", "a.jsonl!/4", "a.jsonl!/5"]
    assert dict(items[0].sources[0].metadata) == {"url": "http://www.a.cn/1", "year": "2013", "tags": '["a"]'}
    assert (items[0].site, items[0].sources[0].url) == ("www.a.cn", "http://www.a.cn/1")
    assert items[1].error == "the row is not valid: it is a list, no object"
    assert items[3].error.startswith("the row is not valid: Expecting property name")


def test_a_table_without_the_text_column_names_its_columns(read_bytes):
    (failure,) = read_bytes("a.csv", "title,content\n总结,内容\n".encode())
    assert failure.error == "the table has no column text (its columns: title, content)"
    assert "read.text_column" in failure.remedy


def test_halves_of_surrogate_pairs_become_replacement_characters(read_bytes):
    (page,) = read_bytes("a.jsonl", b'{"text": "\\u793e\\u533a\\ud83d", "a": "\\udc00"}')
    assert page.text.raw == "社区\ufffd"
    assert page.sources[0].metadata["a"] == "\ufffd"


@pytest.mark.parametrize(
    ("name", "data", "error"),
    [
        ("a.html", b"", "the file is empty"),
        ("a.html", b"<html><head><script>go()</script></head><body><img src=a></body></html>", "the page holds no text"),
        ("a.txt", bytes(range(256)) * 40, "the file is no text in any known encoding"),
        ("a.txt", b"\0" * 5000, "the file is no text in any known encoding"),
        ("a.jpg", b"\xff\xd8\xff\xe0" + b"\0" * 50, "the file is a JPEG image, which baogao does not read"),
        ("a.7z", b"7z\xbc\xaf\x27\x1c" + b"\0" * 50, "the 7z archive is damaged"),
        ("a.pdf", b"%PDF-1.4 broken", "the PDF file is damaged: Failed to load document (PDFium: Data format error)."),
        ("a.pdf", pdf([[""], [""]]), "the PDF file holds scanned pages without a text layer"),
        ("a.docx", b"PK\x03\x04broken", "the document is damaged: File is not a zip file"),
        ("a.docx", zipped([("a.txt", "x")]), "the file is no Word document inside"),
        ("a.mht", b"MIME-Version: 1.0\r\nContent-Type: image/png\r\n\r\nx", "the MHTML file has no HTML part"),
        ("a.zip", zipped([("a.html", HTML)])[:-10], "the archive is damaged: File is not a zip file"),
        ("a.txt.gz", gzip.compress(LINE.encode() * 100)[:-20], "the archive is damaged: Compressed file ended before the end"),
        ("a.tar.gz", b"\x1f\x8b\x08garbage", "the archive is damaged"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_a_failure_with_a_remedy(read_bytes, name, data, error):
    (failure,) = read_bytes(name, data)
    assert isinstance(failure, Failure)
    assert failure.error.startswith(error)
    assert failure.remedy
    assert failure.stage == "read"


def test_a_bad_member_leaves_the_rest_of_its_archive_untouched(read_bytes):
    members = [
        ("1.html", HTML),
        ("2.jpg", b"\xff\xd8\xff\xe0"),
        ("3.zip", b"PK\x03\x04broken"),
        ("4.html", HTML),
        (".hidden", "x"),
        ("__MACOSX/5", "x"),
    ]
    items = read_bytes("a.zip", zipped(members))
    assert lines(items) == [
        LINE,
        "the file is a JPEG image, which baogao does not read",
        "the archive is damaged: File is not a zip file",
        LINE,
    ]


def test_an_encrypted_member_is_told(read_bytes):
    locked = bytearray(zipped([("a.html", HTML)]))
    locked[6] |= 1
    locked[locked.find(b"PK\x01\x02") + 8] |= 1
    assert lines(read_bytes("b.zip", bytes(locked))) == ["the zip member is encrypted"]


def test_a_member_with_a_wrong_checksum_is_told(read_bytes):
    data = zipped([("a.html", HTML), ("b.html", HTML)], method=zipfile.ZIP_STORED).replace("社区".encode(), "村里".encode(), 1)
    assert [text[:25] for text in lines(read_bytes("a.zip", data))] == ["the zip member is damaged", LINE]


@pytest.mark.parametrize(
    ("name", "data", "error"),
    [
        ("a.zip", zipped([("big.txt", b"0" * 3_000_000)]), "the member unpacks to more than 200 times its size"),
        ("a.gz", gzip.compress(b"0" * 3_000_000), "the member unpacks to more than 200 times its size"),
        ("a.zip", zipped([("big.txt", b"0" * 6_000_000)]), "the member is larger than the limit of 5,000,000 bytes"),
        ("a.tar", tarred([("big.txt", b"0" * 6_000_000)], "w"), "the member is larger than the limit of 5,000,000 bytes"),
        ("a.html", b"<p>" + b"x" * 2_000_001, "the page is larger than the limit of 2,000,000 bytes"),
    ],
)
def test_sizes_are_bounded(read_bytes, name, data, error):
    items = read_bytes(name, data, max_page_bytes=2_000_000, max_bytes=5_000_000)
    assert lines(items)[0] == error


def test_what_a_file_unpacks_to_is_bounded_in_all(read_bytes):
    inner = zipped([(f"{i}.txt", b"0" * 900_000) for i in range(20)])
    items = read_bytes("a.zip", zipped([(f"{i}.zip", inner) for i in range(50)]), max_bytes=10_000_000)
    assert len(items) < 40
    assert "unpacks to too much" in items[-1].error


def test_depth_is_bounded(read_bytes):
    data = HTML.encode()
    for _ in range(4):
        data = zipped([("a.zip" if data[:2] == b"PK" else "a.html", data)])
    assert lines(read_bytes("a.zip", data, max_archive_depth=4)) == [LINE]
    assert lines(read_bytes("a.zip", data, max_archive_depth=3)) == ["archives are nested too deeply"]


def test_side_files_of_saved_pages_are_passed_over(tmp_path):
    for name in ("a.html", "a_files/b.js", "a_files/c.jpg", "a_files/d.html", "e.jpg", ".git/f.html", "g.css"):
        path = tmp_path / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(HTML, encoding="utf-8")
    assert [name for _, name in list_files([tmp_path / "in"])] == ["in/a.html", "in/a_files/d.html", "in/e.jpg"]


def test_links_out_of_the_folder_are_not_followed(tmp_path):
    (tmp_path / "secret.txt").write_text(LINE, encoding="utf-8")
    inside = tmp_path / "in"
    inside.mkdir()
    (inside / "link.txt").symlink_to(tmp_path / "secret.txt")
    (inside / "loop").symlink_to(inside)
    assert list_files([inside]) == []


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


def test_old_office_documents_need_libreoffice(read_bytes, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    (failure,) = read_bytes("a.doc", OLE)
    assert failure.error == "the file is an old Office document and LibreOffice is not on this machine"
    assert failure.remedy == "install LibreOffice, or save the file as docx"


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in for LibreOffice is a script with a #! line")
@pytest.mark.parametrize(("name", "data", "suffix"), [("a.doc", OLE, "doc"), ("a.wps", OLE, "wps"), ("a.doc", rb"{\rtf1 text}", "rtf")])
def test_old_office_documents_are_converted_by_libreoffice(read_bytes, monkeypatch, tmp_path, name, data, suffix):
    (tmp_path / "made.docx").write_bytes(docx([LINE]))
    program = tmp_path / "soffice"
    program.write_text(
        f"#!{sys.executable}\nimport pathlib, shutil, sys\n"
        "source, folder = pathlib.Path(sys.argv[-1]), sys.argv[sys.argv.index('--outdir') + 1]\n"
        f"assert source.suffix == '.{suffix}', source\n"
        f"shutil.copy({str(tmp_path / 'made.docx')!r}, pathlib.Path(folder, 'document.docx'))\n",
        encoding="utf-8",
    )
    program.chmod(program.stat().st_mode | stat.S_IEXEC)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert lines(read_bytes(name, data)) == [LINE]


def test_docx_tables_stand_in_rows_and_properties_are_kept(read_bytes):
    (page,) = read_bytes("a.docx", docx(["名单如下：", "一\n二"], table=[["姓名", "职务"], ["王一", "组长"]], title="领导小组名单"))
    assert page.text.raw == "名单如下：\n一\n二\n姓名\t职务\n王一\t组长\n"
    assert page.text.title == "领导小组名单"
    assert page.encoding_basis == "container"


def test_pdf_pages_follow_each_other(read_bytes):
    (page,) = read_bytes("a.pdf", pdf([["社区工作总结", "一、加强领导"], ["二、落实责任"]]))
    assert page.text.raw == "社区工作总结\n一、加强领导\n二、落实责任\n"


def test_the_same_bytes_are_the_same_page_wherever_they_lie(tmp_path, read_bytes):
    (one,) = read_bytes("a.html", HTML.encode())
    (other,) = read_bytes("b.zip", zipped([("x/y/c.html", HTML)]))
    assert (one.page_id, one.sha256) == (other.page_id, other.sha256)


def test_members_of_a_7z_archive_are_read_in_the_order_of_their_names(read_bytes):
    inner = zipped([("c.txt", LINE)])
    items = read_bytes("a.7z", seven_zipped([("乙/b.html", HTML.encode()), ("乙/a.zip", inner), ("x.css", b"p {}"), ("甲.txt", b"")]))
    assert sources(items) == ["a.7z!/乙/a.zip!/c.txt", "a.7z!/乙/b.html", "a.7z!/甲.txt"]
    assert lines(items) == [LINE, LINE, "the file is empty"]
    assert items[1].site == "乙"


@pytest.mark.parametrize("header_too", [False, True])
def test_a_7z_archive_with_a_password_is_a_failure_that_asks_to_unpack_it(read_bytes, header_too):
    (failure,) = read_bytes("a.7z", seven_zipped([("a.txt", LINE.encode())], password="1234", header_encryption=header_too))
    assert failure.error == "the 7z archive is encrypted"
    assert "password" in failure.remedy


def test_a_7z_bomb_is_not_unpacked(read_bytes):
    data = seven_zipped([("a.txt", b"0" * 30_000_000)])
    assert len(data) < 10_000
    (failure,) = read_bytes("a.7z", data)
    assert failure.error == "the 7z archive unpacks to too much; it was not read"
    assert "bomb" in failure.remedy


def test_a_7z_archive_that_understates_its_size_is_stopped(tmp_path, monkeypatch):
    path = tmp_path / "a.7z"
    path.write_bytes(seven_zipped([("a.txt", b"0" * 3_000_000)]))
    monkeypatch.setattr(py7zr.SevenZipFile, "list", lambda self: [])
    with path.open("rb") as stream, pytest.raises(TooMuchError):
        list(unpack(stream, 1_000_000))


def test_a_large_member_of_a_7z_archive_leaves_the_others_untouched(read_bytes):
    items = read_bytes("a.7z", seven_zipped([("a.txt", b"a" * 3000), ("b.txt", LINE.encode())]), max_bytes=2000)
    assert lines(items) == ["the member is larger than the limit of 2,000 bytes", LINE]


def test_without_py7zr_a_7z_archive_is_a_failure_that_says_what_to_install(read_bytes, monkeypatch):
    data = seven_zipped([("a.txt", LINE.encode())])
    monkeypatch.setitem(sys.modules, "py7zr", None)
    (failure,) = read_bytes("a.7z", data)
    assert "py7zr" in failure.error
    assert "baogao[7z]" in failure.remedy
