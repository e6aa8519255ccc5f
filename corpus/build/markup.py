"""Marks around the text of a page in the making, by which every character's role and report are known after reading it back.

A mark is a character from the private use area. A page is made twice: with marks, to be read by the reader's own rules, and
without, as the file. Both give the same characters but for marks and white space, so that places in the raw text are found by
counting.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from baogao.records import BLOCK_ROLES

_ROLE = 0xE000
_REPORT, _BODY = 0xE100, 0xE300
_END, _CLOSE = "\ue0ff", "\ue0fe"
MARKS = re.compile("[\ue000-\ue4ff]")


def in_role(role: str, text: str) -> str:
    """Text of the page that is not a report's."""
    return f"{chr(_ROLE + BLOCK_ROLES.index(role))}{text}{_END}"


def in_body(piece: int, text: str) -> str:
    """Text of the page's report number `piece`, damaged as it stands there."""
    return f"{chr(_BODY + piece)}{text}{_END}"


def opening(piece: int) -> str:
    """Mark in front of everything that the report's range holds."""
    return chr(_REPORT + piece)


def closing() -> str:
    """Mark behind the last of it."""
    return _CLOSE


def unmarked(text: str) -> str:
    """The text without marks."""
    return MARKS.sub("", text)


@dataclass(frozen=True)
class Character:
    """A character of a page: its role (None: a report's text, to be told by its damage), the report in whose range it stands."""

    char: str
    role: str | None
    piece: int | None
    own: bool


def characters(marked: str) -> Iterator[Character]:
    """The characters of a marked text in order, white space and marks left out.

    `own` tells whether the character is of the report's text. Raises ValueError for text outside every mark.
    """
    stack: list[tuple[str | None, int | None]] = []
    current: int | None = None
    for place, char in enumerate(marked):
        code = ord(char)
        if char == _END:
            stack.pop()
        elif char == _CLOSE:
            current = None
        elif _BODY <= code < _BODY + 0x100:
            stack.append((None, code - _BODY))
        elif _REPORT <= code < _REPORT + 0x100:
            current = code - _REPORT
        elif _ROLE <= code < _ROLE + len(BLOCK_ROLES):
            stack.append((BLOCK_ROLES[code - _ROLE], None))
        elif not char.isspace():
            if not stack:
                raise ValueError(f"text without a role: {unmarked(marked[place : place + 40])!r}")
            role, piece = stack[-1]
            yield Character(char, role, current if piece is None else piece, piece is not None)
