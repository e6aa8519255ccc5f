"""Stata .dta with variable labels and value labels."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa

from baogao.dataset.package import dataset_version
from baogao.dataset.query import Source
from baogao.export.flat import flat_columns, flat_schema
from baogao.records import TABLES

FILE_ROWS = 50_000
"""Rows of a file at most: the writer holds a file in memory, ten times as large as its rows are."""
FILE_BYTES = 40_000_000
"""Bytes of a file's rows, from which on a new file begins: long texts make smaller files."""
LONGEST_STR = 2_045
"""Bytes of a str# variable; columns that hold longer text are written as strL."""
_LABEL = 80
_RENAMED = {"end": "end_"}
"""Columns whose name Stata's writer does not take."""
_STAMP = datetime.datetime(2000, 1, 1)  # a fixed date: the same dataset gives the same file


def write_stata(source: Source, table: str, path: Path) -> list[str]:
    """One table as .dta (format 118, Stata 14 and later).

    Columns with a list of values are numbers with value labels, in the order of the codebook from 1; booleans are 0 and 1. A table of
    more than FILE_ROWS rows, or FILE_BYTES, goes on in `FILE-2.dta`, `FILE-3.dta`, with the same labels, to be joined by `append
    using`. Null text is an empty string. Returns a note if there is more than one file.
    """
    number = 0
    for number, rows in enumerate(_chunks(source, table), 1):
        _write_file(source, table, rows, path if number == 1 else path.with_stem(f"{path.stem}-{number}"))
    if number > 1:
        names = f"{path.name}, {path.stem}-2.dta, ..."
        return [f"{table} is in {number} files of at most {FILE_ROWS:,} rows ({names}); join them with append using."]
    return []


def _chunks(source: Source, table: str) -> Iterator[list[pa.RecordBatch]]:
    batches: list[pa.RecordBatch] = []
    n = size = files = 0
    for whole in source.batches(table):
        rest = whole
        while n + len(rest) >= FILE_ROWS:
            yield [*batches, rest.slice(0, FILE_ROWS - n)]
            rest, batches, n, size = rest.slice(FILE_ROWS - n), [], 0, 0
            files += 1
        if len(rest):
            batches.append(rest)
            n, size = n + len(rest), size + rest.nbytes
        if size >= FILE_BYTES:
            yield batches
            batches, n, size = [], 0, 0
            files += 1
    if batches or not files:
        yield batches


def _write_file(source: Source, table: str, batches: list[pa.RecordBatch], path: Path) -> None:
    import pandas as pd

    columns: dict[str, Any] = {}
    values: dict[str, dict[int, str]] = {}
    fields = {f.name: f for f in dataclasses.fields(TABLES[table])}
    flat = [flat_columns(batch) for batch in batches]
    for i, f in enumerate(flat_schema(table)):
        found = [value for part in flat for value in part[i]]
        coded = fields[f.name].metadata["values"]
        if coded:
            codes = {value: code for code, value in enumerate(coded, 1)}
            codes |= {value: code for code, value in enumerate(sorted({v for v in found if v} - codes.keys()), len(codes) + 1)}
            values[f.name] = {code: value for value, code in codes.items()}
            columns[f.name] = pd.array([codes.get(value) for value in found], dtype="Int16")
        elif pa.types.is_boolean(f.type):
            values[f.name] = {0: "no", 1: "yes"}
            columns[f.name] = pd.array(found, dtype="boolean").astype("Int8")
        elif pa.types.is_string(f.type):
            columns[f.name] = pd.Series([value or "" for value in found], dtype=object)
        elif pa.types.is_integer(f.type):
            columns[f.name] = pd.array(found, dtype="Int32" if _fits(found) else "Float64")
        else:
            columns[f.name] = pd.array(found, dtype="Float64")
    frame = pd.DataFrame({_RENAMED.get(name, name): column for name, column in columns.items()})
    long = [name for name, column in frame.items() if column.dtype == object and _longest(column) > LONGEST_STR]
    frame.to_stata(
        path, write_index=False, version=118, time_stamp=_STAMP, convert_strl=long, value_labels=values,
        data_label=f"baogao {table}, dataset {dataset_version(source.dataset)}"[:_LABEL],
        variable_labels={_RENAMED.get(name, name): _label(f.metadata["description"]) for name, f in fields.items()},
    )  # fmt: skip


def _fits(values: list[int | None]) -> bool:
    """Whether Stata's long holds all values; its largest are codes for missing."""
    return all(value is None or -(2**31) < value < 2**31 - 100 for value in values)


def _longest(column: Any) -> int:
    return max((len(value.encode()) for value in column), default=0)


def _label(description: str) -> str:
    return description if len(description) <= _LABEL else description[: _LABEL - 1] + "…"
