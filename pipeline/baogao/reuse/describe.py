"""What is said of a passage and its uses: where they begin and end, how they are spread, and whether they are quoted."""

from __future__ import annotations

import re
from array import array
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from baogao.identifiers import derive_id
from baogao.reuse.folding import Codes, fold, fold_readable, text_of
from baogao.reuse.quotes import quotations, quoted_chars
from baogao.reuse.recent import Recent
from baogao.reuse.store import Store
from baogao.reuse.templates import Excerpt
from baogao.reuse.units import Level

KINDS = ("copied", "formula", "quoted")

_LEVELS = {Level.REPORT: "report", Level.SECTION: "section", Level.PARAGRAPH: "paragraph"}
_CLAUSE_BREAKS = "，,。；;：:！!？?\n"
_LEAD = 12
_OPENINGS = re.compile(r"[“‘『「《（(]*\Z")
_CLOSINGS = re.compile(r"[”’』」》）)。！？!?；;]*")
_QUOTED = 0.8


class Use(NamedTuple):
    """A row USE."""

    passage: int
    level: int
    formula: bool
    report: int
    start: int
    end: int


@dataclass(frozen=True)
class Page:
    """What a passage needs of a report: its code points, the clean text, the place of each folded character, and its quotations."""

    codes: Codes
    text: str
    places: NDArray[np.int64]

    @cached_property
    def quotations(self) -> list[tuple[int, int]]:
        """Spans of the quotations; formulas, which are most uses, never ask."""
        return quotations(self.text)

    def span(self, use: Use) -> tuple[int, int]:
        """A use in the clean text, from its first letter to its last."""
        return int(self.places[use.start]), int(self.places[use.end - 1]) + 1


def page_of(store: Store, report: int) -> Page:
    """Prepare a report."""
    codes = store.codes(report)
    return Page(codes, text_of(codes), fold(codes)[1])


def with_marks(text: str, start: int, end: int) -> tuple[int, int]:
    """A span with the quotation marks, brackets and full stop around it."""
    opening, closing = _OPENINGS.search(text, max(0, start - 4), start), _CLOSINGS.match(text, end)
    return opening.start() if opening else start, closing.end() if closing else end


def excerpt(page: Page, use: Use) -> Excerpt:
    """A use in the clean text with the marks around it; a formula from the start of its clause, if that is near."""
    start, end = page.span(use)
    if use.formula:
        breaks = [place for place in range(max(0, start - _LEAD), start) if page.text[place] in _CLAUSE_BREAKS]
        start = breaks[-1] + 1 if breaks else start
    start, end = with_marks(page.text, start, end)
    chars, places = fold_readable(page.codes[start:end])
    return Excerpt(use.report, page.text, start, end, text_of(chars), array("q", (places + start).tobytes()))


@dataclass(frozen=True, slots=True)
class Spread:
    """Where the uses of a passage stand: reports, how often on each page, sites, and reports of the reference sample."""

    reports: frozenset[int]
    pages: Counter[int]
    sites: frozenset[int]
    sampled: frozenset[int]


def spread_of(store: Store, reports: Sequence[int], sample: NDArray[np.bool_]) -> Spread:
    """Spread of uses from the report of each; reports without a site count for none."""
    distinct = frozenset(reports)
    return Spread(
        distinct,
        Counter(store.pages[list(reports)].tolist()),
        frozenset(store.sites[list(distinct)].tolist()) - {-1},
        frozenset(report for report in distinct if sample[report]),
    )


@dataclass(frozen=True, slots=True)
class About:
    """What holds for all uses of a passage."""

    passage_id: str
    level: str
    kind: str
    spread: Spread

    @property
    def number(self) -> int:
        """The number in its identifier."""
        return int(self.passage_id[1:], 16)


def about(store: Store, uses: Sequence[Use], studied: Sequence[Excerpt], pages: Recent[Page], sample: NDArray[np.bool_]) -> About:
    """Level, kind, spread and identifier of a passage; the last from the text and the place of its first use."""
    level = _LEVELS.get(Level(uses[0].level), "sentence")
    kind = "formula" if uses[0].formula else "quoted" if _is_quoted(studied, pages) else "copied"
    first = studied[0]
    report_id = store.columns["report_id"][first.report].as_py()
    spread = spread_of(store, [use.report for use in uses], sample)
    return About(derive_id("g", level, kind, first.chars, report_id, first.start), level, kind, spread)


def _is_quoted(excerpts: Sequence[Excerpt], pages: Recent[Page]) -> bool:
    """Whether most uses of a passage stand in quotations."""
    quoted = [quoted_chars(pages[one.report].quotations, one.start, one.end) >= _QUOTED * (one.end - one.start) for one in excerpts]
    return sum(quoted) * 2 > len(quoted)
