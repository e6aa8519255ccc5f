"""Places in the raw page for what the reuse stage found in clean texts.

A use of a passage is written beside the passage's other uses, and its report's text lies in some shard: the places are found shard
by shard and then put back in the order of the uses, so that neither all uses nor all texts are in memory.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from baogao.dataset.restore import restore_text
from baogao.dataset.shard import Shard
from baogao.records import SCHEMAS
from baogao.text import EditedText

_PLACES = pa.schema([("file", pa.int32()), ("row", pa.int64()), ("raw_start", pa.int64()), ("raw_end", pa.int64())])


def find_places(out: Path, group: Sequence[Shard], files: Sequence[Path]) -> None:
    """Task: the raw places of all rows of `files` (with report_id, start and end) that stand in reports of the shards."""
    wanted: dict[str, list[tuple[int, int, int, int]]] = defaultdict(list)
    reports = pa.concat_tables([shard.read("reports", ["report_id"]) for shard in group])["report_id"].combine_chunks()
    for number, path in enumerate(files):
        rows = pq.ParquetFile(path).read(columns=["report_id", "start", "end"])
        own = rows.append_column("row", pa.array(range(len(rows)), pa.int64())).filter(pc.is_in(rows["report_id"], reports))
        for report, start, end, row in zip(*(own[name].to_pylist() for name in ("report_id", "start", "end", "row")), strict=True):
            wanted[report].append((number, row, start, end))
    found = []
    for shard in group:
        for report, text in _texts(shard, wanted):
            found += [(number, row, *text.raw_span(start, end)) for number, row, start, end in wanted[report]]
    found.sort()
    columns = list(zip(*found, strict=True)) or [(), (), (), ()]
    pq.write_table(pa.Table.from_arrays([pa.array(c, f.type) for c, f in zip(columns, _PLACES, strict=True)], schema=_PLACES), out)


def _texts(shard: Shard, wanted: dict[str, Any]) -> Iterator[tuple[str, EditedText]]:
    """The clean texts of the wanted reports with their way back to the raw text."""
    reports: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in shard.read("reports", ["report_id", "page_id", "raw_spans"]).to_pylist():
        if row["report_id"] in wanted:
            reports[row["page_id"]].append(row)
    if not reports:
        return
    edits: dict[str, list[dict[str, Any]]] = defaultdict(list)
    of_pages = shard.read("edits")
    for edit in of_pages.filter(pc.is_in(of_pages["page_id"], pa.array(list(reports), pa.string()))).to_pylist():
        edits[edit["page_id"]].append(edit)
    for batch in shard.batches("texts"):
        for page in batch.to_pylist():
            for report in reports.get(page["page_id"], ()):
                yield report["report_id"], restore_text(page["raw"], edits[page["page_id"]], report["raw_spans"])


def write_placed(out: Path, table: str, path: Path, places: Sequence[Path], number: int) -> None:
    """Task: the rows of file `number` with their raw places; what belongs to no report stands at the page's beginning."""
    rows = pq.ParquetFile(path).read()
    found = np.zeros((2, len(rows)), np.int64)
    for file in places:
        own = pq.read_table(file, filters=[("file", "=", number)])
        at = own["row"].to_numpy()
        found[0, at], found[1, at] = own["raw_start"].to_numpy(), own["raw_end"].to_numpy()
    for name, values in zip(("raw_start", "raw_end"), found, strict=True):
        rows = rows.append_column(name, pa.array(values))
    pq.write_table(rows.select(SCHEMAS[table].names).cast(SCHEMAS[table]), out, compression="zstd")
