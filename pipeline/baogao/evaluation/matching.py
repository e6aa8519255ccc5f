"""When a record and an annotation are the same: the matching rules of the annotation guide.

Records of both sides are dicts with `start` and `end` in the page's raw text.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Sequence
from typing import Any

Item = dict[str, Any]
_IGNORED = re.compile(r"[\s“”\"'‘’`《》,，、。.;；:：()（）的]")


def normalise(text: str | None) -> str:
    """A value without white space, punctuation and 的, in which two annotators may differ."""
    return _IGNORED.sub("", text or "")


def size(item: Item) -> int:
    """Length of an item's span."""
    return int(item["end"] - item["start"])


def overlap(a: Item, b: Item) -> int:
    """Number of characters that two spans share."""
    return max(0, int(min(a["end"], b["end"]) - max(a["start"], b["start"])))


def iou(a: Item, b: Item) -> float:
    """Intersection over union of two spans."""
    shared = overlap(a, b)
    return shared / (size(a) + size(b) - shared) if shared else 0.0


def pair(gold: Sequence[Item], found: Sequence[Item], similarity: Callable[[Item, Item], float], least: float) -> list[tuple[int, int]]:
    """Greedy one-to-one matching, best similarity first, as index pairs; nothing below `least`."""
    scored = ((similarity(g, f), i, j) for i, g in enumerate(gold) for j, f in enumerate(found))
    ranked = sorted((item for item in scored if item[0] >= least), key=lambda item: (-item[0], item[1], item[2]))
    used_gold: set[int] = set()
    used_found: set[int] = set()
    pairs = []
    for _, i, j in ranked:
        if i not in used_gold and j not in used_found:
            used_gold.add(i)
            used_found.add(j)
            pairs.append((i, j))
    return pairs


def heading_similarity(g: Item, f: Item) -> float:
    """1 where two headings start at the same place, down to 0 at ten characters' distance."""
    return max(0.0, 1 - abs(int(g["start"]) - int(f["start"])) / 10)


def unit_similarity(g: Item, f: Item) -> float:
    """Likeness of two units' names, if they stand near each other and the names are alike at all."""
    close = difflib.SequenceMatcher(None, normalise(g["unit"]), normalise(f["unit"])).ratio()
    placed = abs(g["start"] - f["start"]) < 60 or (overlap(g, f) > 0 and size(f) <= 3 * size(g) + 60)
    return close + 0.01 * iou(g, f) if placed and close >= 0.6 else 0.0


def activity_similarity(g: Item, f: Item) -> float:
    """At least 1 where the shorter of two clauses lies half inside the other and the longer is no blanket over it; else 0."""
    short, long = sorted((size(g), size(f)))
    same = bool(short) and overlap(g, f) >= 0.5 * short and long <= 3 * short + 20
    return 1 + iou(g, f) if same else 0.0
