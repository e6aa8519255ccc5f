"""baogao export."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def export(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="Output folder of a run.")],
    to: Annotated[
        str,
        typer.Option(
            help="csv, xlsx, stata, sqlite, duckdb, jsonl, datapackage, graphml, docbin, label-studio or doccano (docs/exports.md)."
        ),
    ],
    target: Annotated[Path, typer.Option("-o", "--out", help="File to write; a folder where there are several.")],
    table: Annotated[list[str] | None, typer.Option(help="Table to export, may be given more than once; by default all.")] = None,
    where: Annotated[str | None, typer.Option(help="Only rows that meet this condition on the tables' columns, as in SQL.")] = None,
    plain: Annotated[bool, typer.Option("--plain", help="With csv: plain UTF-8 with every value as it is, not for Excel.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace FILE if it is there.")] = False,
) -> None:
    """Write the dataset, or some of its tables, in the format of another program.

    Example: baogao export out --to csv --table reports --where "genre = 'summary' and year_min >= 2010" -o reports.csv
    """
    from baogao.errors import BaogaoError
    from baogao.export import export as carry_out

    if plain and to != "csv":
        raise BaogaoError(f"--plain goes with --to csv; {to} needs no such choice.")
    notes = carry_out(out, "csv-plain" if plain else to, target, tables=table or (), where=where, force=force)
    for note in notes:
        typer.echo(note, err=True)
    typer.echo(f"Written: {target}")
