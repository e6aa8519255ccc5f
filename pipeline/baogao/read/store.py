"""Pages as rows of Parquet files, on their way from the readers to the shards."""

from __future__ import annotations

import hashlib
import json
import struct
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, groupby
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from baogao.database import connect
from baogao.read.page import RawBlock, RawText, Source, SourcePage

_STRING = pa.string()
SCHEMA = pa.schema(
    [
        ("shard", pa.int32()), ("page_id", _STRING), ("sha256", _STRING), ("source", _STRING), ("site", _STRING), ("url", _STRING),
        ("captured", _STRING), ("warc_record_id", _STRING), ("encoding_declared", _STRING), ("encoding_used", _STRING),
        ("encoding_basis", _STRING), ("replaced_chars", pa.int64()), ("title", _STRING), ("published", _STRING),
        ("metadata", pa.map_(_STRING, _STRING)), ("raw", _STRING),
        ("low", pa.uint64()), ("high", pa.uint64()),
        ("blocks", pa.list_(pa.struct([("start", pa.int64()), ("end", pa.int64()), ("path", _STRING), ("link_share", pa.float64())]))),
    ]
)  # fmt: skip

_AT_ONCE = 32
"""Rows that are turned into objects at a time."""


def shard_of(page_id: str, shards: int) -> int:
    """Shard of a page: its identifier is a digest already, so its first digits spread evenly."""
    return int(page_id[1:9], 16) % shards


def write_pages(pages: Iterable[SourcePage], path: Path, shards: int) -> None:
    """Write pages sorted by shard and identifier, a row group a shard."""
    rows = [_row(page, source, shards) for page in pages for source in page.sources]
    rows.sort(key=lambda row: (row["shard"], row["page_id"], row["source"]))
    with pq.ParquetWriter(path, SCHEMA, compression="zstd") as writer:
        for _, group in groupby(rows, key=lambda row: row["shard"]):
            writer.write_table(pa.Table.from_pylist(list(group), SCHEMA))


def _digest(row: dict[str, Any]) -> tuple[int, int]:
    """Two 64-bit numbers that stand for all that is known of a page at one source; its text follows from these."""
    known = {key: value for key, value in row.items() if key not in ("shard", "blocks", "raw")}
    content = json.dumps([known, len(row["raw"])], sort_keys=True).encode("utf-8", "surrogatepass")
    low, high = struct.unpack("<QQ", hashlib.blake2b(content, digest_size=16).digest())
    return low, high


def _row(page: SourcePage, source: Source, shards: int) -> dict[str, Any]:
    row = {
        "shard": shard_of(page.page_id, shards), "page_id": page.page_id, "sha256": page.sha256, "source": source.source,
        "site": source.site, "url": source.url, "captured": source.captured, "warc_record_id": source.warc_record_id,
        "encoding_declared": page.encoding_declared, "encoding_used": page.encoding_used, "encoding_basis": page.encoding_basis,
        "replaced_chars": page.replaced_chars, "title": page.text.title, "published": page.text.published,
        "metadata": sorted({**page.text.metadata, **source.metadata}.items()), "raw": page.text.raw,
        "blocks": [{"start": b.start, "end": b.end, "path": b.path, "link_share": b.link_share} for b in page.text.blocks],
    }  # fmt: skip
    row["low"], row["high"] = _digest(row)
    return row


@dataclass(frozen=True, slots=True)
class ShardPages:
    """How many pages a shard holds, and a digest of them that does not depend on the files that they lie in."""

    pages: int
    digest: str


@dataclass(frozen=True, slots=True)
class PageFiles:
    """Files of pages, and one that lists what of them is left out, as page_id and source: parts that were joined to other pages."""

    paths: tuple[Path, ...]
    left_out: Path | None = None


LEFT_OUT = pa.schema([("page_id", _STRING), ("source", _STRING)])


def shards_in(files: PageFiles) -> dict[int, ShardPages]:
    """The shards that hold pages. The digest of one is the exclusive or of its rows' digests, so it needs no memory to speak of."""
    if not files.paths:
        return {}
    anti = "WHERE (page_id, source) NOT IN (SELECT page_id, source FROM read_parquet($2))" if files.left_out else ""
    query = f"""
        SELECT shard, count(DISTINCT page_id), count(*), bit_xor(low), bit_xor(high) FROM read_parquet($1) {anti}
        GROUP BY shard ORDER BY shard
    """
    with connect() as connection:
        rows = connection.execute(query, [[str(path) for path in files.paths], *([str(files.left_out)] if anti else [])]).fetchall()
    return {shard: ShardPages(pages, f"{n}-{low:016x}{high:016x}") for shard, pages, n, low, high in rows}


def read_pages(files: PageFiles, shard: int) -> Iterator[SourcePage]:
    """Pages of one shard from all files, in the order of their identifiers; the same bytes at several places are one page.

    What is held in memory is the shard as Arrow columns and a few pages as objects.
    """
    table = pa.concat_tables([SCHEMA.empty_table(), *(found for path in files.paths for found in _row_group(path, shard))])
    if files.left_out:
        table = _without(table, pq.read_table(files.left_out, schema=LEFT_OUT))
    order = table.select(["page_id", "source"]).append_column("row", pa.array(range(len(table)), pa.int64()))
    numbers = order.sort_by([("page_id", "ascending"), ("source", "ascending")])["row"]
    batches = (table.take(numbers.slice(start, _AT_ONCE)).to_pylist() for start in range(0, len(table), _AT_ONCE))
    for _, same in groupby(chain.from_iterable(batches), key=lambda row: row["page_id"]):
        yield page_of(list(same))


def _without(table: pa.Table, left_out: pa.Table) -> pa.Table:
    """The rows of a table but those that another lists."""
    gone = set(zip(left_out["page_id"].to_pylist(), left_out["source"].to_pylist(), strict=True))
    places = zip(table["page_id"].to_pylist(), table["source"].to_pylist(), strict=True)
    return table.filter(pa.array([place not in gone for place in places], pa.bool_()))


def _row_group(path: Path, shard: int) -> Iterator[pa.Table]:
    """The row group of a shard, if the file has one; row groups stand in the order of their shards."""
    with pq.ParquetFile(path) as file:

        def shard_at(number: int) -> int:
            return int(file.metadata.row_group(number).column(0).statistics.min)

        number = bisect_left(range(file.num_row_groups), shard, key=shard_at)
        if number < file.num_row_groups and shard_at(number) == shard:
            yield file.read_row_group(number)


def page_of(rows: Sequence[dict[str, Any]]) -> SourcePage:
    """A page from its rows, one a source."""
    first = rows[0]
    blocks = tuple(RawBlock(**block) for block in first["blocks"])
    text = RawText(first["raw"], blocks, first["title"], first["url"], first["published"], dict(first["metadata"]))
    sources = {row["source"]: Source(row["source"], b"", row["site"], row["url"], row["captured"], row["warc_record_id"]) for row in rows}
    return SourcePage(
        first["page_id"], first["sha256"], text, first["encoding_declared"], first["encoding_used"], first["encoding_basis"],
        first["replaced_chars"], tuple(sources.values()),
    )  # fmt: skip
