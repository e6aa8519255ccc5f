"""A time limit that really interrupts: softly by a signal, and, where a C library does not give way, by ending the process.

The soft limit raises OutOfTime in the main thread of a process, also inside a regular expression. The hard one, at twice the time,
is faulthandler's watchdog, which needs no interpreter lock: the worker dies and the run finds the page by halving. In a thread
(Dask with several threads a worker) only the hard limit holds.
"""

from __future__ import annotations

import faulthandler
import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

HARD = 2
"""The hard limit is so many times the soft one."""
TOOK_TOO_LONG = "it took more than {seconds} seconds and was interrupted"
TOOK_TOO_LONG_REMEDY = "leave it out, or raise run.page_seconds in a settings file and run again with --retry-failed"

_deadlines: dict[int, float] = {}
_lock = threading.Lock()


class OutOfTime(BaseException):
    """A page took too long. Not an Exception, so that no reader takes it for damage of the page."""


def _interrupt(signum: int, frame: object) -> NoReturn:
    raise OutOfTime


@contextmanager
def time_limit(seconds: int) -> Iterator[None]:
    """Raise OutOfTime in the block when so many seconds have passed, and end the process when it still runs after twice as many."""
    _watch(time.monotonic() + HARD * seconds)
    soft = hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()
    if soft:
        previous = signal.signal(signal.SIGALRM, _interrupt)
        signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        if soft:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, previous)
        _watch(None)


def _watch(deadline: float | None) -> None:
    """Set or lift this thread's deadline; the watchdog waits for the first one of all threads."""
    with _lock:
        if deadline is None:
            _deadlines.pop(threading.get_ident(), None)
        else:
            _deadlines[threading.get_ident()] = deadline
        if _deadlines:
            faulthandler.dump_traceback_later(max(0.1, min(_deadlines.values()) - time.monotonic()), exit=True, file=_nowhere())
        else:
            faulthandler.cancel_dump_traceback_later()


_sink: list[int] = []


def _nowhere() -> int:
    if not _sink:
        _sink.append(os.open(os.devnull, os.O_WRONLY))
    return _sink[0]
