"""The reports of an archive on disk, where any of them can be read without loading the others.

Reports are numbered by the order of their identifiers, so that a number does not depend on the order in which they come. Texts
lie in parts of a bounded size, as code points in .npy files that are mapped into memory; the other columns in one Parquet file.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
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
from baogao.reuse.tasks import load_rows, save_rows

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
        pa.field("published", _STRING),
        pa.field("title", _STRING),
        pa.field("text", _STRING, nullable=False),
    ]
)
"""What the stage reads of a report; all but report_id, page_id and text may be null or missing.

`published` is the page's date of upload (EDTF): the report cannot be younger.
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
        return self._slice(report, "text")

    def text(self, report: int) -> str:
        """Clean text of a report."""
        return text_of(self.codes(report))

    def folded(self, report: int) -> Codes:
        """Folded code points of a report, once `fold_part` has run for its part."""
        return self._slice(report, "folded")

    def folded_part(self, part: int) -> tuple[Codes, NDArray[np.int64]]:
        """Folded code points of a part's reports one after the other, by row, and where each report ends."""
        folder = self.folder / f"folded-{part:05d}"
        return self._map(folder / "codes.npy"), self._map(folder / "ends.npy")

    def places(self, report: int) -> NDArray[np.int64]:
        """Place in the clean text of each folded character."""
        return fold(self.codes(report))[1]

    def _slice(self, report: int, name: str) -> Codes:
        folder, row = self.folder / f"{name}-{self.parts[report]:05d}", self.rows[report]
        ends = self._map(folder / "ends.npy")
        codes: Codes = self._map(folder / "codes.npy")[ends[row - 1] if row else 0 : ends[row]]
        return codes

    def _map(self, path: Path) -> NDArray[Any]:
        if path not in self._maps:
            self._maps[path] = load_rows(path)
        return self._maps[path]


def _save(folder: Path, codes: Codes, ends: NDArray[np.int64]) -> None:
    folder.mkdir()
    save_rows(folder / "codes.npy", codes)
    save_rows(folder / "ends.npy", ends)


def fold_part(out: Path, store: Path, part: int) -> None:
    """Task: write the folded texts of a part to the folder `out`."""
    texts = store / f"text-{part:05d}"
    folded, places = fold(load_rows(texts / "codes.npy"))
    _save(out, folded, np.searchsorted(places, load_rows(texts / "ends.npy")))


def build_store(reports: Reports, folder: Path, *, part_reports: int, part_chars: int) -> Store:
    """Write the reports to a folder, part by part as they come; ValueError if two have the same report_id."""
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
