"""Articles that a site cut into several pages: found by their addresses or names, and joined to one page."""

from pathlib import Path

import pytest

import baogao
from baogao.notebook.dataset import Dataset
from baogao.read.page import Source
from baogao.read.paged import Place, join_parts, part_of, same_title, series, starts_of_parts
from baogao.read.reader import read_source
from baogao.run.runner import RunOptions, run
from baogao.settings import Settings
from made_files import warc

PARTS = [
    ["一年来，青石社区围绕居民需求办实事，现将工作总结如下：", "一、建强队伍。社区组织志愿者120人次，开展活动36场，受到居民好评。"],
    ["二、办好实事。修好路灯23盏，疏通下水道9处，为38名老人办理了居家养老手续。", "三、守住平安。义务巡逻210次，调解纠纷33起。"],
    ["四、存在问题。停车难还没有解决，物业费收缴率不高，这些都要在明年改进。", "青石社区居委会", "2013年12月20日"],
]


def page(number: int) -> str:
    title = "青石社区工作总结" + (f"({number})" if number > 1 else "")
    body = "".join(f"<p>{line}</p>" for line in PARTS[number - 1])
    links = "".join(f'<a href="{href}">{text}</a> ' for href, text in (("a.html", "1"), ("a_2.html", "2"), ("a_3.html", "3")))
    return (
        f"<html><head><title>{title}-某某网</title></head><body><div class=nav><a href=/>首页</a> &gt; <a href=/zj/>工作总结</a></div>"
        f"<h1>{title}</h1><div class=con>{body}</div><div class=page>{links}</div>"
        "<div class=rel><h3>相关文章</h3><ul><li><a href=/b.html>学校德育工作总结</a></li>"
        "<li><a href=/c.html>村级党建工作计划</a></li></ul></div>"
        "<div class=foot>版权所有 某某网</div></body></html>"
    )


@pytest.mark.parametrize(
    ("name", "want"),
    [
        ("www.a.example/zj/882_2.html", ("www.a.example/zj/882.html", 2)),
        ("pages/总结-3.htm", ("pages/总结.htm", 3)),
        ("a.example/show.php?id=7&page=2", ("a.example/show.php?id=7", 2)),
        ("a.example/show.php?page=4&id=7", ("a.example/show.php?id=7", 4)),
        ("saved/a_2.txt", ("saved/a.txt", 2)),
        ("www.a.example/zj/index_2.html", None),
        ("www.a.example/list.php?page=2", None),
        ("www.a.example/zj/882_1.html", None),
        ("www.a.example/zj/2013-12.html", ("www.a.example/zj/2013.html", 12)),
        ("www.a.example/zj/882.html", None),
        ("www.a.example/zj/882_2.jpg", None),
    ],
)
def test_names_of_further_parts(name: str, want: tuple[str, int] | None) -> None:
    assert part_of(name) == want


def places(*rows: tuple[str, str | None]) -> list[Place]:
    return [Place(f"p{i}", name, None, title) for i, (name, title) in enumerate(rows)]


@pytest.mark.parametrize(
    ("rows", "want"),
    [
        ([("a_2.html", "总结(2)"), ("a.html", "总结"), ("a_3.html", "总结(3)")], [["a.html", "a_2.html", "a_3.html"]]),
        ([("a.html", "总结"), ("a_3.html", "总结(3)")], []),
        ([("a.html", "总结"), ("a_2.html", "总结(2)"), ("a_4.html", "总结(4)")], [["a.html", "a_2.html"]]),
        ([("a.html", "社区总结"), ("a_2.html", "学校总结")], []),
        ([("a_1.html", "总结"), ("a_2.html", "总结")], []),
        ([("x/a.html", "总结"), ("y/a_2.html", "总结")], []),
        ([("总结.html", None), ("总结-2.html", None)], [["总结.html", "总结-2.html"]]),
    ],
)
def test_parts_make_a_series_only_where_names_and_titles_agree(rows: list[tuple[str, str | None]], want: list[list[str]]) -> None:
    assert [[place.source for place in parts] for parts in series(places(*rows))] == want


def test_a_page_told_twice_under_two_numbers_is_no_part() -> None:
    twice = [Place("p1", "a.html", None, "总结"), Place("p1", "a_2.html", None, "总结")]
    assert series(twice) == []


def test_titles_differ_by_a_page_number_alone() -> None:
    assert same_title("社区总结 第2页", "社区总结")
    assert same_title("社区总结_2", "社区总结")
    assert not same_title("社区总结2", "社区总结")


