"""Where tasks run: in this process, in a pool of processes that outlives a worker's death, or on any other executor."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future, as_completed
from contextlib import contextmanager
from typing import Any, TypeVar

from pebble import ProcessExpired, ProcessPool

Item = TypeVar("Item")

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


class Workers(Executor):
    """Worker processes; one that dies takes only its own task with it (pebble restarts it)."""

    def __init__(self, count: int) -> None:
        self._pool = ProcessPool(count, context=multiprocessing.get_context("spawn"))

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Run `fn` in a worker; if that dies, the future raises ProcessExpired."""
        return self._pool.schedule(fn, args=args, kwargs=kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Stop the workers: at once if `cancel_futures`, else when their tasks are done."""
        if cancel_futures:
            self._pool.stop()  # type: ignore[no-untyped-call]
        else:
            self._pool.close()  # type: ignore[no-untyped-call]
        if wait:
            self._pool.join()


def workers_for(given: int | None, size: int) -> int:
    """Number of workers for an input of `size` bytes: as given, else one a core, or one for a small input."""
    return given or (1 if size < SMALL else os.cpu_count() or 1)


@contextmanager
def executor(workers: int) -> Iterator[Executor]:
    """A pool of `workers` processes; for one worker, this process."""
    pool = InProcess() if workers == 1 else Workers(workers)
    try:
        yield pool
    except BaseException:
        pool.shutdown(cancel_futures=True)
        raise
    pool.shutdown()


def died(error: BaseException | None) -> bool:
    """Whether a task failed because its worker died: killed, out of memory, crashed in a C library."""
    return isinstance(error, (ProcessExpired, BrokenExecutor)) or type(error).__name__ == "KilledWorker"


def run_tasks(pool: Executor, task: Callable[..., Any], arguments: Sequence[tuple[Any, ...]]) -> Iterator[Any]:
    """Results of task(*args) for every tuple of arguments, as they come; a task's error is raised."""
    if isinstance(pool, InProcess):
        yield from (task(*args) for args in arguments)
        return
    futures = [pool.submit(task, *args) for args in arguments]
    for future in as_completed(futures):
        yield future.result()


def run_surviving(
    pool: Executor, arguments: Sequence[tuple[Any, ...]], task: Callable[..., Any], rescue: Callable[[tuple[Any, ...]], Any]
) -> Iterator[Any]:
    """As run_tasks, but a task whose worker died is tried a second time, and then handed to `rescue` with its arguments."""
    for attempt in (1, 2):
        futures = {pool.submit(task, *args): args for args in arguments}
        again = []
        for future in as_completed(futures):
            if not died(future.exception()):
                yield future.result()
            elif attempt == 1:
                again.append(futures[future])
            else:
                yield rescue(futures[future])
        arguments = again


def find_killers(pool: Executor, task: Callable[[Sequence[Item]], Any], items: Sequence[Item]) -> list[Item]:
    """Items whose processing kills the worker, found by halving: `task` is run on ever smaller parts of them."""
    if not died(pool.submit(task, items).exception()):
        return []
    if len(items) == 1:
        return list(items)
    middle = len(items) // 2
    return find_killers(pool, task, items[:middle]) + find_killers(pool, task, items[middle:])
