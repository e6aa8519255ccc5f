"""The parts of paged articles found among files of pages, and joined."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from baogao.database import connect
from baogao.read.page import SourcePage
from baogao.read.paged import NUMBERED, Place, join_parts, same_opening, series
from baogao.read.store import page_of

_HELD_CHARS = 4_000_000
"""Characters of joined pages that are held in memory before they are given out."""

Article = tuple[SourcePage, Sequence[tuple[str, str]]]
"""A joined page, and page_id and source of the parts that it takes the place of."""


def paged_articles(files: Sequence[Path]) -> Iterator[list[Article]]:
    """The articles whose parts stand in the files, joined, some at a time."""
    held: list[Article] = []
    for group, articles in sorted(_by_files(files).items()):
        for parts in articles:
            pages = _load(group, parts)
            if same_opening(pages):
                held.append((join_parts(pages), [(place.page_id, place.source) for place in parts]))
            if sum(len(page.text.raw) for page, _ in held) > _HELD_CHARS:
                yield held
                held = []
    if held:
        yield held


def _by_files(files: Sequence[Path]) -> dict[tuple[str, ...], list[tuple[Place, ...]]]:
    """The articles by the files in which their parts lie."""
    holds: dict[str, str] = {}
    places = []
    for page_id, source, url, title, file in _candidates(files):
        places.append(Place(page_id, source, url, title))
        holds[source] = file
    grouped = defaultdict(list)
    for parts in series(places):
        grouped[tuple(sorted({holds[place.source] for place in parts}))].append(parts)
    return grouped


def _candidates(files: Sequence[Path]) -> Iterable[tuple[str, str, str | None, str | None, str]]:
    """page_id, source, address, title and file of the pages that may be parts: those with a number, and those that begin like one."""
    if not files:
        return []
    query = f"""
        WITH places AS (
            SELECT page_id, source, url, title, filename, coalesce(url, source) AS name,
                translate(regexp_replace(name, '(?i){NUMBERED}', ''), '?&', '') AS stem FROM read_parquet($1, filename = true)),
        numbered AS (SELECT DISTINCT stem FROM places WHERE stem <> translate(name, '?&', ''))
        SELECT page_id, source, url, title, filename FROM places
        WHERE stem IN (FROM numbered) OR regexp_replace(stem, '\\.[A-Za-z]{{3,5}}$', '') IN (FROM numbered)
    """
    with connect() as connection:
        return connection.execute(query, [[str(path) for path in files]]).fetchall()


def _load(files: Sequence[str], parts: Sequence[Place]) -> list[SourcePage]:
    with connect() as connection:
        query = "SELECT * FROM read_parquet($1) WHERE source IN (SELECT unnest($2::VARCHAR[]))"
        found = connection.sql(query, params=[list(files), [place.source for place in parts]])
        rows = found.to_arrow_table().to_pylist()
    by_source = {row["source"]: row for row in rows}
    return [page_of([by_source[place.source]]) for place in parts]
