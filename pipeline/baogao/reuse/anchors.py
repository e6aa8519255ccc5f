"""Alignment of two whole texts, also very long ones: cut at runs that stand once in each, then aligned piece by piece."""

from __future__ import annotations

from bisect import bisect_left
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein

from baogao.reuse.align import Block, Chain
from baogao.reuse.folding import Hashes, codes_of, gram_hashes

_PIECE = 2000
_ANCHOR = 12


def anchored_blocks(a: str, b: str) -> Chain:
    """Equal blocks of two texts, in the order of both; pieces of more than 2,000 characters without an anchor count as different.

    >>> anchored_blocks("柳荫社区开展义诊", "石桥社区开展义诊")
    [Block(a=2, b=2, length=6)]
    """
    if a == b:
        return [Block(0, 0, len(a))] if a else []
    cuts = [(0, 0), *(_anchors(a, b) if max(len(a), len(b)) > _PIECE else []), (len(a), len(b))]
    blocks: Chain = []
    for (start_a, start_b), (end_a, end_b) in pairwise(cuts):
        if max(end_a - start_a, end_b - start_b) <= _PIECE:
            found = Levenshtein.editops(a[start_a:end_a], b[start_b:end_b]).as_matching_blocks()
            blocks += [Block(start_a + block.a, start_b + block.b, block.size) for block in found if block.size]
    return _joined(blocks)


def _joined(blocks: Chain) -> Chain:
    """Blocks of which none goes on where another ends."""
    joined: Chain = []
    for block in blocks:
        if joined and joined[-1].end_a == block.a and joined[-1].end_b == block.b:
            joined[-1] = Block(joined[-1].a, joined[-1].b, joined[-1].length + block.length)
        else:
            joined.append(block)
    return joined


def _anchors(a: str, b: str) -> list[tuple[int, int]]:
    """Places of runs that stand once in each text, as many as keep the order of both (longest increasing subsequence)."""
    hashes_a, hashes_b = gram_hashes(codes_of(a), _ANCHOR), gram_hashes(codes_of(b), _ANCHOR)
    _, places_a, places_b = np.intersect1d(_single(hashes_a), _single(hashes_b), return_indices=True)
    once_a, once_b = _single_places(hashes_a)[places_a], _single_places(hashes_b)[places_b]
    order = np.argsort(once_a)
    return _increasing(once_a[order].tolist(), once_b[order].tolist())


def _single_places(hashes: Hashes) -> NDArray[np.int64]:
    """Places of the hashes that stand once, by ascending hash."""
    _, places, counts = np.unique(hashes, return_index=True, return_counts=True)
    once: NDArray[np.int64] = places[counts == 1].astype(np.int64)
    return once


def _single(hashes: Hashes) -> Hashes:
    """The hashes that stand once, ascending."""
    return hashes[_single_places(hashes)]


def _increasing(firsts: list[int], seconds: list[int]) -> list[tuple[int, int]]:
    """The longest choice of pairs with rising seconds (patience sorting); firsts rise already."""
    tails: list[int] = []
    last: list[int] = []
    before = [-1] * len(seconds)
    for i, second in enumerate(seconds):
        place = bisect_left(tails, second)
        before[i] = last[place - 1] if place else -1
        tails[place : place + 1], last[place : place + 1] = [second], [i]
    chosen = []
    i = last[-1] if last else -1
    while i >= 0:
        chosen.append((firsts[i], seconds[i]))
        i = before[i]
    return chosen[::-1]
