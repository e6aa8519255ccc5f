"""A dataset's tables as DuckDB views."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import duckdb

from baogao.database import connect
from baogao.records import TABLES

MEMORY = "800MB"
"""What a database may hold that sorts or sums up a whole dataset, before it writes to disk."""


def open_views(dataset: Path, tables: Iterable[str] = tuple(TABLES), *, memory: str | None = None) -> duckdb.DuckDBPyConnection:
    """A connection in which every table of the dataset in the folder `dataset` is a view; it may hold all memory unless told less."""
    connection = connect(memory=memory, threads=2) if memory else duckdb.connect()
    for table in tables:
        files = str(dataset / table / "part-*.parquet").replace("'", "''")
        connection.execute(f"CREATE VIEW {table} AS SELECT * FROM read_parquet('{files}')")
    return connection
