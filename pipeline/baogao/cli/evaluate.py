"""baogao evaluate."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def evaluate(
    gold: Annotated[Path, typer.Argument(metavar="GOLD", help="File of gold annotations (JSON; docs/annotation.md).")],
    out: Annotated[Path, typer.Argument(metavar="OUT", help="Output folder of a run over the gold's pages.")],
    misses: Annotated[
        str | None,
        typer.Option(help="List what was missed, invented or wrong instead: split, headings, times, organizations, activities, fields."),
    ] = None,
) -> None:
    """Score a dataset against gold annotations.

    Prints precision, recall and F1 by kind, then the accuracies of fields (leaked: share of the other text that was taken in),
    with 95 % intervals from a bootstrap over pages; then the same with near-duplicate reports counted once.
    """
    from baogao.evaluation.gold import load_both
    from baogao.evaluation.scores import figures, report_lines, score_page, unique_only

    annotated, found, raw = load_both(gold, out / "dataset" if (out / "dataset").is_dir() else out)
    scores = [score_page(page, golds, found.get(page, []), raw[page]) for page, golds in annotated.items()]
    if misses:
        for miss in (miss for score in scores for miss in score.misses if miss.kind == misses):
            typer.echo(f"{miss.what:9}{miss.page}  {miss.text}")
        return
    typer.echo("\n".join(report_lines(figures(scores))))
    once = [score_page(page, *unique_only(golds, found.get(page, [])), raw[page]) for page, golds in annotated.items()]
    typer.echo("\nNear-duplicate reports counted once:\n" + "\n".join(report_lines(figures(once))))
