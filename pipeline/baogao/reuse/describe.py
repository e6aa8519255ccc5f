"""From spans to passages as the dataset has them: templates, kinds, uses, and the stretches of text that each use covers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from baogao.identifiers import derive_id
from baogao.records import SCHEMAS
from baogao.reuse.alike import Numbers, groups_of
from baogao.reuse.folding import fold, fold_readable, text_of
from baogao.reuse.leaks import EXCHANGES, LEAKS, REUSED, exchanges, spun, unfilled
from baogao.reuse.pairs import SHARED, shared_by
from baogao.reuse.quotes import quotations, quoted_chars
from baogao.reuse.recent import Recent
from baogao.reuse.settings import ReuseSettings
from baogao.reuse.store import Store
from baogao.reuse.tasks import load_rows, save_rows
from baogao.reuse.templates import Excerpt, FilledUse, learn_template
from baogao.reuse.units import Level

KINDS = ("copied", "formula", "quoted")
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
FOUND = pa.schema([field for field in SCHEMAS["findings"] if not field.name.startswith("raw_")])
"""Columns of passage_uses and findings that can be told from the clean text."""

_LEVELS = {Level.REPORT: "report", Level.SECTION: "section", Level.PARAGRAPH: "paragraph"}
_CLAUSE_BREAKS = "，,。；;：:！!？?\n"
_LEAD = 12
_OPENINGS = re.compile(r"[“‘『「《（(]*\Z")
_CLOSINGS = re.compile(r"[”’』」》）)。！？!?；;]*")
_CACHED_CHARS = 2_000_000
_QUOTED = 0.8
_STUDIED = 200
_BATCH = 5000


@dataclass(frozen=True, slots=True)
class Page:
    """What a passage needs of a report: clean text, places of its folded and of its compared characters, and its quotations."""

    text: str
    places: NDArray[np.int64]
    chars: str
    char_places: NDArray[np.int64]
    quotations: list[tuple[int, int]]


def page_of(store: Store, report: int) -> Page:
    """Prepare a report."""
    codes = store.codes(report)
    chars, char_places = fold_readable(codes)
    text = text_of(codes)
    return Page(text, fold(codes)[1], text_of(chars), char_places, quotations(text))


class Use(NamedTuple):
    """A row USE."""

    passage: int
    level: int
    formula: bool
    report: int
    start: int
    end: int


def excerpt(page: Page, use: Use) -> Excerpt:
    """A use in the clean text, with the marks and brackets around it; a formula from the start of its clause, if that is near."""
    start, end = int(page.places[use.start]), int(page.places[use.end - 1]) + 1
    if use.formula:
        breaks = [place for place in range(max(0, start - _LEAD), start) if page.text[place] in _CLAUSE_BREAKS]
        start = breaks[-1] + 1 if breaks else start
    opening, closing = _OPENINGS.search(page.text, max(0, start - 4), start), _CLOSINGS.match(page.text, end)
    start, end = opening.start() if opening else start, closing.end() if closing else end
    first, last = np.searchsorted(page.char_places, (start, end))
    return Excerpt(use.report, page.text, start, end, page.chars[first:last], page.char_places[first:last].tolist())


@dataclass(frozen=True, slots=True)
class Spread:
    """Where the uses of a passage stand: how often, in which reports, and how often on each page."""

    reports: set[int]
    pages: Counter[int]
    sites: set[int]
    sampled: set[int]


def spread_of(store: Store, reports: Sequence[int], sample: NDArray[np.bool_]) -> Spread:
    """Spread of uses from the report of each; reports without a site count for none."""
    sites = {int(store.sites[report]) for report in reports} - {-1}
    distinct = set(reports)
    return Spread(distinct, Counter(int(store.pages[report]) for report in reports), sites, {r for r in distinct if sample[r]})


class _Writer:
    """Writes the passages and uses of a task, a batch of uses at a time."""

    def __init__(self, out: Path, store: Store, settings: ReuseSettings, first: Numbers, sample: NDArray[np.bool_]) -> None:
        self.out, self.store, self.settings, self.first, self.sample = out, store, settings, first, sample
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

    def add(self, rows: NDArray[Any], pages: Recent[Page]) -> None:
        """Describe one passage from its uses."""
        uses = [Use(*row) for row in rows.tolist()]
        level = Level(uses[0].level)
        spread = spread_of(self.store, [use.report for use in uses], self.sample)
        studied = [excerpt(pages[use.report], use) for use in uses[:_STUDIED]]
        template, filled_uses = learn_template(studied, self.settings.passages.slot)
        base = template.base
        kind = "formula" if uses[0].formula else "quoted" if _is_quoted(studied, pages) else "copied"
        name = _LEVELS.get(level, "sentence")
        identifier = derive_id("g", name, kind, base.chars, self.names[base.report].as_py(), base.start)
        self.passages.append(
            {
                "passage_id": identifier, "level": name, "kind": kind, "skeleton": template.skeleton,
                "slots": [{"name": slot.name, "type": slot.type} for slot in template.slots],
                "n_uses": len(uses), "n_reports": len(spread.reports), "n_pages": len(spread.pages), "n_sites": len(spread.sites),
            }
        )  # fmt: skip
        if kind == "copied":
            pairs, joined = shared_by(rows, self.first, self.settings.passages.pair_reports)
            self.pairs.append(pairs)
            self.capped += [joined] if joined > self.settings.passages.pair_reports else []
            self.exchanges += map(asdict, exchanges(template, filled_uses))
            self.leaks += [asdict(leak) for leak in (*unfilled(template, filled_uses), *spun(template, filled_uses))]
            self.reused += [(use.excerpt.report, use.excerpt.start, use.excerpt.end) for use in filled_uses if len(spread.reports) > 1]
        covered = np.zeros(len(base.chars), bool)
        flags = (KINDS.index(kind), int(identifier[1:], 16))
        for number, use in enumerate(uses):
            page = pages[use.report]
            filled = filled_uses[number] if number < _STUDIED else template.fill(excerpt(page, use))
            self._add_use(identifier, filled)
            if use.formula:
                self._add_stretches(use, [(int(page.places[use.start]), int(page.places[use.end - 1]) + 1)], spread, flags)
            elif number:
                self._add_stretches(use, clean_spans(filled.excerpt, ((b.b, b.end_b) for b in filled.agreeing)), spread, flags)
                for block in filled.agreeing:
                    covered[block.a : block.end_a] = True
        if kind != "formula":
            edges = np.flatnonzero(np.diff(covered.astype(np.int8), prepend=0, append=0)).tolist()
            self._add_stretches(uses[0], clean_spans(base, zip(edges[::2], edges[1::2], strict=True)), spread, flags)

    def _add_use(self, identifier: str, filled: FilledUse) -> None:
        values = [{"slot": v.slot, "value": v.value, "start": v.start, "end": v.end} for v in filled.values]
        own = filled.excerpt
        self.uses.append(
            {
                "passage_id": identifier, "report_id": self.names[own.report].as_py(), "similarity": round(filled.similarity, 4),
                "slot_values": values, "start": own.start, "end": own.end,
            }
        )  # fmt: skip
        if len(self.uses) == _BATCH:
            self.flush()

    def _add_stretches(self, use: Use, spans: Iterable[tuple[int, int]], spread: Spread, named: tuple[int, int]) -> None:
        report = use.report
        flags = len(spread.reports) > 1, spread.pages[int(self.store.pages[report])] > 1, bool(spread.sampled - {report})
        self.stretches += [(report, start, end, use.level, named[0], *flags, named[1]) for start, end in spans]

    def flush(self) -> None:
        """Write the uses that are held."""
        self.file.write_table(pa.Table.from_pylist(self.uses, USES))
        self.uses = []

    def close(self) -> None:
        """Write what is left."""
        self.flush()
        self.file.close()
        pq.write_table(pa.Table.from_pylist(self.passages, SCHEMAS["passages"]), self.out / "passages.parquet", compression="zstd")
        rows = np.array(self.stretches, STRETCH)
        save_rows(self.out / "stretches.npy", rows[np.lexsort((rows["passage"], rows["end"], rows["start"], rows["report"]))])
        pairs = np.concatenate(self.pairs)
        save_rows(self.out / "pairs.npy", pairs[np.lexsort((pairs["start"], pairs["b"], pairs["a"]))])
        save_rows(self.out / "capped.npy", np.array(self.capped, np.int64))
        save_rows(self.out / "reused.npy", np.sort(np.array(self.reused, REUSED)))
        for name, found, schema in (("exchanges", self.exchanges, EXCHANGES), ("leaks", self.leaks, LEAKS)):
            pq.write_table(pa.Table.from_pylist(found, schema).sort_by("report"), self.out / f"{name}.parquet", compression="zstd")


def clean_spans(one: Excerpt, spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Spans of the compared characters of a use as spans of the clean text."""
    for start, end in spans:
        yield one.places[start], one.places[end - 1] + 1


def _is_quoted(excerpts: Sequence[Excerpt], pages: Recent[Page]) -> bool:
    """Whether most uses of a passage stand in quotations."""
    quoted = [quoted_chars(pages[one.report].quotations, one.start, one.end) >= _QUOTED * (one.end - one.start) for one in excerpts]
    return sum(quoted) * 2 > len(quoted)


def describe_passages(out: Path, folder: Path, files: Sequence[Path], rows: tuple[int, int], settings: ReuseSettings) -> None:
    """Task: write passages, uses, stretches of text and pairs of reports of a range of uses to the folder `out`.

    `files` are those of all uses, sorted by passage, of first copies, and of whether each report is of the reference sample.
    """
    store = Store(folder)
    every, first, sample = map(load_rows, files)
    uses = every[rows[0] : rows[1]]
    pages: Recent[Page] = Recent(lambda report: page_of(store, report), lambda page: len(page.text), _CACHED_CHARS)
    out.mkdir()
    writer = _Writer(out, store, settings, first, sample)
    for start, size in zip(*(column.tolist() for column in groups_of(uses["passage"])), strict=True):
        writer.add(uses[start : start + size], pages)
    writer.close()
