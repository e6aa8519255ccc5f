"""Tables with a text in each row: CSV, TSV and JSON Lines. A row is a page; its other columns go along as metadata."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from baogao.errors import ReadError
from baogao.read.encoding import decode
from baogao.read.page import Source
from baogao.records import Failure
from baogao.settings import ReadSettings

DELIMITERS = {".csv": ",", ".tsv": "\t", ".tab": "\t"}
JSON_LINES = (".jsonl", ".ndjson")
_HEAD = 1_000_000
"""The encoding is found from so many bytes at the start."""

Row = Mapping[str, Any] | str
"""A row's columns, or what is wrong with it."""


def rows_of_table(name: str, stream: BinaryIO, site: str | None, settings: ReadSettings) -> Iterator[Source | Failure]:
    """A source for each row that has text, named by its number: a.csv!/1 is the first row below the heading.

    Raises ReadError for a table without the text column that the settings name.
    """
    head = stream.read(_HEAD)
    stream.seek(0)
    encoding = decode(head).used
    lines = io.TextIOWrapper(stream, "utf-8-sig" if encoding == "utf-8" else encoding, "replace", newline="")
    rows = _json_rows(lines) if name.lower().endswith(JSON_LINES) else _csv_rows(lines, name, settings)
    found = False
    columns: dict[str, None] = {}
    for number, row in rows:
        if isinstance(row, str):
            yield Failure(f"{name}!/{number}", None, "read", f"the row is not valid: {row}", "correct the row, or leave it out")
            continue
        columns.update(dict.fromkeys(row))
        if settings.text_column in row:
            found = True
            text = _as_text(row[settings.text_column])
            if text.strip():
                yield _source(f"{name}!/{number}", text, row, site, settings)
    if not found:
        known = ", ".join(list(columns)[:20]) or "none"
        error = f"the table has no column {settings.text_column} (its columns: {known})"
        raise ReadError(error, "name the column of the text in read.text_column in a settings file")


def _source(name: str, text: str, row: Mapping[str, Any], site: str | None, settings: ReadSettings) -> Source:
    facts = {key: _as_text(value) for key, value in row.items() if key != settings.text_column and value not in (None, "")}
    return Source(name, _well_formed(text).encode(), site, facts.get(settings.url_column), charset="utf-8", metadata=facts)


def _as_text(value: object) -> str:
    return _well_formed(value) if isinstance(value, str) else "" if value is None else json.dumps(value, ensure_ascii=True, sort_keys=True)


def _well_formed(text: str) -> str:
    """The text with U+FFFD for halves of surrogate pairs, which JSON can spell."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _csv_rows(lines: io.TextIOWrapper, name: str, settings: ReadSettings) -> Iterator[tuple[int, Row]]:
    csv.field_size_limit(settings.max_page_bytes)
    delimiter = DELIMITERS[name[name.rfind(".") :].lower()]
    reader = csv.DictReader((line.replace("\0", "") for line in lines), delimiter=delimiter, restkey="", restval="")
    number = 0
    while True:
        number += 1
        try:
            row = next(reader, None)
        except csv.Error as error:
            yield number, str(error)
            continue
        if row is None:
            return
        yield number, {key: value for key, value in row.items() if key}


def _json_rows(lines: io.TextIOWrapper) -> Iterator[tuple[int, Row]]:
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                row = json.loads(line)
            except (ValueError, RecursionError) as error:
                yield number, str(error)
                continue
            yield number, row if isinstance(row, dict) else f"it is a {type(row).__name__}, no object"
