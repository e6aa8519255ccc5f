"""The tasks that a run consists of: functions of files and settings to files, for any concurrent.futures executor."""

from __future__ import annotations

import traceback
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from baogao.classify.models import load_models
from baogao.clean.blocks import statistics_lines
from baogao.clean.statistics import SiteStatistics, count_lines
from baogao.dataset.shard import ShardWriter
from baogao.errors import ReadError
from baogao.extract.corrections import Corrections
from baogao.extract.extract import Extractor
from baogao.extract.rows import Rows
from baogao.files import written
from baogao.language.segment import segmenter
from baogao.read.joining import paged_articles
from baogao.read.page import Source, SourcePage
from baogao.read.reader import read_source
from baogao.read.sources import open_file
from baogao.read.store import LEFT_OUT, PageFiles, read_pages, write_pages
from baogao.records import Failure, to_arrow
from baogao.run.limits import TOOK_TOO_LONG, TOOK_TOO_LONG_REMEDY, OutOfTime, time_limit
from baogao.run.page import PageTask, process_pages, unprocessed
from baogao.settings import Settings

COUNTS = pa.schema([("site", pa.string()), ("key", pa.uint64()), ("pages", pa.int64())])
"""Pages of a site that carry a line; key null: all its pages."""
SHARES = pa.schema([("site", pa.string()), ("key", pa.uint64()), ("share", pa.float64())])
"""Share of a site's pages that carry a line."""
KILLED = "the worker process died while working on it, twice: it ran out of memory, took too long or crashed in a library"
SPARE = "leave it out, or give it more memory and run again with --retry-failed"
FAULT = "this is an error in baogao: please report it with the page"
_HELD_CHARS = 4_000_000
"""Characters of raw text that a task reads before it writes them down."""
_HELD_PAGES = 100
"""Pages whose records a task gathers before it writes them down."""
_TOGETHER_CHARS = 60_000
"""Characters of raw text that cleaning and extraction go through together; more saves no more time and takes memory."""


@dataclass(frozen=True, slots=True)
class Done:
    """What a task reports: how many files or pages it went through, and in how many something failed."""

    units: int
    failures: int = 0


File = tuple[Path, str]
"""A file and its source name."""


def read_task(files: Sequence[File], out: Path, settings: Settings, killers: Sequence[File] = ()) -> Done:
    """Read files into a folder with Parquet files of pages and one of failures; `killers` are not touched but listed as failed."""
    failed = [Failure(name, None, "read", KILLED, SPARE) for _, name in killers]
    held: list[SourcePage] = []
    parts = chars = 0
    with written(out) as temporary:
        temporary.mkdir()

        def put_down() -> None:
            nonlocal parts, chars
            if held:
                write_pages(held, temporary / f"part-{parts:05}.parquet", settings.run.shards)
                held.clear()
                parts, chars = parts + 1, 0

        for item in read_files([file for file in files if file not in killers], settings):
            if isinstance(item, Failure):
                failed.append(item)
                continue
            held.append(item)
            chars += len(item.text.raw)
            if chars > _HELD_CHARS:
                put_down()
        put_down()
        pq.write_table(to_arrow("failures", failed), temporary / "failures.parquet")
    return Done(len(files), len(failed))


def read_files(files: Iterable[File], settings: Settings) -> Iterator[SourcePage | Failure]:
    """The pages of files, one after the other; what cannot be read comes as a Failure."""
    for path, name in files:
        for source in open_file(path, name, settings.read):
            yield source if isinstance(source, Failure) else _read_one(source, settings)


def _read_one(source: Source, settings: Settings) -> SourcePage | Failure:
    try:
        with time_limit(settings.run.page_seconds):
            return read_source(source)
    except ReadError as error:
        return Failure(source.source, None, "read", str(error), error.remedy)
    except OutOfTime:
        return Failure(source.source, None, "read", TOOK_TOO_LONG.format(seconds=settings.run.page_seconds), TOOK_TOO_LONG_REMEDY)
    except Exception as error:
        place = traceback.extract_tb(error.__traceback__)[-1]
        what = f"{type(error).__name__}: {error} ({place.filename.rsplit('/', 1)[-1]}, line {place.lineno})"
        return Failure(source.source, None, "read", what, FAULT)


def try_files(settings: Settings, files: Sequence[File]) -> None:
    """Read files for nothing, to learn whether that kills the process."""
    for _ in read_files(files, settings):
        pass


_NOT = "not in "


def write_index(index: Path, files: PageFiles) -> None:
    """List files of pages, so that a task is given one path and not as many as the archive has parts."""
    lines = [part.relative_to(index.parent).as_posix() for part in files.paths]
    if files.left_out:
        lines.insert(0, _NOT + files.left_out.relative_to(index.parent).as_posix())
    with written(index) as temporary:
        temporary.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def listed_in(index: Path) -> PageFiles:
    """The files that an index lists."""
    lines = index.read_text(encoding="utf-8").splitlines()
    left_out = index.parent / lines[0].removeprefix(_NOT) if lines and lines[0].startswith(_NOT) else None
    return PageFiles(tuple(index.parent / line for line in lines[left_out is not None :]), left_out)


