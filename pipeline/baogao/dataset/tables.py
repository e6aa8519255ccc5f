"""The tables as Parquet parts: shards put together in order, with what the reuse stage found joined in."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from baogao.records import SCHEMAS, TABLES
from baogao.reuse import ReuseResult, find_reuse
from baogao.settings import Settings

PART_PAGES = 20_000
"""A part of a table holds about this many pages' records."""
FROM_REUSE = ("pairs", "passages", "passage_uses")


@dataclass(frozen=True, slots=True)
class Shard:
    """A finished shard: its number, its pages and the folder with a Parquet file a table."""

    number: int
    pages: int
    folder: Path


def write_dataset(dataset: Path, shards: Sequence[Shard], failures: Sequence[Path], settings: Settings, pool: Executor) -> None:
    """Write all tables into the folder `dataset`, replacing an earlier run's.

    Rows stand in the order of the shards and inside one in the order of the pages, so that nothing depends on the way there.
    """
    building = dataset.with_name(f".{dataset.name}.tmp")
    shutil.rmtree(building, ignore_errors=True)
    reuse = find_reuse(_reports(shards), settings.reuse, building / ".work", pool)
    for table in TABLES:
        (building / table).mkdir(parents=True)
    for number, group in enumerate(_parts(shards)):
        for table in TABLES:
            if table not in (*FROM_REUSE, "coverage", "failures"):
                found = _joined(table, pa.concat_tables([_read(shard, table) for shard in group]), reuse)
                _write(building, table, found, number)
    for table in FROM_REUSE:
        _write(building, table, getattr(reuse, table), 0)
    _write(building, "failures", _failures(shards, failures), 0)
    _write(building, "coverage", _coverage(building), 0)
    shutil.rmtree(building / ".work", ignore_errors=True)
    shutil.rmtree(dataset, ignore_errors=True)
    building.replace(dataset)


def _parts(shards: Sequence[Shard]) -> Iterator[list[Shard]]:
    group: list[Shard] = []
    for shard in shards:
        group.append(shard)
        if sum(s.pages for s in group) >= PART_PAGES:
            yield group
            group = []
    if group or not shards:
        yield group


def _read(shard: Shard, table: str) -> pa.Table:
    return pq.read_table(shard.folder / f"{table}.parquet", schema=SCHEMAS[table])


def _write(dataset: Path, table: str, found: pa.Table, number: int) -> None:
    pq.write_table(found.cast(SCHEMAS[table]), dataset / table / f"part-{number:05}.parquet", compression="zstd")
