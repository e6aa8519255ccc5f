"""What the reuse stage found, joined into the tables of reports and records."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

from baogao.database import connect
from baogao.dataset.shard import Shard
from baogao.reuse import ReuseResult
from baogao.reuse.shares import INTERVALS
from baogao.reuse.stage import REPORTS

JOINED = {
    "reports": """
        SELECT t.* REPLACE (u.cluster_id AS cluster_id, coalesce(u.is_representative, true) AS is_representative,
            coalesce(u.copied_share, 0) AS copied_share, coalesce(u.formula_share, 0) AS formula_share,
            coalesce(u.quoted_share, 0) AS quoted_share, coalesce(u.in_page_share, 0) AS in_page_share,
            coalesce(u.novel_share, 1) AS novel_share,
            coalesce(u.copied_from_sample_share, 0) AS copied_from_sample_share)
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


def join_reuse(table: str, rows: pa.Table, shards: Sequence[Shard], reuse: ReuseResult) -> pa.Table:
    """Rows of one of the tables in JOINED with their columns about reuse; `shards` are those that the rows come from."""
    reports = pc.unique(rows["report_id"])
    with connect() as connection:
        connection.register("t", rows.append_column("row", pa.array(range(len(rows)), pa.int64())))
        if table == "reports":
            connection.register("reuse", _of_reports(reuse, "reports", REPORTS, reports))
        else:
            connection.register("intervals", _of_reports(reuse, "intervals", INTERVALS, reports))
            home, key = ("organizations", "organization_id") if table == "organizations" else ("activities", "activity_id")
            spans = pa.concat_tables([shard.read(home, [key, "report_id", "start", "end"]) for shard in shards])
            connection.register("spans", spans.rename_columns(["id", "report_id", "start", "end"]))
            connection.execute(f"CREATE TABLE copied AS {_COPIED}")
        return connection.sql(JOINED[table]).to_arrow_table()


def _of_reports(reuse: ReuseResult, table: str, schema: pa.Schema, reports: pa.Array) -> pa.Table:
    """A table of the reuse stage, for some reports only."""
    files = [str(path) for path in reuse.files(table)]
    if not files:
        return schema.empty_table()
    return ds.dataset(files, schema=schema, format="parquet").to_table(filter=pc.field("report_id").isin(reports))
