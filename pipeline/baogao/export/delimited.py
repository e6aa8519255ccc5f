"""CSV, for Excel or plain."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa

from baogao.dataset.query import Source
from baogao.export.flat import flat_columns, flat_schema
from baogao.export.spreadsheet import LONGEST_CELL, MOST_DIGITS, cut_for_excel, safe_for_excel


def write_plain(source: Source, table: str, path: Path) -> list[str]:
    """One table as UTF-8 with line feeds and every value as it is; true and false in lower case, null an empty cell."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(flat_schema(table).names)
        for batch in source.batches(table):
            columns = [_booleans(values) if pa.types.is_boolean(f.type) else values for f, values in _columns(batch)]
            writer.writerows(zip(*columns, strict=True))
    return []


def write_for_excel(source: Source, table: str, path: Path) -> list[str]:
    """One table as Excel opens it by a double click: UTF-8 with BOM and CRLF, no cell a formula, a date or a rounded number.

    Returns a note for each column in which cells had to be cut.
    """
    cut: Counter[str] = Counter()
    with path.open("w", encoding="utf-8-sig", newline="") as file:  # newline: csv writes CRLF itself
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(flat_schema(table).names)
        for batch in source.batches(table):
            columns = [[_cell(value, f.name, cut) for value in values] for f, values in _columns(batch)]
            writer.writerows(zip(*columns, strict=True))
    return cut_notes(table, cut, "export it with --plain to have it whole")


def cut_notes(table: str, cut: Counter[str], remedy: str) -> list[str]:
    """What to tell about cells that were longer than Excel allows."""
    return [
        f"{n} cells of {table}.{column} were cut to the {LONGEST_CELL:,} characters that Excel holds; {remedy}."
        for column, n in sorted(cut.items())
        if n
    ]


def _columns(batch: pa.RecordBatch) -> Iterator[tuple[pa.Field, list[Any]]]:
    return zip(batch.schema, flat_columns(batch), strict=True)


def _booleans(values: list[Any]) -> list[Any]:
    return [None if value is None else "true" if value else "false" for value in values]


def _cell(value: Any, column: str, cut: Counter[str]) -> Any:
    if isinstance(value, str):
        text, was_cut = cut_for_excel(value)
        cut[column] += was_cut
        return safe_for_excel(text)
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return f"{value}\t" if isinstance(value, int) and abs(value) >= 10**MOST_DIGITS else value
