"""Templates: what is the same in all uses of a passage, with slots where they differ.

Every use is aligned with the first one, punctuation included. Where others differ a little lies a slot; it takes in whole words,
dates and numbers as the first use has them. A use that differs by more than a slot holds says nothing of the slots there.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise
from typing import NamedTuple

from baogao.records import Slot, SlotValue
from baogao.reuse.align import Block, Chain, matched, merged
from baogao.reuse.anchors import anchored_blocks
from baogao.reuse.slot_types import expressions, fills, known_words, name_end, person_span, type_of

OMISSION = "……"
_RARE = 0.02
_DROP = 48
_AGREEING = 10
_COMMON = 4
_CHANCE = 2
_LACKING = 8

Stretch = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A use of a passage: report number, clean text, the span, its characters as they are compared and the place of each."""

    report: int
    text: str
    start: int
    end: int
    chars: str
    places: Sequence[int]

    def filling(self, start: int, end: int) -> Stretch:
        """Clean span of chars[start:end] without the punctuation at its edges; maybe empty."""
        first = self.places[start] if start < len(self.places) else self.end
        last = self.places[end - 1] + 1 if end > start else first
        while first < last and not fills(self.text[first]):
            first += 1
        while last > first and not fills(self.text[last - 1]):
            last -= 1
        return first, last


class Change(NamedTuple):
    """Where a use has `after` for the characters [start, end) of the first use, which are `before`."""

    start: int
    end: int
    before: str
    after: str

    def is_slot(self, longest: int) -> bool:
        """Whether it can be another filling of a slot: not too long, and not a clause that was left out or put in."""
        if max(len(self.before), len(self.after)) > longest:
            return False
        return bool(self.before and self.after) or all(map(fills, self.before + self.after))


@dataclass(frozen=True, slots=True)
class FilledUse:
    """A use, its likeness to the first use (0 to 1), its values of the slots that it has, and what it has in common.

    `agreeing` are spans of its compared characters that the first use has too; for the first use, that any other has.
    """

    excerpt: Excerpt
    similarity: float
    values: tuple[SlotValue, ...]
    agreeing: tuple[Stretch, ...]

    def clean_spans(self) -> list[Stretch]:
        """What it has in common, as spans of the clean text."""
        places = self.excerpt.places
        return [(places[start], places[end - 1] + 1) for start, end in self.agreeing]

    def extent(self) -> Stretch:
        """From the first to the last thing of the clean text that it has in common or that fills a slot."""
        inside = [*self.clean_spans(), *((value.start, value.end) for value in self.values)]
        if not inside:
            return self.excerpt.start, self.excerpt.end
        return min(start for start, _ in inside), max(end for _, end in inside)


@dataclass(frozen=True, slots=True)
class Aligned:
    """A use aligned with the first one."""

    excerpt: Excerpt
    blocks: Chain
    changes: tuple[Change, ...]

    def fillings(self, stretches: Iterable[Stretch], longest: int) -> Iterator[Stretch | None]:
        """Clean spans of what this use has in stretches of the first use; None where it differs by more than a slot holds."""
        starts = [block.a for block in self.blocks]
        last = 0
        for start, end in stretches:
            before = self.blocks[max(0, bisect_left(starts, start) - 1)]
            behind = self.blocks[bisect_right(starts, end) - 1]
            if end > behind.end_a:
                behind = self.blocks[bisect_right(starts, end)]
            if before.end_a < start:  # the stretch begins inside a change, or right behind one that is not of it
                before = self.blocks[bisect_left(starts, start)]
            own_start = max(last, before.b + max(0, start - before.a))
            last = max(own_start, behind.b + max(0, end - behind.a))
            yield None if self._is_rewritten(start, end, longest) else self.excerpt.filling(own_start, last)

    def _is_rewritten(self, start: int, end: int, longest: int) -> bool:
        """Whether a stretch of the first use lies in a change too long for a slot, or in one that changes more around it."""
        number = bisect_right(self.changes, start, key=lambda change: change.start) - 1
        if number < 0 or end > self.changes[number].end:
            return False
        change = self.changes[number]
        return not change.is_slot(longest) or (start < end and change.end - change.start > end - start)


@dataclass(frozen=True, slots=True)
class Template:
    """A skeleton with its slots, and where in the first use they are."""

    base: Excerpt
    skeleton: str
    slots: tuple[Slot, ...]
    stretches: tuple[Stretch, ...]
    longest_slot: int

    def fill(self, excerpt: Excerpt) -> FilledUse:
        """What a use has in the slots."""
        use = _align(self.base, excerpt)
        return _filled(self.base, use, self.slots, use.fillings(self.stretches, self.longest_slot))


