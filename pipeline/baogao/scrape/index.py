"""The archive's index: a row for each answer, with its place in the WARC files, as a Parquet file."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from baogao.scrape.frontier import Frontier

INDEX = "index.parquet"
_COLUMNS = "url, time, status, kind, record, mime, digest, site, file, offset, length, record_id, received, article, part, metadata"
SCHEMA = pa.schema(
    [
        pa.field("url", pa.string(), False), pa.field("time", pa.string(), False), pa.field("status", pa.int32(), False),
        pa.field("kind", pa.string(), False), pa.field("record", pa.string(), False), pa.field("mime", pa.string()),
        pa.field("digest", pa.string()), pa.field("site", pa.string(), False), pa.field("file", pa.string(), False),
        pa.field("offset", pa.int64(), False), pa.field("length", pa.int64(), False), pa.field("record_id", pa.string(), False),
        pa.field("received", pa.int64(), False), pa.field("article", pa.string()), pa.field("part", pa.int32()),
        pa.field("metadata", pa.map_(pa.string(), pa.string())),
    ]
)  # fmt: skip
_ROWS = 10_000
"""Rows of a row group: they are in memory at once."""


def write_index(folder: Path, frontier: Frontier) -> None:
    """Write the index anew, under a temporary name first, so that a reader finds the old or the new one."""
    path = folder / INDEX
    temporary = folder / f".{INDEX}.{os.getpid()}.tmp"
    with pq.ParquetWriter(temporary, SCHEMA) as writer:
        for rows in batched_rows(frontier):
            writer.write_table(pa.Table.from_pylist(rows, SCHEMA))
    temporary.replace(path)


def batched_rows(frontier: Frontier) -> Iterator[list[dict[str, Any]]]:
    """The rows in the order in which they were written."""
    names = _COLUMNS.split(", ")
    captures = frontier.rows(f"SELECT {_COLUMNS} FROM captures ORDER BY id")
    rows = ({**dict(zip(names, row, strict=True)), "metadata": list(json.loads(row[-1]).items())} for row in captures)
    while batch := list(islice(rows, _ROWS)):
        yield batch
