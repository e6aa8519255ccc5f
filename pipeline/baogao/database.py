"""How the pipeline opens DuckDB: bounded in memory, spilling to disk beyond that."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import duckdb


def connect(path: Path | None = None, *, memory: str = "300MB", threads: int = 1, read_only: bool = False) -> duckdb.DuckDBPyConnection:
    """A database, in memory unless a file is given, that writes to the system's temporary folder what does not fit into `memory`.

    One thread, because tasks run side by side already, and because sums of floating point numbers then have one order.
    """
    spill = str(Path(tempfile.gettempdir()) / "baogao-duckdb")
    config: dict[str, Any] = {"memory_limit": memory, "threads": threads, "temp_directory": spill}
    return duckdb.connect(str(path or ":memory:"), read_only=read_only, config=config)
