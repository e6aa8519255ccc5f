"""A finished shard: what cleaning and extraction found in its pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from baogao.records import SCHEMAS


@dataclass(frozen=True, slots=True)
class Shard:
    """Its number, its pages and the folder with a Parquet file for each table that has rows."""

    number: int
    pages: int
    folder: Path

    def read(self, table: str, columns: Sequence[str] | None = None) -> pa.Table:
        """One table of the shard."""
        path = self.folder / f"{table}.parquet"
        if not path.exists():
            return SCHEMAS[table].empty_table().select(columns or SCHEMAS[table].names)
        return pq.ParquetFile(path).read(columns=columns)

    def batches(self, table: str) -> Iterator[pa.Table]:
        """One table of the shard, the rows of some pages at a time."""
        path = self.folder / f"{table}.parquet"
        if path.exists():
            with pq.ParquetFile(path) as file:
                for number in range(file.num_row_groups):
                    yield file.read_row_group(number)
