"""The crawl's memory: which addresses are known, what became of each, and where its answers lie. A SQLite file.

What a page brings is put down in one transaction, behind its record in the WARC file: a kill at any moment leaves the page either
wholly known or still to be asked.
"""

from __future__ import annotations

import sqlite3
from collections import Counter, OrderedDict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from baogao.scrape.links import Kind

_TABLES = """
CREATE TABLE IF NOT EXISTS urls (
    id INTEGER PRIMARY KEY, url TEXT NOT NULL UNIQUE, host TEXT NOT NULL, site TEXT NOT NULL, kind TEXT NOT NULL, depth INTEGER NOT NULL,
    barren INTEGER NOT NULL, part INTEGER NOT NULL, article TEXT NOT NULL, redirects INTEGER NOT NULL, via TEXT,
    state TEXT NOT NULL, reason TEXT, attempts INTEGER NOT NULL DEFAULT 0, etag TEXT, modified TEXT);
CREATE INDEX IF NOT EXISTS pending ON urls (site, host, kind DESC, id) WHERE state = 'pending';
CREATE TABLE IF NOT EXISTS captures (
    id INTEGER PRIMARY KEY, url TEXT NOT NULL, time TEXT NOT NULL, status INTEGER NOT NULL, kind TEXT NOT NULL, record TEXT NOT NULL,
    mime TEXT, digest TEXT, site TEXT NOT NULL, file TEXT NOT NULL, offset INTEGER NOT NULL, length INTEGER NOT NULL,
    record_id TEXT NOT NULL, received INTEGER NOT NULL, article TEXT, part INTEGER, metadata TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS by_digest ON captures (digest);
CREATE TABLE IF NOT EXISTS files (name TEXT PRIMARY KEY, size INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS notes (key TEXT PRIMARY KEY, value TEXT NOT NULL);
"""
_TARGET = "id, url, host, site, kind, depth, barren, part, article, redirects, attempts, etag, modified"


Queue = tuple[str, str]
"""Site and host: what is to be asked of a host for a site."""


@dataclass(frozen=True, slots=True)
class Found:
    """An address that was found: as what, how many links from the start, in how long a row of list pages without a new report."""

    url: str
    kind: Kind
    depth: int = 0
    barren: int = 0
    part: int = 1
    article: str | None = None
    redirects: int = 0
    via: str | None = None
    skip: str | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """An address to be asked."""

    id: int
    url: str
    host: str
    site: str
    kind: Kind
    depth: int
    barren: int
    part: int
    article: str
    redirects: int
    attempts: int
    etag: str | None
    modified: str | None


@dataclass(frozen=True, slots=True)
class Capture:
    """An answer in a WARC file: `record` is response or revisit, offset and length are those of that record in the file."""

    url: str
    time: str
    status: int
    kind: str
    record: str
    mime: str | None
    digest: str | None
    site: str
    file: str
    offset: int
    length: int
    record_id: str
    received: int
    article: str | None
    part: int | None
    metadata: str


@dataclass(frozen=True, slots=True)
class Earlier:
    """A capture with the same payload."""

    url: str
    time: str
    file: str


_CAPTURE = ", ".join(field.name for field in fields(Capture))


