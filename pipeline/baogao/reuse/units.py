"""The units of a report that can be reused as a whole: report, sections, paragraphs, sentences."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from baogao.language.sentences import split_sentences

_LINE = re.compile(r"[^\n]+")
_SECTION = re.compile(r"^[ \t\u3000]*(?:[一二三四五六七八九十]{1,3}、|第[一二三四五六七八九十]{1,3}(?:部分|章))", re.MULTILINE)


class Level(IntEnum):
    """How much of a report a span is; a part is a stretch that is no whole unit."""

    REPORT = 0
    SECTION = 1
    PARAGRAPH = 2
    SENTENCE = 3
    PART = 4


@dataclass(frozen=True, slots=True)
class Units:
    """Starts and ends of the units of one level, in order; together they hold the whole folded text, or there are none."""

    starts: list[int]
    ends: list[int]

    def at(self, place: int) -> int:
        """Index of the unit that holds a place."""
        return bisect_right(self.starts, place) - 1


def units_of(text: str, places: NDArray[np.int64]) -> dict[Level, Units]:
    """Units of a clean text by level, from the text and the place of each folded character in it.

    A section begins with a line numbered 一、 or 第一部分; what stands before the first is one too.
    """
    openings = [match.start() for match in _SECTION.finditer(text)]
    if openings and openings[0]:
        openings.insert(0, 0)
    spans = {
        Level.REPORT: [(0, len(text))],
        Level.SECTION: list(zip(openings, [*openings[1:], len(text)], strict=False)),
        Level.PARAGRAPH: [match.span() for match in _LINE.finditer(text)],
        Level.SENTENCE: split_sentences(text),
    }
    units = {}
    for level, clean in spans.items():
        folded = np.searchsorted(places, np.array(clean, np.int64).reshape(-1, 2))
        folded = folded[folded[:, 0] < folded[:, 1]]
        units[level] = Units(folded[:, 0].tolist(), folded[:, 1].tolist())
    return units
