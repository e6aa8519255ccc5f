"""What a run found, in plain words."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from baogao.run.output import Output


@dataclass(frozen=True, slots=True)
class Summary:
    """The text shown at the end of a run, and how many failures it lists."""

    text: str
    failures: int


def summarise(output: Output) -> Summary:
    """Count what is in the dataset."""
    with duckdb.connect() as connection:

        def one(select: str, table: str, where: str = "true") -> int:
            path = str(output.dataset / table / "part-*.parquet")
            row = connection.execute(f"SELECT {select} FROM read_parquet(?) WHERE {where}", [path]).fetchone()
            return int(row[0]) if row and row[0] is not None else 0

        n = {table: one("count(*)", table) for table in ("pages", "reports", "organizations", "activities", "failures")}
        duplicates = one("count(*)", "reports", "cluster_id IS NOT NULL AND NOT is_representative")
        dated = one("count(DISTINCT activity_id)", "months", "month IS NOT NULL")
        years = one("count(DISTINCT activity_id)", "months", "year IS NOT NULL")
        covered = one("count(DISTINCT year * 12 + month)", "months", "year IS NOT NULL AND month IS NOT NULL")
    lines = [
        f"{_n(n['pages'], 'page')} with {_n(n['reports'], 'report')}, of which {_n(duplicates, 'near-duplicate')} of another one",
        f"{_n(n['activities'], 'activity', 'activities')}: {dated:,} dated to a month, {years:,} with a known year; "
        f"{_n(covered, 'calendar month')} covered",
        _n(n["organizations"], "organization"),
    ]
    if n["failures"]:
        lines.append(f"{_n(n['failures'], 'source')} failed: baogao failures {output.root} tells what and why")
    lines += [f"Dataset: {output.dataset}", f"Report:  {output.report}"]
    return Summary("\n".join(lines), n["failures"])


def _n(count: int, one: str, many: str | None = None) -> str:
    return f"{count:,} {one if count == 1 else many or one + 's'}"
