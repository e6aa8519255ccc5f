"""Pages in WARC files: the records of HTTP responses, and of resources and conversions saved without one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import BinaryIO
from urllib.parse import urlsplit

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from baogao.errors import ReadError
from baogao.read.archives import Context
from baogao.read.page import Source
from baogao.read.warc_notes import SIDE_TYPES, Places, with_notes
from baogao.records import Failure

_TYPES = WarcRecordType.response | WarcRecordType.resource | WarcRecordType.conversion
_PAGES = (
    "text/html", "text/plain", "text/xml", "text/rtf", "application/xhtml", "application/xml", "application/pdf", "application/msword",
    "application/vnd", "application/rtf", "application/octet-stream", "multipart/related", "message/rfc822",
)  # fmt: skip
"""Content types that can hold a page; images, scripts and style sheets belong to one."""
_HEADERS = 1_000_000
"""Bytes that the HTTP headers of a record have at most."""


_KIND = "Baogao-Kind"
"""Header in which `baogao scrape` says as what it asked for a page; other crawlers' records have none."""


def records_of_warc(name: str, stream: BinaryIO, context: Context) -> Iterator[Source | Failure]:
    """A source for each record that can hold a page, named by its number among the records of such types.

    A revisit record repeats a page of the same file under another address: it gives a source with that page's bytes. A record that
    the server answered with an error gives a Failure, and so does a file that breaks off.
    """
    number = 0
    places = Places()
    try:
        for record in ArchiveIterator(stream, record_types=_TYPES | SIDE_TYPES, parse_http=False):
            if record.record_type & SIDE_TYPES:
                places.note(record)
                continue
            number += 1
            if record.headers.get(_KIND, "report") != "report":
                continue
            found = _of_record(f"{name}!/{number}", record, context)
            if isinstance(found, Source):
                places.note_page(record)
                found = with_notes(found, places.notes_on(record))
            if found is not None:
                yield found
        yield from _revisits(name, stream, places, context)
    except (OSError, EOFError, ValueError) as error:
        remedy = "what came before the damage was read; copy or download the file again if the rest matters"
        yield Failure(name, None, "read", f"the WARC file is damaged behind record {number}: {error}", remedy)


def _revisits(name: str, stream: BinaryIO, places: Places, context: Context) -> Iterator[Source | Failure]:
    for number, revisit in enumerate(places.repeated(), 1):
        stream.seek(revisit.offset)
        for record in islice(ArchiveIterator(stream, record_types=_TYPES, parse_http=False), 1):
            found = _of_record(f"{name}!/revisit-{number}", record, context)
            if isinstance(found, Source):
                known = replace(
                    found, url=revisit.url, site=_host(revisit.url), captured=revisit.captured, warc_record_id=revisit.record_id
                )
                yield with_notes(known, revisit.notes)


def _of_record(name: str, record: WarcRecord, context: Context) -> Source | Failure | None:
    """The page in a record; a Failure where it cannot be had, None where it holds none."""
    limit = context.settings.max_page_bytes
    whole = record.content_length
    try:
        if whole > _HEADERS + limit:
            raise ReadError(f"the record is larger than the limit of {limit:,} bytes", "raise read.max_page_bytes in a settings file")
        record.freeze()
        if record.content_length < whole:
            raise ReadError("the WARC file breaks off inside the record", "copy or download the file again")
        record.parse_http(auto_decode="all")
        return _page(name, record, limit)
    except ReadError as error:
        return Failure(name, None, "read", str(error), error.remedy)
    except (OSError, EOFError, ValueError) as error:
        return Failure(name, None, "read", f"the record cannot be decoded: {error}", "capture the page again if it matters")


def _page(name: str, record: WarcRecord, limit: int) -> Source | None:
    url = (record.headers.get("WARC-Target-URI") or "").strip("<>") or None
    status = record.http_headers.status_code if record.http_headers is not None else None
    if status is not None and 300 <= status < 400:
        return None
    if status is not None and status != 200:
        raise ReadError(f"the server answered {status} for {url}", "capture the page again if it matters")
    content_type = (record.http_content_type or record.headers.get("Content-Type") or "").lower()
    if content_type and not content_type.startswith(_PAGES):
        return None
    body = record.reader.read(limit + 1)
    if len(body) > limit:
        raise ReadError(f"the record unpacks to more than {limit:,} bytes", "raise read.max_page_bytes in a settings file")
    cut = record.headers.get("WARC-Truncated")
    captured = (record.headers.get("WARC-Date") or "")[:10] or None
    return Source(
        name,
        body,
        _host(url),
        url,
        captured,
        record.record_id,
        record.http_charset,
        content_type or None,
        {"warc_truncated": cut} if cut else {},
    )


def _host(url: str | None) -> str | None:
    try:
        return urlsplit(url).hostname if url else None
    except ValueError:
        return None
