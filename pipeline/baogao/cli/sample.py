"""baogao sample."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def sample(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="Output folder of a run.")],
    target: Annotated[Path, typer.Option("-o", "--out", help="New folder for coding.xlsx and key.csv.")],
    size: Annotated[int, typer.Option("-n", "--size", min=1, help="Number of clauses.")] = 300,
    seed: Annotated[int, typer.Option(help="Seed of the draw; the same seed draws the same clauses.")] = 1,
) -> None:
    """Draw clauses to be coded by hand by two coders: accepted and rejected ones, predictions hidden.

    Example: baogao sample out -n 300 -o sample
    """
    from baogao.analysis.sample import draw_sample

    items = draw_sample(out, target, size=size, seed=seed)
    strata = {item.stratum: item for item in items}
    for name in sorted(strata):
        typer.echo(f"{name:22} {strata[name].stratum_drawn:5} of {strata[name].stratum_size}")
    typer.echo(f"Give {target / 'coding.xlsx'} to the coders; keep {target / 'key.csv'} from them.")