def learn_template(excerpts: Sequence[Excerpt], longest_slot: int) -> tuple[Template, list[FilledUse]]:
    """The template of some uses of a passage, of which the first one gives the skeleton, and these uses filled in."""
    base = excerpts[0]
    aligned = [_align(base, excerpt) for excerpt in excerpts]
    stretches = _stretches(base, aligned, longest_slot)
    by_stretch = list(zip(*(use.fillings(stretches, longest_slot) for use in aligned), strict=True))
    varied = [(stretch, spans) for stretch, spans in zip(stretches, by_stretch, strict=True) if _varies(excerpts, spans)]
    slots = _named(excerpts, [spans for _, spans in varied])
    own = [(*spans[0], f"{{{slot.name}}}") for slot, (_, spans) in zip(slots, varied, strict=True) if spans[0]]
    gaps = [(*base.filling(*stretch), OMISSION) for stretch in _omissions(aligned, longest_slot)]
    skeleton = _skeleton(base, own + gaps)
    template = Template(base, skeleton, tuple(slots), tuple(stretch for stretch, _ in varied), longest_slot)
    uses = [_filled(base, use, slots, (spans[i] for _, spans in varied)) for i, use in enumerate(aligned)]
    common = merged((block.a, block.end_a) for use in aligned[1:] for block in worthwhile(use.blocks))
    return template, [replace(uses[0], agreeing=tuple(common)), *uses[1:]]


def _filled(base: Excerpt, use: Aligned, slots: Iterable[Slot], spans: Iterable[Stretch | None]) -> FilledUse:
    text = use.excerpt.text
    values = tuple(SlotValue(slot.name, text[span[0] : span[1]], *span) for slot, span in zip(slots, spans, strict=True) if span)
    likeness = matched(use.blocks) / max(len(base.chars), len(use.excerpt.chars), 1)
    return FilledUse(use.excerpt, likeness, values, tuple((block.b, block.end_b) for block in worthwhile(use.blocks)))


def _align(base: Excerpt, use: Excerpt) -> Aligned:
    blocks = [Block(0, 0, 0), *anchored_blocks(base.chars, use.chars), Block(len(base.chars), len(use.chars), 0)]
    gaps = [(one.end_a, other.a, one.end_b, other.b) for one, other in pairwise(blocks) if one.end_a < other.a or one.end_b < other.b]
    changes = [Change(a, end_a, base.chars[a:end_a], use.chars[b:end_b]) for a, end_a, b, end_b in _bridged(gaps)]
    return Aligned(use, blocks, tuple(changes))


def _bridged(gaps: Iterable[tuple[int, int, int, int]]) -> list[tuple[int, int, int, int]]:
    """Gaps (start and end in either text), those joined that lack text of one side and between which a character or two agree.

    Such agreement is by chance: where a use lacks a line, its next figures meet those of the line.
    """
    joined: list[tuple[int, int, int, int]] = []
    for gap in gaps:
        if joined and gap[0] - joined[-1][1] <= _CHANCE and abs(_growth(joined[-1]) + _growth(gap)) >= _LACKING:
            joined[-1] = (joined[-1][0], gap[1], joined[-1][2], gap[3])
        else:
            joined.append(gap)
    return joined


def _growth(gap: tuple[int, int, int, int]) -> int:
    return (gap[3] - gap[2]) - (gap[1] - gap[0])


def worthwhile(blocks: Chain) -> Chain:
    """The blocks of an alignment without those that agree by chance, amid more that differs.

    Blocks go together as long as what agrees outweighs what differs between them; together they must agree in 10 characters.
    """
    kept: Chain = []
    group: Chain = []
    score = best = best_size = 0
    for block in [*blocks, None]:
        lost = max(block.a - group[-1].end_a, block.b - group[-1].end_b) if block and group else 0
        if group and (block is None or score - lost < max(0, best - _DROP)):
            kept += group[:best_size] if best >= _AGREEING else []
            group, score, best, best_size, lost = [], 0, 0, 0, 0
        if block and block.length:
            group.append(block)
            score += block.length - lost
            if score >= best:
                best, best_size = score, len(group)
    return kept


def _stretches(base: Excerpt, aligned: Sequence[Aligned], longest: int) -> list[Stretch]:
    """Stretches of the first use in which others differ by what a slot holds, grown to whole expressions, in order.

    What only one use in fifty changes is no slot.
    """
    changes = Counter((change.start, change.end) for use in aligned for change in use.changes if change.is_slot(longest))
    often: Counter[int] = Counter()
    for (start, end), times in changes.items():
        often.update(dict.fromkeys(range(start, max(end, start + 1)), times))
    least = _RARE * len(aligned)
    kept = _finest(
        {
            change: changes[change]
            for change in changes
            if max(often[place] for place in range(change[0], max(change[1], change[0] + 1))) >= least
        }
    )
    if not kept:
        return []
    clean = base.text[base.start : base.end]
    words = _compared_spans(base, pairwise(accumulate(map(len, known_words(clean)), initial=0)))
    figures = _compared_spans(base, expressions(clean))
    return _joined(_grown(base, sorted(kept), words, figures), set(zip(*figures, strict=True)))


