"""A time limit that really interrupts: softly by a signal, and, where a C library does not give way, by ending the process.

Both count processor time, so that a busy machine fails no page. The soft limit raises OutOfTime in the main thread of a process, also
inside a regular expression. The hard one, at twice the time, is a timer of the system that needs no cooperation: it ends the process;
if that was a worker, the run finds the page by halving. In a thread (a Dask worker with several) only the hard limit holds, for all
its threads together.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

HARD = 2
"""The hard limit is so many times the soft one."""
TOOK_TOO_LONG = "it took more than {seconds} seconds of processor time and was interrupted"
TOOK_TOO_LONG_REMEDY = "leave it out, or raise run.page_seconds in a settings file and run again with --retry-failed"
_CAN_INTERRUPT = hasattr(signal, "setitimer")

_inside: set[int] = set()
"""Threads that are inside a limited block."""


class OutOfTime(BaseException):
    """A page took too long. Not an Exception, so that no reader takes it for damage of the page."""


def _interrupt(signum: int, frame: object) -> NoReturn:
    raise OutOfTime


@contextmanager
def time_limit(seconds: int) -> Iterator[None]:
    """Raise OutOfTime in the block behind so many seconds of work, and end the process behind twice as many."""
    if not _CAN_INTERRUPT:
        yield
        return
    soft = threading.current_thread() is threading.main_thread()
    if soft:
        previous = signal.signal(signal.SIGPROF, _interrupt)
        signal.setitimer(signal.ITIMER_PROF, seconds)
    _inside.add(threading.get_ident())
    signal.setitimer(signal.ITIMER_VIRTUAL, HARD * seconds)
    try:
        yield
    finally:
        if soft:
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.signal(signal.SIGPROF, previous)
        _inside.discard(threading.get_ident())
        if not _inside:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
