"""baogao train."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def train(
    corpus: Annotated[Path | None, typer.Option(help="Folder with reports/ and passages/; by default the project's corpus/.")] = None,
    add: Annotated[Path | None, typer.Option(help="Corrections to learn from besides the corpus (JSONL; docs/models.md).")] = None,
    models: Annotated[Path | None, typer.Option("-o", "--models", help="Folder for the models; by default the package's own.")] = None,
    only: Annotated[
        list[str] | None,
        typer.Option(help="Train this model (repair, blocks, genre, section, activity, dating, arguments) alone; may be repeated."),
    ] = None,
) -> None:
    """Train all models, and show their scores on corpus/reports/dev before and after.

    The models of the repairs and of block roles come first, then those of reports and activities. Takes a few minutes; the same
    corpus and corrections give the same models.
    """
    from itertools import chain

    from baogao.classify.training import train_all
    from baogao.clean.block_training import train_blocks
    from baogao.clean.repair_training import train_repair
    from baogao.resources import resource

    source, target = corpus or resource("corpus"), models or resource("models")
    cleaning = {"repair": train_repair, "blocks": train_blocks}
    others = [name for name in only or () if name not in cleaning]
    trained = train_all(source, target, add, others)
    first = next(trained)  # it looks whether the corpus is there and the names are known
    target.mkdir(parents=True, exist_ok=True)
    for name, fit in cleaning.items():
        for line in fit(source, target) if not only or name in only else ():
            typer.echo(line)
    for line in chain((first,), trained) if not only or others else ():
        typer.echo(line)
