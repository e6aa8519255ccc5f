"""Blocks of a page cut into the lines that can play different roles.

A block is cut where a repair put a line break into it, around a piece heading that lost its own line (…谢谢大家！社区工作总结篇2
一年来…), and around sentences and brackets that are surely the site's (watermarks, download prompts).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from baogao.clean.block_wording import WordingRule, has_sign, inline_rule, may_hold_noise, sure_rule
from baogao.clean.split_markers import glued_headings
from baogao.clean.statistics import BRACKETED, SiteStatistics
from baogao.read.page import RawBlock
from baogao.text import EditedText

_CLAUSE = re.compile(r"[^。！？!?…(（【\[|〔]*(?:[。！？!?…)）】\]|〕]+|(?=[(（【\[〔])|$)")
_BRACKETS = {"(": ")", "（": "）", "【": "】", "[": "]", "〔": "〕"}
STAMP = WordingRule("stamp", "advert", BRACKETED, 60, blurred=False)
_STAMP_SIGNS = ("site_words", "text_reference", "service", "trade")
_MANY_SIGNS = 2
"""So many kinds of a site's wording in one bracket are none of a report's: 此资料转载于某网，欢迎下载."""
_SPOKEN = re.compile(r"[\w]")
_SCRAP = 2
"""What is left behind a cut with no more letters than this goes with it: 。 or 更多。"""


@dataclass(frozen=True, slots=True)
class Cut:
    """A stretch of a line with its repaired text, as far as the line goes on in one role; offsets count in the raw text.

    `rule` is the rule that cut it out of the line, None for the line's own text.
    """

    start: int
    end: int
    text: str
    rule: WordingRule | None


@dataclass(frozen=True, slots=True)
class CutLine:
    """A line of a block: its own text, without what was cut out, and the stretches it consists of, in order.

    `rule` is the rule of wording that says what the whole line is, if there is one.
    """

    text: str
    block: RawBlock
    rule: WordingRule | None
    cuts: tuple[Cut, ...]

    @property
    def start(self) -> int:
        """First character, in the raw text."""
        return self.cuts[0].start

    @property
    def end(self) -> int:
        """Behind the last character, in the raw text."""
        return self.cuts[-1].end


def cut_lines(page: EditedText, blocks: Sequence[RawBlock], title: str | None, statistics: SiteStatistics | None = None) -> list[CutLine]:
    """Lines of all blocks in order, without white space at their edges; those without text are left out.

    `title` is the page's own, by which headings that lost their line are recognised; `statistics` tell the brackets that the
    site puts into its texts.
    """
    breaks = [(edit.start, edit.end) for edit in page.edits if "\n" in edit.after]
    lines = [(block, page.clean_span(start, end)) for block, start, end in _broken(blocks, breaks)]
    texts = [page.text[start:end] for _, (start, end) in lines]
    stamps = _stamps(texts, statistics)
    cut: list[CutLine] = []
    for (block, (start, _)), text, places in zip(lines, texts, glued_headings(texts, title), strict=True):
        for first, last in places:
            if text[first:last].strip():
                cut.append(_line(page, block, start, _stripped(text, first, last), stamps))
    return cut


def _line(page: EditedText, block: RawBlock, start: int, span: tuple[int, int, str], stamps: frozenset[str]) -> CutLine:
    """The line at span of the block's text, which begins at `start` of the page's repaired text."""
    first, last, text = span
    whole = sure_rule(text)
    if whole:
        return CutLine(text, block, whole, (Cut(*page.raw_span(start + first, start + last), text, None),))
    cuts = [
        Cut(*page.raw_span(start + first + a, start + first + b), inner, rule)
        for a, b, inner, rule in ((*_stripped(text, x, y), rule) for x, y, rule in _pieces(text, stamps))
        if inner
    ]
    own = "".join(cut.text for cut in cuts if cut.rule is None)
    return CutLine(own or text, block, None if own else cuts[0].rule, tuple(cuts))


def _stripped(text: str, first: int, last: int) -> tuple[int, int, str]:
    """text[first:last] without white space at its edges: its place and itself."""
    inner = text[first:last]
    first += len(inner) - len(inner.lstrip())
    return first, first + len(inner.strip()), inner.strip()


def _broken(blocks: Sequence[RawBlock], breaks: Sequence[tuple[int, int]]) -> Iterator[tuple[RawBlock, int, int]]:
    """The raw spans of the blocks, cut at the line breaks that repairs put into them."""
    i = 0
    for block in blocks:
        start = block.start
        while i < len(breaks) and breaks[i][1] < block.end:
            if breaks[i][0] > start:
                yield block, start, breaks[i][0]
            start = max(start, breaks[i][1])
            i += 1
        yield block, start, block.end


def _stamps(texts: Sequence[str], statistics: SiteStatistics | None) -> frozenset[str]:
    """Brackets that are the site's: those that many of its pages carry, those of a site's wording that stand on this page in several
    places, each time between other words, and those that are a site's wording in more than one way."""
    places: dict[str, list[str]] = {}
    for text in texts:
        for match in BRACKETED.finditer(text):
            places.setdefault(match.group(), []).append(text[max(0, match.start() - 6) : match.start()])
    return frozenset(
        stamp
        for stamp, before in places.items()
        if (signs := sum(has_sign(sign, stamp) for sign in _STAMP_SIGNS)) >= _MANY_SIGNS
        or (len(before) > 1 and len(set(before)) == len(before) and signs)
        or (statistics is not None and statistics.repeats(stamp, None))
    )


def _pieces(text: str, stamps: frozenset[str]) -> list[tuple[int, int, WordingRule | None]]:
    """A line as stretches of its own text and sentences or brackets that rules cut out."""
    if not may_hold_noise(text) and not any(stamp in text for stamp in stamps):
        return [(0, len(text), None)]
    pieces: list[tuple[int, int, WordingRule | None]] = []
    for first, last in _clauses(text):
        clause = text[first:last].strip()
        rule = STAMP if clause in stamps else inline_rule(clause)
        if not rule and pieces and pieces[-1][2] and len(_SPOKEN.findall(clause)) <= _SCRAP:
            rule = pieces[-1][2]
        if pieces and _role(pieces[-1][2]) == _role(rule):
            pieces[-1] = (pieces[-1][0], last, pieces[-1][2])
        else:
            pieces.append((first, last, rule))
    return pieces


def _role(rule: WordingRule | None) -> str:
    return rule.role if rule else ""


def _clauses(text: str) -> Iterator[tuple[int, int]]:
    """Sentences and bracketed stretches of a line, without gaps; a bracket holds the full stops inside it."""
    place = 0
    while place < len(text):
        closing = _BRACKETS.get(text[place])
        last = text.find(closing, place) + 1 if closing else 0
        if not last:
            match = _CLAUSE.match(text, place + 1)
            last = match.end() if match else len(text)
        yield place, last
        place = last
