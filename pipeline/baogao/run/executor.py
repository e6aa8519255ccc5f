"""Where tasks run: in this process, in a pool of processes that outlives a worker's death, or on a Dask scheduler."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future, as_completed
from contextlib import contextmanager
from typing import Any, TypeVar

from pebble import ProcessExpired, ProcessPool

from baogao.errors import BaogaoError
from baogao.run.disk import keep_quiet_about_disk

Item = TypeVar("Item")

SMALL = 2_000_000
"""Below this many bytes of input starting worker processes costs more than it saves."""
TRIES = 3
"""Times that a task is tried which cannot be cut into smaller ones."""


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
        self._pool = ProcessPool(count, initializer=keep_quiet_about_disk, context=multiprocessing.get_context("spawn"))

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


class Retrying(Executor):
    """Runs tasks on another executor, and again if their worker died; tells `done` of each that is finished.

    A task that keeps killing its worker raises BaogaoError: it stands for the whole archive and cannot be left out.
    """

    def __init__(self, pool: Executor, done: Callable[[], None] = lambda: None) -> None:
        self._pool, self._done = pool, done

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Run `fn` with the pool, up to three times."""
        outer: Future[Any] = Future()

        def attempt(tries: int) -> None:
            def settle(inner: Future[Any]) -> None:
                error = CancelledError() if inner.cancelled() else inner.exception()
                if error is None:
                    outer.set_result(inner.result())
                    self._done()
                elif not died(error):
                    outer.set_exception(error)
                elif tries < TRIES:
                    attempt(tries + 1)
                else:
                    outer.set_exception(_overwhelmed(error))

            self._pool.submit(fn, *args, **kwargs).add_done_callback(settle)

        attempt(1)
        return outer


def _overwhelmed(error: BaseException) -> BaogaoError:
    stopped = BaogaoError(
        f"A step over all reports ended its worker process {TRIES} times, most likely for want of memory; "
        "run the same command with fewer --workers, or with a smaller reuse.part_chars in a settings file."
    )
    stopped.__cause__ = error
    return stopped


def workers_for(given: int | None, size: int) -> int:
    """Number of workers for an input of `size` bytes: as given, else one a core, or one for a small input."""
    return given or (1 if size < SMALL else os.cpu_count() or 1)


@contextmanager
def executor(workers: int, *, apart: bool = False) -> Iterator[Executor]:
    """A pool of `workers` processes; for one worker, this process, unless the work is to be done `apart` from it."""
    pool = InProcess() if workers == 1 and not apart else Workers(workers)
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
    if isinstance(pool, InProcess):
        yield from (task(*args) for args in arguments)
        return
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
    """Items whose processing kills the worker, found by halving: `task` is run on ever smaller parts of them.

    Raises what else goes wrong with the task.
    """
    future = pool.submit(task, items)
    if not died(future.exception()):
        future.result()
        return []
    if len(items) == 1:
        return list(items)
    middle = len(items) // 2
    return find_killers(pool, task, items[:middle]) + find_killers(pool, task, items[middle:])
