"""baogao release."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def release(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="Output folder of a run.")],
    target: Annotated[Path, typer.Option("-o", "--out", help="New folder for the copy.")],
    key: Annotated[Path, typer.Option(help="File with the secret that pseudonyms are made with; made if it is not there. Keep it.")],
) -> None:
    """Make a copy to share: without text, names pseudonymised, with a script that joins both again from one's own archive.

    Example: baogao release out -o release --key release.key
    """
    from baogao.analysis.release import read_key
    from baogao.analysis.release import release as carry_out

    done = carry_out(out, target, read_key(key))
    typer.echo(f"Written: {target}. {done.pointed} names and phrases can be joined again, {done.lost} stand nowhere as written.")
    typer.echo(f"Keep {key} to yourself: with it, who guesses a name can check the guess.")
