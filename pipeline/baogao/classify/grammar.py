"""How a clause is built, apart from its topic: the sequence of its words' groups and parts of speech, its first verb and last word.

A word's group is that of configs/words/acts.yaml; a word that stands there in none has the part of speech that jieba's dictionary
gives it. So a clause with words that no training report has still looks like others of its build.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import Any

import numpy as np

from baogao.classify.features import BASE, NUMBER, FeatureRows, HashedText, Hashes, Ints, Spans, hash_words, spread
from baogao.resources import load_yaml

_TAGS = {
    "n": "n nr ns nt nz nrt nrfg ng j s", "i": "i l", "v": "v vg vq vi vd df", "vn": "vn", "a": "a ad an ag z b", "d": "d dg",
    "m": "m mq mg", "r": "r rr rg rz", "u": "u ul uv ud uj uz ug k y", "p": "p", "c": "c", "q": "q", "t": "t", "f": "f",
}  # fmt: skip
"""Parts of speech and the tags of jieba's dictionary that belong to each."""
_VERBS = ("event_verbs", "act_verbs", "action_nouns", "effect", "founding")
_TAG_VERBS = ("v", "vn")
_FIRST_TAG = 30
_NONE = 29
_PRIME = np.uint64(64)
"""Symbols are numbers below 64: groups from 0, then numbers, times and opening title marks; parts of speech from _FIRST_TAG."""


@cache
def _groups() -> tuple[Hashes, Ints, tuple[str, ...]]:
    """Sorted hashes of the words of configs/words/acts.yaml, the number of each one's group, and the groups' names."""
    groups = load_yaml("configs", "words", "acts.yaml")
    hashes, numbers = _sorted([(word, number) for number, words in enumerate(groups.values()) for word in words])
    if len(np.unique(hashes)) < len(hashes):
        raise ValueError("configs/words/acts.yaml: a word stands twice")
    return hashes, numbers, tuple(groups)


@cache
def _tagged() -> tuple[Hashes, Ints]:
    """Sorted hashes of the words of jieba's dictionary, and the symbol of each one's part of speech."""
    symbol = {tag: _FIRST_TAG + number for number, tags in enumerate(_TAGS.values()) for tag in tags.split()}
    found: list[tuple[str, int]] = []
    with resources.files("jieba").joinpath("dict.txt").open(encoding="utf-8") as lines:
        for line in lines:
            word, _, tag = line.rstrip("\n").split(" ")
            if tag in symbol:
                found.append((word, symbol[tag]))
    return _sorted(found)


def _sorted(entries: Sequence[tuple[str, int]]) -> tuple[Hashes, Ints]:
    hashes = hash_words(word for word, _ in entries)
    order = np.argsort(hashes, kind="stable")
    return hashes[order], np.array([number for _, number in entries])[order]


def _looked_up(tokens: Hashes, known: tuple[Hashes, Ints], missing: int) -> Ints:
    hashes, numbers = known
    places = np.minimum(np.searchsorted(hashes, tokens), len(hashes) - 1)
    return np.where(hashes[places] == tokens, numbers[places], missing)


def word_groups(text: HashedText, times: Spans) -> Ints:
    """For each token the number of its group, -1 for none; of a time expression only the first token counts."""
    hashes, numbers, names = _groups()
    groups = _looked_up(text.tokens, (hashes, numbers), -1)
    groups[text.tokens == NUMBER] = len(names)
    for i, mark in enumerate('《"', 2):
        groups[text.codes[text.token_starts] == ord(mark)] = len(names) + i
    for first, last in zip(*(np.searchsorted(text.token_starts, edge).tolist() for edge in times), strict=True):
        groups[first:last] = -1
        groups[first : first + 1] = len(names) + 1
    return groups


def symbols_of(text: HashedText, groups: Ints) -> Ints:
    """For each token its group or, where it has none, its part of speech."""
    return np.where(groups >= 0, groups, _looked_up(text.tokens, _tagged(), _NONE))


