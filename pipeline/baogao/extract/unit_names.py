"""Names of units: a head noun from the lexicon and what stands before it, as far as it belongs to the name."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from baogao.extract.unit_counts import NUMBER
from baogao.extract.unit_words import unit_words
from baogao.language.document import Document

_LONGEST = 28
"""Characters before its head that a name may have."""

_NUMERAL = re.compile(f"{NUMBER}|几|多|余|数")
_COUNTED = re.compile(f"{NUMBER}[支个家所名位条座处类批]")
_ORDINAL_UNIT = re.compile("[号届中]|中学|小学|党支部|支部|网格|组|队")
_QUOTES = {"”": "“", "’": "‘", "》": "《", '"': '"', "」": "「"}
_BRACKETS = {"）": "（", ")": "("}


@dataclass(frozen=True, slots=True)
class UnitName:
    """The name of a unit, text[start:end]; `bare` if it is a head noun that names nothing by itself."""

    start: int
    end: int
    head: str
    kind: str
    bare: bool


def find_names(document: Document, start: int, end: int) -> list[UnitName]:
    """Names of units in text[start:end], in order; of two that overlap the longer.

    >>> from baogao.language.document import make_document
    >>> from baogao.language.segment import Segmenter
    >>> document = make_document("成立了由校长任组长的“书香校园”工作领导小组", Segmenter())
    >>> [(document.text[name.start : name.end], name.kind) for name in find_names(document, 0, len(document.text))]
    [('“书香校园”工作领导小组', 'leading_group')]
    """
    found: list[UnitName] = []
    for name in _candidates(document, start, end):
        while found and found[-1].start >= name.start:
            found.pop()
        if not found or found[-1].end <= name.start:
            found.append(name)
    return found


def _candidates(document: Document, start: int, end: int) -> Iterator[UnitName]:
    words, text = unit_words(), document.text
    for match in words.head.finditer(text, start, end):
        head, stop = match.group(), match.end()
        if not words.kinds[head]:
            continue
        first = _left(document, match.start(), start)
        if stop < end and text[stop] in _QUOTES and text.rfind(_QUOTES[text[stop]], max(start, match.start() - _LONGEST), stop) >= 0:
            opening = text.rfind(_QUOTES[text[stop]], start, stop)
            first, stop = min(first, opening if first <= opening + 1 else first), stop + 1
            first = _left(document, opening, start) if first == opening else first
        yield UnitName(first, stop, head, words.kinds[head], first == match.start() and head in words.bare)


def _left(document: Document, head_start: int, limit: int) -> int:
    """Where the name begins whose head starts at `head_start`: tokens before it, up to one that cannot stand in a name."""
    text, words = document.text, unit_words()
    i = bisect_right(document.token_starts, head_start) - 1
    start = head_start
    if document.token_starts[i] < head_start:  # the head begins inside a token
        token = text[document.token_starts[i] : head_start]
        if document.token_starts[i] < limit or token in words.stops:
            return head_start
        start = document.token_starts[i]
    while i > 0 and (token_start := document.token_starts[i - 1]) >= limit and head_start - token_start <= _LONGEST:
        token = document.tokens[i - 1]
        if token in _QUOTES or token in _BRACKETS:
            opening = text.rfind((_QUOTES | _BRACKETS)[token], max(limit, start - _LONGEST), token_start)
            if opening <= limit or (token in _BRACKETS and (start - opening > 8 or not text[opening - 1].isalpha())):
                break
            i = bisect_right(document.token_starts, opening) - 1
            start = document.token_starts[i]
            continue
        if not _belongs(token, text, start):
            break
        if token in words.soft and start != head_start and (i < 2 or not _leads_on(document.tokens[i - 2])):
            break
        i -= 1
        start = token_start
    while start < head_start and (text[start].isspace() or text[start] == "了"):
        start += 1
    return start


def _leads_on(token: str) -> bool:
    """Whether a verb behind this token can be part of a name: the token belongs to the name too or brings the name in."""
    words = unit_words()
    return token in words.stops or token in words.measures or bool(_COUNTED.fullmatch(token)) or token.isalpha()


def _belongs(token: str, text: str, start: int) -> bool:
    """Whether a token in front of text[start] can be part of a name."""
    words = unit_words()
    if token in words.stops or (token[0] in "各每" and len(token) > 1):
        return False
    if _COUNTED.fullmatch(token):
        return False
    if _NUMERAL.fullmatch(token):
        return bool(_ORDINAL_UNIT.match(text, start))
    if token.isspace():
        return token == " " and start >= 2 and text[start - 2] >= "\u4e00"
    if token in words.measures:
        return token in "组级"
    return token[0].isalnum() or token in "-+·*×_"
