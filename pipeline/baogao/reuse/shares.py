"""How much of a report stands elsewhere: shares of its characters, and the intervals of the text behind them.

A character has one kind, the first that fits: quoted, formula, copied, repeated (only within its own report), none. Shares count
letters, digits and Han. copied, formula, quoted and novel add up to one less what only the report itself repeats.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from baogao.reuse.alike import groups_of
from baogao.reuse.describe import KINDS
from baogao.reuse.folding import fold
from baogao.reuse.passage_files import STRETCH
from baogao.reuse.store import Store
from baogao.reuse.tasks import load_rows

SHARES = pa.schema(
    [
        pa.field("report_id", pa.string()),
        *(pa.field(f"{name}_share", pa.float64()) for name in ("copied", "formula", "quoted", "in_page", "novel", "copied_from_sample")),
    ]
)
"""Shares by report; `copied_from_sample` counts as copied only what stands in a report of the reference sample."""
INTERVALS = pa.schema(
    [
        pa.field("report_id", pa.string()),
        pa.field("start", pa.int64()),
        pa.field("end", pa.int64()),
        pa.field("kind", pa.string()),
        pa.field("passage_id", pa.string()),
    ]
)
"""Stretches of a report's clean text that do not overlap: copied, formula, quoted or repeated, each with its smallest passage."""

_NAMES = ("none", "repeated", "copied", "formula", "quoted")
_PAINT = {kind: _NAMES.index(kind) for kind in KINDS}


def paint(length: int, stretches: NDArray[Any]) -> tuple[NDArray[np.uint8], NDArray[np.uint64]]:
    """Kind (an index into _NAMES) and passage of each character of a text; of the stretches of one kind the smallest passage wins."""
    kinds, passages = np.zeros(length, np.uint8), np.zeros(length, np.uint64)
    paints = np.array([_PAINT[kind] for kind in KINDS], np.uint8)[stretches["kind"]]
    paints[(paints == _PAINT["copied"]) & ~stretches["elsewhere"]] = _NAMES.index("repeated")
    for i in np.lexsort((stretches["passage"], stretches["level"], paints)).tolist():
        kinds[stretches["start"][i] : stretches["end"][i]] = paints[i]
        passages[stretches["start"][i] : stretches["end"][i]] = stretches["passage"][i]
    return kinds, passages


def _covered(length: int, stretches: NDArray[Any], flag: str) -> NDArray[np.bool_]:
    """Which characters lie in a stretch that has a flag."""
    marks = np.zeros(length + 1, np.int64)
    flagged = stretches[stretches[flag]]
    np.add.at(marks, flagged["start"], 1)
    np.add.at(marks, flagged["end"], -1)
    return np.cumsum(marks[:-1]) > 0


_NOVEL = [0.0, 0.0, 0.0, 0.0, 1.0, 0.0]
"""Shares of a report of which nothing stands elsewhere, or that has no characters."""


def shares_of(kinds: NDArray[np.uint8], places: NDArray[np.int64], stretches: NDArray[Any]) -> list[float]:
    """Shares of one report in the order of SHARES, of the characters at `places`, from the kind of each character."""
    if not len(places):
        return _NOVEL
    length, kinds = len(kinds), kinds[places]
    share = dict(zip(_NAMES, (np.bincount(kinds, minlength=len(_NAMES)) / len(kinds)).tolist(), strict=True))
    in_page = float(np.mean(_covered(length, stretches, "in_page")[places]))
    sampled = float(np.mean(_covered(length, stretches, "sampled")[places] & (kinds == _NAMES.index("copied"))))
    shares = [share["copied"], share["formula"], share["quoted"], in_page, share["none"], sampled]
    return [round(value, 4) for value in shares]


def intervals_of(kinds: NDArray[np.uint8], passages: NDArray[np.uint64]) -> list[tuple[int, int, str, str]]:
    """Start, end, kind and passage of the painted intervals of one report."""
    starts, sizes = groups_of(np.stack([kinds.astype(np.uint64), passages], axis=1))
    found = zip(starts.tolist(), sizes.tolist(), kinds[starts].tolist(), passages[starts].tolist(), strict=True)
    return [(start, start + size, _NAMES[kind], f"g{passage:015x}") for start, size, kind, passage in found if kind]


def share_reports(out: Path, folder: Path, described: Sequence[Path], reports: tuple[int, int]) -> None:
    """Task: write shares.parquet and intervals.parquet of a range of reports to the folder `out`."""
    store = Store(folder)
    slices = [np.empty(0, STRETCH)]
    for path in described:
        rows = load_rows(path / "stretches.npy")
        first, last = np.searchsorted(rows["report"], reports)
        slices.append(rows[first:last])
    stretches = np.concatenate(slices)
    stretches = stretches[np.argsort(stretches["report"], kind="stable")]
    names = store.columns["report_id"].slice(reports[0], reports[1] - reports[0]).to_pylist()
    bounds = np.searchsorted(stretches["report"], np.arange(reports[0], reports[1] + 1)).tolist()
    shares: list[tuple[Any, ...]] = []
    intervals: list[tuple[Any, ...]] = []
    for number, name in enumerate(names):
        own = stretches[bounds[number] : bounds[number + 1]]
        if not len(own):
            shares.append((name, *_NOVEL))
            continue
        codes = store.codes(reports[0] + number)
        kinds, passages = paint(len(codes), own)
        shares.append((name, *shares_of(kinds, fold(codes)[1], own)))
        intervals += [(name, *row) for row in intervals_of(kinds, passages)]
    out.mkdir()
    for file, found, schema in (("shares", shares, SHARES), ("intervals", intervals, INTERVALS)):
        columns = list(zip(*found, strict=True)) or [()] * len(schema)
        arrays = [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)]
        pq.write_table(pa.Table.from_arrays(arrays, schema=schema), out / f"{file}.parquet", compression="zstd")
