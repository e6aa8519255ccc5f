"""Search: a query and filters to a page of reports, with what they could be narrowed by."""

from __future__ import annotations

import re
import sqlite3
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import duckdb
import numpy as np
import opencc
import pyarrow as pa
from numpy.typing import NDArray

PER_PAGE = 20
VERIFIED = 500
"""Hits that are read to make sure that a longer word stands in them as a whole; above that their number is told as `about`."""
_AROUND = 36
_TERM = re.compile(r'(-?)(?:"([^"]+)"|“([^”]+)”|(\S+))')
_RUN = re.compile(r"\w+")
FILTERS = {
    "genre": "genre = $genre",
    "site": "site = $site",
    "place": "contains(coalesce(place, '') || ' ' || coalesce(issuer, ''), $place)",
    "from": "year_max >= $from",
    "to": "year_min <= $to",
    "month": "list_contains(months, $month)",
    "type": "list_contains(types, $type)",
    "copies": "is_representative",
    "findings": "n_findings > 0",
}
"""Filter -> condition on the table listing."""
_COUNTED = "number, genre, types, months, year_max, site, place, place_status"
_FACETS = {
    "genre": "SELECT genre, count(*) FROM chosen GROUP BY 1 ORDER BY 2 DESC, 1",
    "type": "SELECT t, count(*) FROM (SELECT unnest(types) AS t FROM chosen) GROUP BY 1 ORDER BY 2 DESC, 1",
    "month": "SELECT m, count(*) FROM (SELECT unnest(months) AS m FROM chosen) GROUP BY 1 ORDER BY 1",
    "year": "SELECT year_max, count(*) FROM chosen WHERE year_max IS NOT NULL GROUP BY 1 ORDER BY 1 DESC LIMIT 12",
    "site": "SELECT site, count(*) FROM chosen WHERE site IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 8",
    "place": "SELECT place, count(*) FROM chosen WHERE place_status = 'named' GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 8",
}


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked for: words that must and must not stand in a report, and filters by name."""

    words: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    filters: Mapping[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> tuple[Any, ...]:
        """What tells two queries apart."""
        return self.words, self.without, tuple(sorted(self.filters.items()))


@dataclass(frozen=True, slots=True)
class Hits:
    """What a query finds: numbers of the listing in order, whether they are exact, and the counts of each filter's values."""

    numbers: NDArray[np.int32]
    exact: bool
    facets: dict[str, list[tuple[Any, int]]]


@dataclass(frozen=True, slots=True)
class Found:
    """A page of hits: rows of listing with a `snippet` each; `exact` says whether `total` is counted or estimated from above."""

    rows: list[dict[str, Any]]
    total: int
    exact: bool
    facets: dict[str, list[tuple[Any, int]]]


@cache
def _simplifier() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def read_query(parameters: Mapping[str, str]) -> Query:
    """A query from the parameters of an address; what is no valid value of a filter is left out.

    >>> read_query({"q": '科普 "義診 活動" -演练', "from": "2013", "genre": ""})
    Query(words=('科普', '义诊 活动'), without=('演练',), filters={'from': 2013})
    """
    words: list[str] = []
    without: list[str] = []
    for minus, *quoted in _TERM.findall(parameters.get("q", "")[:200]):
        (without if minus else words).append(_simplifier().convert("".join(quoted)).lower())
    filters: dict[str, Any] = {}
    for name in FILTERS:
        value = parameters.get(name, "")[:100].strip()
        if name in ("from", "to", "month"):
            if value.isdecimal() and len(value) <= 4:
                filters[name] = int(value)
        elif value:
            filters[name] = value
    return Query(tuple(words), tuple(without), filters)


def match_expression(query: Query) -> str | None:
    """The query for FTS5 over pairs of characters; None where no word is asked for.

    >>> match_expression(Query(("科普讲座", "a"), ("演练",)))
    '("科普" AND "普讲" AND "讲座" AND "a"*) NOT "演练"'
    """
    wanted = [pair for word in query.words for pair in _pairs(word)]
    if not wanted:
        return None
    excluded = [pair for word in query.without if len(word) <= 2 for pair in _pairs(word)]
    expression = " AND ".join(wanted)
    return f"({expression}) NOT {' NOT '.join(excluded)}" if excluded else expression


