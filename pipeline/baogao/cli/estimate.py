"""baogao estimate."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def estimate(
    sample: Annotated[Path, typer.Argument(metavar="SAMPLE", help="Folder that baogao sample wrote, with coding.xlsx filled in.")],
    sheet: Annotated[str, typer.Option(help="Sheet with the codes: agreed, coder 1 or coder 2.")] = "agreed",
) -> None:
    """Estimate precision, recall and corrected counts of activities from a coded sample, with 95 % intervals.

    Example: baogao estimate sample --sheet "coder 1"
    """
    from baogao.analysis.estimate import estimates

    typer.echo(f"{'measure':14}{'of':22}{'items':>6}{'found':>8}{'estimate':>10}  {'like these':19}{'this archive'}")
    for line in estimates(sample, sheet):
        e = line.estimate
        digits = 0 if line.measure == "count" else 3
        found = "" if line.found is None else str(line.found)
        clustered, archive = (f"[{a:.{digits}f}, {b:.{digits}f}]" for a, b in ((e.low, e.high), (e.archive_low, e.archive_high)))
        typer.echo(f"{line.measure:14}{line.of:22}{e.items:6}{found:>8}{e.value:10.{digits}f}  {clustered:19}{archive}")
