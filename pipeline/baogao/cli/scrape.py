"""baogao scrape."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

FAILED = 3
"""Exit code of a crawl in which pages failed or a site refused."""
STOPPED = 130
"""Exit code of a crawl that was stopped from the keyboard."""


def scrape(
    out: Annotated[Path, typer.Option("-o", "--out", help="Folder for the archive; made if it is not there.")],
    profiles: Annotated[
        list[str] | None, typer.Argument(metavar="PROFILE...", help="Site profiles: files, or names in configs/sites/.")
    ] = None,
    urls: Annotated[Path | None, typer.Option(help="File with an address a line, to be fetched as reports.")] = None,
    contact: Annotated[str | None, typer.Option(help="Your e-mail address or web page, sent with every request.")] = None,
    settings: Annotated[Path | None, typer.Option(help="YAML file with settings; docs/settings.md lists them.")] = None,
    update: Annotated[bool, typer.Option("--update", help="Ask again what was fetched, but only for what has changed.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Tell what would be asked, and ask nobody.")] = False,
    allow_private: Annotated[
        bool, typer.Option("--allow-private", help="Also ask private, loopback and link-local addresses (intranets, tests).")
    ] = False,
    resolve: Annotated[
        list[str] | None,
        typer.Option(metavar="HOST:PORT=ADDRESS:PORT", help="Connect to another address for a host, as a hosts file does."),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no summary.")] = False,
) -> None:
    """Collect report pages from sites into WARC files, politely.

    Example: baogao scrape jsjd shequren -o archive --contact someone@university.example
    """
    from baogao.scrape.dry_run import describe
    from baogao.scrape.progress import shown_progress
    from baogao.scrape.runner import scrape as carry_out
    from baogao.scrape.task import check_task, read_task
    from baogao.settings import read_settings

    wanted = read_settings(settings).scrape
    if contact is not None:
        wanted = wanted.model_copy(update={"contact": contact})
    task = read_task(profiles or [], urls, update=update, allow_private=allow_private, resolve=resolve or [])
    check_task(task, wanted)
    if dry_run:
        typer.echo("\n".join(describe(task, out, wanted)))
        raise typer.Exit
    with shown_progress(quiet=quiet) as listener:
        summary = carry_out(task, out, wanted, listener)
    if not quiet:
        typer.echo(summary.text)
    raise typer.Exit(STOPPED if summary.stopped else FAILED if summary.failures else 0)
