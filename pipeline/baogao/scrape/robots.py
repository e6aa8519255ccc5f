"""robots.txt by RFC 9309, with the delays that sites state there."""

from __future__ import annotations

import time
from dataclasses import dataclass
from urllib.parse import urlsplit

from protego import Protego

AGENT = "baogao"
"""The name by which robots.txt can address the tool."""
_LARGEST = 512_000
"""Bytes of a robots.txt that are read; RFC 9309 wants at least 500 KiB."""
_LIFETIME = 86_400.0
"""Seconds for which a robots.txt holds, by RFC 9309."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What a host's robots.txt says; `parser` is None where it has none, so that everything may be asked."""

    parser: Protego | None
    fetched: float

    @property
    def outdated(self) -> bool:
        """Whether it has to be asked again."""
        return time.monotonic() - self.fetched > _LIFETIME

    def allow(self, url: str) -> bool:
        """Whether an address may be asked."""
        return self.parser is None or bool(self.parser.can_fetch(url, AGENT))

    @property
    def delay(self) -> float:
        """Seconds that are to lie between two requests."""
        if self.parser is None:
            return 0.0
        rate = self.parser.request_rate(AGENT)
        return max(float(self.parser.crawl_delay(AGENT) or 0), rate.seconds / rate.requests if rate and rate.requests else 0.0)


def read_rules(body: bytes) -> Rules:
    """The rules of a robots.txt. What is no such file, as an error page sent with status 200, forbids nothing."""
    return Rules(Protego.parse(body[:_LARGEST].decode("utf-8", "replace")), time.monotonic())


def no_rules() -> Rules:
    """A host without robots.txt."""
    return Rules(None, time.monotonic())


def robots_address(url: str) -> str:
    """Where the robots.txt for an address lies."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/robots.txt"
