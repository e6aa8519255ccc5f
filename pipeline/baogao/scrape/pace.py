"""When a host may be asked next: the delay that robots.txt, the profile or the settings want, pauses that the server asks for, stops.

The delay runs from an answer to the next request, so that it also holds as the server sees it; Scrapy's AutoThrottle, which counts
from request to request, comes on top and stretches it for a slow host.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(slots=True)
class Pace:
    """Times are those of a clock that only runs forward, in seconds."""

    clock: Callable[[], float] = time.monotonic
    stopped: dict[str, str] = field(default_factory=dict)
    _free_from: dict[str, float] = field(default_factory=dict)
    _interval: dict[str, float] = field(default_factory=dict)

    def want_interval(self, host: str, seconds: float) -> None:
        """The host is to be left alone for so long behind every answer, or longer where that was said before."""
        self._interval[host] = max(self._interval.get(host, 0.0), seconds)

    def answered(self, host: str) -> None:
        """The host has answered just now."""
        self.pause(host, self._interval.get(host, 0.0))

    def pause(self, host: str, seconds: float) -> None:
        """The host is not to be asked for so long from now."""
        self._free_from[host] = max(self._free_from.get(host, 0.0), self.clock() + seconds)

    def left(self, host: str) -> float:
        """Seconds until the host may be asked; not above 0 if it may be asked now."""
        return self._free_from.get(host, 0.0) - self.clock()

    def stop(self, host: str, reason: str) -> None:
        """The host is not to be asked any more in this run."""
        self.stopped.setdefault(host, reason)
