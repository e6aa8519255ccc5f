"""The uses of a template side by side: each cut into rows, the rows of all put opposite those of the first."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from rapidfuzz.fuzz import ratio

from baogao.explore.labels import label
from baogao.explore.render import Piece

Line = list[Piece]
_END = re.compile(r"(?<=[。；;！？])|\n")
LIKE = 40
"""Two rows stand opposite each other if at least this percentage of their characters agrees."""
MOST_ROWS = 150


def use_rows(text: str, start: int, slots: Sequence[Mapping[str, Any]], types: Mapping[str, str]) -> list[Line]:
    """One use, which begins at `start` of its report's clean text, a row a sentence or line; slots keep the use's own words.

    >>> use_rows("在柳荫社区。", 7, [{"slot": "place1", "start": 8, "end": 10, "value": "柳荫"}], {"place1": "place"})
    [[('在', None, ''), ('柳荫', 'place', '地点1'), ('社区。', None, '')]]
    """
    rows: list[Line] = [[]]
    place = 0
    for slot in sorted(slots, key=lambda slot: (slot["start"], slot["end"])):
        first, last = slot["start"] - start, slot["end"] - start
        if place <= first < last <= len(text):
            _put(rows, text[place:first])
            kind = types.get(slot["slot"], "other")
            rows[-1].append((text[first:last], kind, label("slot", kind) + slot["slot"].removeprefix(kind)))
            place = last
    _put(rows, text[place:])
    return [row for row in rows if row][:MOST_ROWS]


def _put(rows: list[Line], text: str) -> None:
    """Add fixed text; the end of a sentence or line in it opens a row."""
    for i, part in enumerate(_END.split(text)):
        if i:
            rows.append([])
        if part and part.strip():
            rows[-1].append((part, None, ""))


def side_by_side(uses: Sequence[list[Line]]) -> list[list[Line]]:
    """Rows with a cell for each use; a cell is empty where a use has nothing like the first use's row.

    What another use has beyond the first one's rows follows the row that it stands behind.
    """
    if not uses:
        return []
    table: list[list[Line]] = [[row] for row in uses[0]]
    for n, use in enumerate(uses[1:], 1):
        partners = _partners([_fixed(row[0]) for row in table], [_fixed(row) for row in use])
        for row in table:
            row.append([])
        grown: list[list[Line]] = []
        waiting = 0
        for i, row in enumerate(table):
            if i in partners:
                grown += [[[]] * n + [line] for line in use[waiting : partners[i]]]
                row[n] = use[partners[i]]
                waiting = partners[i] + 1
            grown.append(row)
        table = grown + [[[]] * n + [line] for line in use[waiting:]]
    return table


def _fixed(row: Line) -> str:
    """What is compared of a row: its fixed text, and its slots by name."""
    return "".join(text if kind is None else name for text, kind, name in row)


def _partners(a: Sequence[str], b: Sequence[str]) -> dict[int, int]:
    """Pairs (i, j) in order that are alike, with the greatest sum of likeness: an alignment by dynamic programming."""
    likeness = [[ratio(x, y) if x and y else 0.0 for y in b] for x in a]
    best = [[0.0] * (len(b) + 1) for _ in range(len(a) + 1)]
    for i in range(len(a) - 1, -1, -1):
        for j in range(len(b) - 1, -1, -1):
            both = likeness[i][j] + best[i + 1][j + 1] if likeness[i][j] >= LIKE else 0.0
            best[i][j] = max(best[i + 1][j], best[i][j + 1], both)
    found = {}
    i = j = 0
    while i < len(a) and j < len(b):
        if likeness[i][j] >= LIKE and best[i][j] == likeness[i][j] + best[i + 1][j + 1]:
            found[i] = j
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return found
