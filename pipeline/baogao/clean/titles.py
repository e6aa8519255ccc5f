"""Titles: whether a line reads like one, what it says without its trimmings, how alike two of them are."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from itertools import pairwise

NUMBER = r"[一二三四五六七八九十百]{1,4}|\d{1,3}"
"""A piece number in Chinese numerals or digits, as an alternation to be put into a group."""
GENRE_WORDS = (
    "总结|小结|计划|规划|方案|预案|汇报|报告|材料|述职|述廉|要点|打算|意见|办法|倡议书|讲话稿?|发言稿?|演讲稿|心得|体会|感想|安排|简报|情况|"
    "事迹|通知|措施|范文|模板|申请书?|承诺书|建议书?|制度|信息|纪实|剖析|调查|调研|经验|做法|启示|策划书?|简表|申报表|登记表|大事记"
)
"""Words that end the titles of this genre, as an alternation."""
_CLAIM = re.compile(
    r"(?<!第)(?:共\s*)?[(（]?(?P<n>(?<!\d)\d{1,3}|[一二三四五六七八九十]{1,3})[)）]?\s*[篇则份](?:范文|例文|样本|模板|合集|汇编|集锦|材料)?\s*(?:[)）】\]]|(?:[\s_\-|—].{0,30})?$)"
)
_CHARACTER_COUNT = re.compile(r"\s*[(（]?\s*\d{2,5}\s*字\s*[)）]?$")
_EDGES = " 　\t:：、.．-—_|·,，"
_SHORTEST_TITLE, _LONGEST_TITLE = 4, 45
_LONGER_TITLE = 8
_SECTION_WORDS = frozenset("打算 意见 办法 安排 情况 做法 启示 经验 信息 制度 体会 感想 建议 调查 措施 计划 规划 材料 工作".split())
"""Words that end section headings, too: a report's title with one of them is at least `_LONGER_TITLE` characters long."""
_TITLE_END = re.compile(rf"(?P<genre>{GENRE_WORDS})(?:[(（][^()（）]{{1,14}}[)）]|[一二三四五六七八九十\d]{{1,2}}|年)?[。]?$")
_GENRE = re.compile(GENRE_WORDS)
_COLLECTION = re.compile(r"(?:范文|汇编|大全|合集|集锦|精选|模板|汇总)(?:[(（].*[)）])?$")
_SENTENCE = re.compile(r"[；;!！?？]|。.|[，,].*[，,]")
SECTION_NUMBER = re.compile(
    r"^\s*(?:[(（]?\s*(?:[一二三四五六七八九十]{1,3}|\d{1,2})\s*[)）、.．:：]|第[一二三四五六七八九十\d]{1,3}[章节条部、，,]|[①-⑳])"
)
"""The opening of a numbered section heading."""


def chinese_number(text: str) -> int:
    """Value of a number up to 199 in digits or Chinese numerals; 0 for none.

    >>> chinese_number("二十三"), chinese_number("十"), chinese_number("7"), chinese_number("一百零二")
    (23, 10, 7, 102)
    """
    if text.isdigit():
        return int(text)
    digits = {char: value for value, char in enumerate("零一二三四五六七八九")}
    hundreds, hundred, rest = text.rpartition("百")
    if hundred:
        return digits.get(hundreds, 1) * 100 + chinese_number(rest.lstrip("零"))
    tens, ten, units = text.rpartition("十")
    if not ten:
        return digits.get(text, 0)
    return digits.get(tens, 1) * 10 + digits.get(units, 0)


def is_title(text: str) -> bool:
    """Whether a line reads like a report's title: short, no sentence, ending in a word for a genre.

    >>> is_title("柳荫社区2013年工作总结"), is_title("一、工作总结"), is_title("我们做了总结。然后散会。")
    (True, False, False)
    """
    found = _TITLE_END.search(text) if may_be_title(text) else None
    return found is not None and (len(text) >= _LONGER_TITLE or found["genre"] not in _SECTION_WORDS)


def may_be_title(text: str) -> bool:
    """Whether a line is short, holds no sentence and bears no section number."""
    if not _SHORTEST_TITLE <= len(text) <= _LONGEST_TITLE or text.endswith((":", "：")):
        return False
    return not _SENTENCE.search(text) and not SECTION_NUMBER.match(text)


def is_collection(text: str) -> bool:
    """Whether a title is that of a page with several pieces rather than of one report."""
    return claimed_count(text) is not None or _COLLECTION.search(text) is not None


def genres_joined(title: str) -> list[str]:
    """The words for a genre in a title that joins several parts of one report; none in any other title.

    >>> genres_joined("2015年工作总结及2016年工作计划"), genres_joined("工作汇报材料")
    (['总结', '计划'], [])
    """
    parts = re.split(r"以及|[及和与暨、]", title)
    found = [match.group() for part in parts if (match := _GENRE.search(part))]
    return found if len(set(found)) > 1 else []


def clean_title(text: str) -> str | None:
    """A title without separators at its edges and the character count that some sites append; None where nothing is left."""
    return _CHARACTER_COUNT.sub("", text.strip(_EDGES)).strip(_EDGES) or None


def claimed_count(title: str) -> int | None:
    """Number of pieces that a page's title claims.

    >>> claimed_count("2013年社区工作总结（优质18篇）"), claimed_count("学校安全工作总结范文六篇"), claimed_count("社区工作总结")
    (18, 6, None)
    """
    match = _CLAIM.search(title)
    return chinese_number(match["n"]) or None if match else None


@lru_cache(maxsize=5_000)  # a page's title is asked for with each of its lines, headings return on other pages
def stem(title: str) -> str:
    """A page's title without the claim of a number, a year and the site's name behind it, to compare headings with.

    >>> stem("2023年社区科普工作总结(优质18篇)-某某网")
    '社区科普工作总结'
    """
    text = re.split(r"[_|]|\s[-—]\s|-{1,2}(?=[^-]{2,12}$)", title.strip())[0]
    text = re.split(r"[(（【\[]", text)[0]
    text = re.sub(rf"(?:范文|模板)?(?:精选|通用|优质|汇总|热门|大全|最新|合集|集合)?(?:{NUMBER})篇$|(?:范文|模板)(?:大全)?$", "", text)
    return re.sub(r"^(?:最新|关于|有关)?(?:的)?\d{0,4}年?", "", text).strip(_EDGES)


def alike(a: str, b: str) -> float:
    """Dice coefficient of the character pairs of two strings, 0 to 1."""
    total = max(0, len(a) - 1) + max(0, len(b) - 1)
    if not total:
        return float(a == b)
    common = set(pairwise(a)) & set(pairwise(b))
    if not common:
        return 0.0
    pairs_a, pairs_b = Counter(pairwise(a)), Counter(pairwise(b))
    return 2 * sum(min(pairs_a[pair], pairs_b[pair]) for pair in common) / total
