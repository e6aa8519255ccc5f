"""The index that `baogao explore` reads: the tables sorted by what they are looked up by, and a full-text index of the reports.

Built once for a dataset, into OUT/.baogao/explore, from the Parquet files: `tables.duckdb` holds the tables and `listing`, one line
a report in the order of the result list; `texts.sqlite` holds the reports' texts and, in SQLite's FTS5, the pairs of neighbouring
characters of each (docs/explore.md), so that words of two characters are found as well as longer ones.
"""

from __future__ import annotations

import re
import shutil
import sqlite3
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import duckdb

from baogao.database import connect
from baogao.errors import BaogaoError
from baogao.explore.database import MEMORY, open_views
from baogao.identifiers import derive_id
from baogao.records import TABLES

VERSION = 1
"""Raised when the index's layout changes."""
_BATCH = 2000
_WORD = re.compile(r"\w+")
_SORTED = {
    "reports": "report_id", "sections": "report_id, start", "times": "report_id, start", "organizations": "report_id, start",
    "roles": "report_id, start", "sizes": "report_id, start", "activities": "report_id, start", "passage_uses": "report_id, start",
    "findings": "report_id, raw_start", "pairs": "report_a", "pages": "page_id", "page_sources": "page_id, source", "texts": "page_id",
    "blocks": "page_id, block", "edits": "page_id, raw_start", "passages": "n_reports DESC, n_uses DESC, passage_id",
    "months": "year, month, activity_id",
}  # fmt: skip
_LISTING = """
    CREATE TABLE listing AS
    SELECT (row_number() OVER (ORDER BY r.year_max DESC NULLS LAST, r.report_id) - 1)::INTEGER AS number,
        r.* EXCLUDE (text, raw_spans, adcode_candidates, raw_start, raw_end),
        s.site, s.source, coalesce(a.n, 0) AS n_activities, coalesce(o.n, 0) AS n_organizations, coalesce(f.n, 0) AS n_findings,
        coalesce(a.types, []) AS types, coalesce(m.months, []) AS months
    FROM reports r
    LEFT JOIN (SELECT page_id, min(site) AS site, min(source) AS source FROM page_sources GROUP BY 1) s USING (page_id)
    LEFT JOIN (SELECT report_id, count(*) AS n, list(DISTINCT type ORDER BY type) AS types FROM activities GROUP BY 1) a
        USING (report_id)
    LEFT JOIN (SELECT report_id, count(*) AS n FROM organizations GROUP BY 1) o USING (report_id)
    LEFT JOIN (SELECT report_id, count(*) AS n FROM findings WHERE report_id IS NOT NULL GROUP BY 1) f USING (report_id)
    LEFT JOIN (SELECT report_id, list(DISTINCT month ORDER BY month) AS months FROM months WHERE month IS NOT NULL GROUP BY 1) m
        USING (report_id)
    ORDER BY number
"""
_DOUBT = """
    CREATE TABLE doubt AS SELECT (row_number() OVER (ORDER BY abs(score - 0.5), id) - 1)::INTEGER AS number, * FROM (
        SELECT 'activity' AS label, activity_id AS id, report_id, start, "end", raw_start, raw_end, score, type AS kind, status,
            NULL AS unit, true AS found FROM activities WHERE checked IS NULL
        UNION ALL SELECT 'activity', candidate_id, report_id, start, "end", raw_start, raw_end, probability, 'other', 'done', NULL, false
            FROM candidates WHERE label = 'activity' AND NOT accepted AND probability > 0.2
        UNION ALL SELECT 'organization', organization_id, report_id, start, "end", raw_start, raw_end, score, kind, status, unit, true
            FROM organizations WHERE checked IS NULL
    ) ORDER BY abs(score - 0.5), id LIMIT 20000
"""


@dataclass(frozen=True, slots=True)
class Index:
    """Where the two files of an index are."""

    tables: Path
    texts: Path


