"""Progress on the terminal's stderr; silent where there is no terminal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from baogao.scrape.crawl import Crawl, Listener

_LONGEST = 60


@contextmanager
def shown_progress(*, quiet: bool) -> Iterator[Listener]:
    """A line with what was fetched, what is left, and the address dealt with last."""
    console = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn(), TextColumn("{task.fields[url]}", markup=False))
    with Progress(*columns, console=console, disable=quiet or not console.is_terminal) as progress:
        task = progress.add_task("starting", total=None, url="")

        def show(crawl: Crawl, url: str) -> None:
            done = crawl.done
            fetched = done["report"] + done["list"] + done["unchanged"]
            what = f"{fetched:,} fetched, {crawl.frontier.pending():,} to ask, {done['skipped']:,} skipped, {done['failed']:,} failed"
            if crawl.pace.stopped:
                what += f", {len(crawl.pace.stopped)} hosts refuse"
            progress.update(task, description=what, url=url if len(url) <= _LONGEST else url[: _LONGEST - 1] + "…")

        yield show