def _pairs(word: str) -> list[str]:
    found = []
    for run in _RUN.findall(word):
        found += [f'"{run[i : i + 2]}"' for i in range(len(run) - 1)] or [f'"{run}"*']
    return found


def find(tables: duckdb.DuckDBPyConnection, texts: sqlite3.Connection, query: Query) -> Hits:
    """The reports that a query finds, newest first, with the counts of what they could be narrowed by."""
    conditions = [FILTERS[name] for name in query.filters]
    values = {name: value for name, value in query.filters.items() if f"${name}" in FILTERS[name]}
    expression = match_expression(query)
    source = "listing"
    if expression:
        hits = [row[0] for row in texts.execute("SELECT rowid FROM words WHERE words MATCH ?", [expression])]
        tables.register("hits", pa.table({"number": pa.array(hits, pa.int32())}))
        source = "listing SEMI JOIN hits USING (number)"
    where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
    tables.execute(f"CREATE OR REPLACE TEMP TABLE chosen AS SELECT {_COUNTED} FROM {source} {where}", values)
    numbers = np.sort(tables.execute("SELECT number FROM chosen").fetchnumpy()["number"])
    to_check = any(len(word) > 2 for word in query.words) or bool(query.without)
    exact = not to_check or len(numbers) <= VERIFIED
    if to_check and exact:
        checked = np.array([_holds(read_text(texts, number), query) for number in numbers.tolist()], bool)
        if not checked.all():
            numbers = numbers[checked]
            tables.execute("DELETE FROM chosen WHERE NOT list_contains($numbers, number)", {"numbers": numbers.tolist()})
    return Hits(numbers, exact, {name: tables.execute(select).fetchall() for name, select in _FACETS.items()})


def read_page(tables: duckdb.DuckDBPyConnection, texts: sqlite3.Connection, hits: Hits, words: Sequence[str], page: int) -> Found:
    """Page `page` (from 1) of what was found, with a snippet around the words."""
    shown = hits.numbers[(page - 1) * PER_PAGE : page * PER_PAGE].tolist()
    rows = tables.execute("SELECT * FROM listing WHERE list_contains($shown, number) ORDER BY number", {"shown": shown})
    names = [column[0] for column in rows.description or ()]
    listed = [dict(zip(names, row, strict=True)) for row in rows.fetchall()]
    for row in listed:
        row["snippet"] = snippet(read_text(texts, row["number"]), words)
    return Found(listed, len(hits.numbers), hits.exact, hits.facets)


def read_text(texts: sqlite3.Connection, number: int) -> str:
    """The clean text of the report with this number in the listing."""
    row = texts.execute("SELECT text FROM texts WHERE number = ?", [number]).fetchone()
    return zlib.decompress(row[0]).decode() if row else ""


def _holds(text: str, query: Query) -> bool:
    lower = text.lower()
    return all(word in lower for word in query.words) and not any(word in lower for word in query.without)


def snippet(text: str, words: Sequence[str]) -> list[tuple[str, bool]]:
    """A stretch of text around the first word that stands in it, as (text, whether it is one of the words).

    >>> snippet("我社区开展了科普讲座。", ["讲座"])
    [('我社区开展了科普', False), ('讲座', True), ('。', False)]
    """
    lower = text.lower()
    place = min((at for word in words if (at := lower.find(word)) >= 0), default=0)
    start = max(0, place - _AROUND)
    stretch = text[start : start + 4 * _AROUND].replace("\n", " ")
    pattern = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    parts = re.split(f"({pattern})", stretch, flags=re.IGNORECASE) if pattern else [stretch]
    found = [(part, i % 2 == 1) for i, part in enumerate(parts) if part]
    return [("…", False), *found] if start else found
