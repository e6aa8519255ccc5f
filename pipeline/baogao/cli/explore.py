"""baogao explore."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def explore(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="Output folder of a run.")],
    port: Annotated[int, typer.Option(help="Port on this machine; 0 takes a free one.", min=0, max=65535)] = 0,
    browser: Annotated[bool, typer.Option(help="Open the page in the browser.")] = True,
) -> None:
    """Search, read, check and correct a dataset in the browser; nobody but you can open the page.

    Corrections go into OUT/corrections.jsonl: the next baogao run over the same archive applies them, baogao train --add learns from
    them. Stop it with Ctrl-C.
    """
    from baogao.explore.correct import CorrectionFile
    from baogao.explore.index import build_index
    from baogao.explore.serve import serve
    from baogao.run.output import find_output

    output = find_output(out)

    def tell(words: str) -> None:
        typer.echo(words, err=True)

    index = build_index(output.dataset, output.work / "explore", tell)
    corrections = CorrectionFile(output.corrections, output.work / "corrections.lock")
    serve(index, corrections, port=port, browser=browser, tell=tell)
