"""What kinds of doing and of things a clause's words are (configs/words/senses.yaml), and how its words are formed.

Chinese words wear their kind at their edges: what ends in 赛, 会 or 栏 is alike, what begins with 印 or 巡 too. First and last
characters of words so carry over to words that no training report has, as the kinds of a thesaurus do.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from baogao.classify.features import NUMBER, FeatureRows, HashedText, Hashes, Ints, Spans, hash_words, spread
from baogao.classify.taxonomy import named_places
from baogao.resources import load_yaml

_PAIR = np.uint64(64)
"""Kinds and symbols are numbers below 64."""
_MANY = 3
_TYPES = 20
"""Numbers of types are below this."""


@cache
def _kinds() -> tuple[Hashes, Ints, int, int]:
    """Sorted hashes of the words, the number of each one's kind, how many kinds there are, and how many of them are of verbs."""
    groups = load_yaml("configs", "words", "senses.yaml")
    entries = [(word, number) for number, words in enumerate(groups.values()) for word in words]
    hashes = hash_words(word for word, _ in entries)
    if len(np.unique(hashes)) < len(hashes):
        raise ValueError("configs/words/senses.yaml: a word stands twice")
    order = np.argsort(hashes, kind="stable")
    verbs = sum(name.startswith("v_") for name in groups)
    return hashes[order], np.array([number for _, number in entries])[order], len(groups), verbs


def word_kinds(text: HashedText) -> Ints:
    """For each token the number of its kind, numbers being one of their own; -1 for none."""
    hashes, numbers, count, _ = _kinds()
    places = np.minimum(np.searchsorted(hashes, text.tokens), len(hashes) - 1)
    kinds: Ints = np.where(hashes[places] == text.tokens, numbers[places], -1)
    kinds[text.tokens == NUMBER] = count
    return kinds


def add_kinds(rows: FeatureRows, text: HashedText, spans: Spans, kinds: Ints) -> None:
    """The kinds of each span's words: alone, in a row, in pairs wherever they stand, first and last, last verb with every noun."""
    known = np.flatnonzero(kinds >= 0)
    symbols = (kinds[known] + 1).astype(np.uint64)
    first, last = _inside(text, spans, known)
    row, place = spread(first, last)
    rows.add(row, symbols[place], 70)
    row, place = spread(first, last - 1)
    rows.add(row, symbols[place] * _PAIR + symbols[place + 1], 71)
    row, left, right = _pairs(first, last)
    low, high = np.minimum(symbols[left], symbols[right]), np.maximum(symbols[left], symbols[right])
    rows.add(row, low * _PAIR + high, 72)
    filled = np.flatnonzero(last > first)
    opening, closing = symbols[first[filled]], symbols[last[filled] - 1]
    rows.add(filled, opening, 73)
    rows.add(filled, closing, 74)
    rows.add(filled, opening * _PAIR + closing, 75)
    rows.add(np.arange(len(first)), np.minimum(last - first, 6).astype(np.uint64), 76)


def add_outline(rows: FeatureRows, text: HashedText, spans: Spans, kinds: Ints) -> None:
    """The kinds of each span's words, first and last: enough to know a neighbour by."""
    known = np.flatnonzero(kinds >= 0)
    symbols = (kinds[known] + 1).astype(np.uint64)
    first, last = _inside(text, spans, known)
    row, place = spread(first, last)
    rows.add(row, symbols[place], 80)
    filled = np.flatnonzero(last > first)
    rows.add(filled, symbols[first[filled]], 81)
    rows.add(filled, symbols[last[filled] - 1], 82)


def add_forms(rows: FeatureRows, text: HashedText, spans: Spans, symbols: Ints) -> None:
    """First and last characters of each span's words, alone and with the word's group or part of speech (grammar.symbols_of)."""
    row, token = spread(*text.tokens_of(*spans))
    opening = text.codes[text.token_starts[token]].astype(np.uint64)
    closing = text.codes[text.token_ends[token] - 1].astype(np.uint64)
    symbol = (symbols[token] + 1).astype(np.uint64)
    rows.add(row, opening, 60)
    rows.add(row, closing, 61)
    rows.add(row, opening * _PAIR + symbol, 62)
    rows.add(row, closing * _PAIR + symbol, 63)


def add_named(rows: FeatureRows, text: str, spans: Spans) -> None:
    """The types of activities that words of each span point to (taxonomy.py): which, which first and last, how many words."""
    places, types = named_places(text)
    first, last = (np.searchsorted(places, edge) for edge in spans)
    row, word = spread(first, last)
    alone = np.unique(row * _TYPES + types[word])
    rows.add_flags(alone // _TYPES, alone % _TYPES)
    rows.add_flags(np.arange(len(first)), 100 + np.minimum(last - first, _MANY))
    filled = np.flatnonzero(last > first)
    opening, closing = types[first[filled]], types[last[filled] - 1]
    rows.add_flags(filled, _TYPES + closing)
    rows.add_flags(filled, 2 * _TYPES + opening)
    rows.add_flags(filled, 200 + _TYPES * opening + closing)


def _inside(text: HashedText, spans: Spans, known: Ints) -> tuple[Ints, Ints]:
    """For each span its first among the known tokens and the one behind its last."""
    starts, ends = spans
    places = text.token_starts[known]
    return np.searchsorted(places, starts), np.searchsorted(places, ends)


def _pairs(first: Ints, last: Ints) -> tuple[Ints, Ints, Ints]:
    """(row, i, j) for any two places first <= i < j < last of every row; of a long row the places within LONGEST of each other."""
    row, left = spread(first, last)
    behind = np.minimum(last[row], left + 1 + LONGEST)
    number, right = spread(left + 1, behind)
    return row[number], left[number], right


LONGEST = 12
"""Words of known kind over which a pair is looked for: bounds the number of pairs of a text by its length."""
