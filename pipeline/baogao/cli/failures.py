"""baogao failures and baogao status."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Out = Annotated[Path, typer.Argument(metavar="OUT", help="Output folder of a run.")]


def failures(out: Out) -> None:
    """List what could not be read or processed, why, and what to do about it."""
    import pyarrow.dataset as ds

    from baogao.dataset.query import find_dataset

    rows = ds.dataset(find_dataset(out) / "failures", format="parquet").to_table().to_pylist()
    for row in rows:
        typer.echo(f"{row['source']}\n  {row['stage']}: {row['error']}\n  To do: {row['remedy']}")
    typer.echo(f"{len(rows)} failures" if rows else "No failures.")


def status(out: Out) -> None:
    """Tell how far a run has come, whether or not it is still going on."""
    from baogao.run.output import find_output
    from baogao.run.plan import progress_of
    from baogao.run.summary import summarise

    output = find_output(out)
    for line in progress_of(output):
        typer.echo(line)
    if output.manifest.exists():
        typer.echo(summarise(output).text)
