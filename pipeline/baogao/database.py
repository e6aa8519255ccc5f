"""How the pipeline opens DuckDB: bounded in memory, spilling to disk beyond that."""

from __future__ import annotations

import tempfile
from pathlib import Path

import duckdb


def connect() -> duckdb.DuckDBPyConnection:
    """A database in memory that writes to the temporary folder of the system what does not fit into 300 MB.

    One thread, because tasks run side by side already, and because sums of floating point numbers then have one order.
    """
    spill = str(Path(tempfile.gettempdir()) / "baogao-duckdb")
    return duckdb.connect(config={"memory_limit": "300MB", "threads": 1, "temp_directory": spill})
