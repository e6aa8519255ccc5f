"""JSON Lines: one object a row, nested as it is."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa

from baogao.dataset.query import Source
from baogao.records import SCHEMAS


def write_jsonl(source: Source, table: str, path: Path) -> list[str]:
    """One table as UTF-8, an object a line; a map is an object, a list an array."""
    maps = [f.name for f in SCHEMAS[table] if pa.types.is_map(f.type)]
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for batch in source.batches(table):
            for row in batch.to_pylist():
                for name in maps:
                    row[name] = dict(row[name])
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
    return []
