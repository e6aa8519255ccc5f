"""The tables as Parquet parts: shards put together in order, with what the reuse stage found joined in.

Rows stand in the order of the shards and inside one in the order of the pages, so that nothing depends on the way there. Every part
is a task that holds some shards' rows of one table at a time.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from baogao.database import connect
from baogao.dataset.coverage import count_coverage
from baogao.dataset.joins import JOINED, join_reuse
from baogao.dataset.package import write_package
from baogao.dataset.places import find_places, write_placed
from baogao.dataset.shard import Shard
from baogao.files import written
from baogao.records import SCHEMAS, TABLES
from baogao.reuse import ReuseResult, find_reuse
from baogao.reuse.settings import ReuseSettings
from baogao.reuse.tasks import Task, run_tasks

PART_PAGES = 20_000
"""A part of a table holds about this many pages' records."""
_PLACED_PAGES = 5_000
"""Places in raw texts are found for so many pages at a time."""
CORPUS_WIDE = ("pairs", "passages", "passage_uses", "findings")
LAST = ("failures", "coverage")
_HELD_BYTES = 32_000_000
"""Rows that a task gathers before it writes them down, in bytes of memory."""


@dataclass(frozen=True, slots=True)
class Made:
    """What the dataset is made from: finished shards, files of failures, and the result of the reuse stage."""

    shards: Sequence[Shard]
    failures: Sequence[Path]
    reuse: ReuseResult


def find_reused(shards: Sequence[Shard], folder: Path, settings: ReuseSettings, pool: Executor) -> ReuseResult:
    """The reuse stage over the reports of all shards; `folder` keeps its finished tasks."""
    return find_reuse(_reports(shards), folder, settings, pool)


def write_dataset(dataset: Path, building: Path, made: Made, pool: Executor) -> None:
    """Write all tables and datapackage.json into the folder `dataset`, replacing an earlier run's.

    They are written to the folder `building` on the same disk first; parts that are there already are not written again.
    """
    work = building.with_name(f"{building.name}.work")
    work.mkdir(parents=True, exist_ok=True)
    groups = list(_parts(made.shards, PART_PAGES))
    uses = [*made.reuse.files("passage_uses"), *made.reuse.files("findings")]
    finding = [
        Task(find_places, work / f"places-{i:05}.parquet", (group, uses)) for i, group in enumerate(_parts(made.shards, _PLACED_PAGES))
    ]
    places = run_tasks(finding, pool)
    todo = [
        Task(_write_part, building / table / f"part-{i:05}.parquet", (table, group, made.reuse.folder))
        for table in TABLES
        if table not in (*CORPUS_WIDE, *LAST)
        for i, group in enumerate(groups)
    ]
    for table in ("pairs", "passages"):
        todo += (_task(_copy, building, table, i, path) for i, path in enumerate(made.reuse.files(table)))
    n = len(made.reuse.files("passage_uses"))
    todo += (_task(write_placed, building, "passage_uses", i, uses[i], places, i) for i in range(n))
    todo += (_task(write_placed, building, "findings", i - n, uses[i], places, i) for i in range(n, len(uses)))
    if any(shard.file("findings").exists() for shard in made.shards):
        todo.append(_task(_write_part, building, "findings", len(uses) - n, made.shards, made.reuse.folder))
    run_tasks(todo, pool)
    for unfinished in building.glob("*/.*.tmp"):  # of a run that was killed
        unfinished.unlink()
    _write_last(building, made)
    write_package(building)
    if dataset.exists():
        dataset.replace(building.with_name(f"{building.name}.old"))
    building.replace(dataset)
    shutil.rmtree(work)


def _task(function: object, building: Path, table: str, part: int, *arguments: object) -> Task:
    return Task(function, building / table / f"part-{part:05}.parquet", (table, *arguments))  # type: ignore[arg-type]


def _parts(shards: Sequence[Shard], pages: int) -> Iterator[tuple[Shard, ...]]:
    group: list[Shard] = []
    for shard in shards:
        group.append(shard)
        if sum(s.pages for s in group) >= pages:
            yield tuple(group)
            group = []
    if group:
        yield tuple(group)


def _write_part(out: Path, table: str, group: Sequence[Shard], reuse: Path) -> None:
    """Task: one table of some shards."""
    with pq.ParquetWriter(out, SCHEMAS[table], compression="zstd") as writer:
        for shards, rows in _gathered(table, group):
            writer.write_table(_in_schema(table, join_reuse(table, rows, shards, ReuseResult(reuse)) if table in JOINED else rows))


def _gathered(table: str, group: Sequence[Shard]) -> Iterator[tuple[list[Shard], pa.Table]]:
    """Rows of consecutive shards, as many as may be held."""
    shards: list[Shard] = []
    held: list[pa.Table] = []
    size = 0
    for shard in group:
        for rows in shard.batches(table):
            more = rows.nbytes
            if size + more > _HELD_BYTES and held and table not in JOINED:
                yield shards, pa.concat_tables(held)
                held, size = [], 0
            held.append(rows)
            size += more
        shards.append(shard)
        if size > _HELD_BYTES:
            yield shards, pa.concat_tables(held)
            shards, held, size = [], [], 0
    if held:
        yield shards, pa.concat_tables(held)


def _in_schema(table: str, rows: pa.Table) -> pa.Table:
    return rows.select(SCHEMAS[table].names).cast(SCHEMAS[table])


def _copy(out: Path, table: str, path: Path) -> None:
    """Task: a table as it was made, with the columns' descriptions."""
    with pq.ParquetFile(path) as file, pq.ParquetWriter(out, SCHEMAS[table], compression="zstd") as writer:
        for batch in file.iter_batches():
            writer.write_table(_in_schema(table, pa.Table.from_batches([batch])))


def _write_last(building: Path, made: Made) -> None:
    """What is counted over everything else; a table that nothing was found for gets an empty part."""
    failed = [made.reuse.failures, *map(pq.read_table, made.failures), *(shard.read("failures") for shard in made.shards)]
    order = [(name, "ascending") for name in ("source", "stage", "error", "page_id")]
    _write(building, "failures", pa.concat_tables(failed).sort_by(order))
    for table in TABLES:
        if table != "coverage" and not any((building / table).glob("part-*.parquet")):
            _write(building, table, SCHEMAS[table].empty_table())
    _write(building, "coverage", count_coverage(building))


def _write(building: Path, table: str, rows: pa.Table) -> None:
    with written(building / table / "part-00000.parquet") as temporary:
        pq.write_table(_in_schema(table, rows), temporary, compression="zstd")


_REPORTS = """
    SELECT r.report_id, r.page_id, s.site, r.issuer, r.place, r.period, r.signed, r.year_min, r.year_max, r.year_basis, p.published,
        r.title, p.title AS page_title, r.text
    FROM reports r JOIN pages p USING (page_id) LEFT JOIN (SELECT page_id, min(site) AS site FROM sources GROUP BY page_id) s
    USING (page_id) ORDER BY r.report_id
"""


def _reports(shards: Sequence[Shard]) -> Iterator[pa.RecordBatch]:
    """What the reuse stage reads of every report, a shard at a time."""
    with connect() as connection:
        for shard in shards:
            for name, table in (("reports", "reports"), ("pages", "pages"), ("sources", "page_sources")):
                connection.register(name, shard.read(table))
            yield from connection.sql(_REPORTS).to_arrow_table().to_batches()
