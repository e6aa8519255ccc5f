"""Word documents (.docx): paragraphs and table cells in the order of the document, a line each."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

from baogao.errors import ReadError
from baogao.read.page import RawText, raw_text

_NEEDED = "word/document.xml"
_MOST_BYTES = 100_000_000
"""Unpacked size of a document's parts, pictures aside; a page of text takes 5,000 bytes."""
_REMEDY = "open it in Word or LibreOffice and save it as docx again"


def read_docx(data: bytes) -> RawText:
    """Raw text of a document.

    A line is a paragraph, or a line of one that breaks lines; the cells of a table row stand on one line with tabs between.
    Raises ReadError for a damaged, encrypted or oversized document.
    """
    _check(data)
    from docx import Document
    from docx.opc.exceptions import PackageNotFoundError

    try:
        document = Document(io.BytesIO(data))
        lines = list(_lines(document))
        properties = document.core_properties
        facts = {"author": properties.author, "category": properties.category, "keywords": properties.keywords}
        title = properties.title
    except (PackageNotFoundError, KeyError, ValueError, AttributeError, SyntaxError, zipfile.BadZipFile) as error:
        raise ReadError(f"the document is damaged: {error}", _REMEDY) from error
    return raw_text(lines, title=title or None, metadata={name: value for name, value in facts.items() if value})


def _check(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            members = package.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise ReadError(f"the document is damaged: {error}", _REMEDY) from error
    if _NEEDED not in {member.filename for member in members}:
        raise ReadError("the file is no Word document inside", _REMEDY)
    parts = [member.file_size for member in members if member.filename.endswith((".xml", ".rels"))]
    if sum(parts) > _MOST_BYTES:
        raise ReadError(
            f"the document's text unpacks to more than {_MOST_BYTES:,} bytes", "save the part that matters as a document of its own"
        )


def _lines(container: object) -> Iterator[tuple[str, str]]:
    """(path, text) of the lines of a document; the path is the paragraph's style, so that headings can be told."""
    from docx.table import Table
    from docx.text.paragraph import Paragraph

    for item in container.iter_inner_content():  # type: ignore[attr-defined]
        if isinstance(item, Paragraph):
            style = (item.style.name if item.style is not None else None) or "Normal"
            for line in item.text.split("\n"):
                yield f"/docx/p.{style}", line
        elif isinstance(item, Table):
            yield from _rows(item)


def _rows(table: object) -> Iterator[tuple[str, str]]:
    """A line for each row; a merged cell stands once."""
    for row in table.rows:  # type: ignore[attr-defined]
        cells: list[object] = []
        for cell in row.cells:
            if not cells or cell._tc is not cells[-1]._tc:  # type: ignore[attr-defined]
                cells.append(cell)
        yield "/docx/table/tr", "\t".join(" ".join(cell.text.split()) for cell in cells)  # type: ignore[attr-defined]
