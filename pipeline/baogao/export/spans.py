"""Reports with their records as spans, for tools that annotate text."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from baogao.dataset.query import Source

LAYERS = {"times": "kind", "organizations": "kind", "activities": "type", "sections": "kind"}
"""Tables whose records are shown as spans, and the column that labels them."""


@dataclass(frozen=True, slots=True)
class Span:
    """A record in its report's clean text: [start, end) in code points."""

    layer: str
    label: str
    start: int
    end: int
    record_id: str


@dataclass(frozen=True, slots=True)
class MarkedReport:
    """A report's text with the spans of its records, in the order of their places."""

    report: dict[str, Any]
    spans: tuple[Span, ...]


_KEYS = {"times": "time_id", "organizations": "organization_id", "activities": "activity_id", "sections": "section_id"}
_COLUMNS = ("report_id", "page_id", "title", "genre", "issuer", "place", "year_min", "year_max", "text")


def marked_reports(source: Source) -> Iterator[MarkedReport]:
    """Reports that meet the source's condition, in the dataset's order.

    Spans are kept in a file on disk by report, so that memory does not grow with the archive.
    """
    with TemporaryDirectory(prefix="baogao-") as folder, closing(sqlite3.connect(Path(folder) / "spans.db")) as spans:
        _collect(source, spans)
        found = spans.cursor()
        for batch in source.batches("reports", _COLUMNS):
            for report in batch.to_pylist():
                rows = found.execute(
                    'SELECT layer, label, start, "end", id FROM spans WHERE report = ? ORDER BY 3, 4, 1, 5', (report["report_id"],)
                )
                yield MarkedReport(report, tuple(Span(*row) for row in rows))


def _collect(source: Source, spans: sqlite3.Connection) -> None:
    spans.execute("PRAGMA journal_mode = OFF")
    spans.execute('CREATE TABLE spans (report TEXT, layer TEXT, label TEXT, start INTEGER, "end" INTEGER, id TEXT)')
    for layer, label in LAYERS.items():
        query = f'SELECT report_id, {label}, start, "end", {_KEYS[layer]} FROM {layer}'
        for batch in source.stream(query):
            columns = [column.to_pylist() for column in batch.columns]
            rows = ((report, layer, *rest) for report, *rest in zip(*columns, strict=True))
            spans.executemany("INSERT INTO spans VALUES (?, ?, ?, ?, ?, ?)", rows)
    spans.execute("CREATE INDEX by_report ON spans (report)")


def utf16_offsets(text: str) -> list[int]:
    """Place of every character, and of the end, in UTF-16 code units, as JavaScript counts: 𠀀 takes two.

    >>> utf16_offsets("𠀀社")
    [0, 2, 3]
    """
    places = [0]
    for char in text:
        places.append(places[-1] + (2 if char > "\uffff" else 1))
    return places
