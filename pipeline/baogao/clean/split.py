"""Compendium pages split into reports.

A page's pieces open with headings of one family: numbered (篇一, 【篇1】, 第3篇, 总结1) or bare titles. The family that opens
most pieces with text behind them wins; a page without any is one report.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from baogao.clean.blocks import LabelledBlock

_N = r"[一二三四五六七八九十百\d]{1,4}"
NUMBERED: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("bracketed", re.compile(rf"^[【\[(（]\s*(?:第\s*(?P<n>{_N})\s*篇|篇\s*(?P<m>{_N}))\s*[】\])）]\s*[:：、.．]?\s*(?P<title>.*)$")),
    ("piece_first", re.compile(rf"^第\s*(?P<n>{_N})\s*[篇部]\s*[:：、.．]?\s*(?P<title>.*)$")),
    ("piece_only", re.compile(rf"^[篇范]文?\s*(?P<n>{_N})\s*[:：、.．]\s*(?P<title>.*)$|^篇\s*(?P<m>{_N})$")),
    ("title_piece", re.compile(rf"^(?P<title>.{{2,60}}?)\s*[(（【\[]?\s*(?:第\s*(?P<n>{_N})\s*篇|篇\s*(?P<m>{_N}))\s*[)）】\]]?\s*[:：]?$")),
    ("title_digit", re.compile(r"^(?P<title>.{2,50}?(?:总结|计划|方案|汇报|报告|材料|述职|心得|体会|范文|要点|打算|模板|发言稿?|讲话稿?))\s*[(（]?(?P<n>\d{1,2})[)）]?$")),
    ("digit_title", re.compile(r"^(?P<n>\d{1,2})\s*[、.．]\s*(?P<title>.{4,50}?(?:总结|计划|方案|汇报|报告|材料|述职|要点|打算))$")),
)
"""Families of numbered piece headings: name and pattern with groups n (or m), the number, and title."""

_TITLE_END = re.compile(
    r"(?:总结|计划|方案|汇报|报告|材料|述职|述职述廉|要点|打算|意见|办法|倡议书|讲话稿?|发言稿?|心得|体会|安排|简报|情况|工作|事迹)(?:[(（][^)）]{1,12}[)）]|[一二三四五六七八九十\d]{1,2}|年)?$"
)
_HEADING = re.compile(rf"^\s*(?:[(（]?\s*{_N}\s*[)）、.．:：]|第{_N}[章节条部、，]|[①-⑳])")
_MAX_TITLE = 45
_MIN_PIECE = 80
"""Characters of text that must follow a bare title before it counts as the opening of a report."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Blocks [first, last) of a page that make one report; `heading` says whether the first is its title line."""

    first: int
    last: int
    title: str | None
    heading: bool


def split_page(blocks: Sequence[LabelledBlock], page_title: str | None) -> list[Piece]:
    """Pieces of a page in order; blocks before the first and behind the last belong to none."""
    openings = _numbered(blocks) or _titled(blocks, page_title)
    if not openings:
        return _single(blocks, page_title)
    bounds = [*(i for i, _ in openings), len(blocks)]
    pieces = []
    for (first, title), last in zip(openings, bounds[1:], strict=True):
        piece = _trim(blocks, Piece(first, last, title, True))
        if _text_length(blocks, piece.first + 1, piece.last):
            pieces.append(piece)
    return pieces


def _numbered(blocks: Sequence[LabelledBlock]) -> list[tuple[int, str | None]]:
    """Openings of the numbered family that has the longest run of rising numbers, at least two of them."""
    best: list[tuple[int, str | None]] = []
    for _, pattern in NUMBERED:
        found = []
        for i, block in enumerate(blocks):
            match = pattern.match(block.text) if len(block.text) <= 80 and block.role in ("body", "title") else None
            if match:
                groups = match.groupdict()
                number = groups["n"] or groups.get("m")
                found.append((i, chinese_number(number or ""), (groups["title"] or "").strip() or None))
        run = _rising(found)
        if len(run) >= 2 and len(run) > len(best):
            best = [(i, title) for i, _, title in run]
    return best


