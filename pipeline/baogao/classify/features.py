"""Hashed features of text spans, computed for a whole report at once.

Every n-gram is known by a 64-bit polynomial hash of its characters, taken from prefix sums, so that the features of all tokens and
clauses of a report come out of a few array operations; mixed and cut to `BITS` bits the hash is the column of the feature
(the hashing trick, Weinberger et al. 2009). Nothing here depends on Python's own `hash`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from baogao.language.sentences import Span
from baogao.resources import load_yaml

BITS = 16
COLUMNS = 1 << BITS
"""Number of feature columns of one block."""

Ints = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]
Matrix = Any
"""A scipy.sparse CSR matrix of float32 with COLUMNS columns."""

_BASE = np.uint64(0x9E3779B97F4A7C15)
_INVERSE = np.uint64(pow(0x9E3779B97F4A7C15, -1, 1 << 64))
_MIX = np.uint64(0xBF58476D1CE4E5B9)
_DIGIT, _MASK = ord("0"), ord("×")
_NUMBER = np.uint64(0x5851F42D4C957F2D)
"""Hash of every token that is a number."""


@cache
def _folded() -> npt.NDArray[np.uint32]:
    """For each code point of the basic plane the one that stands for it: digits alike, full-width forms as ASCII, small letters."""
    table = np.arange(0x10000, dtype=np.uint32)
    table[0xFF01:0xFF5F] -= 0xFEE0
    table[ord("A") : ord("Z") + 1] += 32
    table[0xFF21:0xFF3B] += 32
    for group, folded in (("0123456789０１２３４５６７８９", _DIGIT), ("*＊_＿×ＸｘXx#", _MASK), ("“”「」『』", ord('"')), ("…。", ord("."))):
        table[[ord(c) for c in group]] = folded
    table[[ord("，"), ord("；"), ord("：")]] = [ord(","), ord(";"), ord(":")]
    return table


_NUMERALS = np.array(sorted(map(ord, "0一二三四五六七八九十百千万两几数余多×")), dtype=np.uint32)


class HashedText:
    """A text's characters, folded, with the hash of any of its stretches, and the hashes of its tokens."""

    def __init__(self, text: str, token_starts: Sequence[int]) -> None:
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
        self.codes = _folded()[np.minimum(codes, 0xFFFF)]
        n = len(codes)
        powers = np.cumprod(np.full(n, _INVERSE, np.uint64)) if n else np.empty(0, np.uint64)
        self._prefix = np.concatenate(([np.uint64(0)], np.cumsum(self.codes.astype(np.uint64) * powers, dtype=np.uint64)))
        self._powers = np.cumprod(np.full(n + 1, _BASE, np.uint64))
        self.token_starts: Ints = np.array(token_starts, np.int64)
        self.token_ends: Ints = np.append(self.token_starts[1:], n) if n else self.token_starts
        self.tokens = self._token_hashes()

    def hashes(self, starts: Ints, ends: Ints) -> Hashes:
        """Hash of the characters in each stretch [start, end)."""
        return (self._prefix[ends] - self._prefix[starts]) * self._powers[starts]

    def _token_hashes(self) -> Hashes:
        numeral = np.concatenate(([0], np.cumsum(np.isin(self.codes, _NUMERALS))))
        hashes = self.hashes(self.token_starts, self.token_ends)
        numbers = numeral[self.token_ends] - numeral[self.token_starts] == self.token_ends - self.token_starts
        return np.where(numbers, _NUMBER, hashes)


def hash_words(words: Iterable[str]) -> Hashes:
    """The hashes that HashedText gives these words as tokens."""
    joined = list(words)
    starts = np.concatenate(([0], np.cumsum([len(word) for word in joined])))[:-1]
    return HashedText("".join(joined), starts).tokens


@cache
def _lexicon() -> tuple[Hashes, Ints, int]:
    """Sorted hashes of the words of configs/words/acts.yaml, the number of each one's group, and the number of groups."""
    groups = list(load_yaml("configs", "words", "acts.yaml").values())
    hashes = np.concatenate([hash_words(words) for words in groups])
    numbers = np.repeat(np.arange(len(groups)), [len(words) for words in groups])
    order = np.argsort(hashes, kind="stable")
    if len(np.unique(hashes)) < len(hashes):
        raise ValueError("configs/words/acts.yaml: a word stands twice")
    return hashes[order], numbers[order], len(groups)


def word_groups(text: HashedText, times: Sequence[Span]) -> Ints:
    """For each token the number of its group in configs/words/acts.yaml; numbers, times and opening title marks are further
    groups; -1 for any other token. Of a time expression only the first token counts."""
    known, numbers, n = _lexicon()
    places = np.minimum(np.searchsorted(known, text.tokens), len(known) - 1)
    groups = np.where(known[places] == text.tokens, numbers[places], -1)
    groups[text.tokens == _NUMBER] = n
    for i, mark in enumerate("《\"", 2):
        groups[text.codes[text.token_starts] == ord(mark)] = n + i
    for start, end in times:
        first = np.searchsorted(text.token_starts, start)
        groups[first : np.searchsorted(text.token_starts, end)] = -1
        groups[first : first + 1] = n + 1
    return groups


