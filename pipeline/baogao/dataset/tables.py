"""The tables as Parquet parts: shards put together in order, with what the reuse stage found joined in."""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from baogao.dataset.package import write_package
from baogao.dataset.restore import restore_text
from baogao.records import SCHEMAS, TABLES
from baogao.reuse import ReuseResult, find_reuse
from baogao.settings import Settings

PART_PAGES = 20_000
"""A part of a table holds about this many pages' records."""
CORPUS_WIDE = ("pairs", "passages", "passage_uses", "findings")
LAST = ("failures", "coverage")


@dataclass(frozen=True, slots=True)
class Shard:
    """A finished shard: its number, its pages and the folder with a Parquet file a table."""

    number: int
    pages: int
    folder: Path

    def read(self, table: str, columns: Sequence[str] | None = None) -> pa.Table:
        """One table of the shard."""
        return pq.read_table(self.folder / f"{table}.parquet", columns=columns)


def write_dataset(dataset: Path, shards: Sequence[Shard], failures: Sequence[Path], settings: Settings, pool: Executor) -> None:
    """Write all tables and datapackage.json into the folder `dataset`, replacing an earlier run's.

    Rows stand in the order of the shards and inside one in the order of the pages, so that nothing depends on the way there.
    """
    building = dataset.with_name(f".{dataset.name}.tmp")
    shutil.rmtree(building, ignore_errors=True)
    for table in TABLES:
        (building / table).mkdir(parents=True)
    work = building / ".work"
    reuse = find_reuse(_reports(shards), work, settings.reuse, pool)
    for number, group in enumerate(_parts(shards)):
        for table in TABLES:
            if table not in (*CORPUS_WIDE, *LAST):
                _write(building, table, _joined(table, group, reuse), number)
    _write(building, "pairs", reuse.pairs, 0)
    _write(building, "passages", reuse.passages, 0)
    for table in ("passage_uses", "findings"):
        own = [shard.read(table) for shard in shards] if table == "findings" else []
        _write(building, table, pa.concat_tables([*own, _with_raw_spans(getattr(reuse, table), table, shards)]), 0)
    _write(building, "failures", _failures(shards, failures, reuse), 0)
    _write(building, "coverage", _coverage(building), 0)
    shutil.rmtree(work, ignore_errors=True)
    write_package(building)
    shutil.rmtree(dataset, ignore_errors=True)
    building.replace(dataset)


def _parts(shards: Sequence[Shard]) -> Iterator[list[Shard]]:
    group: list[Shard] = []
    for shard in shards:
        group.append(shard)
        if sum(s.pages for s in group) >= PART_PAGES:
            yield group
            group = []
    if group:
        yield group


def _write(dataset: Path, table: str, found: pa.Table, number: int) -> None:
    ordered = found.select(SCHEMAS[table].names).cast(SCHEMAS[table])
    pq.write_table(ordered, dataset / table / f"part-{number:05}.parquet", compression="zstd")


def _reports(shards: Sequence[Shard]) -> Iterator[pa.RecordBatch]:
    """What the reuse stage reads of every report, a shard at a time."""
    query = """
        SELECT r.report_id, r.page_id, s.site, r.issuer, r.place, r.period, r.signed, p.published, r.title, r.text
        FROM reports r JOIN pages p USING (page_id) LEFT JOIN (SELECT page_id, min(site) AS site FROM sources GROUP BY page_id) s
        USING (page_id) ORDER BY r.report_id
    """
    for shard in shards:
        with duckdb.connect() as connection:
            for name, table in (("reports", "reports"), ("pages", "pages"), ("sources", "page_sources")):
                connection.register(name, shard.read(table))
            yield from connection.sql(query).to_arrow_table().to_batches()


_JOINS = {
    "reports": """
        SELECT t.* REPLACE (u.cluster_id AS cluster_id, coalesce(u.is_representative, true) AS is_representative,
            coalesce(u.copied_share, 0) AS copied_share, coalesce(u.formula_share, 0) AS formula_share,
            coalesce(u.quoted_share, 0) AS quoted_share, coalesce(u.in_page_share, 0) AS in_page_share,
            coalesce(u.novel_share, 1) AS novel_share)
        FROM t LEFT JOIN reuse u USING (report_id) ORDER BY t.row""",
    "activities": """
        SELECT t.* REPLACE (coalesce(c.share, 0) AS copied_share, c.passage_id AS passage_id)
        FROM t LEFT JOIN copied c ON c.id = t.activity_id ORDER BY t.row""",
    "organizations": """
        SELECT t.* REPLACE (c.passage_id AS passage_id) FROM t LEFT JOIN copied c ON c.id = t.organization_id ORDER BY t.row""",
    "months": """
        SELECT t.* REPLACE (coalesce(c.share, 0) AS copied_share) FROM t LEFT JOIN copied c ON c.id = t.activity_id ORDER BY t.row""",
}
"""How a table takes up what the reuse stage found: table t with its row number, `reuse` by report, `copied` by record."""

