"""baogao explain."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

CONTEXT = 12
"""Characters shown on either side of an edit."""


def explain(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="Output folder of a run.")],
    report_id: Annotated[str, typer.Argument(metavar="REPORT", help="Identifier of a report (column report_id).")],
) -> None:
    """Show every repair of a report: where it stands, what stood there, what it reads now, and which fixer did it."""
    import pyarrow.compute as pc
    import pyarrow.dataset as ds

    from baogao.dataset.query import find_dataset
    from baogao.errors import BaogaoError

    dataset = find_dataset(out)

    def rows(table: str, column: str, value: str) -> list[dict[str, object]]:
        found: list[dict[str, object]] = (
            ds.dataset(dataset / table, format="parquet").to_table(filter=pc.field(column) == value).to_pylist()
        )
        return found

    reports = rows("reports", "report_id", report_id)
    if not reports:
        raise BaogaoError(f"There is no report {report_id} in {dataset}; table reports lists their identifiers.")
    start, end = (int(str(reports[0][name])) for name in ("raw_start", "raw_end"))
    page = str(reports[0]["page_id"])
    raw = str(rows("texts", "page_id", page)[0]["raw"])
    n = 0
    for edit in rows("edits", "page_id", page):
        first, last = int(str(edit["raw_start"])), int(str(edit["raw_end"]))
        if start <= first and last <= end:
            n += 1
            before, after = raw[max(0, first - CONTEXT) : first], raw[last : last + CONTEXT]
            typer.echo(f"{first:>8}  {edit['kind']:<12} {before}[{edit['before']}]{after}".replace("\n", "⏎"))
            typer.echo(f"{'':22}-> [{edit['after']}]".replace("\n", "⏎"))
    typer.echo(f"{n} repairs in report {report_id} of page {page}")
