"""xlsx: a sheet a table, written row by row, with the data dictionary in it."""

from __future__ import annotations

import dataclasses
import datetime
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import Any

from baogao.dataset.package import dataset_version
from baogao.dataset.query import Source
from baogao.dataset.reference import codebook_rows, column_note
from baogao.export.delimited import cut_notes
from baogao.export.flat import flat_rows, flat_schema
from baogao.export.spreadsheet import MOST_DIGITS, MOST_ROWS, cut_for_excel
from baogao.records import TABLES

_CREATED = datetime.datetime(2000, 1, 1)  # a fixed date: the same dataset gives the same file
_CODEBOOK = (("table", 16), ("column", 20), ("type", 18), ("may be null", 11), ("meaning", 70), ("values", 50), ("example", 30))
_WIDTHS = {"text": 60, "raw": 60, "skeleton": 60, "heading": 40, "name": 30, "title": 30, "evidence": 40}


def write_xlsx(source: Source, tables: Sequence[str], path: Path) -> list[str]:
    """Tables as sheets of one workbook, in bounded memory; a table longer than a sheet goes on in `TABLE_2`, `TABLE_3`.

    Text stays text: nothing is a formula, a link or a date. Returns a note for each column in which cells had to be cut.
    """
    import xlsxwriter

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    notes: list[str] = []
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties({"title": f"baogao dataset {dataset_version(source.dataset)}", "created": _CREATED})
        _write_codebook(book, tables)
        for table in tables:
            notes += _write_table(book, table, flat_rows(source, table))
    return notes


def _write_codebook(book: Any, tables: Sequence[str]) -> None:
    sheet = book.add_worksheet("codebook")
    bold = book.add_format({"bold": True})
    for i, (name, width) in enumerate(_CODEBOOK):
        sheet.set_column(i, i, width)
        sheet.write_string(0, i, name, bold)
    sheet.freeze_panes(1, 0)
    rows = [row for row in codebook_rows() if row[0] in tables]
    sheet.autofilter(0, 0, len(rows), len(_CODEBOOK) - 1)
    for number, row in enumerate(rows, 1):
        for i, value in enumerate(row):
            sheet.write_string(number, i, value)


def _write_table(book: Any, table: str, rows: Iterator[tuple[Any, ...]]) -> list[str]:
    cut: Counter[str] = Counter()
    number = 1
    while True:
        first = next(rows, None)
        if first is None and number > 1:
            break
        sheet = book.add_worksheet(table if number == 1 else f"{table}_{number}")
        _write_header(book, sheet, table)
        chunk = islice(chain(() if first is None else (first,), rows), MOST_ROWS - 1)
        written = _write_rows(sheet, flat_schema(table).names, chunk, cut)
        sheet.autofilter(0, 0, max(written, 1), len(flat_schema(table).names) - 1)
        number += 1
    return cut_notes(table, cut, "export it as csv with --plain to have it whole")


def _write_header(book: Any, sheet: Any, table: str) -> None:
    bold = book.add_format({"bold": True})
    sheet.freeze_panes(1, 0)
    for i, field in enumerate(dataclasses.fields(TABLES[table])):
        sheet.set_column(i, i, _WIDTHS.get(field.name, 16))
        sheet.write_string(0, i, field.name, bold)
        sheet.write_comment(0, i, column_note(field), {"author": "", "x_scale": 2})


def _write_rows(sheet: Any, names: Sequence[str], rows: Iterator[tuple[Any, ...]], cut: Counter[str]) -> int:
    number = 0
    for number, row in enumerate(rows, 1):
        for i, value in enumerate(row):
            if isinstance(value, str):
                text, was_cut = cut_for_excel(value)
                cut[names[i]] += was_cut
                if text:
                    sheet.write_string(number, i, text)
            elif isinstance(value, bool):
                sheet.write_boolean(number, i, value)
            elif isinstance(value, int) and abs(value) >= 10**MOST_DIGITS:
                sheet.write_string(number, i, str(value))
            elif value is not None:
                sheet.write_number(number, i, value)
    return number
