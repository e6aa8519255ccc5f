"""Pairs of reports that share copied text or are near-duplicates, with exact similarities and relations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray

from baogao.records import Pair, to_arrow
from baogao.reuse.align import merged
from baogao.reuse.alike import MEASURED, Numbers, distinct_pairs, groups_of, jaccard, measure
from baogao.reuse.relations import Facts, direction, facts_of, months_between, place_relation, same_issuer
from baogao.reuse.store import Store
from baogao.reuse.tasks import load_rows

SHARED = np.dtype([("a", "<u4"), ("b", "<u4"), ("start", "<u4"), ("end", "<u4")])
"""Report b has the passage that stands at [start, end) in the folded text of report a < b."""


def shared_by(uses: NDArray[Any], first: Numbers, most: int) -> tuple[NDArray[Any], int]:
    """Pairs that the uses of one passage (sorted by report) make, exact copies left out, and the number of reports that it joins.

    Of more than `most` reports each is paired with the first one and the one before it only.
    """
    uses = uses[first[uses["report"]] == uses["report"]]
    spans: dict[int, list[tuple[int, int]]] = {}
    for report, start, end in uses[["report", "start", "end"]].tolist():
        spans.setdefault(report, []).append((start, end))
    reports = list(spans)
    if len(reports) <= most:
        pairs = list(combinations(reports, 2))
    else:
        pairs = [(reports[0], report) for report in reports[1:]] + list(pairwise(reports[1:]))
    return np.array([(a, b, start, end) for a, b in pairs for start, end in spans[a]], SHARED), len(reports)


def write_pairs(out: Path, folder: Path, files: Sequence[Path], reports: tuple[int, int], threshold: float) -> None:
    """Task: write the rows of table `pairs` whose report_a lies in a range.

    `files` are the measured pairs and the first copies of the archive, then the files of SHARED rows of all passages.
    """
    store, first = Store(folder), load_rows(files[1])
    chars = _shared_chars(files[2:], reports)
    known = _in_range(load_rows(files[0]), reports)
    listed = set(map(tuple, known[["a", "b"]].tolist()))
    rest = [pair for pair in sorted(chars) if pair not in listed]
    more = measure(store, distinct_pairs([np.array(rest, np.int64).reshape(-1, 2).T]))
    copies = _copies(store, first, reports)
    rows = np.concatenate([known, more, copies])
    rows = rows[np.lexsort((rows["b"], rows["a"]))]
    starts, ends = store.folded_spans
    chars |= {(a, b): int(ends[a] - starts[a]) for a, b in copies[["a", "b"]].tolist()}
    pq.write_table(to_arrow("pairs", _records(store, rows, chars, threshold)), out, compression="zstd")


def _in_range(rows: NDArray[Any], reports: tuple[int, int]) -> NDArray[Any]:
    first, last = np.searchsorted(rows["a"], reports)
    return np.asarray(rows[first:last])


def _shared_chars(files: Sequence[Path], reports: tuple[int, int]) -> dict[tuple[int, int], int]:
    """Characters of report a in passages that report b has too, each counted once."""
    rows = np.concatenate([np.empty(0, SHARED), *(_in_range(load_rows(path), reports) for path in files)])
    rows = rows[np.lexsort((rows["start"], rows["b"], rows["a"]))]
    chars = {}
    for start, size in zip(*groups_of(np.stack([rows["a"], rows["b"]], axis=1)), strict=True):
        own = rows[start : start + size]
        spans = merged(own[["start", "end"]].tolist())
        chars[int(own["a"][0]), int(own["b"][0])] = sum(end - begin for begin, end in spans)
    return chars


def _copies(store: Store, first: Numbers, reports: tuple[int, int]) -> NDArray[Any]:
    """A measured row for each exact copy of a report in the range, paired with that report."""
    copies = np.flatnonzero((first >= reports[0]) & (first < reports[1]) & (first != np.arange(len(first))))
    starts, ends = store.folded_spans
    copies = copies[ends[copies] > starts[copies]]
    rows = np.empty(len(copies), MEASURED)
    rows["a"], rows["b"] = first[copies], copies
    originals, place = np.unique(first[copies], return_inverse=True)
    alone = np.repeat(originals[:, None], 2, axis=1).astype(np.uint32)
    grams = measure(store, np.ascontiguousarray(alone).view([("a", "<u4"), ("b", "<u4")]).reshape(-1))["grams_a"]
    for field in ("shared", "grams_a", "grams_b"):
        rows[field] = grams[place]
    return rows


def _records(store: Store, rows: NDArray[Any], chars: dict[tuple[int, int], int], threshold: float) -> Iterator[Pair]:
    numbers = np.unique(np.concatenate([rows["a"], rows["b"]]))
    facts = dict(zip(numbers.tolist(), map(facts_of, store.columns.take(numbers).to_pylist()), strict=True))
    for row, similarity in zip(rows.tolist(), jaccard(rows).tolist(), strict=True):
        a, b, shared, grams_a, grams_b = row
        yield _record(facts[a], facts[b], similarity, (shared / max(grams_a, 1), shared / max(grams_b, 1)), chars.get((a, b), 0), threshold)


def _record(a: Facts, b: Facts, similarity: float, containment: tuple[float, float], chars: int, threshold: float) -> Pair:
    which, basis = direction(a, b)
    least, most = months_between(a, b)
    return Pair(
        a.report_id,
        b.report_id,
        round(similarity, 6),
        round(containment[0], 6),
        round(containment[1], 6),
        chars,
        similarity >= threshold,
        a.page_id == b.page_id,
        a.site is not None and a.site == b.site,
        same_issuer(a, b),
        place_relation(a, b),
        which,
        basis,
        least,
        most,
    )
