"""Every block of a page labelled with what it is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from baogao.clean.statistics import SiteStatistics
from baogao.read.page import RawBlock, SourcePage
from baogao.resources import load_yaml
from baogao.text import EditedText

@dataclass(frozen=True, slots=True)
class LabelledBlock:
    """A block, or the part of one that plays another role, with its repaired text; start and end count in the raw text."""

    start: int
    end: int
    text: str
    role: str
    reason: str
    score: float
    path: str = ""


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    table = load_yaml("configs", "words", "blocks.yaml")
    return tuple((role, re.compile("|".join(f"(?:{pattern})" for pattern in patterns))) for role, patterns in table.items())


def statistics_lines(page: SourcePage) -> list[str]:
    """The lines of a page that site statistics count: all of them as they stand in the raw text."""
    return [page.text.raw[block.start : block.end] for block in page.text.blocks]


def label_blocks(page: EditedText, blocks: Sequence[RawBlock], statistics: SiteStatistics | None) -> list[LabelledBlock]:
    """Roles of the blocks by their wording, their share of links and how many of the site's pages carry them too."""
    labelled = []
    for block in blocks:
        for start, end in _lines(page, block):
            clean_start, clean_end = page.clean_span(start, end)
            text = page.text[clean_start:clean_end]
            if len(text) < _PARAGRAPH:
                labelled.append(LabelledBlock(start, end, text.strip(), *_role(text.strip(), block, statistics), block.path))
                continue
            pieces = _pieces(text)
            noise = [piece for piece in pieces if piece[2] != "body"]
            if sum(end - start for start, end, _, _ in noise) > _MOSTLY * len(text):
                labelled.append(LabelledBlock(start, end, text.strip(), noise[0][2], noise[0][3], 0.9, block.path))
                continue
            for piece_start, piece_end, role, reason in pieces:
                raw_start, raw_end = page.raw_span(clean_start + piece_start, clean_start + piece_end)
                piece = text[piece_start:piece_end].strip()
                labelled.append(LabelledBlock(raw_start, raw_end, piece, role, reason, 0.9, block.path))
    return _mark_tail(labelled)


_PARAGRAPH = 120
"""From this length on a line is judged sentence by sentence, in characters."""
_MOSTLY = 0.3
"""A paragraph with more than this share of noise is noise as a whole."""
_NOISE_SENTENCE = re.compile(r"[(（【\[|]?[^。！？!?(（【\[|]*(?:[。！？!?)）】\]|]+|$)")


def _pieces(text: str) -> list[tuple[int, int, str, str]]:
    """A paragraph cut into the text itself and the sentences or brackets in it that are noise: (start, end, role, reason)."""
    pieces: list[tuple[int, int, str, str]] = []
    for match in _NOISE_SENTENCE.finditer(text):
        found = _wording(match.group()) if match.end() > match.start() and len(match.group()) < 200 else None
        role, reason = found if found and found[0] in _INLINE_ROLES else ("body", "text")
        if pieces and pieces[-1][2] == role:
            pieces[-1] = (pieces[-1][0], match.end(), role, pieces[-1][3])
        elif match.end() > match.start():
            pieces.append((match.start(), match.end(), role, reason))
    return pieces


_INLINE_ROLES = ("advert", "boilerplate", "editor_note")


def _wording(text: str) -> tuple[str, str] | None:
    for role, pattern in _patterns():
        match = pattern.search(text)
        if match:
            return role, f"wording: {match.group()[:20]}"
    return None


_TAIL_SHARE = 0.35


def _mark_tail(blocks: list[LabelledBlock]) -> list[LabelledBlock]:
    """What follows the heading of a list of related pages near the page's end is that list, however long its lines are."""
    total = sum(len(block.text) for block in blocks if block.role == "body")
    behind = 0
    for i in range(len(blocks) - 1, -1, -1):
        if blocks[i].role == "related" and blocks[i].reason.startswith("wording") and len(blocks[i].text) < 20 and behind < _TAIL_SHARE * total:
            tail = (replace(block, role="related", reason="in a list of related pages") for block in blocks[i + 1 :])
            return [*blocks[: i + 1], *tail]
        behind += len(blocks[i].text) if blocks[i].role == "body" else 0
    return blocks


def _lines(page: EditedText, block: RawBlock) -> list[tuple[int, int]]:
    """The block, cut where a repair put a line break into it."""
    cuts = [edit for edit in page.edits if "\n" in edit.after and block.start < edit.start and edit.end < block.end]
    bounds = [block.start, *(place for edit in cuts for place in (edit.start, edit.end)), block.end]
    return [(start, end) for start, end in zip(bounds[::2], bounds[1::2], strict=True) if start < end]


def _role(text: str, block: RawBlock, statistics: SiteStatistics | None) -> tuple[str, str, float]:
    if not text:
        return "boilerplate", "empty", 1.0
    found = _wording(text)
    if found:
        return *found, 0.9
    if block.link_share > 0.6:
        return "related" if len(text) > 12 else "navigation", "links", 0.9
    if statistics is not None and statistics.repeats(text):
        return "boilerplate", "stands on many pages of the site", 0.9
    return "body", "text", 0.8
