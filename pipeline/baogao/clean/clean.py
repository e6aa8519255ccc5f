"""A page from the reader to its labelled blocks and its reports' clean texts."""

from __future__ import annotations

from dataclasses import dataclass, replace

from baogao.clean.blocks import LabelledBlock, label_blocks
from baogao.clean.repair import repair
from baogao.clean.split import split_page
from baogao.clean.statistics import SiteStatistics
from baogao.read.page import SourcePage
from baogao.settings import CleanSettings
from baogao.text import EditedText


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
    """A page repaired, labelled and split."""

    source: SourcePage
    repaired: EditedText
    blocks: tuple[LabelledBlock, ...]
    reports: tuple[CleanReport, ...]


def clean_page(page: SourcePage, statistics: SiteStatistics | None, settings: CleanSettings) -> CleanPage:
    """Repair, label and split one page."""
    repaired = repair(page.text.raw, settings)
    blocks = label_blocks(repaired, page.text.blocks, statistics)
    reports = []
    for ordinal, piece in enumerate(split_page(blocks, page.text.title), 1):
        if piece.heading:
            blocks[piece.first] = replace(blocks[piece.first], role="title", reason="opens a report", score=0.9)
        kept = [block for block in blocks[piece.first : piece.last] if block.role in ("body", "title")]
        spans = _with_marks(repaired, [(block.start, block.end) for block in kept])
        text = repaired.keep(spans)
        body_start = text.text.find("\n") + 1 if piece.heading else 0
        reports.append(CleanReport(ordinal, piece.title, tuple(spans), text, body_start))
    return CleanPage(page, repaired, tuple(blocks), tuple(reports))


def _with_marks(page: EditedText, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The spans without the page marks that a repair removed from them: these are not the report's own text."""
    marks = [edit for edit in page.edits if edit.kind == "page_mark"]
    cut: list[tuple[int, int]] = []
    for start, end in spans:
        for mark in marks:
            if start < mark.start and mark.end < end:
                cut.append((start, mark.start))
                start = mark.end
        cut.append((start, end))
    return cut
