"""Seeds of reused passages: short runs of characters that stand in several places, found by fingerprints.

Fingerprints are chosen by winnowing (Schleimer, Wilkerson, Aiken: Winnowing, SIGMOD 2003): a run's hash is kept if it is the
least of a window it lies in. Any `shortest` characters that two texts share have one in common, whatever stands around them.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from baogao.reuse.alike import groups_of
from baogao.reuse.folding import Hashes, whole_grams
from baogao.reuse.formula import FORMULA, PHRASE, formulas
from baogao.reuse.settings import ReuseSettings
from baogao.reuse.store import Store, chunks
from baogao.reuse.tasks import load_rows, save_rows, slice_of_keys

SEED = np.dtype([("key", "<u8"), ("report", "<u4"), ("place", "<u4")])
LINK = np.dtype([("a", "<u4"), ("b", "<u4"), ("place_a", "<u4"), ("place_b", "<u4")])
"""The same seed at two places, in reports a >= b (in one report at place_a > place_b)."""


def winnow(hashes: Hashes, window: int) -> NDArray[np.bool_]:
    """Which hashes are the least of some window of `window` consecutive ones (all of those that tie)."""
    if len(hashes) < window:
        return hashes == hashes.min() if len(hashes) else np.empty(0, bool)
    least = hashes.copy()
    width = 1
    while width < window:  # least[i] is the least of hashes[i : i + width]
        step = min(width, window - width)
        least = np.minimum(least[:-step], least[step:])
        width += step
    most = np.pad(least, (window - 1, window - 1))  # 0 is below any minimum
    width = 1
    while width < window:  # the greatest minimum of the windows over i: the hash itself, if any of them chose it
        step = min(width, window - width)
        most = np.maximum(most[:-step], most[step:])
        width += step
    return np.asarray(hashes == most)


def seed_part(out: Path, folder: Path, part: int, files: tuple[Path, Path], settings: ReuseSettings) -> None:
    """Task: write a part's formulas, and its seeds sorted by key, to the folder `out`; exact copies have neither.

    `files` are those of the first copies and of the frequent phrases.
    """
    store, first, phrases = Store(folder), load_rows(files[0]), load_rows(files[1])
    codes, ends = store.folded_part(part)
    numbers = store.numbers_of(part)
    found, seeds = [np.empty(0, FORMULA)], [np.empty(0, SEED)]
    for at, stop, begin in chunks(ends):
        inner, reports = ends[at:stop] - begin, numbers[at:stop]
        chunk = codes[begin : ends[stop - 1]]
        rows = formulas(*whole_grams(chunk, inner, PHRASE), phrases, settings.formula)
        chosen = _choose(*whole_grams(chunk, inner, settings.passages.seed), rows, settings)
        for kept, places in ((rows, ("start", "end")), (chosen, ("place",))):
            owners = np.searchsorted(inner, kept[places[0]], side="right")
            kept["report"] = reports[owners]
            for place in places:
                kept[place] -= np.concatenate([[0], inner])[owners].astype(np.uint32)
        found.append(rows[first[rows["report"]] == rows["report"]])
        seeds.append(chosen[first[chosen["report"]] == chosen["report"]])
    all_seeds = np.concatenate(seeds)
    out.mkdir()
    all_found = np.concatenate(found)
    save_rows(out / "formulas.npy", all_found[np.lexsort((all_found["start"], all_found["report"]))])
    save_rows(out / "seeds.npy", all_seeds[np.lexsort((all_seeds["place"], all_seeds["report"], all_seeds["key"]))])


def _choose(hashes: Hashes, whole: NDArray[np.bool_], formula: NDArray[Any], settings: ReuseSettings) -> NDArray[Any]:
    """Seeds in texts that stand one after the other, those inside a formula left out; report 0."""
    size, window = settings.passages.seed, settings.passages.shortest - settings.passages.seed + 1
    chosen = np.flatnonzero(winnow(np.where(whole, hashes, np.uint64(0xFFFFFFFFFFFFFFFF)), window) & whole)
    if len(formula):
        before = np.searchsorted(formula["start"], chosen, side="right") - 1
        chosen = chosen[(before < 0) | (formula["end"][before] < chosen + size)]
    rows = np.zeros(len(chosen), SEED)
    rows["key"], rows["place"] = hashes[chosen], chosen
    return rows


def link_seeds(out: Path, seeded: Sequence[Path], part: int, parts: int, settings: ReuseSettings) -> None:
    """Task: write to the folder `out` links between the places of each seed of one range of keys, sorted.

    Every place is linked to the first one and to the one before it, so that links grow with the places. In one report the first
    `repeats` places of a seed are followed; reports with more are written as `capped`.
    """
    rows = slice_of_keys([folder / "seeds.npy" for folder in seeded], part, parts)
    rows = rows[np.lexsort((rows["place"], rows["report"], rows["key"]))]
    starts, sizes = groups_of(np.stack([rows["key"], rows["report"].astype(np.uint64)], axis=1))
    within = np.arange(len(rows)) - np.repeat(starts, sizes)
    capped = np.unique(rows["report"][within >= settings.passages.repeats])
    rows = rows[within < settings.passages.repeats]
    starts, sizes = groups_of(rows["key"])
    leader = np.repeat(starts, sizes)
    later = np.flatnonzero(np.arange(len(rows)) > leader)
    further = later[later > leader[later] + 1]
    one, other = np.concatenate([later, further]), np.concatenate([leader[later], further - 1])
    links = np.empty(len(one), LINK)
    links["a"], links["place_a"] = rows["report"][one], rows["place"][one]
    links["b"], links["place_b"] = rows["report"][other], rows["place"][other]
    out.mkdir()
    save_rows(out / "links.npy", links[np.lexsort((links["place_a"], links["b"], links["a"]))])
    save_rows(out / "capped.npy", capped)


def links_of(linked: Sequence[Path], reports: tuple[int, int]) -> NDArray[Any]:
    """Links whose report a lies in a range, sorted by reports, then by diagonal (place_a - place_b), then by place."""
    slices = []
    for folder in linked:
        links = load_rows(folder / "links.npy")
        first, last = np.searchsorted(links["a"], reports)
        slices.append(links[first:last])
    links = np.concatenate([np.empty(0, LINK), *slices])
    diagonal = links["place_a"].astype(np.int64) - links["place_b"]
    return links[np.lexsort((links["place_a"], diagonal, links["b"], links["a"]))]


def report_ranges(store: Store, chars: int) -> list[tuple[int, int]]:
    """Ranges of report numbers that hold about so many characters each."""
    starts, ends = store.folded_spans
    total = np.cumsum(ends - starts)
    cuts = [0]
    while cuts[-1] < len(total):
        before = total[cuts[-1] - 1] if cuts[-1] else 0
        cuts.append(max(cuts[-1] + 1, int(np.searchsorted(total, before + chars, side="right"))))
    return list(itertools.pairwise(cuts))
