"""A citation of any record: what the source says, word for word, and where it stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from baogao import __version__
from baogao.dataset.keys import PRIMARY
from baogao.dataset.package import dataset_version
from baogao.dataset.query import Source, open_source
from baogao.errors import BaogaoError
from baogao.records import SCHEMAS

_EDIT = "kind, before, after, raw_start, raw_end"
LONGEST = 2_000
"""Characters of a quotation that are printed; a report or page is longer, and is cited by its place."""


@dataclass(frozen=True, slots=True)
class Citation:
    """A record and its evidence; offsets count code points of the page's raw text, edits those inside the quotation."""

    table: str
    record_id: str
    report_id: str | None
    quote: str
    clean: str | None
    edits: tuple[dict[str, Any], ...]
    page_id: str
    raw_start: int
    raw_end: int
    sha256: str
    page_title: str | None
    sources: tuple[dict[str, Any], ...]
    dataset: str
    baogao: str

    def lines(self) -> Iterator[str]:
        """The citation for reading."""
        yield f"{self.table} {self.record_id}" + (f" of report {self.report_id}" if self.report_id not in (None, self.record_id) else "")
        yield f"  “{_short(self.quote)}”"
        if self.clean is not None and self.clean != self.quote:
            yield f"  repaired: “{_short(self.clean)}”"
        for edit in self.edits:
            yield f"  edit at {edit['raw_start']}, {edit['kind']}: “{edit['before']}” -> “{edit['after']}”".replace("\n", "⏎")
        yield f"  characters {self.raw_start} to {self.raw_end} of page {self.page_id}" + (
            f", {self.page_title}" if self.page_title else ""
        )
        for source in self.sources:
            captured = f", captured {source['captured']}" if source["captured"] else ", date of capture unknown"
            yield f"  {source['url'] or source['source']}{captured}"
        yield f"  SHA-256 {self.sha256}"
        yield f"  dataset {self.dataset}, baogao {self.baogao}"

    def as_dict(self) -> dict[str, Any]:
        """The citation for a program."""
        return asdict(self)


def _short(text: str) -> str:
    return (text if len(text) <= LONGEST else f"{text[:LONGEST]}… ({len(text):,} characters)").replace("\n", "⏎")


def cite(out: Path, record_id: str) -> Citation:
    """The citation of a page, report, section, sentence, time, organization, activity, candidate or finding.

    Raises BaogaoError if no record has the identifier.
    """
    with open_source(out) as source:
        table, row = _find(source, record_id)
        page_id = row["page_id"] if "page_id" in row else _one(source, "reports", "report_id", row["report_id"])["page_id"]
        page = _one(source, "pages", "page_id", page_id)
        raw = _one(source, "texts", "page_id", page_id)["raw"]
        start, end = (0, len(raw)) if table == "pages" else (row["raw_start"], row["raw_end"])
        edits = source.records(
            f"SELECT {_EDIT} FROM edits WHERE page_id = ? AND raw_start < ? AND raw_end > ? ORDER BY raw_start",
            (page_id, end, start),
        )
        places = source.records("SELECT source, url, captured FROM page_sources WHERE page_id = ? ORDER BY source", (page_id,))
        clean = row.get("heading") if table == "sections" else row.get("text")
        return Citation(
            table, record_id, row.get("report_id"), raw[start:end], clean, tuple(edits), page_id, start, end, page["sha256"], page["title"],
            tuple(places), dataset_version(source.dataset), __version__,
        )  # fmt: skip


def _find(source: Source, record_id: str) -> tuple[str, dict[str, Any]]:
    for table, key in PRIMARY.items():
        if table == "pages" or "raw_start" in SCHEMAS[table].names:
            for row in source.records(f"SELECT * FROM {table} WHERE {key} = ? LIMIT 1", (record_id,)):
                return table, row
    raise BaogaoError(f"No record has the identifier {record_id}; give a page_id, report_id, activity_id or the like from the tables.")


def _one(source: Source, table: str, key: str, value: str) -> dict[str, Any]:
    return next(source.records(f"SELECT * FROM {table} WHERE {key} = ?", (value,)))
