"""A finished shard: what cleaning and extraction found in its pages.

Its tables lie in Arrow's own file format, which is read and written several times as fast as Parquet: they are read once more, for the
dataset, and then only kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from baogao.records import SCHEMAS, TABLES, to_arrow

_OPTIONS = pa.ipc.IpcWriteOptions(compression="lz4", use_threads=False)
"""LZ4 takes 1.3 times the room of Zstandard and 0.4 times its time."""


@dataclass(frozen=True, slots=True)
class Shard:
    """Its number, its pages and the folder with a file for each table that has rows."""

    number: int
    pages: int
    folder: Path

    def file(self, table: str) -> Path:
        """Where a table lies if it has rows."""
        return self.folder / f"{table}.arrow"

    def read(self, table: str, columns: Sequence[str] | None = None) -> pa.Table:
        """One table of the shard."""
        if not self.file(table).exists():
            return SCHEMAS[table].empty_table().select(columns or SCHEMAS[table].names)
        with _opened(self.file(table), [SCHEMAS[table].get_field_index(name) for name in columns or ()] or None) as reader:
            return reader.read_all().select(columns or SCHEMAS[table].names)

    def batches(self, table: str) -> Iterator[pa.Table]:
        """One table of the shard, the rows of some pages at a time."""
        if self.file(table).exists():
            with _opened(self.file(table)) as reader:
                for number in range(reader.num_record_batches):
                    yield pa.Table.from_batches([reader.get_batch(number)])


def _opened(path: Path, fields: Sequence[int] | None = None) -> pa.ipc.RecordBatchFileReader:
    return pa.ipc.open_file(pa.OSFile(str(path)), options=pa.ipc.IpcReadOptions(included_fields=fields, use_threads=False))


class ShardWriter:
    """Writes records to a shard's files, `pages` pages at a time; a table without records gets no file."""

    def __init__(self, folder: Path, pages: int) -> None:
        self._folder, self._pages, self._held = folder, pages, 0
        self._rows: dict[str, list[object]] = {table: [] for table in TABLES}
        self._writers: dict[str, pa.ipc.RecordBatchFileWriter] = {}

    def add(self, rows: dict[str, list[object]]) -> None:
        """Records of one page."""
        for table, more in rows.items():
            self._rows[table] += more
        self._held += 1
        if self._held == self._pages:
            self._put_down()

    def _put_down(self) -> None:
        for table, rows in self._rows.items():
            if rows:
                if table not in self._writers:
                    path = str(self._folder / f"{table}.arrow")
                    self._writers[table] = pa.ipc.new_file(path, SCHEMAS[table], options=_OPTIONS)
                self._writers[table].write_table(to_arrow(table, rows))
                rows.clear()
        self._held = 0

    def close(self) -> None:
        """Write what is held."""
        self._put_down()
        for writer in self._writers.values():
            writer.close()
