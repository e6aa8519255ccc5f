"""Alignment of two texts from the runs that they share: chains of runs, bridged over slot-like changes, grown at both ends.

Places are those of the folded texts. A chain keeps the order of both texts; items that were moved make chains of their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein

from baogao.reuse.settings import PassageSettings

_WINDOW = 64
_HALF = 0.5
_LONG = 3


class Block(NamedTuple):
    """`length` equal characters from place a of one text and place b of the other."""

    a: int
    b: int
    length: int

    @property
    def end_a(self) -> int:
        """Place behind it in the first text."""
        return self.a + self.length

    @property
    def end_b(self) -> int:
        """Place behind it in the second text."""
        return self.b + self.length


Chain = list[Block]


def matched(chain: Iterable[Block]) -> int:
    """Number of characters that a chain matches."""
    return sum([length for _, _, length in chain])


def span_length(chain: Chain) -> int:
    """Length of the longer of the two stretches that a chain covers."""
    return max(chain[-1].end_a - chain[0].a, chain[-1].end_b - chain[0].b)


def merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans sorted, those that overlap or touch joined to one."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def is_long(same: int, settings: PassageSettings) -> bool:
    """Whether so many matched characters, three times the shortest passage, vouch for more changes between them."""
    return same >= _LONG * settings.shortest


def is_passage(chain: Chain, settings: PassageSettings) -> bool:
    """Whether a chain is a reused passage: a long enough run, or long enough in all and with few enough changes."""
    if max(block.length for block in chain) >= settings.shortest:
        return True
    same = matched(chain)
    share = settings.same_aligned if is_long(same, settings) else settings.same
    return same >= settings.shortest and same >= share * span_length(chain)


def align(a: str, b: str, runs: Sequence[Block], settings: PassageSettings) -> list[Chain]:
    """Chains of reused text between two texts from their runs, sorted by place a."""
    grown = [_grown(a, b, piece) for chain in _chains(runs, settings.gap) for piece in _bridged(a, b, chain, settings)]
    return [chain for chain in grown if is_passage(chain, settings)]


def align_within(text: str, runs: Sequence[Block], settings: PassageSettings) -> list[Chain]:
    """Chains of text that a text repeats further on (place a behind place b); a repetition does not overlap what it repeats."""
    found = [piece for chain in _chains(runs, settings.gap) for piece in _bridged(text, text, chain, settings)]
    return [chain for chain in found if chain[-1].end_b <= chain[0].a and is_passage(chain, settings)]


def _chains(runs: Sequence[Block], gap: int) -> list[Chain]:
    """Runs put in chains: each joins the open chain on the nearest diagonal that ends at most `gap` before it."""
    done: list[Chain] = []
    open_: list[Chain] = []
    for run in runs:
        done += [chain for chain in open_ if run.a - chain[-1].end_a > gap]
        open_ = [chain for chain in open_ if run.a - chain[-1].end_a <= gap]
        fitting = [chain for chain in open_ if _follows(chain[-1], run, gap)]
        if fitting:
            min(fitting, key=lambda chain: abs((run.a - run.b) - (chain[-1].a - chain[-1].b))).append(run)
        else:
            open_.append([run])
    return done + open_


def _follows(last: Block, run: Block, gap: int) -> bool:
    """Whether most of a run lies behind the last block in both texts, and not too far."""
    overlap = max(last.end_a - run.a, last.end_b - run.b, 0)
    return overlap * 2 < run.length and run.b - last.end_b <= gap


def _bridged(a: str, b: str, chain: Chain, settings: PassageSettings) -> Iterable[Chain]:
    """The chain with what agrees between its runs, cut where too much differs for one passage."""
    piece = [chain[0]]
    for run in chain[1:]:
        last = piece[-1]
        overlap = max(last.end_a - run.a, last.end_b - run.b, 0)
        run = Block(run.a + overlap, run.b + overlap, run.length - overlap)
        longer = max(run.a - last.end_a, run.b - last.end_b)
        between = _blocks(a[last.end_a : run.a], b[last.end_b : run.b], last.end_a, last.end_b)
        alike = matched(between) >= _HALF * longer
        if longer <= settings.slot or alike:
            piece += [*(between if alike else []), run]
        else:
            yield piece
            piece = [run]
    yield piece


def _blocks(a: str, b: str, at_a: int, at_b: int) -> Chain:
    """Equal blocks of a best alignment of two short texts that begin at the given places."""
    if not a or not b:
        return []
    found = Levenshtein.editops(a, b).as_matching_blocks()
    return [Block(at_a + block.a, at_b + block.b, block.size) for block in found if block.size]


def _grown(a: str, b: str, chain: Chain) -> Chain:
    """The chain with what agrees behind and before it, as far as more agrees than differs."""
    chain = chain + _ahead(a, b, chain[-1].end_a, chain[-1].end_b)
    first = chain[0]
    before_a, before_b = a[max(0, first.a - 4 * _WINDOW) : first.a][::-1], b[max(0, first.b - 4 * _WINDOW) : first.b][::-1]
    mirrored = _ahead(before_a, before_b, 0, 0)
    return [Block(first.a - block.end_a, first.b - block.end_b, block.length) for block in reversed(mirrored)] + chain


def _ahead(a: str, b: str, at_a: int, at_b: int) -> Chain:
    """Equal blocks from two places on, window by window, cut where the characters that agree no longer outnumber the others."""
    found: Chain = []
    while True:
        size = min(_WINDOW, len(a) - at_a, len(b) - at_b)
        kept = _best_prefix(_blocks(a[at_a : at_a + size], b[at_b : at_b + size], at_a, at_b), at_a, at_b)
        found += kept
        if not kept or kept[-1].end_a - at_a < _WINDOW // 2:
            return found
        at_a, at_b = kept[-1].end_a, kept[-1].end_b


def _best_prefix(blocks: Chain, at_a: int, at_b: int) -> Chain:
    """The first blocks for which matched minus changed characters is greatest."""
    best = score = cut = 0
    for number, block in enumerate(blocks, 1):
        score += block.length - max(block.a - at_a, block.b - at_b)
        at_a, at_b = block.end_a, block.end_b
        if score > best:
            best, cut = score, number
    return blocks[:cut]
