"""The panel: how much of the archive reaches it, activities by place, month and type, and pairs of reports."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from baogao.analysis.dyads import DYAD_COLUMNS, dyads
from baogao.analysis.files import MEMORY, new_folder, write_csv
from baogao.dataset.query import Source, open_source
from baogao.records import ACTIVITY_TYPES

PLANS = ("plan", "scheme")
"""Genres that tell what is to be done; the others tell what was done."""


@dataclass(frozen=True, slots=True)
class PanelSettings:
    """What a panel is made of."""

    by: Literal["place", "adcode"] = "place"
    own: float = 0.5
    """Largest copied share of an activity's clause that still counts as the report's own text."""
    zeros: int = 1_000
    """Number of pairs without shared text to draw."""
    seed: int = 1


_FACTS = """
    CREATE TEMP TABLE facts AS
    WITH acts AS (
        SELECT a.report_id, count(*) AS acts, count(*) FILTER (a.status = 'done') AS done,
            count(*) FILTER (a.status = 'done' AND EXISTS (
                SELECT 1 FROM months m WHERE m.activity_id = a.activity_id AND m.month IS NOT NULL AND m.year IS NOT NULL)) AS dated
        FROM activities a GROUP BY a.report_id)
    SELECT r.report_id, r.page_id, r.genre, CASE WHEN r.place_status = 'named' THEN r.place END AS place,
        r.adcode, r.is_representative, r.year_min, r.report_id IN (SELECT e.report_id FROM exposure e WHERE e.year IS NOT NULL) AS exposed,
        coalesce(acts.acts, 0) AS acts, coalesce(acts.done, 0) AS done, coalesce(acts.dated, 0) AS dated
    FROM reports r LEFT JOIN acts USING (report_id)
"""
_STEPS = (
    ("reports", "true", "acts"),
    ("unique", "is_representative", "acts"),
    ("placed", "place IS NOT NULL", "acts"),
    ("year_known", "year_min IS NOT NULL", "acts"),
    ("exposed", "exposed", "acts"),
    ("with_activity", "acts > 0", "acts"),
    ("with_done_activity", "done > 0", "done"),
    ("with_dated_done_activity", "dated > 0", "dated"),
)
"""Steps to a dated, placed activity: name, what a report must be besides what the steps before ask, the activities left."""


def write_panel(out: Path, target: Path, settings: PanelSettings) -> dict[str, int]:
    """Write coverage.csv, panel.csv and dyads.csv; gives their numbers of rows."""
    with open_source(out, memory=MEMORY) as source, new_folder(target) as folder:
        source.connection.execute(_FACTS)
        return {
            "coverage.csv": write_csv(
                folder / "coverage.csv", ("genre", "step", "pages", "reports", "activities", "share"), coverage(source)
            ),
            "panel.csv": write_csv(folder / "panel.csv", _panel_columns(settings), panel(source, settings)),
            "dyads.csv": write_csv(folder / "dyads.csv", DYAD_COLUMNS, dyads(source, zeros=settings.zeros, seed=settings.seed)),
        }


def coverage(source: Source) -> Iterator[dict[str, Any]]:
    """How many reports, their pages and activities are left after each step, for the archive (genre null) and each genre.

    Each step asks for all that the steps before it ask; `share` is that of the reports.
    """
    conditions: list[str] = []
    totals: dict[str | None, int] = {}
    rows: list[dict[str, Any]] = []
    for step, condition, acts in _STEPS:
        conditions.append(condition)
        query = f"""
            SELECT genre, count(DISTINCT page_id), count(*), coalesce(sum({acts}), 0)::BIGINT FROM facts WHERE {" AND ".join(conditions)}
            GROUP BY GROUPING SETS ((), (genre)) ORDER BY genre NULLS FIRST"""
        found = {genre: (pages, reports, n) for genre, pages, reports, n in source.connection.execute(query).fetchall()}
        totals = totals or {genre: reports for genre, (_, reports, _) in found.items()}
        for genre, total in totals.items():
            pages, reports, n = found.get(genre, (0, 0, 0))
            share = reports / total if total else None
            rows.append({"genre": genre, "step": step, "pages": pages, "reports": reports, "activities": n, "share": share})
    pages = source.rows("SELECT count(*) FROM pages")[0][0]
    yield {"genre": None, "step": "pages", "pages": pages, "reports": None, "activities": None, "share": None}
    for genre in totals:
        yield from (row for row in rows if row["genre"] == genre)


_CELLS = """
    WITH told AS (
        SELECT f.{by} AS place, m.year, m.month, m.type, m.status AS claim, sum(m.weight) AS raw,
            sum(m.weight) FILTER (f.is_representative) AS once,
            sum(m.weight) FILTER (f.is_representative AND m.copied_share <= $own) AS own
        FROM months m JOIN facts f USING (report_id) GROUP BY ALL
    ), exposed AS (
        SELECT f.{by} AS place, e.year, e.month, f.genre IN {plans} AS plans, count(DISTINCT f.report_id) AS reports,
            count(DISTINCT f.report_id) FILTER (f.is_representative) AS reports_once
        FROM exposure e JOIN facts f USING (report_id) WHERE f.{by} IS NOT NULL AND e.year IS NOT NULL GROUP BY ALL
    ), cells AS (
        SELECT place, year, month, type, claim, raw, once, own, 0 AS reports, 0 AS reports_once FROM told
        UNION ALL
        SELECT place, year, month, type, claim, 0, 0, 0, reports, reports_once
        FROM exposed, (SELECT unnest($types) AS type), (SELECT unnest(['done', 'routine', 'planned']) AS claim)
        WHERE plans = (claim = 'planned')
    )
    SELECT place AS {by}, year, month, type, claim, coalesce(sum(raw), 0) AS raw, coalesce(sum(once), 0) AS once,
        coalesce(sum(own), 0) AS own, sum(reports)::BIGINT AS reports, sum(reports_once)::BIGINT AS reports_once
    FROM cells GROUP BY place, year, month, type, claim ORDER BY ALL NULLS LAST
"""


def _panel_columns(settings: PanelSettings) -> tuple[str, ...]:
    return (settings.by, "year", "month", "type", "claim", "raw", "once", "own", "reports", "reports_once")


def panel(source: Source, settings: PanelSettings) -> Iterator[dict[str, Any]]:
    """Activities by place, year, month, type and claim (done, routine, planned), each counted with its month's weight.

    `raw` counts all; `once` only reports that stand for their near-duplicates; `own` of these only activities whose clause is
    mostly not copied. A row of zeros stands only where a report of a named place covers the month: a summary for done and
    routine, a plan or scheme for planned; `reports` is their number, 0 where the activities lie outside every report's period.
    Null means unknown: place, year or month. The column `raw` adds up to the number of activities.
    """
    query = _CELLS.format(by=settings.by, plans=PLANS)
    values = {"own": settings.own, "types": list(ACTIVITY_TYPES)}
    relation = source.connection.sql(query, params=values)
    for batch in relation.to_arrow_reader(10_000):
        yield from batch.to_pylist()
