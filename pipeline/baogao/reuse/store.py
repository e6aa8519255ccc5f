"""The reports of an archive on disk, where any of them can be read without loading the others.

Reports are numbered by the order of their identifiers, so that a number does not depend on the order in which they come. Texts
lie in parts of a bounded size, as code points in .npy files that are mapped into memory; the other columns in one Parquet file.
"""

from __future__ import annotations

import hashlib
import itertools
import os
import shutil
from collections.abc import Iterable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
from numpy.typing import NDArray

from baogao.reuse.folding import Codes, codes_of, fold, text_of
from baogao.reuse.tasks import Task, load_rows, run_tasks, save_rows

Reports: TypeAlias = Path | ds.Dataset | Iterable[pa.RecordBatch]

_STRING = pa.string()
COLUMNS = pa.schema(
    [
        pa.field("report_id", _STRING, nullable=False),
        pa.field("page_id", _STRING, nullable=False),
        pa.field("site", _STRING),
        pa.field("issuer", _STRING),
        pa.field("place", _STRING),
        pa.field("period", _STRING),
        pa.field("signed", _STRING),
        pa.field("year_min", pa.int64()),
        pa.field("year_max", pa.int64()),
        pa.field("year_basis", _STRING),
        pa.field("published", _STRING),
        pa.field("title", _STRING),
        pa.field("page_title", _STRING),
        pa.field("text", _STRING, nullable=False),
    ]
)
"""What the stage reads of a report; all but report_id, page_id and text may be null or missing.

`published` is the page's date of upload (EDTF): the report cannot be younger. `year_min`, `year_max` and `year_basis` are those of
the dataset's table reports; they are used where the basis is `body`. `page_title` is the title of the page.
"""