class Frontier:
    """Opens or makes the file. One process writes it at a time.

    `queues` holds those that have something to be asked, that of the next turn first; who takes turns may drop those that are not to
    be asked in this run.
    """

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = NORMAL")
        self._db.executescript(_TABLES)
        self._waiting: Counter[Queue] = Counter()
        self.queues: OrderedDict[Queue, None] = OrderedDict()
        self._count()

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def _count(self) -> None:
        rows = self._db.execute("SELECT site, host, count(*) FROM urls WHERE state = 'pending' GROUP BY site, host")
        self._waiting = Counter({(site, host): number for site, host, number in rows})
        self.queues = OrderedDict.fromkeys(self._waiting)

    @contextmanager
    def step(self) -> Iterator[None]:
        """What happens inside is put down wholly or not at all."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            self._count()
            raise
        self._db.execute("COMMIT")

    def add(self, site: str, found: Iterable[Found]) -> list[Found]:
        """Put down addresses that are not known yet, and return those. Inside `step`."""
        new = []
        for item in found:
            host = urlsplit(item.url).hostname or ""
            state = "skipped" if item.skip else "pending"
            inserted = self._db.execute(
                "INSERT OR IGNORE INTO urls (url, host, site, kind, depth, barren, part, article, redirects, via, state, reason) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (item.url, host, site, item.kind, item.depth, item.barren, item.part, item.article or item.url, item.redirects, item.via,
                 state, item.skip),
            )  # fmt: skip
            if inserted.rowcount:
                new.append(item)
                if state == "pending":
                    self._wait(site, host)
        return new

    def _wait(self, site: str, host: str) -> None:
        self.queues.setdefault((site, host))
        self._waiting[site, host] += 1

    def waits(self, queue: Queue) -> bool:
        """Whether a site's host has addresses to be asked."""
        return self._waiting[queue] > 0

    def knows(self, url: str) -> bool:
        """Whether an address was found before."""
        return self._db.execute("SELECT 1 FROM urls WHERE url = ?", (url,)).fetchone() is not None

    def unfinished(self, site: str) -> bool:
        """Whether a site has addresses to be asked."""
        return any(name == site and number > 0 for (name, _), number in self._waiting.items())

    def pending(self) -> int:
        """How many addresses are to be asked."""
        return sum(self._waiting.values())

    def first(self, site: str, host: str) -> Target | None:
        """The address to ask next on a host: reports before lists, in the order found."""
        row = self._db.execute(
            f"SELECT {_TARGET} FROM urls WHERE state = 'pending' AND site = ? AND host = ? ORDER BY kind DESC, id LIMIT 1", (site, host)
        ).fetchone()
        return Target(*row) if row else None

    def finish(self, target: Target, state: str, reason: str | None = None) -> None:
        """An address has been dealt with: done, skipped or failed. Inside `step`."""
        self._db.execute("UPDATE urls SET state = ?, reason = ?, attempts = 0 WHERE id = ?", (state, reason, target.id))
        self._waiting[target.site, target.host] -= 1

    def validators(self, target: Target, etag: str | None, modified: str | None) -> None:
        """What the server named its page's version by. Inside `step`."""
        self._db.execute("UPDATE urls SET etag = ?, modified = ? WHERE id = ?", (etag, modified, target.id))

    def asked_in_vain(self, target: Target) -> None:
        """An attempt failed, and there is to be another. Inside `step`."""
        self._db.execute("UPDATE urls SET attempts = attempts + 1 WHERE id = ?", (target.id,))

    def retry_failed(self, transient: str) -> None:
        """Addresses that failed for a reason that may pass are to be asked again; such reasons begin with `transient`."""
        with self.step():
            self._db.execute(
                "UPDATE urls SET state = 'pending', attempts = 0 WHERE state = 'failed' AND reason LIKE ? || '%'", (transient,)
            )
            self._db.execute("UPDATE urls SET attempts = 0 WHERE state = 'pending'")
        self._count()

    def ask_again(self, sites: Iterable[str]) -> None:
        """Everything that was asked of these sites is to be asked again."""
        with self.step():
            for site in sites:
                self._db.execute("UPDATE urls SET state = 'pending', attempts = 0 WHERE state IN ('done', 'failed') AND site = ?", (site,))
        self._count()

    def forget_versions(self, site: str) -> None:
        """List pages are to be sent in full, since another profile sees other links in them."""
        with self.step():
            self._db.execute("UPDATE urls SET etag = NULL, modified = NULL WHERE site = ? AND kind = 'list'", (site,))

    def add_capture(self, capture: Capture, file_size: int) -> None:
        """Put down where an answer lies, and how far its file is good. Inside `step`."""
        values = astuple(capture)
        self._db.execute(f"INSERT INTO captures ({_CAPTURE}) VALUES ({', '.join('?' * len(values))})", values)
        self._db.execute("UPDATE files SET size = ? WHERE name = ?", (file_size, capture.file))

    def add_file(self, name: str) -> None:
        """A WARC file is about to be made."""
        self._db.execute("INSERT INTO files (name, size) VALUES (?, 0)", (name,))

    def files(self) -> list[tuple[str, int]]:
        """WARC files, and how many bytes of each are put down."""
        return [(str(name), int(size)) for name, size in self._db.execute("SELECT name, size FROM files ORDER BY name")]

    def same_payload(self, digest: str, url: str, file: str) -> Earlier | None:
        """The capture that a revisit record can refer to: of the same address, or in the same file."""
        row = self._db.execute(
            "SELECT url, time, file FROM captures WHERE digest = ? AND record = 'response' AND (url = ? OR file = ?) ORDER BY url != ?, id",
            (digest, url, file, url),
        ).fetchone()
        return Earlier(*row) if row else None

    def latest(self, url: str) -> Earlier | None:
        """The last capture of an address that was sent in full."""
        row = self._db.execute(
            "SELECT url, time, file FROM captures WHERE url = ? AND record = 'response' AND status = 200 ORDER BY id DESC LIMIT 1", (url,)
        ).fetchone()
        return Earlier(*row) if row else None

    def digest_of_latest(self, url: str) -> str | None:
        """The payload digest of that capture."""
        row = self._db.execute(
            "SELECT digest FROM captures WHERE url = ? AND record = 'response' AND status = 200 ORDER BY id DESC LIMIT 1", (url,)
        ).fetchone()
        return str(row[0]) if row and row[0] else None

    def kept(self, site: str) -> tuple[int, int]:
        """How many pages of a site are kept, and how many bytes it sent for all that was asked."""
        pages = self._db.execute("SELECT count(*) FROM urls WHERE site = ? AND state = 'done'", (site,)).fetchone()[0]
        received = self._db.execute("SELECT coalesce(sum(received), 0) FROM captures WHERE site = ?", (site,)).fetchone()[0]
        return int(pages), int(received)

    def note(self, key: str, value: str | None = None) -> str | None:
        """Set a note where a value is given; return what stood there before."""
        row = self._db.execute("SELECT value FROM notes WHERE key = ?", (key,)).fetchone()
        if value is not None:
            self._db.execute("INSERT OR REPLACE INTO notes (key, value) VALUES (?, ?)", (key, value))
        return str(row[0]) if row else None

    def rows(self, query: str, *values: Any) -> Iterator[tuple[Any, ...]]:
        """Rows of a query that only reads, one after the other: for the index and the summary."""
        yield from self._db.execute(query, values)