_COPIED = """
    SELECT id, sum(least(t."end", i."end") - greatest(t.start, i.start)) / any_value(t."end" - t.start) AS share,
        arg_max(i.passage_id, (least(t."end", i."end") - greatest(t.start, i.start), i.passage_id)) AS passage_id
    FROM spans t JOIN intervals i ON i.report_id = t.report_id AND i.start < t."end" AND i."end" > t.start
    WHERE i.kind = 'copied' GROUP BY id
"""


def _joined(table: str, group: Sequence[Shard], reuse: ReuseResult) -> pa.Table:
    found = pa.concat_tables([shard.read(table) for shard in group])
    if table not in _JOINS or not len(found):
        return found
    with duckdb.connect() as connection:
        connection.register("t", found.append_column("row", pa.array(range(len(found)), pa.int64())))
        connection.register("reuse", reuse.reports)
        connection.register("intervals", reuse.intervals)
        key = "organization_id" if table == "organizations" else "activity_id"
        home = "organizations" if table == "organizations" else "activities"
        spans = pa.concat_tables([shard.read(home, [key, "report_id", "start", "end"]) for shard in group])
        connection.register("spans", spans.rename_columns(["id", "report_id", "start", "end"]))
        connection.execute(f"CREATE TABLE copied AS {_COPIED}")
        return connection.sql(_JOINS[table]).to_arrow_table()


def _with_raw_spans(found: pa.Table, table: str, shards: Sequence[Shard]) -> pa.Table:
    """The table with raw_start and raw_end of its spans in the clean text, report by report."""
    by_report: dict[str, list[int]] = defaultdict(list)
    rows: list[dict[str, Any]] = found.to_pylist()
    for i, row in enumerate(rows):
        by_report[row["report_id"]].append(i)
    for shard in shards:
        reports = {row["report_id"]: row for row in shard.read("reports", ["report_id", "page_id", "raw_spans"]).to_pylist()}
        wanted = [report_id for report_id in reports if report_id in by_report]
        if not wanted:
            continue
        raw = {row["page_id"]: row["raw"] for row in shard.read("texts").to_pylist()}
        edits: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for edit in shard.read("edits").to_pylist():
            edits[edit["page_id"]].append(edit)
        for report_id in wanted:
            report = reports[report_id]
            text = restore_text(raw[report["page_id"]], edits[report["page_id"]], report["raw_spans"])
            for i in by_report[report_id]:
                rows[i]["raw_start"], rows[i]["raw_end"] = text.raw_span(rows[i]["start"], rows[i]["end"])
    return pa.Table.from_pylist(rows, SCHEMAS[table])


def _failures(shards: Sequence[Shard], failures: Sequence[Path], reuse: ReuseResult) -> pa.Table:
    found = pa.concat_tables([reuse.failures, *(pq.read_table(path) for path in failures), *(shard.read("failures") for shard in shards)])
    return found.sort_by([("source", "ascending"), ("stage", "ascending"), ("error", "ascending")])


_COVERAGE = """
    WITH report AS (
        SELECT r.*, (SELECT min(s.site) FROM page_sources s WHERE s.page_id = r.page_id) AS site FROM reports r
    ), activity AS (
        SELECT a.activity_id, a.status, len(a.months) AS months, r.site, r.genre FROM activities a JOIN report r USING (report_id)
    )
    SELECT (SELECT min(s.site) FROM page_sources s WHERE s.page_id = p.page_id) AS site, NULL AS genre, 'pages' AS stage, count(*) AS n
        FROM pages p GROUP BY 1
    UNION ALL SELECT site, genre, 'reports', count(*) FROM report GROUP BY site, genre
    UNION ALL SELECT site, genre, 'unique', count(*) FROM report WHERE is_representative GROUP BY site, genre
    UNION ALL SELECT site, genre, 'placed', count(*) FROM report WHERE place_status = 'named' GROUP BY site, genre
    UNION ALL SELECT site, genre, 'year_known', count(*) FROM report WHERE year_min IS NOT NULL GROUP BY site, genre
    UNION ALL SELECT site, genre, 'activities', count(*) FROM activity GROUP BY site, genre
    UNION ALL SELECT site, genre, 'done', count(*) FROM activity WHERE status = 'done' GROUP BY site, genre
    UNION ALL SELECT site, genre, 'dated', count(*) FROM activity WHERE months > 0 GROUP BY site, genre
"""
_STAGES = "CASE stage WHEN 'pages' THEN 0 WHEN 'reports' THEN 1 WHEN 'unique' THEN 2 WHEN 'placed' THEN 3 WHEN 'year_known' THEN 4 \
WHEN 'activities' THEN 5 WHEN 'done' THEN 6 ELSE 7 END"


def _coverage(dataset: Path) -> pa.Table:
    with duckdb.connect() as connection:
        for table in ("pages", "page_sources", "reports", "activities"):
            files = str(dataset / table / "part-*.parquet").replace("'", "''")
            connection.execute(f"CREATE VIEW {table} AS SELECT * FROM read_parquet('{files}')")
        query = f"SELECT * FROM ({_COVERAGE}) ORDER BY site NULLS FIRST, {_STAGES}, genre NULLS FIRST"
        return connection.sql(query).to_arrow_table()
