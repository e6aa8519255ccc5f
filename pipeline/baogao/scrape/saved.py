"""Saved pages with the address that each was saved from, to try a profile on without the network."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import quote

from fastwarc.warc import ArchiveIterator, WarcRecordType

from baogao.scrape.pages import FetchedPage
from baogao.scrape.profile import Site

_WARC = (".warc", ".warc.gz")
_MARKUP = (".html", ".htm", ".shtml", ".xhtml", ".php", ".asp", ".aspx", ".jsp")
_SAVED_FROM = re.compile(rb"<!--\s*saved from url=\(\d+\)(\S+)\s*-->")
_LARGEST = 20_000_000
"""Bytes of a page that is looked at."""


def saved_pages(paths: Iterable[Path], site: Site) -> Iterator[FetchedPage]:
    """Pages of a site in folders, HTML files and WARC files, in the order of their names; those of other hosts are left out."""
    for given in paths:
        for path in sorted(given.rglob("*")) if given.is_dir() else [given]:
            if path.name.lower().endswith(_WARC):
                yield from _in_warc(path, site)
            elif path.suffix.lower() in _MARKUP and path.stat().st_size <= _LARGEST:
                body = path.read_bytes()
                page = FetchedPage(_address(path, body, site) or "", body, "text/html", site.profile.encoding)
                if site.allows(page.host):
                    yield page


def _address(path: Path, body: bytes, site: Site) -> str | None:
    """Where a page was saved from: as the browser noted in it, or by a folder that is named after a host of the site."""
    noted = _SAVED_FROM.search(body[:4096])
    if noted:
        return noted[1].decode("utf-8", "replace")
    for number, part in enumerate(path.parts[:-1]):
        if "." in part and site.allows(part.lower()):
            return f"http://{part.lower()}/" + quote("/".join(path.parts[number + 1 :]), safe="/?=&")
    return None


def _in_warc(path: Path, site: Site) -> Iterator[FetchedPage]:
    with path.open("rb") as stream:
        for record in ArchiveIterator(stream, record_types=WarcRecordType.response, parse_http=True):
            url = (record.headers.get("WARC-Target-URI") or "").strip("<>")
            page = FetchedPage(url, b"", record.http_content_type or "", site.profile.encoding)
            if record.http_headers.status_code == 200 and page.is_markup and site.allows(page.host):
                record.parse_http(auto_decode="all")
                yield FetchedPage(url, record.reader.read(_LARGEST), record.http_content_type or "", site.profile.encoding)
