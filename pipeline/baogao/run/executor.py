"""Where tasks run: in this process, or in a pool of processes."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from typing import Any

SMALL = 8_000_000
"""Below this many bytes of input starting worker processes costs more than it saves."""


class InProcess(Executor):
    """An executor that runs each task when it is submitted."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Run `fn` now; its result or exception is the future's."""
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


@contextmanager
def executor(workers: int | None, size: int) -> Iterator[Executor]:
    """An executor for an input of `size` bytes; `workers` None means one a core, and this process alone for a small input."""
    count = workers or (1 if size < SMALL else os.cpu_count() or 1)
    if count == 1:
        yield InProcess()
        return
    with ProcessPoolExecutor(count, mp_context=multiprocessing.get_context("spawn")) as pool:
        yield pool


def run_tasks(pool: Executor, task: Callable[..., Any], arguments: Sequence[tuple[Any, ...]]) -> Iterator[Any]:
    """Results of task(*args) for every tuple of arguments, as they come."""
    if isinstance(pool, InProcess):
        yield from (task(*args) for args in arguments)
        return
    futures = [pool.submit(task, *args) for args in arguments]
    for future in as_completed(futures):
        yield future.result()