class FeatureRows:
    """Collects features (row, hash) and makes a matrix of them."""

    def __init__(self, n_rows: int) -> None:
        self._n_rows = n_rows
        self._rows: list[Ints] = []
        self._columns: list[Ints] = []

    def add(self, rows: Ints, hashes: Hashes, kind: int) -> None:
        """Features of one kind: the same hash of another kind is another feature."""
        mixed = (hashes + np.uint64(kind * int(_NUMBER) % (1 << 64))) * _MIX
        mixed ^= mixed >> np.uint64(31)
        self._rows.append(rows)
        self._columns.append(((mixed * _BASE) >> np.uint64(64 - BITS)).astype(np.int64))

    def matrix(self) -> Matrix:
        """Counts of features; each row is scaled by the root of its number of features, so that long spans do not shout."""
        rows = np.concatenate([*self._rows, np.empty(0, np.int64)])
        columns = np.concatenate([*self._columns, np.empty(0, np.int64)])
        sizes = np.maximum(np.bincount(rows, minlength=self._n_rows), 1)
        values = (1 / np.sqrt(sizes))[rows].astype(np.float32)
        return sp.csr_matrix((values, (rows, columns)), (self._n_rows, COLUMNS))


def spread(starts: Ints, ends: Ints) -> tuple[Ints, Ints]:
    """(row, place) for every place of every stretch [start, end)."""
    lengths = np.maximum(ends - starts, 0)
    rows = np.repeat(np.arange(len(starts)), lengths)
    places = np.arange(len(rows)) - np.repeat(np.cumsum(lengths) - lengths, lengths) + np.repeat(starts, lengths)
    return rows, places


def _edges(spans: Sequence[Span]) -> tuple[Ints, Ints]:
    return np.array([start for start, _ in spans], np.int64), np.array([end for _, end in spans], np.int64)


def add_ngrams(rows: FeatureRows, text: HashedText, spans: Sequence[Span], lengths: Sequence[int]) -> None:
    """Character n-grams of each span, for each n of `lengths`."""
    starts, ends = _edges(spans)
    for n in lengths:
        row, place = spread(starts, ends - n + 1)
        rows.add(row, text.hashes(place, place + n), n)


def add_tokens(rows: FeatureRows, text: HashedText, spans: Sequence[Span]) -> None:
    """Tokens, token pairs, first and last token of each span."""
    starts, ends = _edges(spans)
    first = np.searchsorted(text.token_starts, starts)
    last = np.searchsorted(text.token_ends, ends, "right")
    row, token = spread(first, last)
    rows.add(row, text.tokens[token], 4)
    row, token = spread(first, last - 1)
    rows.add(row, text.tokens[token] * _BASE + text.tokens[token + 1], 6)
    filled = np.flatnonzero(last > first)
    rows.add(filled, text.tokens[first[filled]], 7)
    rows.add(filled, text.tokens[last[filled] - 1], 8)


def add_grammar(rows: FeatureRows, text: HashedText, spans: Sequence[Span], groups: Ints) -> None:
    """The sequence of word groups of each span: its 1-, 2- and 3-grams, first and last, and the group of the last token itself."""
    starts, ends = _edges(spans)
    grouped = np.flatnonzero(groups >= 0)
    places, numbers = text.token_starts[grouped], groups[grouped].astype(np.uint64) + np.uint64(1)
    first, last = np.searchsorted(places, starts), np.searchsorted(places, ends)
    for n in (1, 2, 3):
        row, place = spread(first, last - n + 1)
        hashes = numbers[place]
        for i in range(1, n):
            hashes = hashes * np.uint64(64) + numbers[place + i]
        rows.add(row, hashes, 10 + n)
    filled = np.flatnonzero(last > first)
    opening, closing = numbers[first[filled]], numbers[last[filled] - 1]
    rows.add(filled, opening, 14)
    rows.add(filled, closing, 15)
    rows.add(filled, opening * np.uint64(64) + closing, 16)
    edge = np.searchsorted(text.token_ends, ends, "right") - 1
    rows.add(np.arange(len(starts)), (groups[edge] + 1).astype(np.uint64), 17)
    edge = np.minimum(np.searchsorted(text.token_starts, starts), len(groups) - 1)
    rows.add(np.arange(len(starts)), (groups[edge] + 1).astype(np.uint64), 18)


def add_flags(rows: FeatureRows, flags: Sequence[Sequence[int]]) -> None:
    """Features that the caller numbers itself: flags[i] holds those of row i."""
    row = np.repeat(np.arange(len(flags)), [len(numbers) for numbers in flags])
    rows.add(row, np.array([number for numbers in flags for number in numbers], np.uint64), 9)
