"""Page marks of word processors, converters and document previews inside a text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from baogao.clean.line_break import BLANK, around, joins
from baogao.clean.ngrams import load_ngrams
from baogao.clean.scripts import HAN
from baogao.text import Edit

_FIELD = re.compile(
    rf"(?<=[\s{HAN}，。,])(?:NUM)?PAGE(?:\s*\\\*\s*MERGEFORMAT)?(?:\s*\d{{1,3}})?(?=[\s{HAN}]|$)"
    r"|第\s*\d{1,3}\s*页\s*[,，/]?\s*共\s*\d{1,3}\s*页"
)
_NUMBER = (
    r"[-—–·\s]{0,3}\d{1,3}[-—–·\s]{0,3}|第[ _]?\d{1,3}[ ]?页(?:[ ,，/]{0,3}共[ ]?\d{1,3}[ ]?页)?"
    r"|\d{1,3}[ ]?[/／][ ]?\d{1,3}|\d{1,3}、"
)
_LINE = re.compile(rf"(?<![{BLANK}\r\n])[{BLANK}\r]*\n[{BLANK}\r\n]*(?:{_NUMBER})[{BLANK}\r]*\n[{BLANK}\r\n]*|\f[{BLANK}\r\n]*")
_ITEM = re.compile(rf"(?<![\d.])(\d{{1,2}})、\s?(?=[{HAN}])")
_HAN_BEFORE = re.compile(rf"[{HAN}]\s{{0,2}}$")
_PAGE_ENDS = 3.0
"""Log odds that a page of the original ended in mid-sentence, beside a line of a text: most pages do, few lines."""
_WORD_INSIDE = 2.0
"""A number stands inside a word if the characters around it join this well, in nats; half of all neighbours in a text do."""


def page_mark(text: str) -> list[Edit]:
    """Page fields (PAGE, 第3页 共9页), page numbers on lines of their own inside a sentence, and page numbers as list items.

    A page number between two paragraphs is left to the labels of lines.

    >>> page_mark("要求各单位加强领\\n- 3 -\\n导，落实责任。")
    [Edit(kind='page_mark', start=8, end=15, after='')]
    """
    edits = [*_fields(text), *_lines(text), *_items(text)]
    edits.sort(key=lambda edit: edit.start)
    return [edit for i, edit in enumerate(edits) if not i or edit.start >= edits[i - 1].end]


def _fields(text: str) -> Iterator[Edit]:
    """Fields with the blanks around them; in mid-word they leave nothing behind, elsewhere a space."""
    for match in _FIELD.finditer(text) if "PAGE" in text or "页" in text else ():
        start, end = match.span()
        while start and text[start - 1] in " \t":
            start -= 1
        while end < len(text) and text[end] in " \t":
            end += 1
        left, right = text[start - 1 : start], text[end : end + 1]
        inside = not left or not right or load_ngrams().affinity(left, right)[0] > 0
        yield Edit("page_mark", start, end, "" if inside else " ")


def _lines(text: str) -> Iterator[Edit]:
    """Numbers on lines of their own inside a sentence; form feeds, which leave a line break where a sentence ended before."""
    matches = list(_LINE.finditer(text))
    pairs = [around(text, *match.span()) for match in matches]
    bare = [match.group().strip(BLANK + "\r\n").isdigit() for match in matches]
    as_line, as_page = joins(pairs), joins(pairs, _PAGE_ENDS)
    for i, match in enumerate(matches):
        if as_line[i] and _between_words(*pairs[i]) if bare[i] else as_page[i]:
            yield Edit("page_mark", *match.span(), "")
        elif match.group().startswith("\f"):
            yield Edit("page_mark", *match.span(), "\n")


def _between_words(before: str, behind: str) -> bool:
    """Whether a bare number stands between characters, so that it is no subscript on a line of its own (M 2)."""
    return bool(re.match(f"[{HAN}]{{2}}", before[-1] + behind[0]))


def _items(text: str) -> list[Edit]:
    """Numbers that count up through the text from page to page, each inside a word: …开展工2、作…"""
    found = [(_HAN_BEFORE.search(text, max(0, match.start() - 3), match.start()), match) for match in _ITEM.finditer(text)]
    items = [(before.start(), match) for before, match in found if before]
    if not items:
        return []
    join = load_ngrams().affinity([text[place] for place, _ in items], [text[match.end()] for _, match in items])
    inside = [(int(match[1]), place + 1, match.end()) for (place, match), gain in zip(items, join, strict=True) if gain > _WORD_INSIDE]
    rising = [inside[i] for i in range(len(inside)) if _counts_up(inside, i)]
    return [Edit("page_mark", start, end, "") for _, start, end in rising]


def _counts_up(found: list[tuple[int, int, int]], i: int) -> bool:
    """Whether the number is the next after, or before, that of a neighbour."""
    number = found[i][0]
    return (i > 0 and found[i - 1][0] == number - 1) or (i + 1 < len(found) and found[i + 1][0] == number + 1)
