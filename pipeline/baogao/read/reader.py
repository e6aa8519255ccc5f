"""One source to one page: find out the format, decode, make raw text and blocks."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from urllib.parse import urlsplit

from baogao.errors import ReadError
from baogao.read.docx import read_docx
from baogao.read.encoding import Decoded, decode, plausibility
from baogao.read.html import is_web_address, read_html
from baogao.read.mhtml import root_part
from baogao.read.office import to_docx
from baogao.read.page import RawText, Source, SourcePage, lines_as_blocks
from baogao.read.pdf import read_pdf
from baogao.records import Failure

_SIGNATURES = (
    (b"\xff\xd8\xff", "a JPEG image"), (b"\x89PNG", "a PNG image"), (b"GIF8", "a GIF image"), (b"BM", "a BMP image"),
    (b"RIFF", "a media file"), (b"II*\x00", "a TIFF image"), (b"MM\x00*", "a TIFF image"),
    (b"Rar!", "a RAR archive"), (b"\x7fELF", "a program"), (b"MZ", "a program"), (b"SQLite format 3", "a database"),
)  # fmt: skip
_HTML_START = (b"<!doctype", b"<html", b"<head", b"<body", b"<meta", b"<?xml", b"<div", b"<table", b"<p", b"<!--", b"<title", b"<script")
_HTML_NAMES = (".html", ".htm", ".xhtml", ".shtml", ".php", ".asp", ".aspx", ".jsp")
_MHTML_START = (b"mime-version:", b"from: <saved by", b'from: "saved by', b"content-type: multipart/related")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_TEXT_TYPES = ("text/", "application/xhtml", "application/xml", "application/octet")
_BINARY = 0.02
"""Larger share of control characters than any text has."""
_LEAST_PLAUSIBLE = 0.2
"""Share of ordinary characters below which the bytes are no text in any encoding tried; 1.0 for text in ASCII alone."""

Content = tuple[RawText, Decoded | None]
"""What a format's reader makes of a source; how it was decoded, None for a format that says so itself."""


def page_id_of(data: bytes) -> tuple[str, str]:
    """Identifier of a page, and the SHA-256 of its bytes that it is derived from."""
    digest = hashlib.sha256(data).hexdigest()
    return id_of_page(digest), digest


def id_of_page(sha256: str) -> str:
    """Identifier of the page whose bytes have this SHA-256."""
    return f"p{sha256[:15]}"


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
    host = urlsplit(url).hostname if url and is_web_address(url) else None
    known = replace(source, data=b"", url=url, site=host or source.site)
    how = decoded or Decoded("", None, "utf-8", "container", text.raw.count("\ufffd"))
    return SourcePage(page_id, sha256, text, how.declared, how.used, how.basis, how.replaced, (known,))


def _reader_of(source: Source) -> Callable[[Source], Content]:
    """The reader for a source's format: by its first bytes, then by its content type and name."""
    data, name = source.data, source.source.lower()
    head = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    for signature, what in _SIGNATURES:
        if data.startswith(signature) and (len(signature) > 2 or b"\0" in data[:64]):
            raise ReadError(f"the file is {what}, which baogao does not read", "convert it to HTML, docx or txt, or leave it out")
    if data.startswith(b"PK\x03\x04"):
        return _docx
    if head.startswith(b"%pdf-"):
        return _pdf
    if data.startswith(_OLE) or head.startswith(b"{\\rtf"):
        return _office
    if head.startswith(_MHTML_START) or name.endswith((".mht", ".mhtml")):
        return _mhtml
    content_type = (source.content_type or "").lower()
    if content_type and not content_type.startswith(_TEXT_TYPES):
        raise ReadError(f"the record is {content_type}, no text", "nothing to do: it belongs to a page, as its images do")
    if "html" in content_type or name.endswith(_HTML_NAMES) or head.startswith(_HTML_START):
        return _html
    return _plain


def _html(source: Source) -> Content:
    decoded = decode(source.data, header=source.charset, markup=True)
    return read_html(decoded.text), decoded


def _mhtml(source: Source) -> Content:
    part = root_part(source.data)
    decoded = decode(part.data, header=part.charset, markup=True)
    text = read_html(decoded.text)
    return replace(text, url=part.url if part.url and is_web_address(part.url) else text.url), decoded


def _docx(source: Source) -> Content:
    return read_docx(source.data), None


def _pdf(source: Source) -> Content:
    return read_pdf(source.data), None


def _office(source: Source) -> Content:
    suffix = ".rtf" if source.data.lstrip()[:5] == b"{\\rtf" else ".wps" if source.source.lower().endswith(".wps") else ".doc"
    return read_docx(to_docx(source.data, suffix)), None


def _plain(source: Source) -> Content:
    decoded = decode(source.data, header=source.charset)
    start = decoded.text[:4096]
    binary = sum(char < " " and char not in "\t\n\r\f\v\x1b" for char in start)
    if binary > _BINARY * len(start) or plausibility(decoded.text) < _LEAST_PLAUSIBLE:
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
