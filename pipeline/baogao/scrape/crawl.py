"""The state of a run that all parts of the crawl share."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

from baogao import __version__
from baogao.scrape.frontier import Capture, Frontier, Queue, Target
from baogao.scrape.guard import Guard
from baogao.scrape.index import write_index
from baogao.scrape.pace import Pace
from baogao.scrape.profile import Site
from baogao.scrape.settings import ScrapeSettings
from baogao.scrape.warc_writer import Exchange, WarcWriter

Listener = Callable[["Crawl", str], None]
"""Is told of the address that was dealt with last."""


def user_agent(contact: str) -> str:
    """The name that every request carries: the tool, and whom to turn to."""
    return f"baogao/{__version__} (+{contact})"


@dataclass(slots=True)
class Crawl:
    """Sites by name, settings, what is known and where it is kept, and what this run has done so far."""

    folder: Path
    sites: Mapping[str, Site]
    settings: ScrapeSettings
    frontier: Frontier
    writer: WarcWriter
    guard: Guard
    pace: Pace
    listener: Listener
    done: Counter[str] = field(default_factory=Counter)
    closed: dict[str, str] = field(default_factory=dict)
    busy: set[str] = field(default_factory=set)
    vain_in_a_row: Counter[str] = field(default_factory=Counter)
    refused_in_a_row: Counter[str] = field(default_factory=Counter)
    error: BaseException | None = None
    _kept: dict[str, list[int]] = field(default_factory=dict)
    _started: float = field(default_factory=monotonic)

    def __post_init__(self) -> None:
        self._kept = {name: list(self.frontier.kept(name)) for name in self.sites}
        for name in self.sites:
            self._watch_limits(name)

    def next_target(self) -> Target | None:
        """The next address to ask: hosts take turns, one that is being asked is left out."""
        self._watch_time()
        queues = self.frontier.queues
        for _ in range(len(queues)):
            queue = site, host = next(iter(queues))
            if not self._askable(queue):
                del queues[queue]
                continue
            queues.move_to_end(queue)
            if host not in self.busy:
                return self.frontier.first(site, host)
        return None

    def has_more(self) -> bool:
        """Whether an address is left that may be asked in this run."""
        self._watch_time()
        return any(self._askable(queue) for queue in self.frontier.queues)

    def _askable(self, queue: Queue) -> bool:
        site, host = queue
        return self.frontier.waits(queue) and site in self.sites and site not in self.closed and host not in self.pace.stopped

    def prepare(self) -> None:
        """Have a WARC file ready; the index follows when one is full. To be called before a frontier's step that keeps something."""
        files = self.writer.rolled
        self.writer.prepare()
        if files and self.writer.rolled > files:
            write_index(self.folder, self.frontier)

    def keep(
        self, exchange: Exchange, kind: str, site: str, target: Target | None = None, metadata: Mapping[str, str] | None = None
    ) -> None:
        """Write an exchange into the archive and put it down. Inside a frontier's step."""
        known = dict(metadata or {})
        written = self.writer.write(exchange, kind, known)
        mime = next((value for name, value in exchange.headers if name.lower() == "content-type"), None)
        capture = Capture(
            exchange.url, written.time, exchange.status, kind, written.record, mime, written.digest, site, written.file, written.offset,
            written.length, written.record_id, len(exchange.body), target.article if target else None, target.part if target else None,
            json.dumps(known, ensure_ascii=False),
        )  # fmt: skip
        self.frontier.add_capture(capture, self.writer.size)
        self.done["answers"] += 1
        self.done["bytes"] += len(exchange.body)
        if site in self._kept:
            self._kept[site][1] += len(exchange.body)

    def kept_page(self, site: str) -> None:
        """One page more of a site is kept."""
        self._kept[site][0] += 1
        self._watch_limits(site)

    def _watch_limits(self, site: str) -> None:
        limits = self.sites[site].profile.limits
        pages, received = self._kept[site]
        if pages >= limits.pages:
            self.closed.setdefault(site, f"limits.pages of {limits.pages:,} reached")
        elif received >= limits.bytes:
            self.closed.setdefault(site, f"limits.bytes of {limits.bytes:,} reached")

    def _watch_time(self) -> None:
        for name, site in self.sites.items():
            if monotonic() - self._started > site.profile.limits.seconds:
                self.closed.setdefault(name, f"limits.seconds of {site.profile.limits.seconds:,g} reached")

    def finished(self, target: Target, outcome: str) -> None:
        """A page has been dealt with; its host may be asked again."""
        self.done[outcome] += 1
        self.busy.discard(target.host)
        self.listener(self, target.url)
