"""What the activity models read of a report besides its words."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from baogao.language.document import Document


@dataclass(frozen=True, slots=True)
class Marked:
    """A heading or a time expression: its span and kind; for a heading also its level."""

    start: int
    end: int
    kind: str
    level: int = 0


@dataclass(frozen=True, slots=True)
class Surroundings:
    """A document with what the activity models read besides its words: genre, headings and times, in order."""

    document: Document
    genre: str
    headings: tuple[Marked, ...]
    times: tuple[Marked, ...]

    def heading_number(self, place: int) -> int:
        """Number of the heading that a place stands under, counted from 1; 0 before the first."""
        return bisect_right(self.headings, place, key=lambda heading: heading.start)

    def headings_over(self, place: int) -> list[Marked]:
        """The headings that a place stands under, the nearest first."""
        over: list[Marked] = []
        for heading in reversed(self.headings[: self.heading_number(place)]):
            if not over or heading.level < over[-1].level:
                over.append(heading)
        return over
