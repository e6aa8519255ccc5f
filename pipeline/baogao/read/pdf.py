"""The text layer of PDF files, a line for each line of a page."""

from __future__ import annotations

import re

from baogao.errors import ReadError
from baogao.read.page import RawText, raw_text

_MOST_PAGES = 3000
"""Pages that are read of one file; a longer one is a book, not a report."""
_FEWEST_CHARS = 5
"""Characters a page that a file with a text layer has at least, on average."""
_LINE = re.compile(r"[\r\n\x0b\x0c\u2028\u2029]+")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\ufffe\uffff]")


def read_pdf(data: bytes) -> RawText:
    """Raw text of a PDF file.

    Raises ReadError for a file that is damaged or protected by a password, and for one that holds scans without a text layer.
    """
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise ReadError("the PDF file is protected by a password", "save a copy without password") from error
        raise ReadError(f"the PDF file is damaged: {error}", "download or save the file again") from error
    try:
        pages = min(len(document), _MOST_PAGES)
        lines = [("/pdf/page", line) for number in range(pages) for line in _page_lines(document[number])]
        facts = document.get_metadata_dict(skip_empty=True)
    except pypdfium2.PdfiumError as error:
        raise ReadError(f"the PDF file is damaged: {error}", "download or save the file again") from error
    finally:
        document.close()
    if sum(len(line) for _, line in lines) < _FEWEST_CHARS * pages:
        raise ReadError("the PDF file holds scanned pages without a text layer", "run text recognition (OCR) on it first")
    known = {key.lower(): value for key, value in facts.items() if key in ("Author", "Subject", "Keywords")}
    return raw_text(lines, title=facts.get("Title"), metadata=known)


def _page_lines(page: object) -> list[str]:
    text_page = page.get_textpage()  # type: ignore[attr-defined]
    text: str = text_page.get_text_bounded()
    text_page.close()
    page.close()  # type: ignore[attr-defined]
    return [_CONTROL.sub("", line) for line in _LINE.split(text)]
