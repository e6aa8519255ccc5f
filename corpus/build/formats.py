"""Pages as files: encodings, docx, MHTML, and archives whose bytes are the same at every build."""

from __future__ import annotations

import base64
import gzip
import io
import uuid
import zipfile
from collections.abc import Sequence
from xml.sax.saxutils import escape

from markup import unmarked
from pages import Page

_EPOCH = (2021, 6, 1, 0, 0, 0)


def file_name(page: Page) -> str:
    """Where the page lies below its split's folder, or in its archive."""
    suffix = {"html": "html", "txt": "txt", "pasted": "txt", "docx": "docx", "mht": "mht"}[page.plan["format"]]
    folder = "saved" if page.bare else page.site["host"]
    return f"{folder}/{page.id}.{suffix}"


def page_bytes(page: Page) -> bytes:
    """The page as a file of its format and encoding."""
    kind, encoding = page.plan["format"], page.plan["encoding"]
    if kind == "docx":
        return _docx([unmarked(line) for line in page.lines()])
    if kind in ("txt", "pasted"):
        between = "\n" if kind == "pasted" or len(page.id) % 2 else "\n\n"
        text = unmarked(between.join(page.lines())) + "\n"
        return text.encode(encoding)
    html = unmarked(page.marked)
    if not page.plan.get("declared", encoding):
        html = html.replace('<meta charset="">', "").replace(' charset=""', "")
    saved = f"<!-- saved from url=(0040)http://{page.site['host']}/{page.id}.html -->\n" if page.plan.get("saved") else ""
    data = (saved + html).encode(encoding, "xmlcharrefreplace")
    return _mhtml(data, page, encoding) if kind == "mht" else data


_DOCX = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/word/document.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
    "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/>'
    "</Relationships>",
}
"""The parts of a docx file beside its text; a library would add parts that change with its version."""


def _docx(lines: Sequence[str]) -> bytes:
    runs = "".join(f'<w:p><w:r><w:t xml:space="preserve">{escape(line)}</w:t></w:r></w:p>' for line in lines)
    body = f'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{runs}</w:body></w:document>'
    parts = {**_DOCX, "word/document.xml": body}
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    return zip_bytes([(name, (head + part).encode("utf-8")) for name, part in parts.items()])


def _mhtml(data: bytes, page: Page, encoding: str) -> bytes:
    boundary = f"----=_NextPart_{uuid.uuid5(uuid.NAMESPACE_URL, page.id).hex[:16]}"
    head = (
        f"From: <Saved by browser>\r\nSubject: =?utf-8?B?{base64.b64encode(page.title.encode()).decode()}?=\r\nMIME-Version: 1.0\r\n"
        f'Content-Type: multipart/related; type="text/html"; boundary="{boundary}"\r\n\r\n--{boundary}\r\n'
        f"Content-Type: text/html; charset={encoding}\r\nContent-Transfer-Encoding: base64\r\n"
        f"Content-Location: http://{page.site['host']}/{page.id}.html\r\n\r\n"
    )
    return head.encode("ascii") + base64.encodebytes(data).replace(b"\n", b"\r\n") + f"\r\n--{boundary}--\r\n".encode("ascii")


def zip_bytes(members: Sequence[tuple[str, bytes]]) -> bytes:
    """A zip archive without compression, whose output differs between zlib versions, and with one fixed date."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for name, data in members:
            info = zipfile.ZipInfo(name, _EPOCH)
            info.external_attr = 0o644 << 16
            archive.writestr(info, data)
    return stream.getvalue()


def warc_bytes(pages: Sequence[tuple[Page, bytes]]) -> bytes:
    """A WARC file, a gzip member a record, of one response a page."""
    out = b""
    for page, data in pages:
        charset = f"; charset={page.plan['header']}" if "header" in page.plan else ""
        http = f"HTTP/1.1 200 OK\r\nContent-Type: text/html{charset}\r\nContent-Length: {len(data)}\r\n\r\n"
        block = http.encode("ascii") + data
        url = f"http://{page.site['host']}/{page.id}.html"
        head = (
            f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, url)}>\r\n"
            f"WARC-Date: {page.date}T08:00:00Z\r\nWARC-Target-URI: {url}\r\n"
            f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(block)}\r\n\r\n"
        )
        out += gzip.compress(head.encode("ascii") + block + b"\r\n\r\n", compresslevel=0, mtime=0)
    return out