@dataclass(frozen=True)
class Store:
    """Reports written by `build_store`, by number."""

    folder: Path

    @cached_property
    def columns(self) -> pa.Table:
        """All columns but the text, a row a report, with the part and row where its text lies."""
        return pq.read_table(self.folder / "index.parquet")

    @cached_property
    def parts(self) -> NDArray[np.int32]:
        """Part of each report."""
        return np.asarray(self.columns["part"].to_numpy(), np.int32)

    @cached_property
    def rows(self) -> NDArray[np.int32]:
        """Row of each report in its part."""
        return np.asarray(self.columns["row"].to_numpy(), np.int32)

    @cached_property
    def pages(self) -> NDArray[np.int64]:
        """A number for the page of each report."""
        return self._coded("page_id")

    @cached_property
    def sites(self) -> NDArray[np.int64]:
        """A number for the site of each report, -1 where it is not known."""
        return self._coded("site")

    def _coded(self, name: str) -> NDArray[np.int64]:
        coded = self.columns[name].combine_chunks().dictionary_encode()
        return np.asarray(coded.indices.fill_null(-1).to_numpy(zero_copy_only=False), np.int64)

    @cached_property
    def draws(self) -> NDArray[np.uint64]:
        """A number for each report that depends on its identifier alone: the least ones are a random sample of the archive."""
        digests = [hashlib.blake2b(name.encode(), digest_size=8).digest() for name in self.columns["report_id"].to_pylist()]
        return np.frombuffer(b"".join(digests), "<u8")

    @cached_property
    def _texts(self) -> dict[int, tuple[Codes, NDArray[np.int64]]]:
        return {}

    @cached_property
    def _maps(self) -> dict[Path, NDArray[Any]]:
        return {}

    def __len__(self) -> int:
        return len(self.parts)

    @property
    def n_parts(self) -> int:
        """Number of parts."""
        return int(self.parts.max()) + 1 if len(self) else 0

    def numbers_of(self, part: int) -> NDArray[np.int64]:
        """Numbers of the reports of a part, by row."""
        numbers = np.flatnonzero(self.parts == part)
        return numbers[np.argsort(self.rows[numbers])]

    def codes(self, report: int) -> Codes:
        """Code points of a report's clean text."""
        all_codes, ends = self._text_part(int(self.parts[report]))
        row = int(self.rows[report])
        codes: Codes = all_codes[ends[row - 1] if row else 0 : ends[row]]
        return codes

    def _text_part(self, part: int) -> tuple[Codes, NDArray[np.int64]]:
        if part not in self._texts:
            folder = self.folder / f"text-{part:05d}"
            self._texts[part] = load_rows(folder / "codes.npy"), load_rows(folder / "ends.npy")
        return self._texts[part]

    def text(self, report: int) -> str:
        """Clean text of a report."""
        return text_of(self.codes(report))

    def places(self, report: int) -> NDArray[np.int64]:
        """Place in the clean text of each folded character."""
        return fold(self.codes(report))[1]

    @cached_property
    def all_folded(self) -> Codes:
        """Folded code points of all reports, part after part; there once `fold_store` has run."""
        return self._map(self.folder / "folded.npy")

    @cached_property
    def folded_spans(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Where each report starts and ends in `all_folded`."""
        starts, ends = self._map(self.folder / "folded_spans.npy")
        return starts, ends

    def folded(self, report: int) -> Codes:
        """Folded code points of a report."""
        starts, ends = self.folded_spans
        return self.all_folded[starts[report] : ends[report]]

    def folded_part(self, part: int) -> tuple[Codes, NDArray[np.int64]]:
        """Folded code points of a part's reports one after the other, by row, and where each report ends."""
        starts, ends = self.folded_spans
        numbers = self.numbers_of(part)
        first = starts[numbers[0]]
        return self.all_folded[first : ends[numbers[-1]]], ends[numbers] - first

    def _map(self, path: Path) -> NDArray[Any]:
        if path not in self._maps:
            self._maps[path] = load_rows(path)
        return self._maps[path]


def _save(folder: Path, codes: Codes, ends: NDArray[np.int64]) -> None:
    folder.mkdir()
    save_rows(folder / "codes.npy", codes)
    save_rows(folder / "ends.npy", ends)


def chunks(ends: NDArray[np.int64], chars: int = 1 << 17) -> Iterator[tuple[int, int, int]]:
    """Cut texts that stand one after the other into groups of about so many characters: first, last (exclusive), its place."""
    first, begin = 0, 0
    while first < len(ends):
        last = max(first + 1, int(np.searchsorted(ends, begin + chars, side="right")))
        yield first, last, begin
        first, begin = last, int(ends[last - 1])


def fold_part(out: Path, store: Path, part: int) -> None:
    """Task: write the folded texts of a part to the folder `out`."""
    texts = store / f"text-{part:05d}"
    folded, places = fold(load_rows(texts / "codes.npy"))
    _save(out, folded, np.searchsorted(places, load_rows(texts / "ends.npy")))


def build_store(reports: Reports, folder: Path, *, part_reports: int, part_chars: int) -> Store:
    """Write the reports to a folder, part by part as they come; ValueError if two have the same report_id.

    A folder that holds an index is complete and left as it is; any other is written anew.
    """
    if (folder / "index.parquet").exists():
        return Store(folder)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    index: list[pa.Table] = []
    parts = _Parts(folder, part_reports, part_chars)
    for batch in _batches(reports):
        table = _complete(batch)
        places = [parts.add(text) for text in table["text"].to_pylist()]
        part, row = np.array(places, np.int32).reshape(-1, 2).T
        index.append(table.drop_columns("text").append_column("part", pa.array(part)).append_column("row", pa.array(row)))
    parts.close()
    _write_index(index, folder / "index.parquet")
    return Store(folder)


@dataclass
class _Parts:
    """Writes texts in parts of at most so many reports and, unless one text alone is longer, characters."""

    folder: Path
    part_reports: int
    part_chars: int
    part: int = 0
    size: int = 0
    texts: list[Codes] = field(default_factory=list)

    def add(self, text: str) -> tuple[int, int]:
        """Add a text; its part and row."""
        if len(self.texts) == self.part_reports or self.size + len(text) > self.part_chars:
            self.close()
        self.texts.append(codes_of(text))
        self.size += len(text)
        return self.part, len(self.texts) - 1

    def close(self) -> None:
        """Write what is held."""
        if self.texts:
            ends = np.cumsum([len(text) for text in self.texts], dtype=np.int64)
            _save(self.folder / f"text-{self.part:05d}", np.concatenate(self.texts), ends)
            self.part, self.size, self.texts = self.part + 1, 0, []


def fold_store(store: Store, work: Path, executor: Executor | None = None) -> None:
    """Fold all texts, part by part, and gather them in one file that can be mapped as a whole."""
    tasks = [Task(fold_part, work / f"folded-{part:05d}", (store.folder, part)) for part in range(store.n_parts)]
    folders = run_tasks(tasks, executor)
    codes = [load_rows(folder / "codes.npy") for folder in folders]
    kind = np.result_type(np.uint16, *codes)
    gathered = np.lib.format.open_memmap(store.folder / "folded.npy", "w+", kind, (sum(map(len, codes)),))
    if hasattr(os, "posix_fallocate"):  # without room on the disk, writing to the map would end the process
        with (store.folder / "folded.npy").open("r+b") as file:
            os.posix_fallocate(file.fileno(), 0, os.fstat(file.fileno()).st_size)
    spans, begin = np.zeros((2, len(store)), np.int64), 0
    for part, folder in enumerate(folders):
        ends = load_rows(folder / "ends.npy") + begin
        spans[:, store.numbers_of(part)] = np.concatenate([[begin], ends[:-1]]), ends
        gathered[begin : ends[-1]] = codes[part]
        begin = int(ends[-1])
    gathered.flush()
    save_rows(store.folder / "folded_spans.npy", spans)


def _batches(reports: Reports) -> Iterator[pa.RecordBatch]:
    if isinstance(reports, Path):
        reports = ds.dataset(reports)
    if isinstance(reports, ds.Dataset):
        names = [name for name in COLUMNS.names if name in reports.schema.names]
        return iter(reports.to_batches(columns=names, batch_size=1024))
    return iter(reports)


def _complete(batch: pa.RecordBatch) -> pa.Table:
    """The batch with exactly the columns of COLUMNS, null where it lacks one."""
    columns = [
        batch.column(field.name).cast(field.type) if field.name in batch.schema.names else pa.nulls(len(batch), field.type)
        for field in COLUMNS
    ]
    return pa.Table.from_arrays(columns, schema=COLUMNS)


def _write_index(index: list[pa.Table], path: Path) -> None:
    empty = COLUMNS.remove(COLUMNS.get_field_index("text")).append(pa.field("part", pa.int32())).append(pa.field("row", pa.int32()))
    table = pa.concat_tables([empty.empty_table(), *index]).sort_by("report_id")
    identifiers = table["report_id"].to_pylist()
    for one, other in itertools.pairwise(identifiers):
        if one == other:
            raise ValueError(f"two reports have the report_id {one}; give each report an identifier of its own")
    pq.write_table(table, path)
