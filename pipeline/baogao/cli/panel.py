"""baogao panel."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def panel(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="Output folder of a run.")],
    target: Annotated[Path, typer.Option("-o", "--out", help="New folder for coverage.csv, panel.csv and dyads.csv.")],
    by: Annotated[str, typer.Option(help="What a place is: place (its name) or adcode (its administrative division).")] = "place",
    own: Annotated[float, typer.Option(min=0, max=1, help="Largest copied share of an activity that counts as the report's own.")] = 0.5,
    zeros: Annotated[int, typer.Option(min=0, help="Pairs of reports without shared text to draw.")] = 1_000,
    seed: Annotated[int, typer.Option(help="Seed of the draw; the same seed draws the same pairs.")] = 1,
) -> None:
    """Write what a panel study starts from: coverage, activities by place, month and type, and pairs of reports.

    Example: baogao panel out -o panel
    """
    from baogao.analysis.panel import PanelSettings, write_panel
    from baogao.errors import BaogaoError

    if by not in ("place", "adcode"):
        raise BaogaoError(f"--by {by} is none of place, adcode.")
    rows = write_panel(out, target, PanelSettings(by=by, own=own, zeros=zeros, seed=seed))  # type: ignore[arg-type]
    for name, n in rows.items():
        typer.echo(f"{target / name}: {n} rows")
