"""Progress on stderr: bars with rate and estimate on a terminal, a line a phase in a log."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn


class Advance(Protocol):
    """Reports that so many units are done."""

    def __call__(self, n: int = 1) -> None:
        """Add `n` to what is done."""


class Reporter:
    """Shows one bar a phase on a terminal; elsewhere one line for each phase that is done, as a log wants it."""

    def __init__(self, *, quiet: bool) -> None:
        self._console = Console(stderr=True)
        self._quiet = quiet

    @contextmanager
    def phase(self, what: str, total: int | None) -> Iterator[Advance]:
        """A bar for `total` units of work; None where it is not known beforehand how many tasks there are."""
        columns = (
            SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[count]}"),
            TextColumn("{task.fields[rate]}"), TimeRemainingColumn(elapsed_when_finished=True),
        )  # fmt: skip
        shown = self._console.is_terminal and not self._quiet
        with Progress(*columns, console=self._console, disable=not shown) as progress:
            task = progress.add_task(what, total=total, rate="", count="")

            def advance(n: int = 1) -> None:
                progress.advance(task, n)
                state = progress.tasks[0]
                speed = state.finished_speed or state.speed
                count = f"{state.completed:,.0f}" + (f" of {total:,}" if total is not None else " tasks")
                progress.update(task, count=count, rate=f"{speed:,.1f}/s" if speed and total is not None else "")

            yield advance
            done = progress.tasks[0].completed
            if total is None:
                progress.update(task, total=max(1, done), completed=max(1, done))
        if not shown and not self._quiet:
            print(f"{what}: done" + (f" ({total:,})" if total else ""), file=sys.stderr, flush=True)
