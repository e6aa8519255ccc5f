"""Stock phrases: runs of characters that stand in very many reports, whatever else these say.

What is counted are clusters of near-duplicates, not reports, so that a report copied a thousand times does not make its sentences
formulas. Counting takes a sample of the archive of a bounded size; marking takes every report.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from baogao.reuse.alike import Alike, Numbers, groups_of
from baogao.reuse.folding import Hashes, gram_hashes
from baogao.reuse.settings import FormulaSettings, ReuseSettings
from baogao.reuse.store import Store
from baogao.reuse.tasks import Task, load_rows, run_tasks, save_rows, slice_of_keys

PHRASE = 8
"""Characters of the runs that are counted: 的正确领导下在街 is in many reports because 的正确领导下 is."""
COUNTED = np.dtype([("key", "<u8"), ("cluster", "<u4")])
_SHIFT = np.uint64(44)
FORMULA = np.dtype([("report", "<u4"), ("start", "<u4"), ("end", "<u4"), ("key", "<u8")])
"""A formula in the folded text of a report; `key` is its most frequent phrase, by which its uses belong together."""


def sample_of(store: Store, first: Numbers, chars: int) -> Numbers:
    """Numbers of reports drawn by a hash of their identifiers, exact copies left out, up to so many characters; ascending."""
    starts, ends = store.folded_spans
    lengths = (ends - starts)[first == np.arange(len(first))]
    originals = np.flatnonzero(first == np.arange(len(first)))
    if lengths.sum() <= chars:
        return originals
    drawn = np.argsort(store.draws[originals], kind="stable")
    return np.sort(originals[drawn[: max(1, int(np.searchsorted(np.cumsum(lengths[drawn]), chars)))]])


def count_phrases(out: Path, folder: Path, reports: Numbers, clusters: Numbers) -> None:
    """Task: write the phrases of some reports, each once a cluster, sorted by key."""
    store = Store(folder)
    hashes = [gram_hashes(store.folded(report), PHRASE) for report in reports.tolist()]
    rows = np.empty(sum(map(len, hashes)), COUNTED)
    rows["key"] = np.concatenate([np.empty(0, np.uint64), *hashes])
    rows["cluster"] = np.repeat(clusters, list(map(len, hashes)))
    save_rows(out, rows[np.lexsort((rows["cluster"], rows["key"]))])


def frequent_phrases(out: Path, counted: Sequence[Path], part: int, parts: int, least: int) -> None:
    """Task: write keys and counts of the phrases of one range of keys that stand in `least` clusters or more."""
    rows = slice_of_keys(counted, part, parts)
    rows = rows[np.lexsort((rows["cluster"], rows["key"]))]
    fresh = np.ones(len(rows), bool)
    fresh[1:] = (rows["key"][1:] != rows["key"][:-1]) | (rows["cluster"][1:] != rows["cluster"][:-1])
    keys = rows["key"][fresh]
    starts, sizes = groups_of(keys)
    many = sizes >= least
    save_rows(out, np.stack([keys[starts[many]], sizes[many].astype(np.uint64)]))


def find_phrases(store: Store, alike: Alike, work: Path, settings: ReuseSettings, executor: Executor | None) -> Path:
    """Write the frequent phrases of an archive, two rows (keys ascending, counts), and name the file."""
    first, stands = alike.first, alike.stands
    sample = sample_of(store, first, settings.formula.sample_chars)
    least = max(settings.formula.clusters, int(np.ceil(settings.formula.share * len(np.unique(stands[sample])))))
    lots = [sample[i : i + settings.part_reports] for i in range(0, len(sample), settings.part_reports)]
    counted = run_tasks(
        [Task(count_phrases, work / f"phrases-{i:05d}.npy", (store.folder, lot, stands[lot])) for i, lot in enumerate(lots)],
        executor,
    )
    parts = -(-sum(len(load_rows(path)) for path in counted) // settings.task_rows)
    found = run_tasks([Task(frequent_phrases, work / f"frequent-{i:05d}.npy", (counted, i, parts, least)) for i in range(parts)], executor)
    frequent = work / "frequent.npy"
    save_rows(frequent, np.concatenate([np.empty((2, 0), np.uint64), *map(load_rows, found)], axis=1))
    return frequent


def formulas(hashes: Hashes, whole: NDArray[np.bool_], phrases: NDArray[np.uint64], settings: FormulaSettings) -> NDArray[Any]:
    """Formulas in texts that stand one after the other, as rows FORMULA with places in all of them and report 0.

    `hashes` are those of all runs of PHRASE characters, `whole` says which lie in one text, `phrases` come from `find_phrases`.
    """
    keys, counts = phrases
    if not len(keys) or not len(hashes):
        return np.empty(0, FORMULA)
    found = np.full(len(hashes), -1)
    likely = np.flatnonzero(_top_bits(keys)[hashes >> _SHIFT] & whole)
    place = np.minimum(np.searchsorted(keys, hashes[likely]), len(keys) - 1)
    found[likely] = np.where(keys[place] == hashes[likely], place, -1)
    edges = np.diff((found >= 0).astype(np.int8), prepend=0, append=0)
    begins, stops = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
    short = stops - begins + PHRASE - 1 <= settings.longest
    begins, stops = begins[short], stops[short]
    rows = np.zeros(len(begins), FORMULA)
    rows["start"], rows["end"] = begins, stops + PHRASE - 1
    rows["key"] = [keys[found[b:e][np.argmax(counts[found[b:e]])]] for b, e in zip(begins, stops, strict=True)]
    return rows


def _top_bits(keys: Hashes) -> NDArray[np.bool_]:
    """Which values the first bits of the keys take: a quick test that most hashes fail."""
    taken = np.zeros(1 << 20, bool)
    taken[keys >> _SHIFT] = True
    return taken
