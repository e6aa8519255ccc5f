"""Progress on the terminal's stderr, with rate and estimate; silent where there is no terminal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn


class Advance(Protocol):
    """Reports that so many units are done."""

    def __call__(self, n: int = 1) -> None:
        """Add `n` to what is done."""


class Reporter:
    """Shows one bar a phase."""

    def __init__(self, *, quiet: bool) -> None:
        self._console = Console(stderr=True)
        self._shown = self._console.is_terminal and not quiet

    @contextmanager
    def phase(self, what: str, total: int) -> Iterator[Advance]:
        """A bar for `total` units of work."""
        columns = (
            SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"), TimeRemainingColumn(elapsed_when_finished=True),
        )  # fmt: skip
        with Progress(*columns, console=self._console, disable=not self._shown, transient=False) as progress:
            task = progress.add_task(what, total=total, rate="")

            def advance(n: int = 1) -> None:
                progress.advance(task, n)
                speed = progress.tasks[0].finished_speed or progress.tasks[0].speed
                progress.update(task, rate=f"{speed:,.1f}/s" if speed else "")

            yield advance
