"""baogao count."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def count(
    words: Annotated[Path, typer.Argument(metavar="WORDS", help="Text file: a term a line, or `group: term term ...`.")],
    out: Annotated[Path, typer.Argument(metavar="OUT", help="Output folder of a run.")],
    target: Annotated[Path, typer.Option("-o", "--out", help="New folder for by_report.csv, by_place_year.csv and evidence.csv.")],
) -> None:
    """Count your own terms and groups of synonyms by report, place and year, with the sentences they stand in.

    Example: baogao count words.txt out -o counts
    """
    from baogao.analysis.count import count_words

    for name, n in count_words(words, out, target).items():
        typer.echo(f"{target / name}: {n} rows")
