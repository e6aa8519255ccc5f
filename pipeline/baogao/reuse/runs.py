"""Runs: the longest exact agreement around each seed, and which of them are worth aligning."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from baogao.reuse.alike import Numbers
from baogao.reuse.folding import Codes
from baogao.reuse.settings import PassageSettings

RUN = np.dtype([("a", "<u4"), ("b", "<u4"), ("place_a", "<u4"), ("place_b", "<u4"), ("length", "<u4")])
"""The same characters in reports a >= b, which end or differ before and behind."""

_WIDTHS = (16, 64, 256, 1024, 4096)
_COMPARED = 1 << 22
_AROUND = 24


def agreement(codes: Codes, one: Numbers, other: Numbers, room: Numbers, step: int) -> Numbers:
    """How many characters agree from two places on, forwards (step 1) or backwards (-1), up to `room` of them."""
    length = np.zeros(len(one), np.int64)
    active = np.flatnonzero(room > 0)
    round_ = 0
    while len(active):
        width = _WIDTHS[min(round_, len(_WIDTHS) - 1)]
        grown = np.concatenate(
            [
                _agreement_within(
                    codes, one[lot] + step * length[lot], other[lot] + step * length[lot], room[lot] - length[lot], step * width
                )
                for lot in np.array_split(active, len(active) * width // _COMPARED + 1)
            ]
        )
        length[active] += grown
        active = active[(grown == width) & (length[active] < room[active])]
        round_ += 1
    return length


def _agreement_within(codes: Codes, one: Numbers, other: Numbers, room: Numbers, reach: int) -> Numbers:
    """The same for at most abs(reach) characters, in the direction of its sign."""
    width, step = abs(reach), 1 if reach > 0 else -1
    offsets = step * np.arange(width)
    last = len(codes) - 1
    same = codes[np.clip(one[:, None] + offsets, 0, last)] == codes[np.clip(other[:, None] + offsets, 0, last)]
    same &= np.arange(width) < room[:, None]
    return np.where(same.all(axis=1), width, same.argmin(axis=1))


def exact_runs(links: NDArray[Any], codes: Codes, spans: tuple[Numbers, Numbers], seed: int) -> NDArray[Any]:
    """Runs around links that are sorted by reports, diagonal and place; each run once."""
    starts, ends = spans
    a, b = links["a"].astype(np.int64), links["b"].astype(np.int64)
    place_a, place_b = links["place_a"].astype(np.int64), links["place_b"].astype(np.int64)
    one, other = starts[a] + place_a, starts[b] + place_b
    follows = np.zeros(len(links), bool)
    follows[:-1] = (a[1:] == a[:-1]) & (b[1:] == b[:-1]) & (np.diff(place_a) == np.diff(place_b))
    room = np.minimum(ends[a] - one, ends[b] - other)
    room[:-1][follows[:-1]] = np.diff(place_a)[follows[:-1]]
    ahead = agreement(codes, one, other, room, 1)
    joined = follows & (ahead == room)
    opens = np.flatnonzero(np.concatenate([np.ones(min(1, len(links)), bool), ~joined[:-1]]))
    last = np.append(opens[1:], len(links)) - 1 if len(links) else opens
    behind = agreement(codes, one[opens] - 1, other[opens] - 1, np.minimum(place_a, place_b)[opens], -1)
    runs = np.empty(len(opens), RUN)
    runs["a"], runs["b"] = a[opens], b[opens]
    runs["place_a"], runs["place_b"] = place_a[opens] - behind, place_b[opens] - behind
    length = behind + place_a[last] - place_a[opens] + ahead[last]
    apart = place_a[opens] - place_b[opens]
    runs["length"] = np.where(a[opens] == b[opens], np.minimum(length, apart), length)
    return runs[runs["length"] >= seed]


def worth_aligning(runs: NDArray[Any], codes: Codes, spans: tuple[Numbers, Numbers], settings: PassageSettings) -> NDArray[np.bool_]:
    """Which runs, sorted by reports and place_a, are long, or near another one, or stand in text that is half the same."""
    length = runs["length"].astype(np.int64)
    end = runs["place_a"] + length
    diagonal = runs["place_a"].astype(np.int64) - runs["place_b"]
    near = (runs["a"][1:] == runs["a"][:-1]) & (runs["b"][1:] == runs["b"][:-1])
    near &= (runs["place_a"][1:] <= end[:-1] + settings.gap) & (abs(np.diff(diagonal)) <= settings.gap)
    worth = length >= settings.shortest
    worth[1:] |= near
    worth[:-1] |= near
    rest = np.flatnonzero(~worth)
    worth[rest] = _same_around(runs[rest], codes, spans) >= 0.5
    return np.asarray(worth)


def _same_around(runs: NDArray[Any], codes: Codes, spans: tuple[Numbers, Numbers]) -> NDArray[np.float64]:
    """Share of the characters before and behind each run that agree on its diagonal."""
    starts, ends = spans
    offsets = np.arange(-_AROUND, _AROUND)
    share = [np.empty(0)]
    for lot in np.array_split(runs, len(runs) * 2 * _AROUND // _COMPARED + 1):
        length = lot["length"].astype(np.int64)[:, None]
        shift = np.where(offsets < 0, offsets, offsets + length)
        one, other = (
            starts[lot["a"]][:, None] + lot["place_a"][:, None] + shift,
            starts[lot["b"]][:, None] + lot["place_b"][:, None] + shift,
        )
        inside = (one >= starts[lot["a"]][:, None]) & (one < ends[lot["a"]][:, None])
        inside &= (other >= starts[lot["b"]][:, None]) & (other < ends[lot["b"]][:, None])
        last = len(codes) - 1
        same = (codes[np.clip(one, 0, last)] == codes[np.clip(other, 0, last)]) & inside
        share.append(same.sum(axis=1) / np.maximum(inside.sum(axis=1), 1))
    return np.concatenate(share)
