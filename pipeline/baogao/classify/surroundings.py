"""What the activity models read of a report besides its words."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from baogao.classify.features import HashedText, Ints, Spans, edges
from baogao.classify.grammar import symbols_of, word_groups
from baogao.classify.senses import word_kinds
from baogao.language.document import Document
from baogao.language.sentences import Span


@dataclass(frozen=True, slots=True)
class Marked:
    """A heading or a time expression: its span and kind; for a heading also its level."""

    start: int
    end: int
    kind: str
    level: int = 0


@dataclass(frozen=True)
class Surroundings:
    """A document with what the activity models read besides its words: genre, headings and times, in order."""

    document: Document
    genre: str
    headings: tuple[Marked, ...]
    times: tuple[Marked, ...]

    @cached_property
    def hashed(self) -> HashedText:
        """The document's text and tokens."""
        return HashedText(self.document.text, self.document.token_starts)

    @cached_property
    def symbols(self) -> Ints:
        """For each token its group or part of speech (grammar.symbols_of)."""
        groups = word_groups(self.hashed, edges([(time.start, time.end) for time in self.times]))
        return symbols_of(self.hashed, groups)

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


_BETWEEN = "\n"
"""What stands before, between and behind joined texts: a token of its own, which belongs to no span."""


@dataclass(frozen=True)
class Joined:
    """Reports one behind the other in one text, so that the features of all come out of the same few array operations.

    A feature looks at nothing beyond the tokens next to its span, so that what a report is joined with changes nothing. What the
    words are is looked up once, for clauses and acts alike.
    """

    reports: tuple[Surroundings, ...]

    @cached_property
    def text(self) -> str:
        """The reports' texts."""
        return _BETWEEN + "".join(report.document.text + _BETWEEN for report in self.reports)

    @cached_property
    def offsets(self) -> Ints:
        """Where each report begins in the text."""
        lengths = [len(report.document.text) + 1 for report in self.reports]
        return np.cumsum([1, *lengths], dtype=np.int64)[:-1]

    @cached_property
    def hashed(self) -> HashedText:
        """The text and its tokens."""
        pieces = [np.zeros(1, np.int64)]
        for offset, report in zip(self.offsets, self.reports, strict=True):
            ends = len(report.document.text)
            pieces.append(np.array([*report.document.token_starts, ends], np.int64) + offset)
        return HashedText(self.text, np.concatenate(pieces))

    @cached_property
    def groups(self) -> Ints:
        """For each token the number of its group (grammar.word_groups)."""
        return word_groups(self.hashed, self.spans([(time.start, time.end) for time in report.times] for report in self.reports))

    @cached_property
    def symbols(self) -> Ints:
        """For each token its group or part of speech (grammar.symbols_of)."""
        return symbols_of(self.hashed, self.groups)

    @cached_property
    def kinds(self) -> Ints:
        """For each token the number of its kind (senses.word_kinds)."""
        return word_kinds(self.hashed)

    def spans(self, of_reports: Iterable[Sequence[Span]]) -> Spans:
        """Where spans of each report stand in the text, in one row."""
        listed = list(of_reports)
        offsets = np.repeat(self.offsets, list(map(len, listed)))
        edges = np.array([edge for spans in listed for span in spans for edge in span], np.int64).reshape(-1, 2)
        return edges[:, 0] + offsets, edges[:, 1] + offsets
