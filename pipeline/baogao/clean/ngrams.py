"""A character-bigram model of report prose: how much a text costs in nats, character by character.

Repairs ask it whether a changed reading is likelier than what stands there. It counts the reports of the training corpus and,
so that rare words do not look like damage, the words of jieba's dictionary by their frequency. Smoothing is Witten and Bell's
(1991, method C): a character seen before many different ones leaves more room for unseen ones.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

import jieba
import numpy as np
import opencc
from numpy.typing import NDArray

from baogao.resources import resource

_PLANE = 0x10000
_UNKNOWN, _BREAK = 0, 1
_SIDE = 4096
_FREQUENT = _SIDE - 1
"""Pairs are kept of symbols below this number; the last row and column of the table stand empty for all others."""
_STEP = 1 / 16
"""Resolution in which costs are stored, in nats; 255 steps reach down to a probability of 1e-7."""
_DICTIONARY_WEIGHT = 1 / 500
"""What one occurrence behind a frequency of jieba's dictionary counts beside one in a report."""
_RAREST_PAIR = 20 * _DICTIONARY_WEIGHT
"""Pairs that weigh less are left to the smoothing: they would double the file and change few costs."""
_UNSEEN_WEIGHT = 0.01
"""What a character weighs that was never seen."""


@dataclass(frozen=True, slots=True, eq=False)
class CharBigrams:
    """Costs are -log p in steps of 1/16 nat.

    `symbols` maps a code point to its symbol: scripts, widths, kinds of quotation mark, digits and letters are folded, so that
    one model serves Simplified and Traditional text; 0 is an unknown character, 1 a line break or the text's end, the rest are
    numbered from the most frequent on. `pairs` is a table of the pairs of the first 4095, 0 where a pair was not seen; `single`
    holds each symbol's own cost and `back_off` what an unseen pair costs on top.
    """

    symbols: NDArray[np.uint16]
    single: NDArray[np.uint8]
    back_off: NDArray[np.uint8]
    pairs: NDArray[np.uint8]

    def encode(self, text: str) -> NDArray[np.uint16]:
        """Symbols of the characters."""
        points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        return self.symbols[np.minimum(points, _PLANE - 1)]

    def costs(self, text: str) -> NDArray[np.float32]:
        """Cost of each character behind the one before it, and of the end: len(text) + 1 numbers."""
        return self.costs_of(self.encode(text))

    def costs_of(self, symbols: NDArray[np.uint16]) -> NDArray[np.float32]:
        """The same of a text that is encoded."""
        line = np.full(len(symbols) + 2, _BREAK, dtype=np.uint16)
        line[1:-1] = symbols
        return self.pair_costs(line[:-1], line[1:])

    def pair_costs(self, first: NDArray[np.uint16], second: NDArray[np.uint16]) -> NDArray[np.float32]:
        """Cost of each second symbol behind its first one."""
        seen = self.pairs[np.minimum(first, _FREQUENT), np.minimum(second, _FREQUENT)]
        unseen = self.back_off[first].astype(np.uint16) + self.single[second]
        return np.where(seen, seen, unseen) * np.float32(_STEP)

    def single_costs(self, symbols: NDArray[np.uint16]) -> NDArray[np.float32]:
        """Cost of each symbol wherever it stands."""
        return self.single[symbols] * np.float32(_STEP)

    def affinity(self, left: Sequence[str], right: Sequence[str]) -> NDArray[np.float32]:
        """How much likelier, in nats, each right character is behind its left one than anywhere (pointwise mutual information)."""
        first, second = (self.encode("".join(chars)) for chars in (left, right))
        return self.single_costs(second) - self.pair_costs(first, second)

    def cost(self, text: str, before: str = "\n") -> float:
        """Cost of a text that follows `before` (one character), its end left open."""
        symbols = self.encode(before + text)
        return float(self.pair_costs(symbols[:-1], symbols[1:]).sum())

    def save(self, path: Path) -> None:
        """Write the model as a compressed npz file without pickles; the same model gives the same bytes."""
        seen = np.flatnonzero(self.pairs).astype(np.uint32)
        gaps = np.diff(seen, prepend=np.uint32(0))
        costs = self.pairs.ravel()[seen]
        np.savez_compressed(path, symbols=self.symbols, single=self.single, back_off=self.back_off, gaps=gaps, costs=costs)


