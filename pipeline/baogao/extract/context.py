"""What is known of a report when its organizations and activities are looked for."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from baogao.extract.sections.headings import Heading
from baogao.extract.times import TimeExpression
from baogao.language.document import Document


@dataclass(frozen=True, slots=True)
class Context:
    """A document with its headings, resolved times and fields; offsets count in document.text, `body_start` is where the text
    behind the page's own heading for the report begins."""

    document: Document
    headings: tuple[Heading, ...]
    times: tuple[TimeExpression, ...]
    genre: str
    issuer: str | None
    period: str | None
    signed: str | None
    body_start: int

    def heading_at(self, place: int) -> Heading | None:
        """The heading of the section that a place stands in."""
        i = bisect_right(self.headings, place, key=lambda heading: heading.start) - 1
        return self.headings[i] if i >= 0 else None

    def times_in(self, start: int, end: int) -> tuple[TimeExpression, ...]:
        """Time expressions inside text[start:end]."""
        first = bisect_right(self.times, start - 1, key=lambda time: time.start)
        last = bisect_right(self.times, end - 1, key=lambda time: time.start)
        return tuple(time for time in self.times[first:last] if time.end <= end)
