"""baogao run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

FAILED = 3
"""Exit code of a run that finished with failures."""


def run(
    inputs: Annotated[
        list[Path], typer.Argument(metavar="INPUT...", help="Files, folders, zip archives or WARC files, any number, mixed.")
    ],
    out: Annotated[Path, typer.Option("-o", "--out", help="Folder for the dataset; made if it is not there.")],
    settings: Annotated[Path | None, typer.Option(help="YAML file with settings; docs/settings.md lists them.")] = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Number of worker processes; by default one a core.")] = None,
    corrections: Annotated[
        Path | None, typer.Option(help="Corrections to apply (docs/explore.md); by default OUT/corrections.jsonl, if it is there.")
    ] = None,
    gold: Annotated[Path | None, typer.Option(help="Gold annotations (JSON); report.html then shows the scores against them.")] = None,
    dask: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Run on this Dask scheduler (tcp://HOST:8786) instead; docs/cluster.md.")
    ] = None,
    retry_failed: Annotated[bool, typer.Option("--retry-failed", help="Do again what failed in an earlier run into OUT.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no summary.")] = False,
) -> None:
    """Turn an archive of saved pages into a dataset.

    Example: baogao run pages/ more.zip crawl.warc.gz -o out
    """
    from baogao.run.runner import RunOptions
    from baogao.run.runner import run as carry_out
    from baogao.run.summary import summarise
    from baogao.settings import read_settings

    output = carry_out(inputs, out, read_settings(settings), RunOptions(workers, quiet, gold, dask, retry_failed, corrections))
    summary = summarise(output)
    if not quiet:
        typer.echo(summary.text)
    raise typer.Exit(FAILED if summary.failures else 0)
