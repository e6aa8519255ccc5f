"""Hashed features of text spans, computed for several reports at once.

Every n-gram is known by a 64-bit polynomial hash of its characters, taken from prefix sums, so that the features of all tokens and
clauses of some reports (surroundings.Joined) come out of a few array operations; mixed and cut to `BITS` bits the hash is the
column of the feature (the hashing trick, Weinberger et al. 2009). Nothing here depends on Python's own `hash`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from baogao.language.sentences import Span

BITS = 16
COLUMNS = 1 << BITS
"""Number of feature columns of one block."""

Ints = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]
Spans = tuple[Ints, Ints]
"""Starts and ends of stretches of a text."""
Matrix = Any
"""A scipy.sparse CSR matrix of float32 with COLUMNS columns."""

BASE = np.uint64(0x9E3779B97F4A7C15)
_INVERSE = np.uint64(pow(0x9E3779B97F4A7C15, -1, 1 << 64))
_MIX = np.uint64(0xBF58476D1CE4E5B9)
_DIGIT, _MASK = ord("0"), ord("×")
NUMBER = np.uint64(0x5851F42D4C957F2D)
"""Hash of every token that is a number."""


_FOLDED = (
    ("0123456789０１２３４５６７８９", _DIGIT), ("*＊_＿×ＸｘXx#", _MASK), ("“”「」『』", ord('"')), ("…。", ord(".")),
    ("，", ord(",")), ("；", ord(";")), ("：", ord(":")),
)  # fmt: skip
"""Characters that count as one."""


@cache
def _folded() -> npt.NDArray[np.uint32]:
    """For each code point of the basic plane the one that stands for it: digits alike, full-width forms as ASCII, small letters."""
    table = np.arange(0x10000, dtype=np.uint32)
    table[0xFF01:0xFF5F] -= 0xFEE0
    table[ord("A") : ord("Z") + 1] += 32
    table[0xFF21:0xFF3B] += 32
    for group, folded in _FOLDED:
        table[[ord(c) for c in group]] = folded
    return table


@cache
def _is_numeral() -> npt.NDArray[np.bool_]:
    """For each code point of the basic plane whether it is a numeral or stands for one."""
    table = np.zeros(0x10000, np.bool_)
    table[[ord(c) for c in "0一二三四五六七八九十百千万两几数余多×"]] = True
    return table


class HashedText:
    """A text's characters, folded, with the hash of any of its stretches, and the hashes of its tokens."""

    def __init__(self, text: str, token_starts: npt.ArrayLike) -> None:
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
        self.codes = _folded()[np.minimum(codes, 0xFFFF)]
        n = len(codes)
        powers = np.cumprod(np.full(n, _INVERSE, np.uint64)) if n else np.empty(0, np.uint64)
        self._prefix: Hashes = np.concatenate(([np.uint64(0)], np.cumsum(self.codes.astype(np.uint64) * powers, dtype=np.uint64)))
        self._powers: Hashes = np.cumprod(np.full(n + 1, BASE, np.uint64), dtype=np.uint64)
        self.token_starts: Ints = np.array(token_starts, np.int64)
        self.token_ends: Ints = np.append(self.token_starts[1:], n) if n else self.token_starts
        self.tokens = self._token_hashes()

    def tokens_of(self, starts: Ints, ends: Ints) -> tuple[Ints, Ints]:
        """For each stretch its first token and the one behind its last, of the tokens that lie inside it."""
        first = np.searchsorted(self.token_starts, starts)
        return first, np.maximum(first, np.searchsorted(self.token_ends, ends, "right"))

    def hashes(self, starts: Ints, ends: Ints) -> Hashes:
        """Hash of the characters in each stretch [start, end)."""
        result: Hashes = (self._prefix[ends] - self._prefix[starts]) * self._powers[starts]
        return result

    def _token_hashes(self) -> Hashes:
        numeral = np.concatenate(([0], np.cumsum(_is_numeral()[self.codes])))
        hashes: Hashes = self.hashes(self.token_starts, self.token_ends)
        numbers = numeral[self.token_ends] - numeral[self.token_starts] == self.token_ends - self.token_starts
        hashes[numbers] = NUMBER
        return hashes


