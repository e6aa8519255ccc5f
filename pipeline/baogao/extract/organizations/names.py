"""Names of units: a head noun from the lexicon and what stands before it, as far as it belongs to the name."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from baogao.extract.organizations.counts import NUMBER
from baogao.extract.organizations.words import unit_words
from baogao.language.document import Document

_LONGEST = 28
"""Characters before its head that a name may have."""

_LONGEST_BRACKET = 8
_NUMERAL = re.compile(f"{NUMBER}|几|多|余|数")
_COUNTED = re.compile(f"{NUMBER}[支个家所名位条座处类批]")
_DATE_UNITS = ("年", "月", "日")
_BEHIND_ORDINAL = re.compile("[号届中]|中学|小学|党支部|支部|网格|组|队")
_QUOTES = {"”": "“", "’": "‘", "》": "《", '"': '"', "」": "「"}
_BRACKETS = {"）": "（", ")": "("}
_OPENINGS = _QUOTES | _BRACKETS


@dataclass(frozen=True, slots=True)
class UnitName:
    """The name of a unit, text[start:end], with its head noun and kind.

    `bare` if it is a head noun that names nothing by itself, `weak` if only the sentence around it can make it a name.
    """

    start: int
    end: int
    head: str
    kind: str
    bare: bool
    weak: bool = False


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


def find_weak_names(document: Document, start: int, end: int) -> list[UnitName]:
    """Phrases in text[start:end] that end in a character like 部 or 所 and may be names of units."""
    words, found = unit_words(), []
    for match in words.weak.finditer(document.text, start, end):
        first = _name_start(document, match.start(), start)
        if first < match.start():
            found.append(UnitName(first, match.end(), match.group(), words.kinds[match.group()], bare=False, weak=True))
    return found


def _candidates(document: Document, start: int, end: int) -> Iterator[UnitName]:
    words, text = unit_words(), document.text
    for match in words.head.finditer(text, start, end):
        if document.tokens[bisect_right(document.token_starts, match.end() - 1) - 1] in words.other:
            continue
        first, stop = _name_start(document, match.start(), start), match.end()
        if stop < end and text[stop] in _QUOTES:
            opening = text.rfind(_QUOTES[text[stop]], max(start, match.start() - _LONGEST), stop)
            if start <= opening < match.start() and first <= opening + 1:  # the head ends a quoted name
                first, stop = _name_start(document, opening, start) if first >= opening else first, stop + 1
        bare = first == match.start() and match.group() in words.bare
        yield UnitName(first, stop, match.group(), words.kinds[match.group()], bare)


def _name_start(document: Document, head_start: int, limit: int) -> int:
    """Where the name begins whose head starts at `head_start`: back over the tokens that can stand in a name."""
    text, tokens, starts = document.text, document.tokens, document.token_starts
    i = bisect_right(starts, head_start) - 1
    start = head_start
    if starts[i] < head_start:  # the head begins inside a token
        if starts[i] < limit or text[starts[i] : head_start] in unit_words().stops:
            return head_start
        start = starts[i]
    while i > 0 and starts[i - 1] >= limit and head_start - starts[i - 1] <= _LONGEST:
        if tokens[i - 1] in _OPENINGS:
            opening = _opening(text, start, starts[i - 1], limit)
            if opening is None:
                break
            i = bisect_right(starts, opening) - 1
        elif _belongs(document, i - 1, start, head_start):
            i -= 1
        else:
            break
        start = starts[i]
    while start < head_start and (text[start].isspace() or text[start] == "了"):
        start += 1
    return start


def _opening(text: str, start: int, closing: int, limit: int) -> int | None:
    """Where the quotation or short bracket opens that closes at text[closing]; None where it is no part of a name."""
    opening = text.rfind(_OPENINGS[text[closing]], max(limit, start - _LONGEST), closing)
    if opening < limit:
        return None
    if text[closing] in _BRACKETS and (start - opening > _LONGEST_BRACKET or opening == limit or not text[opening - 1].isalpha()):
        return None
    return opening


def _belongs(document: Document, i: int, start: int, head_start: int) -> bool:
    """Whether token i, which stands in front of text[start], can be part of the name whose head starts at `head_start`."""
    words, text, token = unit_words(), document.text, document.tokens[i]
    if token in words.stops or (token[0] in "各每" and len(token) > 1) or _COUNTED.fullmatch(token):
        return False
    if _NUMERAL.fullmatch(token):
        return bool(_BEHIND_ORDINAL.match(text, start))
    if token.isspace():
        return token == " " and start >= 2 and text[start - 2] >= "\u4e00"
    before = document.tokens[i - 1] if i else ""
    if (token in _DATE_UNITS or token in words.measures) and _NUMERAL.fullmatch(before):
        return False
    if token in words.soft and start != head_start and not _leads_on(before):
        return False
    return token[0].isalnum() or token in "-+·*×_"


def _leads_on(token: str) -> bool:
    """Whether a verb behind this token can be part of a name: the token belongs to the name too or brings the name in."""
    return token.isalpha() or bool(_COUNTED.fullmatch(token))
