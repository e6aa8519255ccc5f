"""baogao agreement."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def agreement(
    sample: Annotated[Path, typer.Argument(metavar="SAMPLE", help="Folder that baogao sample wrote, or a coding.xlsx.")],
    other: Annotated[Path | None, typer.Argument(metavar="[SECOND]", help="The second coder's copy, if each filled in a file.")] = None,
) -> None:
    """Tell how far two coders agree: share, Cohen's kappa and Krippendorff's alpha by field.

    Example: baogao agreement sample
    """
    from baogao.analysis.coding import agreement as compare
    from baogao.analysis.coding import read_codes

    found = compare(read_codes(sample, "coder 1"), read_codes(other or sample, "coder 2"))
    typer.echo(f"{'field':12}{'items':>7}{'agreed':>8}{'kappa':>8}{'alpha':>8}")
    for line in found:
        numbers = "".join(f"{'-' if x is None or x != x else f'{x:.3f}':>8}" for x in (line.agreed, line.kappa, line.alpha))
        typer.echo(f"{line.field:12}{line.items:7}{numbers}")
