"""The command `baogao`; one file a command, each of which imports what it needs when it is called."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from baogao.cli import (
    agreement,
    check_site,
    cite,
    count,
    crosswalk,
    estimate,
    evaluate,
    explain,
    explore,
    export,
    failures,
    panel,
    release,
    run,
    sample,
    scrape,
    train,
)
from baogao.errors import BaogaoError

app = typer.Typer(
    name="baogao",
    help="Turn an archive of saved Chinese work reports into a structured dataset.",
    epilog="Exit codes: 0 done, 2 wrong use, 3 done but some sources failed (they are listed in table failures).",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("run")(run.run)
app.command("scrape")(scrape.scrape)
app.command("status")(failures.status)
app.command("failures")(failures.failures)
app.command("evaluate")(evaluate.evaluate)
app.command("explain")(explain.explain)
app.command("explore")(explore.explore)
app.command("check-site")(check_site.check_site)
app.command("train")(train.train)
app.command("export")(export.export)
app.command("panel")(panel.panel)
app.command("count")(count.count)
app.command("cite")(cite.cite)
app.command("sample")(sample.sample)
app.command("agreement")(agreement.agreement)
app.command("estimate")(estimate.estimate)
app.command("release")(release.release)
app.command("crosswalk")(crosswalk.crosswalk)


def _show_version(wanted: bool) -> None:
    if wanted:
        from baogao import __version__

        typer.echo(f"baogao {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[bool, typer.Option("--version", help="Show the version and stop.", is_eager=True, callback=_show_version)] = False,
) -> None:
    """Options before the command."""


def main() -> None:
    """Entry point: errors that the user can mend are one sentence on stderr and exit code 2."""
    try:
        app()
    except BaogaoError as error:
        print(f"baogao: {error}", file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        print("baogao: stopped; run the same command again to go on.", file=sys.stderr)
        sys.exit(130)
