"""One SQLite file with keys, an index for every key, and full-text search; Datasette opens it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pyarrow as pa

from baogao.dataset.keys import PRIMARY, foreign_keys
from baogao.dataset.package import dataset_version
from baogao.dataset.query import Source
from baogao.dataset.reference import codebook_rows
from baogao.export.flat import flat_columns, flat_schema
from baogao.export.ngrams import search_terms

SEARCHED = {"reports": ("title", "text"), "activities": ("name", "text"), "organizations": ("unit", "text")}
"""Tables with full-text search, and the columns that are searched."""
_TYPES = {pa.int64(): "INTEGER", pa.float64(): "REAL", pa.bool_(): "INTEGER", pa.string(): "TEXT"}


def write_sqlite(source: Source, tables: Sequence[str], path: Path) -> list[str]:
    """Tables, with keys into each other where none is left out by a condition, and table `codebook`.

    Lists and structs are JSON text, for `json_each`. `TABLE_fts` finds words of one to four characters as they are typed; longer
    ones are written in pieces (`科普讲座 志愿者`).
    """
    with closing(sqlite3.connect(path)) as database:
        for pragma in ("journal_mode = OFF", "synchronous = OFF", "page_size = 8192", "cache_size = -65536"):
            database.execute(f"PRAGMA {pragma}")
        _write_codebook(source, tables, database)
        for table in tables:
            database.execute(_create(table, tables if source.where is None else (table,)))
            names = flat_schema(table).names
            places = ", ".join("?" * len(names))
            database.executemany(f'INSERT INTO "{table}" VALUES ({places})', _rows(source, table))
            for column, _, _ in foreign_keys(table):
                database.execute(f'CREATE INDEX "{table}_{column}" ON "{table}" ("{column}")')
            if table in SEARCHED:
                _index(database, table)
        database.commit()
    return []


def _create(table: str, tables: Sequence[str]) -> str:
    columns = [
        f'"{f.name}" {_TYPES[f.type]}{"" if f.nullable else " NOT NULL"}{" PRIMARY KEY" if PRIMARY.get(table) == f.name else ""}'
        for f in flat_schema(table)
    ]
    keys = [f'FOREIGN KEY ("{column}") REFERENCES "{home}" ("{key}")' for column, home, key in foreign_keys(table) if home in tables]
    return f'CREATE TABLE "{table}" ({", ".join([*columns, *keys])})'


def _rows(source: Source, table: str) -> Iterator[tuple[Any, ...]]:
    for batch in source.batches(table):
        yield from zip(*flat_columns(batch), strict=True)


def _index(database: sqlite3.Connection, table: str) -> None:
    """A full-text index of its own words: the content stays in the table, where Datasette finds it."""
    names = SEARCHED[table]
    columns = ", ".join(names)
    database.execute(f'CREATE VIRTUAL TABLE "{table}_fts" USING fts5({columns}, content="{table}", detail="column")')
    database.create_function("search_terms", 1, lambda text: search_terms(text or ""), deterministic=True)
    terms = ", ".join(f"search_terms({name})" for name in names)
    database.execute(f'INSERT INTO "{table}_fts" (rowid, {columns}) SELECT rowid, {terms} FROM "{table}"')
    database.execute(f'INSERT INTO "{table}_fts" ("{table}_fts") VALUES (?)', ("optimize",))


def _write_codebook(source: Source, tables: Sequence[str], database: sqlite3.Connection) -> None:
    database.execute(
        'CREATE TABLE codebook ("table" TEXT, "column" TEXT, type TEXT, nullable TEXT, meaning TEXT, "values" TEXT, example TEXT)'
    )
    database.executemany("INSERT INTO codebook VALUES (?, ?, ?, ?, ?, ?, ?)", (row for row in codebook_rows() if row[0] in tables))
    database.execute("CREATE TABLE dataset (version TEXT)")
    database.execute("INSERT INTO dataset VALUES (?)", (dataset_version(source.dataset),))