def test_blocks_of_a_joined_page_read_what_those_of_its_parts_read() -> None:
    pages = [read_source(Source(f"a_{n}.html", page(n).encode())) for n in (1, 2, 3)]
    joined = join_parts(pages)
    parts = [part.text.raw[block.start : block.end] for part in pages for block in part.text.blocks]
    assert [joined.text.raw[block.start : block.end] for block in joined.text.blocks] == parts
    starts = starts_of_parts(joined.text.metadata)
    assert [joined.text.raw[start:].startswith("首页") for start in starts] == [True] * 3
    assert joined.page_id not in {part.page_id for part in pages}
    assert starts_of_parts(pages[0].text.metadata) == []


def archive(folder: Path) -> Path:
    (folder / "www.a.example").mkdir(parents=True)
    for number in (1, 2, 3):
        (folder / "www.a.example" / ("a.html" if number == 1 else f"a_{number}.html")).write_text(page(number), encoding="utf-8")
    (folder / "www.a.example" / "b.html").write_text(page(1).replace("青石", "白沙"), encoding="utf-8")
    return folder


def opened(archive: Path, out: Path, **read: object) -> Dataset:
    run([archive], out, Settings.model_validate({"read": read}), RunOptions(workers=1, quiet=True))
    return baogao.open(out)


def check(found: Dataset) -> None:
    """One page with one report that holds the text of all parts and nothing else, each of its spans true in the page's raw text."""
    (report,) = [row for row in found.reports.pandas().itertuples() if "青石" in row.text]
    text = found.texts.pandas().set_index("page_id")["raw"][report.page_id]
    assert "".join(report.text.split()) == "青石社区工作总结" + "".join(line for part in PARTS for line in part)
    assert (report.signed, report.issuer) == ("2013-12-20", "青石社区居委会")
    assert "".join("".join(text[span["start"] : span["end"]] for span in report.raw_spans).split()) == "".join(report.text.split())
    sentences = found.sentences.pandas()
    for row in sentences[sentences["report_id"] == report.report_id].itertuples():
        assert "".join(text[row.raw_start : row.raw_end].split()) == "".join(row.text.split())


def test_parts_in_a_folder_become_one_page(tmp_path: Path) -> None:
    found = opened(archive(tmp_path / "pages"), tmp_path / "out")
    check(found)
    assert len(found.pages.pandas()) == 2
    sources = found.page_sources.pandas()
    names = ["pages/www.a.example/a.html", "pages/www.a.example/a_2.html", "pages/www.a.example/a_3.html"]
    assert sorted(sources["source"])[:3] == names
    (told,) = [dict(metadata)["parts"] for metadata in found.pages.pandas()["metadata"] if dict(metadata)]
    assert [part.split(" ")[1] for part in told.split(" | ")] == names


def test_joining_can_be_switched_off_and_on_again(tmp_path: Path) -> None:
    pages = archive(tmp_path / "pages")
    assert len(opened(pages, tmp_path / "out", join_parts=False).pages.pandas()) == 4
    check(opened(pages, tmp_path / "out"))


def test_parts_in_warc_files_are_joined_across_files(tmp_path: Path) -> None:
    pages = tmp_path / "crawl"
    pages.mkdir()
    address = "http://www.a.example/show.php?id=7"
    for number in (1, 2, 3):
        url = address if number == 1 else f"{address}&page={number}"
        (pages / f"{number}.warc.gz").write_bytes(warc([(url, "200 OK", [("Content-Type", "text/html")], page(number).encode())]))
    found = opened(pages, tmp_path / "out")
    check(found)
    assert len(set(found.page_sources.pandas()["page_id"])) == 1
    assert len(found.page_sources.pandas()) == 3


def test_saved_texts_are_joined_only_if_they_begin_alike(tmp_path: Path) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    for number, part in enumerate(PARTS, 1):
        name = "a.txt" if number == 1 else f"a_{number}.txt"
        (pages / name).write_text("青石社区工作总结\n" + "\n".join(part), encoding="utf-8")
    (pages / "b.txt").write_text("青石社区工作总结\n" + PARTS[0][0], encoding="utf-8")
    (pages / "b_2.txt").write_text("白沙小学工作计划\n" + PARTS[1][0], encoding="utf-8")
    assert len(opened(pages, tmp_path / "out").pages.pandas()) == 3
