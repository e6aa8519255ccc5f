"""Pages as rows of a Parquet file, on their way from the readers to the shards."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from baogao.read.page import RawBlock, RawText, Source, SourcePage

_STRING = pa.string()
SCHEMA = pa.schema(
    [
        ("shard", pa.int32()), ("page_id", _STRING), ("sha256", _STRING), ("source", _STRING), ("site", _STRING), ("url", _STRING),
        ("captured", _STRING), ("warc_record_id", _STRING), ("encoding_declared", _STRING), ("encoding_used", _STRING),
        ("encoding_basis", _STRING), ("replaced_chars", pa.int64()), ("title", _STRING), ("published", _STRING),
        ("metadata", pa.map_(_STRING, _STRING)), ("raw", _STRING),
        ("blocks", pa.list_(pa.struct([("start", pa.int64()), ("end", pa.int64()), ("path", _STRING), ("link_share", pa.float64())]))),
    ]
)  # fmt: skip


def shard_of(page_id: str, shards: int) -> int:
    """Shard of a page: its identifier is a digest already, so its first digits spread evenly."""
    return int(page_id[1:9], 16) % shards


def write_pages(pages: Iterable[SourcePage], path: Path, shards: int) -> None:
    """Write pages sorted by shard and identifier, a row group a shard."""
    rows = [_row(page, shards) for page in pages]
    rows.sort(key=lambda row: (row["shard"], row["page_id"], row["source"]))
    with pq.ParquetWriter(path, SCHEMA, compression="zstd") as writer:
        for _, group in groupby(rows, key=lambda row: row["shard"]):
            writer.write_table(pa.Table.from_pylist(list(group), SCHEMA))


def _row(page: SourcePage, shards: int) -> dict[str, Any]:
    source = page.sources[0]
    return {
        "shard": shard_of(page.page_id, shards), "page_id": page.page_id, "sha256": page.sha256, "source": source.source,
        "site": source.site, "url": source.url, "captured": source.captured, "warc_record_id": source.warc_record_id,
        "encoding_declared": page.encoding_declared, "encoding_used": page.encoding_used, "encoding_basis": page.encoding_basis,
        "replaced_chars": page.replaced_chars, "title": page.text.title, "published": page.text.published,
        "metadata": sorted({**page.text.metadata, **source.metadata}.items()), "raw": page.text.raw,
        "blocks": [{"start": b.start, "end": b.end, "path": b.path, "link_share": b.link_share} for b in page.text.blocks],
    }  # fmt: skip


def read_pages(paths: Sequence[Path], shard: int) -> Iterator[SourcePage]:
    """Pages of one shard from all files, in the order of their identifiers; the same bytes at several places are one page."""
    filters = [("shard", "=", shard)]
    rows = [row for path in paths for row in pq.read_table(path, schema=SCHEMA, filters=filters).to_pylist()]
    rows.sort(key=lambda row: (row["page_id"], row["source"]))
    for _, same in groupby(rows, key=lambda row: row["page_id"]):
        yield _page(list(same))


def _page(rows: Sequence[dict[str, Any]]) -> SourcePage:
    first = rows[0]
    blocks = tuple(RawBlock(**block) for block in first["blocks"])
    text = RawText(first["raw"], blocks, first["title"], first["url"], first["published"], dict(first["metadata"]))
    sources = {row["source"]: Source(row["source"], b"", row["site"], row["url"], row["captured"], row["warc_record_id"]) for row in rows}
    return SourcePage(
        first["page_id"], first["sha256"], text, first["encoding_declared"], first["encoding_used"], first["encoding_basis"],
        first["replaced_chars"], tuple(sources.values()),
    )  # fmt: skip
