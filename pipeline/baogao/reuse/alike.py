"""Near-duplicate reports: candidates that meet in a band, each pair then measured exactly, and clusters of the pairs that hold.

Every step is a task from files to a file: bands are sorted by key within a part, a group task takes one range of keys from all
parts, a measuring task one range of reports from all groups. What is held for the whole archive is a few numbers a report.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from baogao.reuse.folding import Hashes, gram_set
from baogao.reuse.recent import Recent
from baogao.reuse.settings import NearDuplicateSettings, ReuseSettings
from baogao.reuse.sketch import sketch_part
from baogao.reuse.store import Store
from baogao.reuse.tasks import Task, load_rows, run_tasks, save_rows, slice_of_keys

Numbers = NDArray[np.int64]
PAIR = np.dtype([("a", "<u4"), ("b", "<u4")])
MEASURED = np.dtype([("a", "<u4"), ("b", "<u4"), ("shared", "<u4"), ("grams_a", "<u4"), ("grams_b", "<u4")])
"""A pair of report numbers a < b, its common 5-grams and those of each; n_a + n_b - shared are those of both."""

_ERRORS = 4.0
"""Standard errors by which a sketch's estimate must miss the lowest similarity for a pair not to be measured."""
_CACHED_GRAMS = 16_000_000


def first_copies(digests: NDArray[np.uint64]) -> Numbers:
    """For every report the first report with the same folded text (itself, if it is the first), from digests of two words."""
    order = np.lexsort((np.arange(len(digests)), digests[:, 1], digests[:, 0]))
    ordered = digests[order]
    opens = np.concatenate([[True], (ordered[1:] != ordered[:-1]).any(axis=1)])[: len(order)]
    first: Numbers = np.empty(len(order), np.int64)
    first[order] = order[opens][np.cumsum(opens) - 1]
    return first


def groups_of(keys: NDArray[Any]) -> tuple[Numbers, Numbers]:
    """Start and size of each run of equal numbers, or rows of numbers, in a sorted array."""
    changes = keys[1:] != keys[:-1]
    if changes.ndim == 2:
        changes = changes.any(axis=1)
    starts = np.flatnonzero(np.concatenate([np.ones(min(1, len(keys)), bool), changes]))
    return starts, np.diff(starts, append=len(keys))


def pairs_in_groups(members: NDArray[Any], starts: Numbers, sizes: Numbers, largest: int) -> NDArray[Any]:
    """Pairs of the members of each group, sorted, each once: all up to the `largest` size, else with the first and the one before.

    A group is members[start : start + size]; the linked pairs of a large group grow with its size, not with its square.
    """
    rows = []
    for size in np.unique(sizes[(sizes > 1) & (sizes <= largest)]):
        one, other = np.triu_indices(int(size), 1)
        first = starts[sizes == size][:, None]
        rows.append(np.stack([members[first + one].ravel(), members[first + other].ravel()]))
    for start, size in zip(starts[sizes > largest], sizes[sizes > largest], strict=True):
        group = members[start : start + size]
        rows.append(np.stack([np.repeat(group[0], size - 1), group[1:]]))
        rows.append(np.stack([group[1:-1], group[2:]]))
    return distinct_pairs(rows)


def distinct_pairs(rows: Sequence[NDArray[Any]]) -> NDArray[Any]:
    """Pairs with a < b, sorted, each once."""
    if not rows:
        return np.empty(0, PAIR)
    one, other = np.concatenate([row.astype(np.uint64) for row in rows], axis=1)
    keys = np.unique((np.minimum(one, other)[one != other] << np.uint64(32)) | np.maximum(one, other)[one != other])
    return unpack_pairs(keys)


def unpack_pairs(keys: NDArray[np.uint64]) -> NDArray[Any]:
    """Pairs from numbers a * 2**32 + b."""
    pairs = np.empty(len(keys), PAIR)
    pairs["a"], pairs["b"] = keys >> np.uint64(32), keys & np.uint64(0xFFFFFFFF)
    return pairs


def group_bands(out: Path, sketched: Sequence[Path], copies: Path, part: int, parts: int, settings: NearDuplicateSettings) -> None:
    """Task: write to the folder `out` the candidate pairs of one range of band keys, and the groups too large to compare."""
    rows = slice_of_keys([folder / "bands.npy" for folder in sketched], part, parts)
    first = load_rows(copies)
    rows = rows[first[rows["report"]] == rows["report"]]
    rows = rows[np.lexsort((rows["report"], rows["key"]))]
    starts, sizes = groups_of(rows["key"])
    pairs = pairs_in_groups(rows["report"], starts, sizes, settings.bucket_reports)
    out.mkdir()
    save_rows(out / "pairs.npy", pairs)
    large = sizes > settings.bucket_reports
    save_rows(out / "capped.npy", np.stack([rows["report"][starts[large]].astype(np.int64), sizes[large]]))


def common(one: Hashes, other: Hashes) -> int:
    """Number of hashes that two sorted sets share."""
    both = np.concatenate([one, other])
    both.sort(kind="stable")  # merges the two runs
    return int(np.count_nonzero(both[1:] == both[:-1]))


def measure(store: Store, pairs: NDArray[Any]) -> NDArray[Any]:
    """Exact gram counts of pairs."""
    sets = Recent(lambda report: gram_set(store.folded(report)), len, _CACHED_GRAMS)
    measured = np.empty(len(pairs), MEASURED)
    for row, (a, b) in enumerate(zip(pairs["a"].tolist(), pairs["b"].tolist(), strict=True)):
        one, other = sets[a], sets[b]
        measured[row] = a, b, common(one, other), len(one), len(other)
    return measured


