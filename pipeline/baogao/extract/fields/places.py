"""The place that a report is about, as written, with the code of its administrative division.

The place is that of the issuer, in its fullest form (岳麓区…街道…社区 in the signature); without one, the division that the title,
the signature or the opening names. A code is given only where the text leaves one division of that name; else its candidates stand.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from baogao.extract.context import Context
from baogao.extract.fields.divisions import Division, find_divisions, level_of, lies_in
from baogao.extract.fields.names import MASK, names_in_document, names_in_run
from baogao.extract.results import Place
from baogao.resources import load_yaml

OPENING_CHARS = 300
CLOSING_CHARS = 150
"""Characters of a report in which a division that is named is taken for the report's own."""

_MASKED = re.compile(rf"[{MASK}]+(?:社区|村|街道|镇|乡|[区县市](?!.{{0,3}}社区)|学校|小学|中学)")


def find_place(context: Context) -> Place:
    """Place of a report: status named, masked, generic (我社区) or absent; basis issuer, signed, title or body."""
    text, basis = _own_place(context)
    divisions = list(find_divisions(text)) if text else []
    around = _divisions_around(context)
    if not text and around:
        basis, text = around[0][0], around[0][1].name
    codes = _codes(divisions, [found for _, found in around])
    status = ("masked" if any(char in MASK for char in text) else "named") if text else _unnamed(context)
    code = codes[0] if len(codes) == 1 else None
    return Place(text, status, basis, code, level_of(code) if code else None, codes if len(codes) > 1 else ())


def _own_place(context: Context) -> tuple[str | None, str | None]:
    """The issuer's place in the fullest form that the report has."""
    own = next((name.place for name in names_in_run(context.issuer)), None) if context.issuer else None
    if not own:
        return None, None
    document = context.document
    fullest, basis = own, "issuer"
    for name in names_in_document(document):
        written = name.text[: name.text.find(own) + len(own)] if own in name.text else ""
        if len(written) > len(fullest):
            fullest = written
            basis = "signed" if context.signed and name.start > len(document.text) - CLOSING_CHARS else "body"
    return fullest, basis


def _divisions_around(context: Context) -> list[tuple[str, Division]]:
    """Divisions named in the title, at the end and at the start of the text, with where they stand."""
    text = context.document.text
    found = [("title", division) for division in find_divisions(context.document.title or "")]
    found += [("signed", division) for division in find_divisions(text, max(0, len(text) - CLOSING_CHARS))] if context.signed else []
    return found + [("body", division) for division in find_divisions(text, 0, OPENING_CHARS)]


def _codes(own: Sequence[Division], around: Sequence[Division]) -> tuple[str, ...]:
    """Codes that the place can have: of its last division, narrowed by the others that are named.

    Without a division of its own, one that is named around it and does not fit the first is a candidate too.
    """
    named = own or around[:1]
    if not named:
        return ()
    codes, strange = named[-1].codes, set[str]()
    for other in (*named[:-1], *around):
        inside = tuple(code for code in codes if any(lies_in(code, outer) for outer in other.codes))
        deeper = tuple(code for code in other.codes if any(lies_in(code, outer) for outer in codes))
        codes = deeper or inside or codes
        strange |= set() if deeper or inside or own else set(other.codes)
    return tuple(sorted({*codes, *strange})) if strange else codes


def _unnamed(context: Context) -> str:
    """Status of a place that is not named."""
    text = context.document.text
    if _MASKED.search(text) or (context.document.title and _MASKED.search(context.document.title)):
        return "masked"
    return "generic" if _own().search(text) else "absent"


@cache
def _own() -> re.Pattern[str]:
    """Pattern for a report's own place without its name."""
    units = "|".join(sorted(load_yaml("configs", "words", "places.yaml")["own"], key=lambda word: (-len(word), word)))
    return re.compile(f"(?:我们?|本|全)(?:{units})")
