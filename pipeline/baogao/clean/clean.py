"""A page from the reader to its labelled blocks and its reports' clean texts."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace

from baogao.clean.block_model import load_block_model
from baogao.clean.blocks import LabelledBlock, Labeller, label_blocks
from baogao.clean.contents import contents
from baogao.clean.parts import first_blocks, settle_parts
from baogao.clean.repair import repair
from baogao.clean.sites import rules_for
from baogao.clean.split import TEXT_ROLES, Piece, split_page
from baogao.clean.statistics import SiteStatistics
from baogao.read.page import SourcePage
from baogao.read.paged import starts_of_parts
from baogao.settings import CleanSettings
from baogao.text import Edit, EditedText

_PAGE_MARK = "page_mark"


KEPT_INSIDE = {"precision": 0.8, "balanced": 0.6, "recall": 0.03}
"""By focus: how likely a line between the lines of a report must be its own text to be kept."""


_DOUBTFUL, _PARAGRAPH = 0.05, 30
"""How likely a paragraph of at least so many characters must be a report's text to be kept where the page has no other."""


@dataclass(frozen=True, slots=True)
class CleanReport:
    """One report of a page. `text.text` is its clean text, `spans` are the raw characters that belong to it.

    `body_start` is where the text behind the page's heading for the report begins, in the clean text.
    """

    ordinal: int
    title: str | None
    spans: tuple[tuple[int, int], ...]
    text: EditedText
    body_start: int

    @property
    def raw_start(self) -> int:
        """First raw character."""
        return self.spans[0][0]

    @property
    def raw_end(self) -> int:
        """Behind the last raw character."""
        return self.spans[-1][1]


@dataclass(frozen=True, slots=True)
class CleanPage:
    """A page repaired, labelled and split; `claimed` is the number of reports that its title claims, None if it claims none."""

    source: SourcePage
    repaired: EditedText
    blocks: tuple[LabelledBlock, ...]
    reports: tuple[CleanReport, ...]
    claimed: int | None

    @property
    def miscounted(self) -> bool:
        """Whether the page's title claims another number of reports than the page holds."""
        return self.claimed is not None and self.claimed != len(self.reports)


def clean_page(page: SourcePage, statistics: SiteStatistics | None, settings: CleanSettings) -> CleanPage:
    """Repair, label and split one page."""
    repaired = repair(page.text.raw, settings)
    labeller = Labeller(load_block_model(), rules_for(page.site, settings.sites))
    starts = starts_of_parts(page.text.metadata)
    blocks = settle_parts(label_blocks(repaired, page.text, statistics, labeller), starts)
    parts = first_blocks(blocks, starts)
    split = split_page(blocks, page.text.title, page.text.raw, parts)
    if not split.pieces:
        blocks = _doubtful_as_body(blocks)
        split = split_page(blocks, page.text.title, page.text.raw, parts)
    blocks = _settled(blocks, split.pieces, KEPT_INSIDE[settings.focus])
    reports = tuple(_report(repaired, blocks, ordinal, piece) for ordinal, piece in enumerate(split.pieces, 1))
    return CleanPage(page, repaired, tuple(blocks), reports, split.claimed)


def _doubtful_as_body(blocks: Sequence[LabelledBlock]) -> list[LabelledBlock]:
    """The blocks of a page on which no report was found, with paragraphs that may be one's text taken for it.

    A page that is nothing but a short report gives the model little to go by; one of menus or spam holds no such paragraph.
    """
    return [
        replace(block, role="body", reason="no other text on the page", score=round(block.own, 4), own=1.0)
        if block.own >= _DOUBTFUL and len(block.text) >= _PARAGRAPH and block.role != "title"
        else block
        for block in blocks
    ]


def _settled(blocks: Sequence[LabelledBlock], pieces: Sequence[Piece], least: float) -> list[LabelledBlock]:
    """The blocks with the roles that the split gives them.

    A report's opening is its title; inside a report its own text is what is so with a probability of at least `least`; outside of
    every report nothing is.
    """
    inside = {i for piece in pieces for i in range(piece.first, piece.last)}
    opening = {piece.first for piece in pieces if piece.heading}
    listed = contents(blocks, pieces)
    return [
        replace(block, role="navigation", reason="list of contents") if i in listed else _settle(block, i in inside, i in opening, least)
        for i, block in enumerate(blocks)
    ]


def _settle(block: LabelledBlock, inside: bool, opening: bool, least: float) -> LabelledBlock:
    own = block.role in TEXT_ROLES
    if opening:
        return block if block.role == "title" else replace(block, role="title", reason="opens a report")
    if inside and not own and block.own >= least:
        return replace(block, role="body", reason="inside a report", score=round(block.own, 4))
    if inside and own and block.own < least:
        return replace(block, role=block.other, reason="not surely of the report", score=round(1 - block.own, 4))
    if not inside and block.role == "body":
        return replace(block, role=block.other, reason="outside every report")
    return block


def _report(page: EditedText, blocks: Sequence[LabelledBlock], ordinal: int, piece: Piece) -> CleanReport:
    kept = [_with_edits(page, block) for block in blocks[piece.first : piece.last] if block.role in TEXT_ROLES]
    spans = _without_marks(page, kept)
    text = page.keep(spans)
    body_start = text.clean_span(*kept[1])[0] if piece.heading and len(kept) > 1 else 0
    return CleanReport(ordinal, piece.title, tuple(spans), text, body_start)


def _with_edits(page: EditedText, block: LabelledBlock) -> tuple[int, int]:
    """The raw span of a block, widened by the edits next to it that remove damage: what they remove is the report's, too."""
    before = bisect_left(page.edits, block.start, key=lambda edit: edit.end)
    behind = bisect_left(page.edits, block.end, key=lambda edit: edit.start)
    start, end = block.start, block.end
    if before < len(page.edits) and page.edits[before].end == start and _removes_damage(page.edits[before]):
        start = page.edits[before].start
    if behind < len(page.edits) and page.edits[behind].start == end and _removes_damage(page.edits[behind]):
        end = page.edits[behind].end
    return start, end


def _removes_damage(edit: Edit) -> bool:
    return edit.kind != _PAGE_MARK and not edit.after.strip()


def _without_marks(page: EditedText, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The spans without the page marks that a repair removed from them: these are not the report's own text."""
    marks = [edit for edit in page.edits if edit.kind == _PAGE_MARK]
    cut: list[tuple[int, int]] = []
    for start, end in spans:
        for mark in marks:
            if start < mark.start and mark.end < end:
                cut.append((start, mark.start))
                start = mark.end
        cut.append((start, end))
    return cut
