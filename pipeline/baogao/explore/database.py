"""A dataset's tables as DuckDB views."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import duckdb

from baogao.records import TABLES


def open_views(dataset: Path, tables: Iterable[str] = tuple(TABLES)) -> duckdb.DuckDBPyConnection:
    """A connection in which every table of the dataset in the folder `dataset` is a view."""
    connection = duckdb.connect()
    for table in tables:
        files = str(dataset / table / "part-*.parquet").replace("'", "''")
        connection.execute(f"CREATE VIEW {table} AS SELECT * FROM read_parquet('{files}')")
    return connection
