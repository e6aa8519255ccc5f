"""WARC 1.1 files: every record a gzip member, all records of a page in one write, a new file at a size.

A kill leaves at most one page's records incomplete at the end of the last file; the next run cuts them off.
"""

from __future__ import annotations

import io
import os
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path

from warcio.recordbuilder import RecordBuilder
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from baogao import __version__
from baogao.scrape.frontier import Earlier, Frontier

NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
KIND = "Baogao-Kind"
"""Header of a record that says as what a page was asked: report, list, robots, and refusal or retried for answers that are no page."""

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and its answer as it was sent, the transfer coding undone: what a WARC file keeps."""

    url: str
    request_headers: Headers
    status: int
    headers: Headers
    body: bytes
    protocol: str
    ip: str | None


@dataclass(frozen=True, slots=True)
class Written:
    """Where a record lies, and its payload's digest."""

    file: str
    offset: int
    length: int
    record: str
    record_id: str
    time: str
    digest: str | None


class WarcWriter:
    """Writes into `folder`; the files' names and good sizes are put down in the frontier, which decides what is a revisit."""

    def __init__(self, folder: Path, frontier: Frontier, *, limit: int, info: Mapping[str, str]) -> None:
        self._folder, self._frontier, self._limit, self._info = folder, frontier, limit, info
        self._path: Path | None = None
        self._builder = RecordBuilder(warc_version="WARC/1.1")
        self.rolled = 0

    @property
    def size(self) -> int:
        """Bytes of the file that is being written."""
        return self._path.stat().st_size if self._path else 0

    def prepare(self) -> None:
        """Begin a file where there is none, or the last is full. Outside of a frontier's step: the file is noted before it is made."""
        if self._path is None or self.size >= self._limit:
            stamp = datetime.now(UTC).strftime("%Y%m%d%H%M%S")
            self.rolled += 1
            name = f"baogao-{stamp}-{self.rolled:05}.warc.gz"
            while (self._folder / name).exists():
                self.rolled += 1
                name = f"baogao-{stamp}-{self.rolled:05}.warc.gz"
            self._frontier.add_file(name)
            self._path = self._folder / name
            self._append(self._gzipped(self._builder.create_warcinfo_record(name, self._info)))

    def write(self, exchange: Exchange, kind: str, metadata: Mapping[str, str]) -> Written:
        """Write metadata, answer and request of a page at once; an answer whose payload is there already becomes a revisit."""
        assert self._path is not None
        answer = self._answer(exchange, kind)
        record_id, time = answer.rec_headers.get_header("WARC-Record-ID"), answer.rec_headers.get_header("WARC-Date")
        concurrent = {"WARC-Concurrent-To": record_id, "WARC-Date": time}
        before = self._gzipped(self._metadata(exchange.url, metadata, concurrent)) if metadata else b""
        record = self._gzipped(answer)
        start = self.size + len(before)
        self._append(before + record + self._gzipped(self._request(exchange, concurrent)))
        digest = answer.rec_headers.get_header("WARC-Payload-Digest")
        return Written(self._path.name, start, len(record), answer.rec_type, record_id, time, digest)

    def _append(self, data: bytes) -> None:
        assert self._path is not None
        good = self.size if self._path.exists() else 0
        try:
            with self._path.open("ab") as stream:
                stream.write(data)
        except OSError:  # a full disk: what comes behind half a record could not be read
            os.truncate(self._path, good)
            raise

    def _gzipped(self, record: ArcWarcRecord) -> bytes:
        buffer = io.BytesIO()
        WARCWriter(buffer, gzip=True, warc_version="WARC/1.1").write_record(record)
        return buffer.getvalue()

    def _answer(self, exchange: Exchange, kind: str) -> ArcWarcRecord:
        assert self._path is not None
        named = {KIND: kind, **({"WARC-IP-Address": exchange.ip} if exchange.ip else {})}
        if exchange.status == HTTPStatus.NOT_MODIFIED:
            earlier, digest = self._frontier.latest(exchange.url), self._frontier.digest_of_latest(exchange.url)
            if earlier is not None and digest:
                record = self._revisit(exchange, earlier, digest, named)
                record.rec_headers.replace_header("WARC-Profile", NOT_MODIFIED)
                return record
        record = self._builder.create_warc_record(
            exchange.url, "response", payload=io.BytesIO(exchange.body), length=len(exchange.body), http_headers=_http(exchange),
            warc_headers_dict=named,
        )  # fmt: skip
        digest = record.rec_headers.get_header("WARC-Payload-Digest")
        if exchange.status == HTTPStatus.OK and exchange.body:
            earlier = self._frontier.same_payload(digest, exchange.url, self._path.name)
            if earlier is not None:
                return self._revisit(exchange, earlier, digest, named)
        return record

    def _revisit(self, exchange: Exchange, earlier: Earlier, digest: str, named: Mapping[str, str]) -> ArcWarcRecord:
        return self._builder.create_revisit_record(
            exchange.url, digest, earlier.url, earlier.time, http_headers=_http(exchange), warc_headers_dict=dict(named)
        )

    def _request(self, exchange: Exchange, named: Mapping[str, str]) -> ArcWarcRecord:
        path = exchange.url.split("/", 3)[3]
        headers = StatusAndHeaders(f"GET /{path} HTTP/1.1", list(exchange.request_headers), is_http_request=True)
        return self._builder.create_warc_record(
            exchange.url, "request", payload=io.BytesIO(), length=0, http_headers=headers, warc_headers_dict=dict(named)
        )

    def _metadata(self, url: str, metadata: Mapping[str, str], named: Mapping[str, str]) -> ArcWarcRecord:
        payload = "".join(f"{key}: {value}\r\n" for key, value in metadata.items()).encode()
        return self._builder.create_warc_record(
            url, "metadata", payload=io.BytesIO(payload), length=len(payload), warc_content_type="application/warc-fields",
            warc_headers_dict=dict(named),
        )  # fmt: skip


def _http(exchange: Exchange) -> StatusAndHeaders:
    """Status line and headers; the length is that of the body as it is kept."""
    try:
        phrase = HTTPStatus(exchange.status).phrase
    except ValueError:
        phrase = "Unknown"
    kept = [(name, value) for name, value in exchange.headers if name.lower() not in ("content-length", "transfer-encoding")]
    kept.append(("Content-Length", str(len(exchange.body))))
    return StatusAndHeaders(f"{exchange.status} {phrase}", kept, protocol=exchange.protocol)


def warc_info(user_agent: str) -> dict[str, str]:
    """What the first record of a file says of how it came about."""
    return {
        "software": f"baogao/{__version__} (Python {platform.python_version()})",
        "format": "WARC File Format 1.1",
        "conformsTo": "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
        "robots": "obey",
        "http-header-user-agent": user_agent,
    }


def cut_off_incomplete(folder: Path, frontier: Frontier) -> int:
    """Cut off what a killed run left behind the last page that is put down, in the files it wrote; returns the bytes cut off."""
    lost = 0
    for name, size in frontier.files():
        path = folder / name
        if not path.exists():
            continue
        extra = path.stat().st_size - size
        if size == 0:
            path.unlink()
        elif extra > 0:
            with path.open("r+b") as stream:
                stream.truncate(size)
        lost += max(extra, 0)
    return lost