def _rising(found: Sequence[tuple[int, int, str | None]]) -> list[tuple[int, int, str | None]]:
    """The longest stretch in which numbers rise: a list of contents before the pieces starts anew and loses."""
    best: list[tuple[int, int, str | None]] = []
    run: list[tuple[int, int, str | None]] = []
    for item in found:
        if run and item[1] <= run[-1][1]:
            run = []
        run.append(item)
        if len(run) >= len(best) and (len(run) > len(best) or run[0][0] > best[0][0]):
            best = list(run)
    return best


def chinese_number(text: str) -> int:
    """Value of a number up to 99 in digits or Chinese numerals; 0 for none.

    >>> chinese_number("二十三"), chinese_number("十"), chinese_number("7")
    (23, 10, 7)
    """
    if text.isdigit():
        return int(text)
    digits = {char: value for value, char in enumerate("零一二三四五六七八九")}
    tens, ten, units = text.rpartition("十")
    if not ten:
        return digits.get(text, 0)
    return digits.get(tens, 1) * 10 + digits.get(units, 0)


def is_title(text: str) -> bool:
    """Whether a line reads like the title of a report: short, without sentence punctuation, ending in a word for a genre."""
    return 4 <= len(text) <= _MAX_TITLE and not re.search(r"[。；！？;!?]|[，,].*[，,]", text) and not _HEADING.match(text) and bool(_TITLE_END.search(text))


def _titled(blocks: Sequence[LabelledBlock], page_title: str | None) -> list[tuple[int, str | None]]:
    """Openings by bare titles, if there are several with a report's worth of text behind each."""
    found = [i for i, block in enumerate(blocks) if block.role == "body" and is_title(block.text)]
    openings = []
    for place, i in enumerate(found):
        following = found[place + 1] if place + 1 < len(found) else len(blocks)
        previous = next((blocks[j].text for j in range(i - 1, -1, -1) if blocks[j].role == "body"), "")
        ends = not previous or not previous.endswith(("，", ",", "、", "：", ":"))
        if _text_length(blocks, i + 1, following) >= _MIN_PIECE and ends:
            openings.append((i, blocks[i].text))
    return openings if len(openings) >= 2 else []


def _text_length(blocks: Sequence[LabelledBlock], first: int, last: int) -> int:
    return sum(len(block.text) for block in blocks[first:last] if block.role == "body")


def _single(blocks: Sequence[LabelledBlock], page_title: str | None) -> list[Piece]:
    """The page as one report: from its title line, where it shows one, to the last line of text."""
    bodies = [i for i, block in enumerate(blocks) if block.role == "body"]
    if not bodies:
        return []
    start = next((i for i in bodies if is_title(blocks[i].text) and _text_length(blocks, i + 1, len(blocks))), None)
    long = next((i for i in bodies if len(blocks[i].text) >= 40), bodies[0])
    if start is None or start > long:
        start = long
        while start - 1 in bodies and blocks[start - 1].role == "body" and len(blocks[start - 1].text) >= 4:
            start -= 1
    heading = is_title(blocks[start].text)
    return [_trim(blocks, Piece(start, len(blocks), blocks[start].text if heading else None, heading))]


def _is_remnant(blocks: Sequence[LabelledBlock], first: int, i: int) -> bool:
    """Whether a short line stands behind boilerplate only: a button or price among prompts, not a signature behind text."""
    previous = blocks[i - 1].role if i > first + 1 else "body"
    return previous != "body" and len(blocks[i].text) < 30 and not re.search(r"[。；]$|\d{1,2}月", blocks[i].text)


_CUT = ("related", "comment", "navigation")


def _trim(blocks: Sequence[LabelledBlock], piece: Piece) -> Piece:
    """The piece without what follows its last line of text; a list of related pages or comments ends it."""
    last = piece.last
    for i in range(piece.first + 1, piece.last):
        if blocks[i].role in _CUT and _text_length(blocks, piece.first + 1, i) >= _MIN_PIECE:
            last = i
            break
    while last > piece.first + 1 and (blocks[last - 1].role != "body" or _is_remnant(blocks, piece.first, last - 1)):
        last -= 1
    return Piece(piece.first, last, piece.title, piece.heading)
