"""Headings by which a compendium page opens its pieces, and the number of pieces that its title claims.

A heading is a piece number (篇一, 【篇1】, 第3篇, 范文二, a bare digit behind the title) with a title before or behind it. On pages
that lost their line breaks the heading stands inside a line, glued to the text; where it begins and ends is then read off what
the page's headings have in common.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise, takewhile

from baogao.clean.titles import GENRE_WORDS, NUMBER, chinese_number, clean_title, is_title, stem

_MARK = re.compile(rf"第\s*(?P<a>{NUMBER})\s*篇(?!章)|(?:范文|篇)\s*(?P<b>{NUMBER})(?![个天年月日人次届支所名户])")
_MAY_BE_NUMBERED = re.compile(r"篇|范文|^\d|[一二三四五六七八九十\d][)）】\]]?[:：]?$")
_TITLE_BEHIND = re.compile(rf"[^。；！？，,;\s]{{2,40}}?(?=\s)|[^。；！？，,;\s]{{2,30}}?(?:{GENRE_WORDS})(?:范文|模板)?")
_OPENING_BRACKETS, _CLOSING_BRACKETS = "【[(（〔", "】])）〕"
_SENTENCE_END = "。！？；!?;…”）)"
_SENTENCE = re.compile(r"[^。！？；]{12,}[。！？；]")
_LONG_LINE = 90
"""A longer line is not a heading, so a piece number inside it is one that lost its line, in characters."""
_SHORTEST_TITLE, _LONGEST_TITLE = 4, 45


@dataclass(frozen=True, slots=True)
class Marker:
    """A line that reads as a numbered piece heading: its family, its number, its title without the number."""

    family: str
    number: int
    title: str | None


FAMILIES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("bracketed", re.compile(rf"^[【\[(（〔]\s*(?:第\s*(?P<n>{NUMBER})\s*篇|(?:篇|范文)\s*(?P<m>{NUMBER}))\s*[】\])）〕](?P<title>.*)$")),
    ("first", re.compile(rf"^第\s*(?P<n>{NUMBER})\s*篇(?!章)(?P<title>.*)$")),
    ("first", re.compile(rf"^(?:篇|范文)\s*(?P<n>{NUMBER})(?:(?=[\s:：、.．,，])(?P<title>.*))?$")),
    (
        "last",
        re.compile(
            rf"^(?P<title>.{{2,70}}?)[\s_—-]*[(（【\[〔]?\s*(?:第\s*(?P<n>{NUMBER})\s*篇|(?:篇|范文)\s*(?P<m>{NUMBER}))\s*[)）】\]〕]?[:：。.]?"
            r"(?:\s*[(（]?\d{2,5}字[)）]?)?$"
        ),
    ),
    (
        "digit_last",
        re.compile(
            rf"^(?P<title>.{{2,60}}?(?:{GENRE_WORDS})(?:[(（][^()（）]{{1,14}}[)）])?)[\s共之]*"
            rf"[(（【\[]?(?P<n>{NUMBER})[)）】\]]?[:：]?$"
        ),
    ),
    ("digit_first", re.compile(rf"^(?P<n>\d{{1,2}})\s*[、.．]\s*(?P<title>[^。；，]{{4,50}}?(?:{GENRE_WORDS}))[:：]?$")),
)
"""Families of numbered piece headings, tried in this order: name and pattern with groups n (or m), the number, and title."""


def markers(line: str) -> list[Marker]:
    """Every family that a line fits, at most one marker a family.

    >>> [(m.family, m.number, m.title) for m in markers("社区工作总结（篇三）")]
    [('last', 3, '社区工作总结')]
    >>> [(m.family, m.number, m.title) for m in markers("第2篇：社区禁毒工作计划")]
    [('first', 2, '社区禁毒工作计划')]
    """
    found: dict[str, Marker] = {}
    text = line.strip()
    if not _MAY_BE_NUMBERED.search(text):
        return []
    for family, pattern in FAMILIES:
        match = pattern.match(text) if family not in found else None
        if match:
            groups = match.groupdict()
            number = chinese_number(groups["n"] or groups.get("m") or "")
            if number:
                found[family] = Marker(family, number, clean_title(groups["title"] or ""))
    return list(found.values())


def glued_headings(lines: Sequence[str], title: str | None) -> list[list[tuple[int, int]]]:
    """For each line the spans it falls into when piece headings inside it are set apart; most lines are one span.

    A number inside a line counts as a heading where a title that the page repeats stands before it, or where it opens the line or
    a sentence; and only if several such numbers rise through the page.
    """
    spans = [[(0, len(line))] for line in lines]
    wanted = stem(title or "")
    found = [(i, *place) for i, line in enumerate(lines) for place in _numbers(line, wanted)]
    headings = _extents(lines, found, wanted)
    numbers = [chinese_number(number) for _, _, _, number in headings]
    if sum(1 for a, b in pairwise(numbers) if b == a + 1) < max(1, len(numbers) // 2):
        return spans
    for i, start, end, _ in headings:
        first, last = spans[i].pop()
        spans[i] += [(a, b) for a, b in ((first, start), (max(first, start), end), (end, last)) if a < b]
    return spans


def _numbers(line: str, wanted: str) -> list[tuple[int, int, str]]:
    """The piece numbers inside a line of text: start, end and number.

    A line of text is a long one, or one in which sentences follow the number. A bare number counts behind the page's title `wanted`.
    """
    found = [(*match.span(), match["a"] or match["b"]) for match in _MARK.finditer(line)]
    if not found and len(wanted) >= _SHORTEST_TITLE and wanted in line:
        number = r"(?P<n>\d{1,2}(?!\d)|[一二三四五六七八九十]{1,3})(?![个天年月日人次届是])"
        pattern = rf"(?:^|(?<=[{_SENTENCE_END}])){re.escape(wanted)}\s*{number}"
        found = [(*match.span("n"), match["n"]) for match in re.finditer(pattern, line)]
    return [place for place in found if len(line) > _LONG_LINE or _SENTENCE.search(line, place[1])]


def _extents(lines: Sequence[str], found: Sequence[tuple[int, int, int, str]], wanted: str) -> list[tuple[int, int, int, str]]:
    """Line, start, end and number of the headings around the numbers, from what they have in common before or behind the number."""
    before = [_before(lines[i], start) for i, start, _, _ in found]
    behind = [_behind(lines[i], end) for i, _, end, _ in found]
    shared = _common_end(before) or (wanted if len(wanted) >= _SHORTEST_TITLE else "")
    following = reduce(_common_start, behind) if len(behind) > 1 else ""
    known = following if is_title(following) else wanted
    extents = []
    for (i, start, end, number), ahead, after in zip(found, before, behind, strict=True):
        line = lines[i]
        bracketed = line[:start].endswith(tuple(_OPENING_BRACKETS)) and line[end:].startswith(tuple(_CLOSING_BRACKETS))
        start, end = start - bracketed, end + bracketed
        if shared and ahead.endswith(shared):
            extents.append((i, line.rindex(shared, 0, start), _behind_colon(line, end), number))
        elif bracketed or not ahead:
            extents.append((i, start, _behind_colon(line, _title_end(line, end, after, known)), number))
    return extents


def _behind_colon(line: str, end: int) -> int:
    """The end of a heading with the colon behind it."""
    return end + len(line[end:]) - len(line[end:].lstrip(":： "))


def _common_end(texts: Sequence[str]) -> str:
    """The longest ending that two neighbouring texts share, if it is long enough for a title."""
    shared = (_common_start(a[::-1], b[::-1])[::-1] for a, b in pairwise(texts))
    return max((text for text in shared if len(text) >= _SHORTEST_TITLE), key=len, default="")


def _common_start(a: str, b: str) -> str:
    """What two texts begin with alike."""
    return "".join(x for x, _ in takewhile(lambda pair: pair[0] == pair[1], zip(a, b, strict=False)))


def _before(line: str, start: int) -> str:
    """Text in front of a number back to the end of the sentence before."""
    text = line[max(0, start - _LONGEST_TITLE) : start].rstrip(_OPENING_BRACKETS + " 　")
    return text[max(text.rfind(char) for char in _SENTENCE_END) + 1 :].strip()


def _behind(line: str, end: int) -> str:
    return line[end : end + _LONGEST_TITLE].lstrip(_CLOSING_BRACKETS + " 　:：、.．")


def _title_end(line: str, end: int, after: str, known: str) -> int:
    """Where a heading ends whose title stands behind its number: what is known of it, a space, or a word for a genre."""
    start = line.find(after, end) if after else end
    if known and after.startswith(known):
        return start + len(known)
    match = _TITLE_BEHIND.match(after)
    return start + match.end() if match else end
