"""A web server on loopback that plays the invented sites of corpus/, with everything that goes wrong on real ones.

It answers for any host name (the crawler is told to connect here), and logs every request with its times.
"""

from __future__ import annotations

import gzip
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Asked:
    """A request as the server saw it."""

    host: str
    path: str
    headers: Mapping[str, str]
    began: float
    ended: float
    status: int


@dataclass
class Reply:
    """What a page answers; a body may be made piece by piece. `cut` sends no more than so many bytes of what was promised."""

    body: bytes | Iterator[bytes] = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    length: int | None = None
    cut: int | None = None
    wait: float = 0.0


Page = Callable[[Asked], Reply] | Reply | bytes


@dataclass
class Web:
    """The pages by host and path, and the log."""

    pages: dict[tuple[str, str], Page]
    log: list[Asked] = field(default_factory=list)
    port: int = 0
    sent: int = 0

    def asked(self, host: str) -> list[str]:
        """Paths that were asked of a host, in order."""
        return [entry.path for entry in self.log if entry.host == host]

    def elsewhere(self, *hosts: str) -> list[str]:
        """Options that lead the crawler here."""
        return [option for host in hosts for option in ("--resolve", f"{host}:80=127.0.0.1:{self.port}")]

    def reply(self, asked: Asked) -> Reply:
        page = self.pages.get((asked.host, asked.path), Reply(b"<h1>404</h1>", 404))
        if callable(page):
            page = page(asked)
        return Reply(page) if isinstance(page, bytes) else page


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    web: Web

    def do_GET(self) -> None:
        began = time.monotonic()
        host = self.headers.get("Host", "").split(":")[0]
        asked = Asked(host, self.path, dict(self.headers.items()), began, began, 0)
        reply = self.web.reply(asked)
        time.sleep(reply.wait)
        try:
            self._send(reply)
        except OSError:  # the crawler hung up, as it should on what is too large
            self.close_connection = True
        self.web.log.append(Asked(host, self.path, asked.headers, began, time.monotonic(), reply.status))

    def _send(self, reply: Reply) -> None:
        self.send_response_only(reply.status)
        headers = {"Content-Type": "text/html", **reply.headers}
        known = len(reply.body) if isinstance(reply.body, bytes) else reply.length
        if known is None:
            headers["Connection"] = "close"
        elif reply.status != 304:
            headers["Content-Length"] = str(known)
        for name, value in headers.items():
            if value:
                self.send_header(name, value)
        self.end_headers()
        pieces = [reply.body] if isinstance(reply.body, bytes) else reply.body
        for piece in pieces:
            self.wfile.write(piece if reply.cut is None else piece[: reply.cut])
            self.web.sent += len(piece)
        if known is None or reply.cut is not None:
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def serving(web: Web) -> Iterator[Web]:
    """Serve on a free port of 127.0.0.1 until the block ends."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"web": web}))
    server.daemon_threads = True
    web.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield web
    finally:
        server.shutdown()
        server.server_close()


def gigabyte() -> Iterator[bytes]:
    """A page of 1 GB, made as it is sent."""
    yield b"<html><body>"
    for _ in range(16_000):
        yield b"x" * 65_536


def first_times(times: int, trouble: Reply, page: bytes) -> Callable[[Asked], Reply]:
    """A page that is to be had only after some failures."""
    left = [times]

    def answer(asked: Asked) -> Reply:
        left[0] -= 1
        return trouble if left[0] >= 0 else Reply(page)

    return answer


def versioned(page: Callable[[], bytes], etag: Callable[[], str]) -> Callable[[Asked], Reply]:
    """A page with an ETag, sent again only to who has another version."""

    def answer(asked: Asked) -> Reply:
        if asked.headers.get("If-None-Match") == etag():
            return Reply(b"", 304, {"ETag": etag()})
        return Reply(page(), headers={"ETag": etag()})

    return answer


def zipped(page: bytes) -> Reply:
    """A page sent with gzip."""
    return Reply(gzip.compress(page, mtime=0), headers={"Content-Encoding": "gzip"})
