"""Edges between spans of text: which unit of one report is the same passage as which unit of another."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from baogao.reuse.align import Block, Chain, align, align_within, is_long, is_passage, matched, merged
from baogao.reuse.alike import groups_of
from baogao.reuse.folding import fold, text_of
from baogao.reuse.recent import Recent
from baogao.reuse.runs import exact_runs, worth_aligning
from baogao.reuse.seeds import links_of
from baogao.reuse.settings import PassageSettings
from baogao.reuse.store import Store
from baogao.reuse.tasks import load_rows, save_rows
from baogao.reuse.units import Level, Units, units_of

_ENDS = [(field, "<u4") for field in ("a", "start_a", "end_a", "b", "start_b", "end_b")]
EDGE = np.dtype([("level", "u1"), ("moved", "?"), *_ENDS])
"""Span [start_a, end_a) of report a and [start_b, end_b) of report b are one passage; places of the folded texts.

`moved` marks a passage that stands in another order among what the two reports share.
"""
_WHOLE = (Level.REPORT, Level.SECTION, Level.PARAGRAPH, Level.SENTENCE)
_CACHED_CHARS = 2_000_000
_ORDERED = 200


@dataclass(frozen=True, slots=True)
class Cut:
    """A report's folded text, its units, and the spans of its formulas."""

    text: str
    units: dict[Level, Units]
    formulas: list[tuple[int, int]]

    def plain(self, blocks: Iterable[Block]) -> int:
        """Characters that blocks match outside the formulas of this report, their text a."""
        return matched(_outside(blocks, self.formulas))


def cut(store: Store, formulas: Sequence[NDArray[Any]], report: int) -> Cut:
    """Fold a report and cut it into units; `formulas` are those of each part."""
    codes = store.codes(report)
    folded, places = fold(codes)
    rows = formulas[store.parts[report]]
    first, last = np.searchsorted(rows["report"], (report, report + 1))
    return Cut(text_of(folded), units_of(text_of(codes), places), rows[["start", "end"]][first:last].tolist())


def pieces(blocks: Iterable[Block], a: Units, b: Units) -> Iterator[tuple[int, int, Block]]:
    """Blocks cut at the borders of units: unit of a, unit of b, block."""
    for block in blocks:
        at = 0
        while at < block.length:
            place_a, place_b = block.a + at, block.b + at
            unit_a, unit_b = a.at(place_a), b.at(place_b)
            size = min(block.length - at, a.ends[unit_a] - place_a, b.ends[unit_b] - place_b)
            yield unit_a, unit_b, Block(place_a, place_b, size)
            at += size


def same_units(chains: Iterable[Chain], a: Units, b: Units, least: Callable[[int], float]) -> dict[tuple[int, int], list[Block]]:
    """Pairs of units that are the same passage, with the blocks that align them.

    `least` gives the characters that two units must have in common, from the length of the longer one.
    """
    if not a.starts or not b.starts:
        return {}
    common: dict[tuple[int, int], list[Block]] = defaultdict(list)
    for unit_a, unit_b, block in pieces((block for chain in chains for block in chain), a, b):
        common[unit_a, unit_b].append(block)
    found = {}
    for (unit_a, unit_b), blocks in common.items():
        needed = least(max(a.ends[unit_a] - a.starts[unit_a], b.ends[unit_b] - b.starts[unit_b]))
        if matched(blocks) >= needed and aligned_chars(blocks) >= needed:
            found[unit_a, unit_b] = blocks
    return found


def in_order(chains: Sequence[Chain]) -> list[Chain]:
    """The chains that keep the order of both texts: those that match most together, of at most 200 longest ones."""
    longest = sorted(sorted(chains, key=matched, reverse=True)[:_ORDERED], key=lambda chain: (chain[0].a, chain[0].b))
    best: list[tuple[int, int]] = []  # characters matched up to and with each chain, and the chain before it
    for i, chain in enumerate(longest):
        before = [(best[j][0], j) for j in range(i) if longest[j][-1].end_a <= chain[0].a and longest[j][-1].end_b <= chain[0].b]
        total, last = max(before, default=(0, -1))
        best.append((total + matched(chain), last))
    at = max(range(len(best)), key=lambda i: best[i][0], default=-1)
    kept = []
    while at >= 0:
        kept.append(longest[at])
        at = best[at][1]
    return kept[::-1]


def aligned_chars(blocks: Sequence[Block]) -> int:
    """Characters that blocks, which may overlap, cover of the text of which they cover less."""
    of_a = merged((block.a, block.end_a) for block in blocks)
    of_b = merged((block.b, block.end_b) for block in blocks)
    return min(sum(end - start for start, end in spans) for spans in (of_a, of_b))


