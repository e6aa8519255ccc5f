"""Jinja2 environment and the filters that templates use."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import jinja2

from baogao.explore.labels import label

SKELETON_CHARS = 220
"""A template's text is cut behind this many characters."""
_SLOT = re.compile(r"\{([a-z]+[0-9]+)\}")
Piece = tuple[str, str | None, str]
"""Text, None and an empty name; or a slot's name for reading, its type and its name."""


@cache
def environment() -> jinja2.Environment:
    """Every value is escaped; a name that is not there is an error."""
    made = jinja2.Environment(
        loader=jinja2.PackageLoader("baogao.explore"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    made.filters.update(
        n=lambda n: f"{n:,.0f}",
        zh=lambda value, group: label(group, value),
        words=lambda value: value.replace("_", " "),
        share=percent,
        weight=lambda weight: f"{weight:,.0f}" if weight >= 9.95 else f"{weight:.1f}".removesuffix(".0"),
        clip=clip,
        kinds=lambda kinds: "、".join(label("edit", kind) for kind in kinds.split("+")),
        pieces=pieces,
    )
    return made


def percent(part: float, whole: float) -> str:
    """A share for reading: never 0 % for something, never 100 % for less than all.

    >>> percent(1, 4), percent(1, 1000), percent(999, 1000), percent(0, 0)
    ('25 %', '<1 %', '>99 %', '–')
    """
    if not whole:
        return "–"
    share = 100 * part / whole
    if 0 < share < 1:
        return "<1 %"
    return ">99 %" if 99 < share < 100 else f"{share:.0f} %"


def clip(text: str, length: int) -> str:
    """The first `length` characters on one line, with an ellipsis where something is cut.

    >>> clip("社区工作总结", 4)
    '社区工作…'
    """
    line = " ".join(text.split())
    return line if len(line) <= length else line[:length] + "…"


def pieces(skeleton: str, types: Mapping[str, str], length: int = SKELETON_CHARS) -> list[Piece]:
    """A skeleton in pieces, cut behind about `length` characters.

    >>> pieces("在{place1}党工委领导下", {"place1": "place"})
    [('在', None, ''), ('地点1', 'place', 'place1'), ('党工委领导下', None, '')]
    """
    found: list[Piece] = []
    for i, part in enumerate(_SLOT.split(skeleton)):
        if i % 2 and part in types:
            found.append((label("slot", types[part]) + part.removeprefix(types[part]), types[part], part))
            length -= 4
        elif part:
            found.append((part if len(part) <= length else part[:length] + "…", None, ""))
            length -= len(part)
        if length <= 0:
            break
    return found


@dataclass(frozen=True, slots=True)
class Span:
    """A record's place in a text, for marking."""

    start: int
    end: int
    kind: str
    id: str
    note: str = ""
    after: str | None = None


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of text with the spans that cover it, outermost first."""

    text: str
    spans: tuple[Span, ...]
    after: str | None = None
    """What a repair that ends here puts in the place of its text."""

    @property
    def classes(self) -> str:
        """Kinds of the spans, as class names."""
        return " ".join(dict.fromkeys(span.kind for span in self.spans))

    @property
    def ids(self) -> str:
        """Identifiers of the spans that have one."""
        return " ".join(dict.fromkeys(span.id for span in self.spans if span.id))

    @property
    def note(self) -> str:
        """Notes of the spans."""
        return " · ".join(dict.fromkeys(span.note for span in self.spans if span.note))


def segments(text: str, spans: Iterable[Span], first: int = 0) -> list[Segment]:
    """A text cut wherever a span begins or ends; offsets of the spans count from `first` characters before the text.

    >>> [(s.text, s.classes) for s in segments("五月办讲座。", [Span(0, 5, "activity", "a1"), Span(0, 2, "time", "t1")])]
    [('五月', 'activity time'), ('办讲座', 'activity'), ('。', '')]
    """
    end = first + len(text)
    inside = sorted(
        (s for s in spans if s.start < end and s.end > first and s.start < s.end), key=lambda s: (s.start, -s.end, s.kind, s.id)
    )
    cuts = sorted({first, end} | {max(s.start, first) for s in inside} | {min(s.end, end) for s in inside})
    found: list[Segment] = []
    covering: list[Span] = []
    i = 0
    for start, stop in pairwise(cuts):
        covering = [s for s in covering if s.end > start]
        while i < len(inside) and inside[i].start <= start:
            covering.append(inside[i])
            i += 1
        after = next((s.after for s in covering if s.end == stop and s.after is not None), None)
        found.append(Segment(text[start - first : stop - first], tuple(sorted(covering, key=_outermost)), after))
    return found


def _outermost(span: Span) -> tuple[int, str, str]:
    return span.start - span.end, span.kind, span.id