def jaccard(measured: NDArray[Any]) -> NDArray[np.float64]:
    """Jaccard similarity of measured pairs; 0 where neither report has a gram."""
    shared: NDArray[np.float64] = measured["shared"].astype(np.float64)
    union = measured["grams_a"] + measured["grams_b"] - shared
    similarity: NDArray[np.float64] = shared / np.maximum(union, 1.0)
    return similarity


def promising(pairs: NDArray[Any], sketches: NDArray[np.uint32], lowest: float) -> NDArray[np.bool_]:
    """Whether the sketches of each pair agree as often as the lowest similarity lets expect, within four standard errors."""
    size = sketches.shape[1]
    least = lowest - _ERRORS * (lowest * (1 - lowest) / size) ** 0.5
    kept = [
        np.mean(sketches[chunk["a"]] == sketches[chunk["b"]], axis=1) >= least for chunk in np.array_split(pairs, len(pairs) // 100_000 + 1)
    ]
    return np.concatenate(kept)


def measure_pairs(out: Path, folder: Path, grouped: Sequence[Path], reports: tuple[int, int], lowest: float) -> None:
    """Task: write the measured pairs whose first report lies in the range `reports` and that reach the lowest similarity."""
    found = []
    for group in grouped:
        pairs = load_rows(group / "pairs.npy")
        first, last = np.searchsorted(pairs["a"], reports)
        found.append(np.stack([pairs["a"][first:last], pairs["b"][first:last]]))
    pairs = distinct_pairs(found)
    measured = measure(Store(folder), pairs[promising(pairs, load_rows(folder / "sketches.npy"), lowest)])
    save_rows(out, measured[jaccard(measured) >= lowest])


def components(one: Numbers, other: Numbers, count: int) -> Numbers:
    """For each of `count` nodes the least node that it is linked to, directly or through others."""
    graph = coo_array((np.ones(len(one), np.int8), (one, other)), shape=(count, count))
    _, labels = connected_components(graph, directed=False)
    least = np.full(count, count, np.int64)
    np.minimum.at(least, labels, np.arange(count))
    found: Numbers = least[labels]
    return found


def representatives(measured: NDArray[Any], first: Numbers, threshold: float) -> Numbers:
    """For each report the one that stands for its cluster: the report most like the others of it.

    A cluster is what verified near-duplicate pairs and exact copies connect. Its representative has the highest sum of
    similarities over its measured pairs, a copy never before its original; between equals the least identifier decides.
    """
    similarity = jaccard(measured)
    near = similarity >= threshold
    count = len(first)
    cluster = components(np.concatenate([measured["a"][near], np.arange(count)]), np.concatenate([measured["b"][near], first]), count)
    weight = np.where(first == np.arange(count), 0.0, -1.0)
    for side in ("a", "b"):
        weight += np.bincount(measured[side][near], similarity[near], count)
    order = np.lexsort((np.arange(count), -np.round(weight, 9), cluster))
    starts, sizes = groups_of(cluster[order])
    stands: Numbers = np.empty(count, np.int64)
    stands[order] = np.repeat(order[starts], sizes)
    return stands


@dataclass(frozen=True, slots=True)
class Alike:
    """What is known of a whole archive's near-duplicates, by report number."""

    measured: NDArray[Any]
    first: Numbers
    stands: Numbers
    capped: Numbers


def find_alike(store: Store, work: Path, settings: ReuseSettings, executor: Executor | None = None) -> Alike:
    """Exact copies, measured pairs and clusters of an archive whose texts are folded; files of the way go to the folder `work`.

    `capped` has a column (first report, size) for each group of alike reports that was too large to compare every pair of it.
    """
    alike, parts = settings.alike, range(store.n_parts)
    sketched = run_tasks([Task(sketch_part, work / f"sketch-{part:05d}", (store.folder, part, alike)) for part in parts], executor)
    digests, bands = _gather_sketches(store, sketched, alike.sketch_size)
    first = first_copies(digests)
    starts, ends = store.folded_spans
    first = np.where(starts == ends, np.arange(len(first)), first)  # nothing is a copy of nothing
    copies = work / "copies.npy"
    work.mkdir(parents=True, exist_ok=True)
    save_rows(copies, first)
    n_groups = -(-bands // settings.task_rows)
    grouped = run_tasks(
        [Task(group_bands, work / f"group-{i:05d}", (sketched, copies, i, n_groups, alike)) for i in range(n_groups)],
        executor,
    )
    ranges = itertools.pairwise([*range(0, len(store), settings.part_reports), len(store)])
    paths = run_tasks(
        [Task(measure_pairs, work / f"pairs-{a:09d}.npy", (store.folder, grouped, (a, b), alike.lowest_similarity)) for a, b in ranges],
        executor,
    )
    measured = np.concatenate([np.empty(0, MEASURED), *map(load_rows, paths)])
    capped = np.concatenate([np.empty((2, 0), np.int64), *(load_rows(group / "capped.npy") for group in grouped)], axis=1)
    return Alike(measured, first, representatives(measured, first, alike.near_duplicate), capped)


def _gather_sketches(store: Store, sketched: Sequence[Path], size: int) -> tuple[NDArray[np.uint64], int]:
    """Write all sketches as one file by report number; the digests by report number, and the number of band rows."""
    digests, bands = np.empty((len(store), 2), np.uint64), 0
    path = store.folder / "sketches.npy"
    sketches = np.lib.format.open_memmap(path, "w+", np.uint32, (len(store), size))
    for part, folder in enumerate(sketched):
        numbers = store.numbers_of(part)
        sketches[numbers] = load_rows(folder / "sketches.npy")
        digests[numbers] = load_rows(folder / "digests.npy")
        bands += len(load_rows(folder / "bands.npy"))
    sketches.flush()
    return digests, bands