def _finest(changes: Mapping[Stretch, int]) -> set[Stretch]:
    """Changes (with the number of uses that have each) without those that run over several smaller ones made by more uses.

    A use that lacks a line changes the amount in it and the date behind it in one; for the others these are two slots, with text
    between them that they have in common.
    """
    kept = set()
    ordered = sorted(changes)
    starts = [start for start, _ in ordered]
    widest = max((end - start for start, end in ordered), default=0)
    for start, end in ordered:
        near = ordered[bisect_left(starts, start - widest) : bisect_left(starts, end)]
        finer = [c for c in near if c[1] > start and c[1] - c[0] < end - start and changes[c] > changes[start, end]]
        if not any(other[0] - one[1] >= _COMMON for one, other in pairwise(finer)):
            kept.add((start, end))
    return kept


Spans = tuple[list[int], list[int]]
"""Starts and ends of spans that do not overlap, in order."""


def _grown(base: Excerpt, changes: Iterable[Stretch], words: Spans, figures: Spans) -> Iterable[Stretch]:
    """Changes grown to whole words, dates, numbers and names."""
    for start, changed in changes:
        start, end = _widened(start, changed, words, touching=False)
        end = name_end(base.chars, changed, end)
        start, end = _widened(start, end, figures, touching=start == end)
        yield person_span(base.chars, start, end)


def _widened(start: int, end: int, spans: Spans, *, touching: bool) -> Stretch:
    """The stretch with the spans that it cuts into, or for an empty one touches: more digits are a change of the number."""
    starts, ends = spans
    first, last = bisect_right(ends, start - touching), bisect_left(starts, end + touching)
    return (min(start, starts[first]), max(end, ends[last - 1])) if first < last else (start, end)


def _compared_spans(base: Excerpt, spans: Iterable[Stretch]) -> Spans:
    """Starts and ends, in the compared characters, of spans given in the clean text of a use."""
    compared = [(bisect_left(base.places, base.start + s), bisect_left(base.places, base.start + e)) for s, e in spans]
    kept = [span for span in compared if span[0] < span[1]]
    return [start for start, _ in kept], [end for _, end in kept]


def _joined(stretches: Iterable[Stretch], figures: set[Stretch]) -> list[Stretch]:
    """Stretches in order, those that overlap or touch joined; but a date or number stays apart from what it only touches."""
    joined: list[Stretch] = []
    for stretch in sorted(stretches):
        before = joined[-1] if joined else None
        empty = before and (stretch[0] == stretch[1] or before[0] == before[1])
        apart = before and not empty and (before in figures or stretch in figures)
        if before and (stretch[0] < before[1] or (stretch[0] == before[1] and not apart)):
            joined[-1] = (before[0], max(before[1], stretch[1]))
        else:
            joined.append(stretch)
    return joined


def _omissions(aligned: Sequence[Aligned], longest: int) -> list[Stretch]:
    """Stretches of the first use that half of the other uses have not, or have quite different."""
    changes = [change for use in aligned for change in use.changes if any(map(fills, change.before)) and not change.is_slot(longest)]
    depth: Counter[int] = Counter()
    for change in changes:
        depth[change.start] += 1
        depth[change.end] -= 1
    found: list[Stretch] = []
    running = 0
    for place in sorted(depth):
        before, running = running, running + depth[place]
        if before * 2 < len(aligned) - 1 <= running * 2:
            found.append((place, place))
        elif running * 2 < len(aligned) - 1 <= before * 2:
            found[-1] = (found[-1][0], place)
    return found


def _varies(excerpts: Sequence[Excerpt], spans: Sequence[Stretch | None]) -> bool:
    """Whether uses have different text in a stretch, not only different punctuation."""
    values = {
        "".join(char for char in excerpt.text[span[0] : span[1]] if fills(char))
        for excerpt, span in zip(excerpts, spans, strict=True)
        if span
    }
    return len(values) > 1


def _named(excerpts: Sequence[Excerpt], slots: Sequence[Sequence[Stretch | None]]) -> list[Slot]:
    """Names and types of slots. Slots that the uses fill alike have one type: it shows where the name has its 社区 behind it."""
    values = [
        tuple(excerpt.text[span[0] : span[1]] if span else "" for excerpt, span in zip(excerpts, spans, strict=True)) for spans in slots
    ]
    behind = []
    for spans in slots:
        number, span = next((number, span) for number, span in enumerate(spans) if span)
        behind.append(excerpts[number].text[span[1] : span[1] + 8])
    types = [type_of(own, text) for own, text in zip(values, behind, strict=True)]
    votes: dict[str, Counter[str]] = {}
    for own, type_ in zip(values, types, strict=True):
        if type_ != "other":
            votes.setdefault(own[0], Counter())[type_] += 1
    count: Counter[str] = Counter()
    named = []
    for own, type_ in zip(values, types, strict=True):
        if own[0] in votes:
            type_ = min(votes[own[0]].items(), key=lambda vote: (-vote[1], vote[0]))[0]
        count[type_] += 1
        named.append(Slot(f"{type_}{count[type_]}", type_))
    return named


def _skeleton(base: Excerpt, parts: Iterable[tuple[int, int, str]]) -> str:
    """The text of the first use with slots in braces; what half of the others lack is left out."""
    pieces, at = [], base.start
    for start, end, shown in sorted(parts):
        if start >= at:
            pieces += [base.text[at:start], shown]
            at = end
    return "".join([*pieces, base.text[at : base.end]])