def build_index(dataset: Path, folder: Path, tell: Callable[[str], None]) -> Index:
    """The index of the folder `dataset`, built in `folder` if it is not there yet; `tell` is given what is being done.

    Raises BaogaoError where there is no dataset, or no room to write.
    """
    if not (dataset / "datapackage.json").exists():
        raise BaogaoError(f"There is no finished dataset in {dataset}; let baogao run end first.")
    own = folder / _key(dataset)
    index = Index(own / "tables.duckdb", own / "texts.sqlite")
    if index.texts.exists():
        return index
    shutil.rmtree(folder, ignore_errors=True)
    building = folder / "building"
    try:
        building.mkdir(parents=True)
        tell("Sorting the tables (once for this dataset) ...")
        _write_tables(dataset, building / "tables.duckdb")
        tell("Indexing the texts ...")
        _write_texts(building / "tables.duckdb", building / "texts.sqlite")
        building.rename(index.texts.parent)
    except duckdb.BinderException as error:
        raise BaogaoError(f"The dataset in {dataset} is of another version of baogao; run baogao over the archive again.") from error
    except (OSError, duckdb.Error, sqlite3.Error) as error:
        raise BaogaoError(f"The index cannot be written to {folder} ({error}); it needs about twice the dataset's room.") from error
    return index


def _key(dataset: Path) -> str:
    files = [(path.relative_to(dataset).as_posix(), path.stat()) for path in sorted(dataset.rglob("*.parquet"))]
    return derive_id("i", VERSION, *((name, stat.st_size, stat.st_mtime_ns) for name, stat in files))


def _write_tables(dataset: Path, path: Path) -> None:
    with open_views(dataset, TABLES, memory=MEMORY) as connection:
        connection.execute(f"ATTACH '{str(path).replace(chr(39), chr(39) * 2)}' AS store")
        for table, order in _SORTED.items():
            connection.execute(f"CREATE TABLE store.{table} AS SELECT * FROM memory.{table} ORDER BY {order}")
        connection.execute(_LISTING.replace("CREATE TABLE listing", "CREATE TABLE store.listing"))
        connection.execute(_DOUBT.replace("CREATE TABLE doubt", "CREATE TABLE store.doubt"))


def _write_texts(tables: Path, path: Path) -> None:
    with connect(tables, memory=MEMORY, threads=2, read_only=True) as connection, sqlite3.connect(path) as texts:
        texts.execute("PRAGMA journal_mode = OFF")
        texts.execute("PRAGMA synchronous = OFF")
        texts.execute("CREATE TABLE texts (number INTEGER PRIMARY KEY, text BLOB)")
        texts.execute("CREATE VIRTUAL TABLE words USING fts5(pairs, content='', detail=none, tokenize='unicode61 remove_diacritics 0')")
        for rows in _in_batches(connection):
            texts.executemany("INSERT INTO texts VALUES (?, ?)", [(n, zlib.compress(text.encode(), 1)) for n, text in rows])
            texts.executemany("INSERT INTO words (rowid, pairs) VALUES (?, ?)", [(n, " ".join(pairs_of(text))) for n, text in rows])
        texts.commit()
    texts.close()


def _in_batches(connection: duckdb.DuckDBPyConnection) -> Iterator[list[tuple[int, str]]]:
    """Number and text of every report."""
    found = connection.sql("SELECT l.number, r.text FROM listing l JOIN reports r USING (report_id) ORDER BY l.number")
    for batch in found.to_arrow_reader(_BATCH):
        yield list(zip(*(column.to_pylist() for column in batch.columns), strict=True))


def pairs_of(text: str) -> set[str]:
    """Every two neighbouring letters, digits or Han characters of a text, and the last one of each stretch alone.

    >>> sorted(pairs_of("开展义诊。5次"))
    ['5次', '义诊', '展义', '开展', '次', '诊']
    """
    found: set[str] = set()
    for word in _WORD.findall(text.lower()):
        found.update(map("".join, pairwise(word)))
        found.add(word[-1])
    return found
