"""Where the archive thins out on its way to a panel: records by site, genre and step."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from baogao.database import connect

_COVERAGE = """
    WITH home AS (
        SELECT page_id, min(site) AS site FROM page_sources GROUP BY page_id
    ), report AS (
        SELECT r.report_id, r.genre, r.is_representative, r.place_status, r.year_min, home.site
        FROM reports r LEFT JOIN home USING (page_id)
    ), activity AS (
        SELECT a.status, len(a.months) AS months, r.site, r.genre FROM activities a JOIN report r USING (report_id)
    )
    SELECT site, NULL AS genre, 'pages' AS stage, count(*) AS n FROM pages p LEFT JOIN home USING (page_id) GROUP BY site
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


def count_coverage(dataset: Path) -> pa.Table:
    """Rows of table coverage, from the other tables of the folder `dataset`."""
    with connect() as connection:
        for table in ("pages", "page_sources", "reports", "activities"):
            files = str(dataset / table / "part-*.parquet").replace("'", "''")
            connection.execute(f"CREATE VIEW {table} AS SELECT * FROM read_parquet('{files}')")
        query = f"SELECT * FROM ({_COVERAGE}) ORDER BY site NULLS FIRST, {_STAGES}, genre NULLS FIRST"
        return connection.sql(query).to_arrow_table()
