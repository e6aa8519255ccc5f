"""What the activity models read of a report besides its words."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import cached_property

from baogao.classify.features import HashedText, Ints
from baogao.classify.grammar import symbols_of, word_groups
from baogao.classify.senses import word_kinds
from baogao.language.document import Document


@dataclass(frozen=True, slots=True)
class Marked:
    """A heading or a time expression: its span and kind; for a heading also its level."""

    start: int
    end: int
    kind: str
    level: int = 0


@dataclass(frozen=True)
class Surroundings:
    """A document with what the activity models read besides its words: genre, headings and times, in order.

    What its words are is looked up once, for clauses and acts alike.
    """

    document: Document
    genre: str
    headings: tuple[Marked, ...]
    times: tuple[Marked, ...]

    @cached_property
    def hashed(self) -> HashedText:
        """The document's text and tokens."""
        return HashedText(self.document.text, self.document.token_starts)

    @cached_property
    def groups(self) -> Ints:
        """For each token the number of its group (grammar.word_groups)."""
        return word_groups(self.hashed, [(time.start, time.end) for time in self.times])

    @cached_property
    def symbols(self) -> Ints:
        """For each token its group or part of speech (grammar.symbols_of)."""
        return symbols_of(self.hashed, self.groups)

    @cached_property
    def kinds(self) -> Ints:
        """For each token the number of its kind (senses.word_kinds)."""
        return word_kinds(self.hashed)

    @cached_property
    def _heading_starts(self) -> list[int]:
        return [heading.start for heading in self.headings]

    @cached_property
    def _time_starts(self) -> list[int]:
        return [time.start for time in self.times]

    def times_in(self, start: int, end: int) -> tuple[Marked, ...]:
        """The time expressions that begin in text[start:end]."""
        return self.times[bisect_left(self._time_starts, start) : bisect_left(self._time_starts, end)]

    def heading_number(self, place: int) -> int:
        """Number of the heading that a place stands under, counted from 1; 0 before the first."""
        return bisect_right(self._heading_starts, place)

    def headings_over(self, place: int) -> list[Marked]:
        """The headings that a place stands under, the nearest first."""
        over: list[Marked] = []
        for heading in reversed(self.headings[: self.heading_number(place)]):
            if not over or heading.level < over[-1].level:
                over.append(heading)
        return over
