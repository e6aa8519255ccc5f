"""baogao crosswalk."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def crosswalk(
    old: Annotated[Path, typer.Argument(metavar="OLD", help="Output folder of the earlier run.")],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="Output folder of the later run.")],
    target: Annotated[Path, typer.Option("-o", "--out", help="New folder for crosswalk.csv and the files carried over.")],
    codes: Annotated[list[Path] | None, typer.Option(help="CSV file with identifiers (activity_id, report_id, ...) to carry over.")] = None,
    corrections: Annotated[Path | None, typer.Option(help="File of corrections (docs/explore.md) to check against the new run.")] = None,
) -> None:
    """Find the records of an earlier run in a later one, and carry hand codes and corrections over.

    Example: baogao crosswalk out-2023 out-2024 --codes codes.csv -o crosswalk
    """
    from baogao.analysis.crosswalk import crosswalk as carry_out

    crossed = carry_out(old, new, target, codes=codes or (), corrections=corrections)
    kinds = ("same", "exact", "overlap", "merged", "lost")
    typer.echo(f"{'':15}" + "".join(f"{kind:>9}" for kind in kinds))
    for table, counts in crossed.records.items():
        typer.echo(f"{table:15}" + "".join(f"{counts[kind]:9}" for kind in kinds))
    for name, (kept, lost) in crossed.files.items():
        typer.echo(f"{target / name}: {kept} carried over" + (f", {lost} lost ({target / f'lost-{name}'})" if lost else ""))
