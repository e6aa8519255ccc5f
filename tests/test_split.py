"""Splitting: made-up pages in the manner of real ones, and the parts that read headings and titles."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baogao.clean.clean import clean_page
from baogao.clean.split_markers import glued_headings, markers
from baogao.clean.titles import alike, chinese_number, claimed_count, is_title, stem
from baogao.settings import Settings
from split_pages import MadePage, made_pages

MOST_LOST = 0.008
MOST_LEAKED = 0.03
"""Shares of characters; what is leaked was 0.0004 before the block model learned from a grammar of site lines, and is 0.026 since: on the
known failures for the most part."""


def _pages() -> list[object]:
    failing = pytest.mark.xfail(strict=True, reason="known failure")
    return [pytest.param(page, id=page.label, marks=[failing] if page.known_failure else []) for page in made_pages()]


@pytest.mark.parametrize("page", _pages())
def test_made_page_is_split_as_written(page: MadePage) -> None:
    cleaned = clean_page(page.source(), None, Settings().clean)
    found = [(report.raw_start, report.raw_end) for report in cleaned.reports]
    assert [_overlap(a, b) > 0.9 for a, b in zip(found, page.ranges(), strict=True)] == [True] * len(found)
    assert [report.title for report in cleaned.reports] == page.titles
    assert cleaned.claimed == page.claimed


def _overlap(a: tuple[int, int], b: tuple[int, int]) -> float:
    shared = max(0, min(a[1], b[1]) - max(a[0], b[0]))
    return shared / (max(a[1], b[1]) - min(a[0], b[0]))


def test_next_to_nothing_of_the_made_pages_is_lost_or_leaked() -> None:
    lost = leaked = own = beside = 0
    for page in made_pages():
        cleaned = clean_page(page.source(), None, Settings().clean)
        kept = {i for report in cleaned.reports for a, b in report.spans for i in range(a, b) if not page.raw[i].isspace()}
        lost, leaked, own = lost + len(page.kept() - kept), leaked + len(kept - page.kept()), own + len(page.kept())
        beside += sum(not char.isspace() for char in page.raw) - len(page.kept())
    assert lost <= MOST_LOST * own
    assert leaked <= MOST_LEAKED * beside


HEADINGS = [
    ("社区工作总结篇1", [("last", 1, "社区工作总结")]),
    ("科普工作总结【篇12】", [("last", 12, "科普工作总结")]),
    ("篇一：社区科普工作总结", [("first", 1, "社区科普工作总结")]),
    ("第三篇 2023年学校安全工作总结 2800字", [("first", 3, "2023年学校安全工作总结")]),
    ("【篇二】社区综治汇报", [("bracketed", 2, "社区综治汇报")]),
    ("创城工作汇报材料二", [("digit_last", 2, "创城工作汇报材料")]),
    ("自查报告共1", [("digit_last", 1, "自查报告")]),
    ("社区工作总结 (3)", [("digit_last", 3, "社区工作总结")]),
    ("2、村级慰问工作方案", [("digit_first", 2, "村级慰问工作方案")]),
    ("范文二", [("first", 2, None)]),
    ("2013年社区工作计划", []),
    ("第三篇章 发展", []),
    ("一、加强领导", []),
    ("共三篇文章获奖", []),
]


@pytest.mark.parametrize(("line", "want"), HEADINGS)
def test_numbered_headings_are_read(line: str, want: list[tuple[str, int, str | None]]) -> None:
    assert [(marker.family, marker.number, marker.title) for marker in markers(line)] == want


CLAIMS = [
    ("2013年社区工作总结（优质18篇）", 18, "社区工作总结"),
    ("文明社区创建实施方案【参考8篇】", 8, "文明社区创建实施方案"),
    ("学校安全工作总结范文六篇", 6, "学校安全工作总结"),
    ("科普工作总结(分享十五篇)。", 15, "科普工作总结"),
    ("方案汇编例文（5）篇", 5, "方案汇编例文"),
    ("第4篇 社区工作总结", None, "第4篇 社区工作总结"),
    ("2015年工作总结-某某网", None, "工作总结"),
]


@pytest.mark.parametrize(("title", "count", "rest"), CLAIMS)
def test_page_titles_give_the_number_they_claim_and_their_stem(title: str, count: int | None, rest: str) -> None:
    assert (claimed_count(title), stem(title)) == (count, rest)


@pytest.mark.parametrize(
    ("line", "want"),
    [
        ("柳荫社区2013年工作总结", True), ("关于开展禁毒宣传的实施方案（试行）", True), ("述职报告", True),
        ("一、工作总结", False), ("各村、镇直各单位：", False), ("我们召开了会议，学习了文件，作了总结", False), ("柳荫社区居委会", False),
    ],
)  # fmt: skip
def test_titles_are_told_from_other_short_lines(line: str, want: bool) -> None:
    assert is_title(line) is want


def test_miscounted_title_is_told() -> None:
    page = next(page for page in made_pages() if page.label.startswith("piece number in lenticular"))
    cleaned = clean_page(page.source(), None, Settings().clean)
    assert (cleaned.claimed, len(cleaned.reports), cleaned.miscounted) == (5, 3, True)


@given(st.integers(1, 199))
def test_chinese_numbers_read_back(number: int) -> None:
    digits = "零一二三四五六七八九"
    hundreds, tens, units = number // 100, number // 10 % 10, number % 10
    text = f"{digits[hundreds]}百" if hundreds else ""
    text += f"{digits[tens]}十" if tens else ("零" if hundreds and units else "")
    text += digits[units] if units else ""
    assert chinese_number(text) == number


@given(st.lists(st.text("社区工作总结篇一二三1234。【】 ", max_size=200), max_size=6))
def test_glued_headings_partition_every_line(lines: list[str]) -> None:
    for line, spans in zip(lines, glued_headings(lines, "社区工作总结"), strict=True):
        assert "".join(line[a:b] for a, b in spans) == line


@given(st.text("社区工作总结", max_size=10), st.text("社区工作总结", max_size=10))
def test_likeness_is_symmetric_and_at_most_one(a: str, b: str) -> None:
    assert alike(a, b) == alike(b, a)
    assert 0 <= alike(a, b) <= 1
