"""Quotations of laws and documents: text in quotation marks, and what follows a citation."""

from __future__ import annotations

import re
from bisect import bisect_right

_QUOTED = re.compile(r"“([^“”\n]{12,600})”|\"([^\"\n]{12,600})\"|「([^「」\n]{12,600})」")
_CITED = re.compile(
    r"(?:《[^《》\n]{2,40}》|[宪刑民]法|会议|讲话|文件|总书记|总理|主席)[^《》。！？；\n]{0,16}"
    r"(?:规定|指出|强调|要求|提出|明确|写明|载明|写道|说)[^。！？；，\n“\"]{0,6}[:：]\s*([^“”\"。！？\n]{12,600}[。！？])"
)


def quotations(text: str) -> list[tuple[int, int]]:
    """Spans of the quotations of a text, marks left out, in order and without overlap.

    A quotation is longer than the slogans and names that stand in quotation marks; one without marks ends with its sentence.

    >>> text = "宪法规定:公民在年老的情况下有获得帮助的权利。我社区"
    >>> [text[start:end] for start, end in quotations(text)]
    ['公民在年老的情况下有获得帮助的权利。']
    """
    found = [match.span(match.lastindex or 0) for pattern in (_QUOTED, _CITED) for match in pattern.finditer(text)]
    spans: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if not spans or start >= spans[-1][1]:
            spans.append((start, end))
    return spans


def quoted_chars(spans: list[tuple[int, int]], start: int, end: int) -> int:
    """How many characters of [start, end) lie in the spans, which are in order."""
    first = bisect_right(spans, start, key=lambda span: span[1])
    total = 0
    for quote_start, quote_end in spans[first:]:
        if quote_start >= end:
            break
        total += min(end, quote_end) - max(start, quote_start)
    return total
