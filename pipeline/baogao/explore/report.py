"""report.html: one file, without network, that shows what a run found."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import jinja2

from baogao import __version__

_QUERIES = {
    "genres": "SELECT genre, count(*) FROM reports GROUP BY genre ORDER BY 2 DESC, 1",
    "types": "SELECT type, count(*) FROM activities GROUP BY type ORDER BY 2 DESC, 1",
    "status": "SELECT status, count(*) FROM activities GROUP BY status ORDER BY 2 DESC, 1",
    "kinds": "SELECT kind, count(*) FROM organizations GROUP BY kind ORDER BY 2 DESC, 1",
    "roles": "SELECT role, count(*) FROM roles GROUP BY role ORDER BY 2 DESC, 1 LIMIT 12",
    "issuers": "SELECT issuer, count(*) FROM reports WHERE issuer IS NOT NULL GROUP BY issuer ORDER BY 2 DESC, 1 LIMIT 15",
    "blocks": "SELECT role, count(*), sum(raw_end - raw_start)::BIGINT FROM blocks GROUP BY role ORDER BY 3 DESC, 1",
    "edits": "SELECT kind, count(*) FROM edits GROUP BY kind ORDER BY 2 DESC, 1 LIMIT 15",
    "failures": "SELECT source, stage, error, remedy FROM failures ORDER BY ALL LIMIT 200",
    "templates": "SELECT skeleton, n_uses, n_reports FROM passages WHERE kind = 'copied' ORDER BY n_reports DESC, n_uses DESC, 1 LIMIT 20",
    "findings": "SELECT kind, text, evidence FROM findings ORDER BY ALL LIMIT 50",
    "pairs": "SELECT sum((jaccard >= 0.4)::INT), sum((jaccard >= 0.5)::INT), sum((jaccard >= 0.6)::INT) FROM pairs",
    "coverage": "SELECT stage, sum(n)::BIGINT FROM coverage GROUP BY stage",
}
"""What the template shows, each a query over the dataset's tables."""

_MONTHS = "SELECT year, month, sum(weight) FROM months WHERE month IS NOT NULL GROUP BY year, month ORDER BY year NULLS LAST, month"
_STAGES = ("pages", "reports", "unique", "placed", "year_known", "activities", "done", "dated")
_TABLES = (
    "pages", "reports", "activities", "organizations", "roles", "months", "blocks", "edits", "failures", "pairs", "passages",
    "findings", "coverage",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class MonthRow:
    """One line of the calendar heat map: a year, or None for months whose year is unknown, and twelve weights."""

    year: int | None
    weights: tuple[float, ...]


def write_report(dataset: Path, path: Path) -> None:
    """Write the report of the dataset in the folder `dataset` to the file `path`."""
    with duckdb.connect() as connection:
        for table in _TABLES:
            files = str(dataset / table / "part-*.parquet").replace("'", "''")
            connection.execute(f"CREATE VIEW {table} AS SELECT * FROM read_parquet('{files}')")
        values: dict[str, Any] = {name: connection.execute(query).fetchall() for name, query in _QUERIES.items()}
        months = _calendar(connection.execute(_MONTHS).fetchall())
    counts = dict(values.pop("coverage"))
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("baogao.explore"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    page = environment.get_template("report.html").render(
        version=__version__,
        months=months,
        most=max((weight for row in months for weight in row.weights), default=1.0) or 1.0,
        coverage=[(stage, counts.get(stage, 0)) for stage in _STAGES],
        **values,
    )
    path.write_text(page, encoding="utf-8")


def _calendar(rows: list[tuple[int | None, int, float]]) -> list[MonthRow]:
    by_year: dict[int | None, list[float]] = {}
    for year, month, weight in rows:
        by_year.setdefault(year, [0.0] * 12)[month - 1] = weight
    return [MonthRow(year, tuple(weights)) for year, weights in by_year.items()]