def hash_words(words: Iterable[str]) -> Hashes:
    """The hashes that HashedText gives these words as tokens."""
    joined = list(words)
    starts = np.cumsum([0, *map(len, joined)])[:-1]
    return HashedText("".join(joined), starts).tokens


class FeatureRows:
    """Collects features (row, hash) and makes a matrix of them."""

    def __init__(self, n_rows: int) -> None:
        self._n_rows = n_rows
        self._rows: list[Ints] = []
        self._hashes: list[Hashes] = []

    def add(self, rows: Ints, hashes: Hashes, kind: int) -> None:
        """Features of one kind: the same hash of another kind is another feature."""
        self._rows.append(rows)
        self._hashes.append(hashes + np.uint64(kind * int(NUMBER) % (1 << 64)))

    def add_flags(self, rows: Ints, numbers: Ints) -> None:
        """Features that the caller numbers itself."""
        self.add(rows, numbers.astype(np.uint64), 9)

    def matrix(self) -> Matrix:
        """Counts of features; each row is scaled by the root of its number of features, so that long spans do not shout."""
        rows = np.concatenate([*self._rows, np.empty(0, np.int64)])
        columns = _mixed(np.concatenate([*self._hashes, np.empty(0, np.uint64)]))
        sizes = np.bincount(rows, minlength=self._n_rows)
        values = np.repeat((1 / np.sqrt(np.maximum(sizes, 1))).astype(np.float32), sizes)
        starts = np.zeros(len(sizes) + 1, np.int32)
        np.cumsum(sizes, out=starts[1:])
        order = np.argsort(rows.astype(np.uint16) if self._n_rows <= 1 << 16 else rows, kind="stable")  # 16 bits are sorted by radix
        return sp.csr_matrix((values, columns[order], starts), (self._n_rows, COLUMNS))


def _mixed(hashes: Hashes) -> npt.NDArray[np.int32]:
    """The columns that hashes are mixed and cut to; overwrites the hashes."""
    hashes *= _MIX
    hashes ^= hashes >> np.uint64(31)
    hashes *= BASE
    return (hashes >> np.uint64(64 - BITS)).astype(np.int32)


def spread(starts: Ints, ends: Ints) -> tuple[Ints, Ints]:
    """(row, place) for every place of every stretch [start, end)."""
    lengths = np.maximum(ends - starts, 0)
    rows = np.repeat(np.arange(len(starts)), lengths)
    places = np.arange(len(rows)) + np.repeat(starts - np.cumsum(lengths) + lengths, lengths)
    return rows, places


def edges(spans: Sequence[Span]) -> Spans:
    """Starts and ends of spans."""
    return np.array([start for start, _ in spans], np.int64), np.array([end for _, end in spans], np.int64)


def add_ngrams(rows: FeatureRows, text: HashedText, spans: Spans, lengths: Sequence[int]) -> None:
    """Character n-grams of each span, for each n of `lengths`."""
    starts, ends = spans
    for n in lengths:
        row, place = spread(starts, ends - n + 1)
        rows.add(row, text.hashes(place, place + n), n)


def add_tokens(rows: FeatureRows, text: HashedText, spans: Spans) -> None:
    """Tokens, token pairs, first and last token of each span."""
    first, last = text.tokens_of(*spans)
    row, token = spread(first, last)
    rows.add(row, text.tokens[token], 4)
    row, token = spread(first, last - 1)
    rows.add(row, text.tokens[token] * BASE + text.tokens[token + 1], 6)
    filled = np.flatnonzero(last > first)
    rows.add(filled, text.tokens[first[filled]], 7)
    rows.add(filled, text.tokens[last[filled] - 1], 8)


def add_flags(rows: FeatureRows, flags: Sequence[Sequence[int]]) -> None:
    """Features that the caller numbers itself: flags[i] holds those of row i."""
    row = np.repeat(np.arange(len(flags)), np.array(list(map(len, flags)), np.int64))
    rows.add_flags(row, np.array(list(chain.from_iterable(flags)), np.int64))