def parts_outside(chain: Chain, covered: Sequence[tuple[int, int]], settings: PassageSettings) -> Iterator[Chain]:
    """The stretches of a chain that lie outside the given spans of text a, which are sorted and do not touch each other."""
    part: Chain = []
    for block in _outside(chain, covered):
        if part and (block.a - part[-1].end_a > settings.slot or block.b - part[-1].end_b > settings.slot):
            yield part
            part = []
        part.append(block)
    if part:
        yield part


def _outside(chain: Iterable[Block], covered: Sequence[tuple[int, int]]) -> Iterator[Block]:
    """Blocks without the characters that lie in one of the spans of text a."""
    if not covered:
        yield from chain
        return
    for block in chain:
        at, end = block.a, block.a + block.length
        for i in range(bisect_right(covered, at, key=lambda span: span[1]), len(covered)):
            if covered[i][0] >= end:
                break
            if covered[i][0] > at:
                yield Block(at, block.b + at - block.a, covered[i][0] - at)
            at = covered[i][1]
        if at < end:
            yield Block(at, block.b + at - block.a, end - at)


def edges_between(a: Cut, b: Cut, chains: Sequence[Chain], settings: PassageSettings) -> Iterator[tuple[int, bool, int, int, int, int]]:
    """Spans of two reports that are the same passage: level, whether it was moved, start and end in a, start and end in b."""
    share = settings.same_aligned if is_long(sum(map(matched, chains)), settings) else settings.same
    chains = [chain for chain in chains if a.plain(chain) >= settings.shortest]
    ordered = in_order(chains)
    kept = merged((chain[0].a, chain[-1].end_a) for chain in ordered)
    covered = []
    for level in _WHOLE:
        of_a, of_b = a.units[level], b.units[level]
        found = same_units(ordered if level == Level.REPORT else chains, of_a, of_b, lambda length: share * max(length, settings.shortest))
        for (unit_a, unit_b), blocks in found.items():
            if a.plain(blocks) < settings.shortest:
                continue
            covered.append((of_a.starts[unit_a], of_a.ends[unit_a]))
            yield level, _is_moved(blocks, kept), *covered[-1], of_b.starts[unit_b], of_b.ends[unit_b]
    whole = merged(covered)
    for chain in chains:
        for part in parts_outside(chain, whole, settings):
            if is_passage(part, settings) and a.plain(part) >= settings.shortest:
                yield Level.PART, _is_moved(part, kept), part[0].a, part[-1].end_a, part[0].b, part[-1].end_b


def _is_moved(blocks: Iterable[Block], kept: Sequence[tuple[int, int]]) -> bool:
    """Whether most of the blocks lie outside the spans of text a that kept their order."""
    lengths = [(block.length, matched(_outside([block], kept))) for block in blocks]
    return sum(outside for _, outside in lengths) * 2 > sum(length for length, _ in lengths)


def find_edges(
    out: Path, folder: Path, files: tuple[Sequence[Path], Sequence[Path]], reports: tuple[int, int], settings: PassageSettings
) -> None:
    """Task: write the edges between the reports a in a range and all others that their seeds link them to.

    `files` are the folders of formulas by part, and those of links.
    """
    store, (seeded, linked) = Store(folder), files
    runs = exact_runs(links_of(linked, reports), store.all_folded, store.folded_spans, settings.seed)
    runs = runs[np.lexsort((runs["place_b"], runs["place_a"], runs["b"], runs["a"]))]
    runs = runs[worth_aligning(runs, store.all_folded, store.folded_spans, settings)]
    formulas = [load_rows(path / "formulas.npy") for path in seeded]
    cuts = Recent(lambda report: cut(store, formulas, report), lambda kept: len(kept.text), _CACHED_CHARS)
    rows: list[tuple[int, ...]] = []
    starts, sizes = groups_of(np.stack([runs["a"], runs["b"]], axis=1))
    for start, size in zip(starts.tolist(), sizes.tolist(), strict=True):
        number_a, number_b = int(runs["a"][start]), int(runs["b"][start])
        a, b = cuts[number_a], cuts[number_b]
        group = runs[start : start + size]
        blocks = [Block(*row) for row in zip(group["place_a"].tolist(), group["place_b"].tolist(), group["length"].tolist(), strict=True)]
        chains = align_within(a.text, blocks, settings) if number_a == number_b else align(a.text, b.text, blocks, settings)
        for level, moved, start_a, end_a, start_b, end_b in edges_between(a, b, chains, settings):
            rows.append((level, moved, number_a, start_a, end_a, number_b, start_b, end_b))
    save_rows(out, np.unique(np.array(rows, EDGE)))
