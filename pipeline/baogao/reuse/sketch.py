"""Sketches of reports: a fixed number of minima whose agreement estimates Jaccard similarity, and the bands by which they meet.

Fast similarity sketching (Dahlgaard, Knudsen, Thorup: Fast Similarity Sketching, FOCS 2017): every gram is thrown into one of
t bins and each bin keeps its smallest hash; bins still empty are filled by further throws. One hash a gram is enough for a
report of some hundred characters, and short reports get sketches as good as long ones.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from baogao.reuse.folding import GOLDEN, GRAM, Codes, Hashes, mix, whole_grams
from baogao.reuse.settings import NearDuplicateSettings
from baogao.reuse.store import Store, chunks
from baogao.reuse.tasks import save_rows

Sketches = NDArray[np.uint32]
EMPTY = np.uint32(0xFFFFFFFF)
"""Minimum of a bin that no gram has reached: in all bins of a report without grams, in none of any other."""
_HALF = np.uint64(32)
BAND = np.dtype([("key", "<u8"), ("report", "<u4")])


def sketch(hashes: Hashes, owners: NDArray[np.int64], count: int, size: int) -> Sketches:
    """Sketches of `count` texts from the gram hashes of all of them and the text that each hash belongs to.

    Row i of the result holds the `size` minima of text i.
    """
    minima = np.full(count * size, EMPTY, np.uint32)
    steps = GOLDEN * np.arange(2 * size, dtype=np.uint64)
    for throw in range(2 * size):
        thrown = mix(hashes + steps[throw]) if throw else hashes
        bins = (((thrown >> _HALF) * np.uint64(size)) >> _HALF).astype(np.int64) if throw < size else throw - size
        values = np.minimum(thrown.astype(np.uint32), EMPTY - np.uint32(1))
        reached = np.full(len(minima), EMPTY, np.uint32)
        np.minimum.at(reached, owners * size + bins, values)
        minima = np.where(minima == EMPTY, reached, minima)
        unfilled = (minima.reshape(count, size) == EMPTY).any(axis=1)[owners]
        hashes, owners = hashes[unfilled], owners[unfilled]
        if not len(hashes):
            break
    return minima.reshape(count, size)


def sketch_texts(codes: Codes, ends: NDArray[np.int64], size: int) -> Sketches:
    """Sketches of folded texts that stand one after the other."""
    rows = []
    for first, last, begin in chunks(ends):
        inner = ends[first:last] - begin
        hashes, whole = whole_grams(codes[begin : ends[last - 1]], inner, GRAM)
        owners = np.repeat(np.arange(last - first), np.diff(inner, prepend=0))[: len(hashes)]
        rows.append(sketch(hashes[whole], owners[whole], last - first, size))
    return np.concatenate([np.empty((0, size), np.uint32), *rows])


def band_rows(sketches: Sketches, reports: NDArray[np.int64], minima: int) -> NDArray[Any]:
    """One row a report and band, sorted by key: equal keys mean equal minima in the same band."""
    held = sketches[:, 0] != EMPTY
    sketches, reports = sketches[held], reports[held]
    keys = []
    for band in range(sketches.shape[1] // minima):
        key = np.full(len(sketches), band << 32, np.uint64)
        for i in range(band * minima, (band + 1) * minima):
            key = mix((key ^ sketches[:, i]) + GOLDEN)
        keys.append(key)
    rows = np.empty(len(keys) * len(reports), BAND)
    rows["key"] = np.concatenate([np.empty(0, np.uint64), *keys])
    rows["report"] = np.tile(reports, len(keys))
    return rows[np.lexsort((rows["report"], rows["key"]))]


def sketch_part(out: Path, folder: Path, part: int, settings: NearDuplicateSettings) -> None:
    """Task: write a part's sketches, their bands and a digest of each folded text to the folder `out`."""
    store = Store(folder)
    codes, ends = store.folded_part(part)
    sketches = sketch_texts(codes, ends, settings.sketch_size)
    wide = codes.astype("<u4")
    starts = np.concatenate([[0], ends[:-1]])
    digests = [hashlib.blake2b(wide[start:end].tobytes(), digest_size=16).digest() for start, end in zip(starts, ends, strict=True)]
    out.mkdir()
    save_rows(out / "sketches.npy", sketches)
    save_rows(out / "bands.npy", band_rows(sketches, store.numbers_of(part), settings.band_minima))
    save_rows(out / "digests.npy", np.frombuffer(b"".join(digests), "<u8").reshape(-1, 2))
