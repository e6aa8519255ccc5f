"""Text that knows its place in the raw page.

An `EditedText` is a raw text and a flat list of edits to it. Its `text` is the raw text with the edits applied; any span of it
maps back to the raw text, and leaving the edits out gives the raw text again. Repairs made one after the other on each other's
output are composed into one such flat list, so that every edit on record says what stands in the page and what it should read.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate


@dataclass(frozen=True, slots=True)
class Edit:
    """Characters [start, end) of a text are to read `after`; start == end inserts."""

    kind: str
    start: int
    end: int
    after: str


@dataclass(frozen=True)
class EditedText:
    """A raw text with edits: sorted, not overlapping, offsets in code points of `raw`.

    >>> page = EditedText("在區(qū)委領導下").edit([Edit("pinyin", 2, 6, "")]).edit([Edit("script", 1, 2, "区")])
    >>> page.text, page.raw_span(1, 2)
    ('在区委領導下', (1, 2))
    >>> [(edit.kind, edit.start, edit.end, edit.after) for edit in page.edits]
    [('script', 1, 2, '区'), ('pinyin', 2, 6, '')]
    """

    raw: str
    edits: tuple[Edit, ...] = ()

    def __post_init__(self) -> None:
        last = 0
        for edit in self.edits:
            if not last <= edit.start <= edit.end <= len(self.raw):
                raise ValueError(f"edits overlap, are unsorted or leave the text: {edit}")
            last = edit.end

    @cached_property
    def text(self) -> str:
        """The text with all edits applied."""
        pieces: list[str] = []
        last = 0
        for edit in self.edits:
            pieces += (self.raw[last : edit.start], edit.after)
            last = edit.end
        pieces.append(self.raw[last:])
        return "".join(pieces)

    @cached_property
    def _starts(self) -> list[int]:
        """Where each edit's output starts in `text`."""
        growth = accumulate((len(edit.after) - (edit.end - edit.start) for edit in self.edits), initial=0)
        return [edit.start + shift for edit, shift in zip(self.edits, growth, strict=False)]

    @cached_property
    def _ends(self) -> list[int]:
        """Where each edit's output ends in `text`."""
        return [start + len(edit.after) for start, edit in zip(self._starts, self.edits, strict=True)]

    def raw_span(self, start: int, end: int) -> tuple[int, int]:
        """Span of `raw` that text[start:end] was made from; an edit touched in part counts whole.

        Removed text at either edge stays outside; an empty span maps to an empty one.
        """
        raw_start = self._to_raw(start)
        return raw_start, max(raw_start, self._to_raw_end(end)) if end > start else raw_start

    def _to_raw(self, start: int) -> int:
        """Raw place where the character text[start] begins."""
        i = bisect_right(self._ends, start) - 1  # last edit whose output ends at or before start
        inside = i + 1
        if inside < len(self.edits) and self._starts[inside] <= start:
            return self.edits[inside].start
        return start if i < 0 else self.edits[i].end + start - self._ends[i]

    def _to_raw_end(self, end: int) -> int:
        """Raw place behind the character text[end - 1]."""
        i = bisect_left(self._starts, end)  # first edit whose output starts at or behind end
        if i and self._ends[i - 1] >= end and self._ends[i - 1] > self._starts[i - 1]:
            return self.edits[i - 1].end
        while i and self._starts[i - 1] == self._ends[i - 1] == end:  # a removal right before `end` stays outside
            i -= 1
        return end if not i else self.edits[i - 1].end + end - self._ends[i - 1]

    def clean_span(self, raw_start: int, raw_end: int) -> tuple[int, int]:
        """Span of `text` that raw[raw_start:raw_end] became; an edit touched in part counts whole."""
        return self._to_clean(raw_start, at_end=False), self._to_clean(raw_end, at_end=True)

    def _to_clean(self, place: int, *, at_end: bool) -> int:
        i = bisect_right(self.edits, place, key=lambda edit: edit.start) - 1
        if i < 0:
            return place
        edit = self.edits[i]
        if place < edit.end:
            return self._ends[i] if at_end and place > edit.start else self._starts[i]
        return self._ends[i] + place - edit.end

    def edit(self, edits: Iterable[Edit]) -> EditedText:
        """This text with further edits made on `text` (sorted, not overlapping), all composed on `raw`."""
        new = list(edits)
        if not new:
            return self
        if not self.edits:
            return EditedText(self.raw, tuple(new))
        composed: list[Edit] = []
        old = 0
        i = 0
        while i < len(new):
            while old < len(self.edits) and self._ends[old] <= new[i].start:
                composed.append(self.edits[old])
                old += 1
            start, end, first_new, first_old = new[i].start, new[i].end, i, old
            i += 1
            grown = True
            while grown:  # gather all old and new edits that touch the same characters
                grown = False
                while old < len(self.edits) and self._starts[old] < end:
                    start, end = min(start, self._starts[old]), max(end, self._ends[old])
                    old, grown = old + 1, True
                while i < len(new) and new[i].start < end:
                    end = max(end, new[i].end)
                    i, grown = i + 1, True
            composed.append(self._merge(self.edits[first_old:old], new[first_new:i], start, end))
        composed += self.edits[old:]
        return EditedText(self.raw, tuple(composed))

    def _merge(self, old: Sequence[Edit], new: Sequence[Edit], start: int, end: int) -> Edit:
        """One edit of `raw` for the old and new edits inside text[start:end]."""
        pieces: list[str] = []
        last = start
        for edit in new:
            pieces += (self.text[last : edit.start], edit.after)
            last = edit.end
        pieces.append(self.text[last:end])
        raw_start, raw_end = self.raw_span(start, end)
        if old:
            raw_start, raw_end = min(raw_start, old[0].start), max(raw_end, old[-1].end)
        kinds = dict.fromkeys(kind for edit in (*old, *new) for kind in edit.kind.split("+"))
        return Edit("+".join(kinds), raw_start, raw_end, "".join(pieces))

    def keep(self, spans: Sequence[tuple[int, int]]) -> EditedText:
        """Only the given spans of `raw` (sorted, not overlapping) as a text; what lies between is removed.

        A gap that holds a line break becomes one, any other gap nothing. Edits inside the spans stay, and so does an edit that
        covers a whole gap (two lines joined).
        """
        gaps = []
        last = 0
        for start, end in (*spans, (len(self.raw), len(self.raw))):
            if start > last:
                inner = bool(last and start < len(self.raw)) and "\n" in self.raw[last:start]
                gaps.append(Edit("gap", last, start, "\n" if inner else ""))
            last = end
        kept: list[Edit] = []
        i = 0
        for gap in gaps:
            while i < len(self.edits) and self.edits[i].end <= gap.start:
                kept.append(self.edits[i])
                i += 1
            start, end, cover = gap.start, gap.end, None
            while i < len(self.edits) and self.edits[i].start < gap.end:
                edit = self.edits[i]
                if edit.start <= gap.start and edit.end >= gap.end:
                    cover = edit
                start, end = min(start, edit.start), max(end, edit.end)
                i += 1
            kept.append(cover or Edit("gap", start, end, gap.after))
        kept += self.edits[i:]
        return EditedText(self.raw, tuple(kept))
