"""Passages: the spans of an archive that edges connect, each listed at the highest level at which it has all its uses.

A sentence that stands only where its paragraph stands says nothing that the paragraph does not; it is left out. A sentence that
stands in more places than its paragraph is a passage of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from baogao.reuse.alike import Numbers, components, groups_of
from baogao.reuse.edges import EDGE
from baogao.reuse.formula import FORMULA
from baogao.reuse.store import Store
from baogao.reuse.tasks import load_rows
from baogao.reuse.units import Level

SPAN = np.dtype([("level", "u1"), ("report", "<u4"), ("start", "<u4"), ("end", "<u4")])
USE = np.dtype([("passage", "<u4"), ("level", "u1"), ("formula", "?"), ("report", "<u4"), ("start", "<u4"), ("end", "<u4")])
"""A use of a passage, in the folded text of a report; passages are counted from 0 in the order of their first use."""

_OVERLAP = 0.8


@dataclass(frozen=True, slots=True)
class Spans:
    """Distinct spans, sorted by report, start, falling end and level; the passage of each, and whether it was moved somewhere."""

    rows: NDArray[Any]
    labels: Numbers
    moved: NDArray[np.bool_]


def collect_uses(store: Store, edges: Sequence[Path], formulas: Sequence[Path], first: Numbers) -> NDArray[Any]:
    """All uses of all passages, sorted by passage, report and place, those in exact copies of a report included.

    `edges` and `formulas` are files of rows EDGE and FORMULA, `first` the first copy of each report.
    """
    spans = _maximal(_label(np.concatenate([np.empty(0, EDGE), *map(load_rows, edges)]), _copied_reports(store, first)))
    formula = np.concatenate([np.empty(0, FORMULA), *map(load_rows, formulas)])
    _, numbers = np.unique(formula["key"], return_inverse=True)
    uses = np.zeros(len(spans.rows) + len(formula), USE)
    for field in ("report", "start", "end"):
        uses[field] = np.concatenate([spans.rows[field], formula[field]])
    uses["level"] = np.concatenate([spans.rows["level"], np.full(len(formula), Level.PART)])
    uses["formula"] = np.arange(len(uses)) >= len(spans.rows)
    labels = np.concatenate([spans.labels, numbers.reshape(-1) + spans.labels.max(initial=0) + 1])
    return _numbered(*_with_copies(uses, labels, first))


def _copied_reports(store: Store, first: Numbers) -> NDArray[Any]:
    """The whole of each report that has exact copies, and more than nothing to copy."""
    copied = np.unique(first[first != np.arange(len(first))])
    starts, ends = store.folded_spans
    rows = np.zeros(len(copied), SPAN)
    rows["level"], rows["report"], rows["end"] = Level.REPORT, copied, (ends - starts)[copied]
    return rows[rows["end"] > 0]


def _label(edges: NDArray[Any], wholes: NDArray[Any]) -> Spans:
    """Spans at either end of an edge, and whole reports, with the least index of those that each is connected to."""
    sides = []
    for side in ("a", "b"):
        rows = np.zeros(len(edges), SPAN)
        rows["level"], rows["report"] = edges["level"], edges[side]
        rows["start"], rows["end"] = edges[f"start_{side}"], edges[f"end_{side}"]
        sides.append(rows)
    every = np.concatenate([*sides, wholes])
    order = np.lexsort((every["level"], -every["end"].astype(np.int64), every["start"], every["report"]))
    starts, _ = groups_of(np.stack([every[field][order].astype(np.int64) for field in ("level", "report", "start", "end")], axis=1))
    index = np.empty(len(every), np.int64)
    index[order] = np.repeat(np.arange(len(starts)), np.diff(starts, append=len(every)))
    rows = every[order[starts]]
    one, other = index[: len(edges)], index[len(edges) : 2 * len(edges)]
    nearly = _overlapping_parts(rows)
    labels = components(np.concatenate([one, nearly[0]]), np.concatenate([other, nearly[1]]), len(rows))
    moved = np.bincount(np.concatenate([one, other]), np.tile(edges["moved"], 2), len(rows)) > 0
    return _once_each(Spans(rows, labels, moved))


def _overlapping_parts(rows: NDArray[Any]) -> tuple[Numbers, Numbers]:
    """Neighbouring parts of one report that are nearly the same stretch: copies of it that end a few characters apart."""
    parts = np.flatnonzero(rows["level"] == Level.PART)
    one, other = parts[:-1], parts[1:]
    start = np.maximum(rows["start"][one], rows["start"][other]).astype(np.int64)
    end = np.minimum(rows["end"][one], rows["end"][other]).astype(np.int64)
    whole = np.maximum(rows["end"][one], rows["end"][other]).astype(np.int64) - np.minimum(rows["start"][one], rows["start"][other])
    same = (rows["report"][one] == rows["report"][other]) & (end - start >= _OVERLAP * whole)
    return one[same], other[same]


def _once_each(spans: Spans) -> Spans:
    """Spans of which none overlaps another use of the same passage in its report; of those that do the first stays."""
    rows, labels = spans.rows, spans.labels
    order = np.lexsort((np.arange(len(rows)), labels))
    kept = np.zeros(len(rows), bool)
    last_label, last_report, last_end = -1, -1, 0
    columns = (labels[order].tolist(), rows["report"][order].tolist(), rows["start"][order].tolist(), rows["end"][order].tolist())
    for i, label, report, start, end in zip(order.tolist(), *columns, strict=True):
        if label != last_label or report != last_report or start >= last_end:
            kept[i] = True
            last_label, last_report, last_end = label, report, end
    return Spans(rows[kept], labels[kept], spans.moved[kept])


def _maximal(spans: Spans) -> Spans:
    """Without the passages of which every use lies in a use of one and the same larger passage that has as many uses.

    What was moved stays, unless the larger passage was moved with it: the larger one alone would not show where it went.
    """
    parents = _enclosing(spans.rows)
    outer = np.where((parents >= 0) & (spans.moved <= spans.moved[parents]), spans.labels[parents], -1)
    count = np.bincount(spans.labels, minlength=1)
    least, most = np.full(len(count), len(count), np.int64), np.full(len(count), -1, np.int64)
    np.minimum.at(least, spans.labels, outer)
    np.maximum.at(most, spans.labels, outer)
    implied = (least == most) & (least >= 0) & (count == count[np.clip(least, 0, len(count) - 1)])
    kept = ~implied[spans.labels]
    return Spans(spans.rows[kept], spans.labels[kept], spans.moved[kept])


def _enclosing(rows: NDArray[Any]) -> Numbers:
    """Index of the smallest span of the same report around each span, -1 for none; rows are sorted as in Spans."""
    parents = np.full(len(rows), -1, np.int64)
    stack: list[tuple[int, int, int]] = []
    columns = (rows["report"].tolist(), rows["end"].tolist(), rows["start"].tolist())
    for i, (report, end, start) in enumerate(zip(*columns, strict=True)):
        while stack and (stack[-1][0] != report or stack[-1][1] <= start):
            stack.pop()
        for outer_report, outer_end, j in reversed(stack):
            if outer_report == report and outer_end >= end:
                parents[i] = j
                break
        stack.append((report, end, i))
    return parents


def _with_copies(uses: NDArray[Any], labels: Numbers, first: Numbers) -> tuple[NDArray[Any], Numbers]:
    """The uses, and the same in every exact copy of their report."""
    order = np.argsort(first, kind="stable")
    starts, sizes = np.zeros(len(first), np.int64), np.zeros(len(first), np.int64)
    begins, lengths = groups_of(first[order])
    starts[first[order][begins]], sizes[first[order][begins]] = begins, lengths
    repeated = np.repeat(np.arange(len(uses)), sizes[uses["report"]])
    rank = np.arange(len(repeated)) - np.repeat(np.cumsum(sizes[uses["report"]]) - sizes[uses["report"]], sizes[uses["report"]])
    copies = uses[repeated]
    copies["report"] = order[starts[uses["report"]][repeated] + rank]
    return copies, labels[repeated]


def _numbered(uses: NDArray[Any], labels: Numbers) -> NDArray[Any]:
    """Uses sorted by passage, report and place; passages of one use left out, the others numbered by their first use."""
    many = np.bincount(labels, minlength=1)[labels] > 1
    uses, labels = uses[many], labels[many]
    by_place = np.lexsort((uses["level"], uses["end"], uses["start"], uses["report"]))
    uses, labels = uses[by_place], labels[by_place]
    _, first_use, inverse = np.unique(labels, return_index=True, return_inverse=True)
    uses["passage"] = np.argsort(np.argsort(first_use))[inverse.reshape(-1)]
    return uses[np.argsort(uses["passage"], kind="stable")]