def add_grammar(rows: FeatureRows, text: HashedText, spans: Spans, groups: Ints) -> None:
    """The sequence of each span's word groups, other words left out: its 1-, 2- and 3-grams, first and last; groups at the edges."""
    starts, ends = spans
    grouped = np.flatnonzero(groups >= 0)
    places, symbols = text.token_starts[grouped], _symbol_hashes(groups[grouped])
    first, last = np.searchsorted(places, starts), np.searchsorted(places, ends)
    _add_sequence(rows, symbols, first, last, (1, 2, 3))
    every = _symbol_hashes(groups)
    edge = np.searchsorted(text.token_ends, ends, "right") - 1
    rows.add(np.arange(len(starts)), every[edge], 17)
    edge = np.minimum(np.searchsorted(text.token_starts, starts), len(groups) - 1)
    rows.add(np.arange(len(starts)), every[edge], 18)


def add_shape(rows: FeatureRows, text: HashedText, spans: Spans, symbols: Ints) -> None:
    """The sequence of each span's symbols: its 1- to 4-grams, first and last."""
    _add_sequence(rows, _symbol_hashes(symbols), *text.tokens_of(*spans), (1, 2, 3, 4))


def add_verb(rows: FeatureRows, text: HashedText, spans: Spans, symbols: Ints) -> None:
    """The first verb of each span and its last word, alone and as a pair; how far apart they are; what stands before the verb."""
    first, last = text.tokens_of(*spans)
    numbers = _symbol_hashes(symbols)
    filled = np.flatnonzero(last > first)
    rows.add(filled, text.tokens[last[filled] - 1], 46)
    rows.add(filled, text.tokens[first[filled]], 47)
    verbs = next_verbs(symbols)[first]
    has = np.flatnonzero((verbs < last) & (last > first))
    verb, end = verbs[has], last[has] - 1
    rows.add(has, text.tokens[verb], 40)
    rows.add(has, numbers[verb], 41)
    rows.add(has, text.tokens[verb] * BASE + text.tokens[end], 42)
    rows.add(has, text.tokens[verb] * BASE + numbers[end], 43)
    rows.add(has, numbers[verb] * BASE + text.tokens[end], 44)
    rows.add(has, numbers[verb] * _PRIME + numbers[end], 45)
    rows.add(has, np.minimum(end + 1 - verb, 10).astype(np.uint64), 48)
    rows.add(has, np.minimum(verb - first[has], 6).astype(np.uint64), 49)
    row, place = spread(first[has], verb)
    rows.add(has[row], numbers[place], 50)


def _symbol_hashes(symbols: Ints) -> Hashes:
    return (symbols + 1).astype(np.uint64)


@cache
def is_verb() -> np.ndarray[Any, np.dtype[np.bool_]]:
    """For each symbol whether it is one of a verb."""
    names, tags = _groups()[2], tuple(_TAGS)
    table = np.zeros(int(_PRIME), np.bool_)
    table[[names.index(name) for name in _VERBS] + [_FIRST_TAG + tags.index(tag) for tag in _TAG_VERBS]] = True
    return table


@cache
def symbol_table(*names: str) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """For each symbol whether it is one of these: groups of acts.yaml, parts of speech, number, time, title, quote, "" for no other."""
    groups, tags = _groups()[2], tuple(_TAGS)
    marks = {name: len(groups) + i for i, name in enumerate(("number", "time", "title", "quote"))} | {"": _NONE}
    table = np.zeros(int(_PRIME), np.bool_)
    table[[marks[name] if name in marks else groups.index(name) if name in groups else _FIRST_TAG + tags.index(name) for name in names]] = (
        True
    )
    return table


def next_verbs(symbols: Ints) -> Ints:
    """For each token, and for the place behind the last, the number of the next verb from there on; the number of tokens if none."""
    n = len(symbols)
    places = np.append(np.where(is_verb()[symbols], np.arange(n), n), n)
    return np.minimum.accumulate(places[::-1])[::-1]


def _add_sequence(rows: FeatureRows, symbols: Hashes, first: Ints, last: Ints, lengths: Sequence[int]) -> None:
    kind = 10 if len(lengths) == 3 else 30
    for n in lengths:
        row, place = spread(first, last - n + 1)
        hashes = symbols[place]
        for i in range(1, n):
            hashes = hashes * _PRIME + symbols[place + i]
        rows.add(row, hashes, kind + n)
    filled = np.flatnonzero(last > first)
    opening, closing = symbols[first[filled]], symbols[last[filled] - 1]
    rows.add(filled, opening, kind + 5)
    rows.add(filled, closing, kind + 6)
    rows.add(filled, opening * _PRIME + closing, kind + 7)
