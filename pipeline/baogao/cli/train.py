"""baogao train."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def train(
    corpus: Annotated[Path | None, typer.Option(help="Folder with reports/ and passages/; by default the project's corpus/.")] = None,
    add: Annotated[Path | None, typer.Option(help="Corrections to learn from besides the corpus (JSONL; docs/models.md).")] = None,
    models: Annotated[Path | None, typer.Option("-o", "--models", help="Folder for the models; by default the package's own.")] = None,
) -> None:
    """Train all models, and show their scores on corpus/reports/dev before and after.

    Takes a few minutes; the same corpus and corrections give the same models.
    """
    from baogao.classify.training import train_all
    from baogao.resources import resource

    for line in train_all(corpus or resource("corpus"), models or resource("models"), add):
        typer.echo(line)