@cache
def load_ngrams() -> CharBigrams:
    """The model that ships with baogao."""
    with np.load(resource("models", "ngrams.npz"), allow_pickle=False) as stored:
        pairs = np.zeros(_SIDE * _SIDE, dtype=np.uint8)
        pairs[np.cumsum(stored["gaps"], dtype=np.uint32)] = stored["costs"]
        return CharBigrams(stored["symbols"], stored["single"], stored["back_off"], pairs.reshape(_SIDE, _SIDE))


def train_ngrams(texts: Iterable[str]) -> CharBigrams:
    """The model of the given clean texts (a paragraph a line) and of jieba's dictionary."""
    fold = _folding()
    pairs: Counter[tuple[str, str]] = Counter()
    for text in texts:
        line = "\n" + "".join(fold[ord(char)] if ord(char) < _PLANE else char for char in text) + "\n"
        pairs.update(pairwise(line))
    weighted = {pair: float(count) for pair, count in pairs.items()}
    single = Counter(char for _, char in pairs.elements())
    weights = {char: float(count) for char, count in single.items()}
    for word, frequency in jieba_words():
        weight = frequency * _DICTIONARY_WEIGHT
        for char in word:
            weights[char] = weights.get(char, 0.0) + weight
        for pair in pairwise(word):
            weighted[pair] = weighted.get(pair, 0.0) + weight
    return _model(fold, weights, {pair: weight for pair, weight in weighted.items() if weight >= _RAREST_PAIR})


def jieba_words() -> Iterable[tuple[str, int]]:
    """Words and frequencies of jieba's dictionary."""
    for line in Path(jieba.__file__).with_name("dict.txt").read_text(encoding="utf-8").splitlines():
        word, frequency, *_ = line.split(" ")
        yield word, int(frequency)


def _folding() -> list[str]:
    """For each code point of the first plane the character that stands for it in the model."""
    plain = [_fold(chr(point)) for point in range(_PLANE)]
    simplified = opencc.OpenCC("t2s").convert("\n".join(char if "\u3400" <= char <= "\u9fff" else "" for char in plain)).split("\n")
    return [new or old for old, new in zip(plain, simplified, strict=True)]


def _fold(char: str) -> str:
    if "\ud800" <= char <= "\udfff":
        return char
    category, folded = unicodedata.category(char), unicodedata.normalize("NFKC", char)
    if category == "Nd":
        return "0"
    if "a" <= folded.lower() <= "z":
        return "a"
    if category in ("Pi", "Pf") or char in "\"'`´":
        return '"'
    if category in ("Ps", "Pe") and char not in "《》":
        return "(" if category == "Ps" else ")"
    if char in "\r\n\f\ufffd":
        return "\n"
    if char.isspace():
        return " "
    return folded if len(folded) == 1 and not folded.isspace() else char


def _model(fold: list[str], weights: dict[str, float], pairs: dict[tuple[str, str], float]) -> CharBigrams:
    """Witten-Bell: p(b|a) = (w(ab) + t(a) p(b)) / (w(a) + t(a)), with t(a) the number of different characters seen behind a."""
    chars = ["", "\n", *sorted(weights.keys() - {"\n"}, key=lambda char: (-weights[char], char))]
    number = {char: i for i, char in enumerate(chars)}
    mass = np.array([_UNSEEN_WEIGHT, *(weights.get(char, 1.0) for char in chars[1:])])
    single = mass / mass.sum()
    known = sorted((number[a], number[b], w) for (a, b), w in pairs.items() if number[a] < _FREQUENT and number[b] < _FREQUENT)
    first, second = (np.array([pair[i] for pair in known], dtype=np.intp) for i in (0, 1))
    weight = np.array([w for _, _, w in known])
    total = np.bincount(first, weight, minlength=len(chars))
    types = np.bincount(first, minlength=len(chars)).clip(min=1)
    likely = (weight + types[first] * single[second]) / (total + types)[first]
    table = np.zeros((_SIDE, _SIDE), dtype=np.uint8)
    table[first, second] = _quantised(likely).clip(min=1)
    symbols = np.array([number.get(char, _UNKNOWN) for char in fold], dtype=np.uint16)
    return CharBigrams(symbols, _quantised(single), _quantised(types / (total + types)), table)


def _quantised(probability: NDArray[np.float64]) -> NDArray[np.uint8]:
    return np.clip(np.rint(-np.log(probability) / _STEP), 0, 255).astype(np.uint8)
