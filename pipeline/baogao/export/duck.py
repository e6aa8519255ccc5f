"""One DuckDB file with all tables, nested as they are, and a comment on every column."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path

import duckdb

from baogao.dataset.query import Source
from baogao.records import SCHEMAS, TABLES

_MEMORY = "128MB"
"""What the written database may hold before it goes to disk; with the one that reads the whole stays below half a gigabyte."""


def write_duckdb(source: Source, tables: Sequence[str], path: Path) -> list[str]:
    """Tables with their column descriptions as comments (`SELECT * FROM duckdb_columns()`)."""
    with duckdb.connect(str(path), config={"memory_limit": _MEMORY, "threads": 1}) as database:
        for table in tables:
            database.register("empty", SCHEMAS[table].empty_table())
            database.execute(f"CREATE TABLE {table} AS SELECT * FROM empty")
            database.unregister("empty")
            for batch in source.batches(table, size=50 * 2_048):
                database.register("batch", batch)
                database.execute(f"INSERT INTO {table} SELECT * FROM batch")
                database.unregister("batch")
            database.execute(f"COMMENT ON TABLE {table} IS {_text((TABLES[table].__doc__ or '').strip())}")
            for f in dataclasses.fields(TABLES[table]):
                database.execute(f'COMMENT ON COLUMN {table}."{f.name}" IS {_text(f.metadata["description"])}')
        database.execute("CHECKPOINT")
    return []


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
