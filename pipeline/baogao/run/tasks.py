"""The tasks that a run consists of: functions of files and settings to files, for any concurrent.futures executor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from baogao.classify.models import load_models
from baogao.clean.blocks import statistics_lines
from baogao.clean.statistics import SiteStatistics, collect
from baogao.extract.extract import Extractor
from baogao.language.segment import segmenter
from baogao.read.page import SourcePage
from baogao.read.reader import read_sources
from baogao.read.sources import open_file
from baogao.read.store import read_pages, write_pages
from baogao.records import TABLES, Failure, to_arrow
from baogao.run.checkpoint import written
from baogao.run.page import process_page, unprocessed
from baogao.settings import Settings

STATISTICS = pa.schema([("site", pa.string()), ("key", pa.string()), ("pages", pa.int64())])
"""Pages of a site that carry a line; key null: all its pages."""


@dataclass(frozen=True, slots=True)
class Done:
    """What a task reports: how many files or pages it went through."""

    units: int


KILLED = "the worker process died while working on it, twice: it ran out of memory or crashed in a library"
SPARE = "leave it out, or give it more memory and run again with --retry-failed"


def read_task(
    files: Sequence[tuple[Path, str]], pages: Path, failures: Path, settings: Settings, killers: Sequence[tuple[Path, str]] = ()
) -> Done:
    """Read files into a Parquet file of pages and one of failures; `killers` are not touched but listed as failed."""
    found: list[SourcePage] = []
    failed = [Failure(name, None, "read", KILLED, SPARE) for _, name in killers]
    for path, name in files:
        if (path, name) not in killers:
            for item in read_sources(open_file(path, name, settings.read)):
                if isinstance(item, Failure):
                    failed.append(item)
                else:
                    found.append(item)
    with written(failures) as temporary:
        pq.write_table(to_arrow("failures", failed), temporary)
    with written(pages) as temporary:
        write_pages(found, temporary, settings.run.shards)
    return Done(len(files))


def try_files(settings: Settings, files: Sequence[tuple[Path, str]]) -> None:
    """Read files for nothing, to learn whether that kills the process."""
    for path, name in files:
        for _ in read_sources(open_file(path, name, settings.read)):
            pass


def statistics_task(pages: Sequence[Path], shard: int, out: Path) -> Done:
    """Count on how many of a shard's pages each line of a site stands."""
    by_site: dict[str, list[list[str]]] = {}
    n = 0
    for page in read_pages(pages, shard):
        n += 1
        if page.site:
            by_site.setdefault(page.site, []).append(statistics_lines(page))
    rows: list[dict[str, str | int | None]] = []
    for site, lines in sorted(by_site.items()):
        statistics = collect(lines, least=1)
        rows.append({"site": site, "key": None, "pages": statistics.pages})
        rows += ({"site": site, "key": key, "pages": count} for key, count in statistics.lines.items())
    with written(out) as temporary:
        pq.write_table(pa.Table.from_pylist(rows, STATISTICS), temporary)
    return Done(n)


def load_statistics(path: Path, sites: set[str]) -> dict[str, SiteStatistics]:
    """Statistics of the given sites from the archive's table."""
    rows = pq.read_table(path, schema=STATISTICS, filters=[("site", "in", sorted(sites))]).to_pylist() if sites else []
    lines: dict[str, dict[str, int]] = {}
    totals: dict[str, int] = {}
    for row in rows:
        if row["key"] is None:
            totals[row["site"]] = row["pages"]
        else:
            lines.setdefault(row["site"], {})[row["key"]] = row["pages"]
    return {site: SiteStatistics(total, lines.get(site, {})) for site, total in totals.items()}


@cache
def _extractor(settings: Settings) -> Extractor:
    """The process's segmenter and models."""
    return Extractor(segmenter(settings.language.dictionaries), load_models(), settings.extract)


def shard_task(pages: Sequence[Path], shard: int, statistics: Path, out: Path, settings: Settings, killers: Sequence[str] = ()) -> Done:
    """Clean and extract one shard: a folder with a Parquet file a table. The pages `killers` are kept but not processed."""
    found = list(read_pages(pages, shard))
    known = load_statistics(statistics, {page.site for page in found if page.site})
    rows: dict[str, list[object]] = {table: [] for table in TABLES}
    for page in found:
        if page.page_id in killers:
            new = unprocessed(page, Failure(page.sources[0].source, page.page_id, "extract", KILLED, SPARE))
        else:
            new = process_page(page, known.get(page.site or ""), settings.clean, _extractor(settings))
        for table, more in new.items():
            rows[table] += more
    with written(out) as temporary:
        temporary.mkdir(parents=True)
        for table, records in rows.items():
            pq.write_table(to_arrow(table, records), temporary / f"{table}.parquet", compression="zstd")
    return Done(len(found))


def page_ids(pages: Sequence[Path], shard: int) -> list[str]:
    """Identifiers of a shard's pages."""
    return [page.page_id for page in read_pages(pages, shard)]


def try_pages(pages: Sequence[Path], shard: int, statistics: Path, settings: Settings, only: Sequence[str]) -> None:
    """Process some pages of a shard for nothing, to learn whether that kills the process."""
    found = [page for page in read_pages(pages, shard) if page.page_id in only]
    known = load_statistics(statistics, {page.site for page in found if page.site})
    for page in found:
        process_page(page, known.get(page.site or ""), settings.clean, _extractor(settings))