def join_task(parts: Sequence[Path], out: Path, settings: Settings) -> Done:
    """Join the parts of paged articles among files of pages: a folder with the joined pages and a list of what they replace."""
    n = 0
    with written(out) as temporary:
        temporary.mkdir()
        left_out: list[dict[str, str]] = []
        for n, articles in enumerate(paged_articles(parts), 1):
            write_pages([article for article, _ in articles], temporary / f"part-{n:05}.parquet", settings.run.shards)
            left_out += ({"page_id": page_id, "source": source} for _, replaced in articles for page_id, source in replaced)
        pq.write_table(pa.Table.from_pylist(left_out, LEFT_OUT), temporary / "left_out.parquet")
    return Done(n)


def statistics_task(index: Path, shard: int, out: Path) -> Done:
    """Count on how many of a shard's pages each line of a site stands."""
    by_site: dict[str, list[list[str]]] = {}
    n = 0
    for page in read_pages(listed_in(index), shard):
        n += 1
        if page.site:
            by_site.setdefault(page.site, []).append(statistics_lines(page))
    rows: list[dict[str, str | int | None]] = []
    for site, lines in sorted(by_site.items()):
        total, counts = count_lines(lines)
        rows.append({"site": site, "key": None, "pages": total})
        rows += ({"site": site, "key": int(key, 16), "pages": count} for key, count in counts.items())
    with written(out) as temporary:
        pq.write_table(pa.Table.from_pylist(rows, COUNTS), temporary, compression="zstd")
    return Done(n)


def load_statistics(path: Path) -> dict[str, SiteStatistics]:
    """What is known of the sites in a file of shares."""
    shares: dict[str, dict[str, float]] = {}
    for row in pq.read_table(path, schema=SHARES).to_pylist():
        shares.setdefault(row["site"], {})[f"{row['key']:016x}"] = row["share"]
    return {site: SiteStatistics(lines) for site, lines in shares.items()}


NO_STATISTICS = SiteStatistics({})


@cache
def extractor_of(settings: Settings) -> Extractor:
    """The process's segmenter and models."""
    return Extractor(segmenter(settings.language.dictionaries), load_models(), settings.extract)


def shard_task(
    index: Path,
    shard: int,
    statistics: Path,
    out: Path,
    settings: Settings,
    corrections: Corrections,
    killers: Sequence[str] = (),
) -> Done:
    """Clean and extract one shard: a folder with a file for each table. The pages `killers` are kept but not processed."""
    known = load_statistics(statistics)
    n = failures = 0
    with written(out) as temporary:
        temporary.mkdir()
        tables = ShardWriter(temporary, _HELD_PAGES)
        for pages in _together(read_pages(listed_in(index), shard)):
            for rows in _process(pages, known, settings, corrections, killers):
                n += 1
                failures += len(rows.get("failures", ()))
                tables.add(rows)
        tables.close()
    return Done(n, failures)


def _together(pages: Iterable[SourcePage]) -> Iterator[list[SourcePage]]:
    """Pages in groups of some _TOGETHER_CHARS characters, since the models take little longer for a group than for a page."""
    group: list[SourcePage] = []
    chars = 0
    for page in pages:
        group.append(page)
        chars += len(page.text.raw)
        if chars > _TOGETHER_CHARS:
            yield group
            group, chars = [], 0
    if group:
        yield group


def _process(
    pages: Sequence[SourcePage],
    known: Mapping[str, SiteStatistics],
    settings: Settings,
    corrections: Corrections,
    killers: Sequence[str] = (),
) -> Iterator[Rows]:
    """The records of each page; the pages `killers` are kept but not processed."""

    def task(page: SourcePage) -> PageTask:
        return PageTask(page, known.get(page.site, NO_STATISTICS) if page.site else None, corrections.get(page.sha256, ()))

    found = iter(_within_time([task(page) for page in pages if page.page_id not in killers], settings))
    for page in pages:
        yield _failed(page, KILLED, SPARE) if page.page_id in killers else next(found)


def _within_time(tasks: Sequence[PageTask], settings: Settings) -> list[Rows]:
    """The records of each page. If all together take more time than one page may, each is tried alone."""
    try:
        with time_limit(settings.run.page_seconds):
            return process_pages(tasks, settings.clean, extractor_of(settings))
    except OutOfTime:
        if len(tasks) > 1:
            return [rows for task in tasks for rows in _within_time([task], settings)]
        return [_failed(tasks[0].page, TOOK_TOO_LONG.format(seconds=settings.run.page_seconds), TOOK_TOO_LONG_REMEDY)]


def _failed(page: SourcePage, error: str, remedy: str) -> Rows:
    return unprocessed(page, Failure(page.sources[0].source, page.page_id, "extract", error, remedy))


def page_ids(index: Path, shard: int) -> list[str]:
    """Identifiers of a shard's pages."""
    return [page.page_id for page in read_pages(listed_in(index), shard)]


def try_pages(index: Path, shard: int, statistics: Path, settings: Settings, corrections: Corrections, only: Sequence[str]) -> None:
    """Process some pages of a shard for nothing, to learn whether that kills the process."""
    known = load_statistics(statistics)
    for pages in _together(page for page in read_pages(listed_in(index), shard) if page.page_id in only):
        for _ in _process(pages, known, settings, corrections):
            pass
