"""The task that describes passages, and the files it writes: rows of the dataset, and what the later steps read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from baogao.records import SCHEMAS
from baogao.reuse.alike import Numbers, groups_of
from baogao.reuse.describe import KINDS, About, Page, Use, about, excerpt, page_of, with_marks
from baogao.reuse.leaks import EXCHANGES, LEAKS, REUSED, exchanges, spun, unfilled
from baogao.reuse.pairs import SHARED, shared_by
from baogao.reuse.recent import Recent
from baogao.reuse.settings import PassageSettings
from baogao.reuse.store import Store
from baogao.reuse.tasks import load_rows, save_rows
from baogao.reuse.templates import FilledUse, Template, learn_template

STRETCH = np.dtype(
    [
        ("report", "<u4"), ("start", "<u4"), ("end", "<u4"), ("level", "u1"), ("kind", "u1"),
        ("elsewhere", "?"), ("in_page", "?"), ("sampled", "?"), ("passage", "<u8"),
    ]
)  # fmt: skip
"""A stretch of a report's clean text, slots left out, that a passage covers; `kind` counts in KINDS.

`elsewhere`: the passage stands in another report too; `in_page`: it stands again on the same page; `sampled`: it stands in
another report, one of the reference sample. `passage` is the number in the passage's identifier.
"""
USES = pa.schema([field for field in SCHEMAS["passage_uses"] if not field.name.startswith("raw_")])
"""Columns of passage_uses that can be told from the clean text."""

_CACHED_CHARS = 2_000_000
_STUDIED = 200
_BATCH = 5000


def describe_passages(out: Path, folder: Path, files: Sequence[Path], rows: tuple[int, int], settings: PassageSettings) -> None:
    """Task: write passages, uses, stretches of text and pairs of reports of a range of uses to the folder `out`.

    `files` are those of all uses, sorted by passage, of first copies, and of whether each report is of the reference sample.
    """
    store = Store(folder)
    every, first, sample = map(load_rows, files)
    uses = every[rows[0] : rows[1]]
    pages: Recent[Page] = Recent(lambda report: page_of(store, report), lambda page: len(page.text), _CACHED_CHARS)
    out.mkdir()
    writer = _Writer(out, store, settings, first)
    for start, size in zip(*(column.tolist() for column in groups_of(uses["passage"])), strict=True):
        own = uses[start : start + size]
        listed = [Use(*row) for row in own.tolist()]
        studied = [excerpt(pages[use.report], use) for use in listed[:_STUDIED]]
        template, filled = learn_template(studied, settings.slot)
        passage = about(store, listed, studied, pages, sample)
        writer.add_passage(passage, template, len(listed))
        if passage.kind == "copied":
            writer.compare(passage, own, template, filled)
        for number, use in enumerate(listed):
            page = pages[use.report]
            writer.add_use(passage, use, page, filled[number] if number < _STUDIED else template.fill(excerpt(page, use)))
    writer.close()


class _Writer:
    """Holds the rows of a task until they are written, uses a batch at a time."""

    def __init__(self, out: Path, store: Store, settings: PassageSettings, first: Numbers) -> None:
        self.out, self.store, self.settings, self.first = out, store, settings, first
        self.names = store.columns["report_id"]
        self.passages: list[dict[str, Any]] = []
        self.uses: list[dict[str, Any]] = []
        self.stretches: list[tuple[Any, ...]] = []
        self.pairs: list[NDArray[Any]] = [np.empty(0, SHARED)]
        self.capped: list[int] = []
        self.reused: list[tuple[int, int, int]] = []
        self.exchanges: list[dict[str, Any]] = []
        self.leaks: list[dict[str, Any]] = []
        self.file = pq.ParquetWriter(out / "passage_uses.parquet", USES, compression="zstd")

    def add_passage(self, passage: About, template: Template, uses: int) -> None:
        """A row of table passages."""
        spread = passage.spread
        self.passages.append(
            {
                "passage_id": passage.passage_id, "level": passage.level, "kind": passage.kind, "skeleton": template.skeleton,
                "slots": [{"name": slot.name, "type": slot.type} for slot in template.slots],
                "n_uses": uses, "n_reports": len(spread.reports), "n_pages": len(spread.pages), "n_sites": len(spread.sites),
            }
        )  # fmt: skip

    def compare(self, passage: About, rows: NDArray[Any], template: Template, filled: Sequence[FilledUse]) -> None:
        """Pairs of reports, and what tells of leaks, from the uses of a copied passage."""
        pairs, joined = shared_by(rows, self.first, self.settings.pair_reports)
        self.pairs.append(pairs)
        self.capped += [joined] if joined > self.settings.pair_reports else []
        self.exchanges += map(asdict, exchanges(template, filled))
        self.leaks += [asdict(leak) for leak in (*unfilled(template, filled), *spun(template, filled))]
        if len(passage.spread.reports) > 1:
            self.reused += [(use.excerpt.report, use.excerpt.start, use.excerpt.end) for use in filled]

    def add_use(self, passage: About, use: Use, page: Page, filled: FilledUse) -> None:
        """A row of table passage_uses, and the stretches of text that it covers."""
        spans = [page.span(use)] if use.formula else filled.clean_spans()
        self._add_stretches(passage, use, spans)
        own = filled.excerpt
        start, end = (own.start, own.end) if use.formula else with_marks(own.text, *filled.extent())
        self.uses.append(
            {
                "passage_id": passage.passage_id, "report_id": self.names[use.report].as_py(),
                "similarity": round(filled.similarity, 4), "slot_values": [
                    {"slot": value.slot, "value": value.value, "start": value.start, "end": value.end} for value in filled.values
                ],
                "start": start, "end": end,
            }
        )  # fmt: skip
        if len(self.uses) == _BATCH:
            self._flush()

    def _add_stretches(self, passage: About, use: Use, spans: Iterable[tuple[int, int]]) -> None:
        spread, kind = passage.spread, KINDS.index(passage.kind)
        elsewhere, in_page = len(spread.reports) > 1, spread.pages[int(self.store.pages[use.report])] > 1
        sampled = bool(spread.sampled - {use.report})
        self.stretches += [(use.report, start, end, use.level, kind, elsewhere, in_page, sampled, passage.number) for start, end in spans]

    def _flush(self) -> None:
        self.file.write_table(pa.Table.from_pylist(self.uses, USES))
        self.uses = []

    def close(self) -> None:
        """Write what is held."""
        self._flush()
        self.file.close()
        tables = (
            ("passages", pa.Table.from_pylist(self.passages, SCHEMAS["passages"])),
            ("exchanges", pa.Table.from_pylist(self.exchanges, EXCHANGES).sort_by("report")),
            ("leaks", pa.Table.from_pylist(self.leaks, LEAKS).sort_by("report")),
        )
        for name, table in tables:
            pq.write_table(table, self.out / f"{name}.parquet", compression="zstd")
        stretches, pairs = np.array(self.stretches, STRETCH), np.concatenate(self.pairs)
        order = np.lexsort((stretches["passage"], stretches["end"], stretches["start"], stretches["report"]))
        save_rows(self.out / "stretches.npy", stretches[order])
        save_rows(self.out / "pairs.npy", pairs[np.lexsort((pairs["start"], pairs["b"], pairs["a"]))])
        save_rows(self.out / "reused.npy", np.sort(np.array(self.reused, REUSED)))
        save_rows(self.out / "capped.npy", np.array(self.capped, np.int64))
