"""Join the text to a released dataset again, from an archive that holds its pages."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from baogao.analysis.files import new_folder
from baogao.analysis.release import SLICED, part_rows
from baogao.dataset.package import write_package
from baogao.dataset.restore import restore_text
from baogao.errors import BaogaoError
from baogao.read.reader import read_sources
from baogao.read.sources import list_files, open_file
from baogao.records import SCHEMAS, TABLES, Failure
from baogao.settings import ReadSettings


def join(released: Path, archive: Sequence[Path], target: Path) -> Iterator[str]:
    """Write `target`/dataset with text and names; yields what to tell the user.

    Pages are recognised by the SHA-256 of their bytes; what belongs to a page that the archive lacks stays as it was released.
    Raises BaogaoError if the archive holds none of the pages.
    """
    dataset = released / "dataset"
    with TemporaryDirectory(prefix="baogao-") as work, closing(sqlite3.connect(Path(work) / "raw.db")) as raw, new_folder(target) as folder:
        wanted = {page: chars for page, chars in _pages(dataset)}
        found = _read_archive(archive, wanted, raw)
        if not found:
            raise BaogaoError(f"The archive holds none of the {len(wanted)} pages; give the files that the dataset was made from.")
        for part in sorted(path.name for path in (dataset / "reports").glob("part-*.parquet")):
            _join_part(dataset, released / "pointers" / part, folder / "dataset", part, raw)
        _join_findings(dataset, folder / "dataset", raw)
        write_package(folder / "dataset")
    yield f"{found} of {len(wanted)} pages found in the archive; the dataset with its text is in {target / 'dataset'}"
    if found < len(wanted):
        yield f"{len(wanted) - found} pages are not in the archive, or were read otherwise by another version: their text stays empty."


def _pages(dataset: Path) -> Iterator[tuple[str, int]]:
    for path in sorted((dataset / "pages").glob("part-*.parquet")):
        table = pq.read_table(path, columns=["page_id", "raw_chars"])
        yield from zip(table["page_id"].to_pylist(), table["raw_chars"].to_pylist(), strict=True)


def _read_archive(archive: Sequence[Path], wanted: dict[str, int], raw: sqlite3.Connection) -> int:
    """Keep the raw text of the wanted pages; gives how many there are."""
    raw.execute("CREATE TABLE texts (id TEXT PRIMARY KEY, text TEXT)")
    for path, name in list_files(archive):
        for page in read_sources(open_file(path, name, ReadSettings())):
            if not isinstance(page, Failure) and wanted.get(page.page_id) == len(page.text.raw):
                raw.execute("INSERT OR IGNORE INTO texts VALUES (?, ?)", (page.page_id, page.text.raw))
    return int(raw.execute("SELECT count(*) FROM texts").fetchone()[0])


def _join_part(dataset: Path, pointers: Path, target: Path, part: str, raw: sqlite3.Connection) -> None:
    rows = {table: part_rows(dataset, table, part) for table in TABLES if table != "findings" and (dataset / table / part).exists()}
    homes: dict[str, str] = {}
    for text in rows["texts"]:
        stored = _stored(raw, text["page_id"])
        if stored is not None:
            homes[text["page_id"]] = text["raw"] = stored
    _join_reports(rows, homes)
    raw.executemany("INSERT INTO texts VALUES (?, ?)", [(r["report_id"], r["text"]) for r in rows["reports"] if r["report_id"] in homes])
    for table in SLICED:
        if table not in ("texts", "reports", "findings"):
            for row in rows.get(table, ()):
                _join_slice(table, row, homes)
    for pointer in pq.read_table(pointers).to_pylist():
        if pointer["home"] in homes:
            row, phrase = rows[pointer["table"]][pointer["row"]], homes[pointer["home"]][pointer["start"] : pointer["end"]]
            if pointer["item"] is None:
                row[pointer["column"]] = phrase
            else:
                row[pointer["column"]][pointer["item"]] = phrase
    _write(target, part, rows)


def _write(target: Path, part: str, rows: dict[str, list[dict[str, Any]]]) -> None:
    for table, found in rows.items():
        (target / table).mkdir(parents=True, exist_ok=True)
        pq.write_table(pa.Table.from_pylist(found, SCHEMAS[table]), target / table / part, compression="zstd")


def _stored(raw: sqlite3.Connection, home: str) -> str | None:
    """Raw text of a page or clean text of a report; None if the archive lacks it."""
    found = raw.execute("SELECT text FROM texts WHERE id = ?", (home,)).fetchone()
    return None if found is None else str(found[0])


def _join_findings(dataset: Path, target: Path, raw: sqlite3.Connection) -> None:
    """Findings stand in parts of their own, apart from their pages' parts."""
    for part in sorted(path.name for path in (dataset / "findings").glob("part-*.parquet")):
        rows = part_rows(dataset, "findings", part)
        for row in rows:
            home = row["page_id"] if row["start"] is None else row["report_id"]
            stored = _stored(raw, home)
            if stored is not None:
                _join_slice("findings", row, {home: stored})
        _write(target, part, {"findings": rows})


def _join_reports(rows: dict[str, list[dict[str, Any]]], homes: dict[str, str]) -> None:
    edits: dict[str, list[dict[str, Any]]] = {}
    for edit in rows["edits"]:
        edits.setdefault(edit["page_id"], []).append(edit)
    for report in rows["reports"]:
        if report["page_id"] in homes:
            text = restore_text(homes[report["page_id"]], edits.get(report["page_id"], []), report["raw_spans"]).text
            homes[report["report_id"]] = report["text"] = text


def _join_slice(table: str, row: dict[str, Any], homes: dict[str, str]) -> None:
    in_raw = table == "edits" or (table == "findings" and row["start"] is None)
    home = row["page_id"] if in_raw else row["report_id"]
    if home in homes:
        start, end = (row["raw_start"], row["raw_end"]) if in_raw else (row["start"], row["end"])
        row[SLICED[table]] = homes[home][start:end]
