"""One source to one page: find out the format, decode, make raw text and blocks."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from urllib.parse import urlsplit

from baogao.errors import ReadError
from baogao.read.encoding import Decoded, decode, plausibility
from baogao.read.html import read_html
from baogao.read.page import RawText, Source, SourcePage, lines_as_blocks
from baogao.records import Failure

_SIGNATURES = (
    (b"\xff\xd8\xff", "a JPEG image"), (b"\x89PNG", "a PNG image"), (b"GIF8", "a GIF image"), (b"RIFF", "a media file"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"), (b"Rar!", "a RAR archive"), (b"\x7fELF", "a program"), (b"MZ", "a program"),
    (b"SQLite format 3", "a database"), (b"\xd0\xcf\x11\xe0", "an old Office document (.doc, .xls, .ppt, .wps)"),
)  # fmt: skip
_HTML_START = (b"<!doctype", b"<html", b"<head", b"<body", b"<meta", b"<?xml", b"<div", b"<table", b"<p", b"<!--")


def page_id_of(data: bytes) -> tuple[str, str]:
    """Identifier of a page, and the SHA-256 of its bytes that it is derived from."""
    digest = hashlib.sha256(data).hexdigest()
    return f"p{digest[:15]}", digest


def read_source(source: Source) -> SourcePage:
    """Decode a source and make its raw text.

    Raises ReadError for an empty source, one in a format that is not read, or one that is no text.
    """
    if not source.data.strip():
        raise ReadError("the file is empty", "leave it out, or save the page again")
    text, decoded = _reader_of(source)(source)
    if not text.blocks:
        raise ReadError("the page holds no text", "save the page again with its content, not only its frame or scripts")
    page_id, sha256 = page_id_of(source.data)
    url = source.url or text.url
    host = urlsplit(url).hostname if url else None
    known = replace(source, data=b"", url=url, site=host or source.site)
    return SourcePage(page_id, sha256, text, decoded.declared, decoded.used, decoded.basis, decoded.replaced, (known,))


def _reader_of(source: Source) -> Callable[[Source], tuple[RawText, Decoded]]:
    name, head = source.source.lower(), source.data[:1024].lstrip().lower()
    for signature, what in _SIGNATURES:
        if source.data.startswith(signature):
            raise ReadError(f"the file is {what}, which baogao does not read", "convert it to HTML, docx or txt, or leave it out")
    content_type = (source.content_type or "").lower()
    if content_type and not content_type.startswith(("text/", "application/xhtml", "application/xml", "application/octet")):
        raise ReadError(f"the record is {content_type}, no text", "nothing to do: it belongs to a page, as its images do")
    if "html" in content_type or name.endswith((".html", ".htm", ".xhtml", ".shtml")) or head.startswith(_HTML_START):
        return _html
    return _plain


def _html(source: Source) -> tuple[RawText, Decoded]:
    decoded = decode(source.data, header=source.charset, markup=True)
    return read_html(decoded.text), decoded


def _plain(source: Source) -> tuple[RawText, Decoded]:
    decoded = decode(source.data, header=source.charset)
    binary = sum(char < " " and char not in "\t\n\r\f" for char in decoded.text[:4096])
    if binary > len(decoded.text[:4096]) / 50 or plausibility(decoded.text) < 0.2:
        raise ReadError("the file is no text in any known encoding", "convert it to UTF-8 text or HTML, or leave it out")
    return RawText(decoded.text, lines_as_blocks(decoded.text)), decoded


def read_sources(sources: Iterable[Source | Failure]) -> Iterator[SourcePage | Failure]:
    """Pages of the sources in order; a source that cannot be read gives a Failure."""
    for source in sources:
        if isinstance(source, Failure):
            yield source
            continue
        try:
            yield read_source(source)
        except ReadError as error:
            yield Failure(source.source, None, "read", str(error), error.remedy)
