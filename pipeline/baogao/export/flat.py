"""Columns of lists, maps and structs as JSON text, for formats whose cells hold one value."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa

from baogao.dataset.query import Source
from baogao.records import SCHEMAS


def is_nested(type_: pa.DataType) -> bool:
    """Whether values of the type are lists, maps or structs."""
    return bool(pa.types.is_nested(type_))


def as_json(value: Any) -> str | None:
    """A nested value as JSON: `[1, 2]`, `[{"start": 0, "end": 5}]`; a map is an object."""
    if value is None:
        return None
    if value and isinstance(value[0], tuple):
        value = dict(value)
    return json.dumps(value, ensure_ascii=False)


def flat_columns(batch: pa.RecordBatch) -> list[list[Any]]:
    """Python values of a batch column by column, nested ones as JSON; an empty map is `{}`, an empty list `[]`."""
    columns = []
    for column, field in zip(batch.columns, batch.schema, strict=True):
        values = column.to_pylist()
        if pa.types.is_map(field.type):
            values = [as_json(value) if value else "{}" for value in values]
        elif is_nested(field.type):
            values = [as_json(value) for value in values]
        columns.append(values)
    return columns


def flat_rows(source: Source, table: str) -> Iterator[tuple[Any, ...]]:
    """Rows of a table with nested values as JSON, read in batches."""
    for batch in source.batches(table):
        yield from zip(*flat_columns(batch), strict=True)


def flat_schema(table: str, columns: Sequence[str] = ()) -> pa.Schema:
    """The table's schema with text in place of nested columns."""
    fields = [f for f in SCHEMAS[table] if not columns or f.name in columns]
    return pa.schema([f.with_type(pa.string()) if is_nested(f.type) else f for f in fields])
