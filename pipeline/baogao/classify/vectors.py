"""What words mean, as vectors learned from a large general text: words that no training report has are near to some that one has.

The vectors (models/words.npz, made by corpus/build/word_vectors.py) come from word2vec (Mikolov et al. 2013). A clause is described
by the mean of its words and by those words that say most of what was done: its first verb and its last words.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from baogao.classify.features import COLUMNS, NUMBER, HashedText, Hashes, Ints, Matrix, Spans, hash_words, spread
from baogao.classify.grammar import next_verbs
from baogao.resources import resource

Floats = npt.NDArray[np.float32]

WEIGHT = 0.5
"""Length of a word's vector beside the hashed features, whose rows have length 1: chosen on corpus/dev."""
LONGEST_CUT = 4
"""Characters that may be cut from a word that has no vector, to find that of a part of it."""
SHORTEST_PART = 2


@cache
def _table() -> tuple[Hashes, Floats]:
    """Sorted hashes of the words, and the vector of each; behind the last a row of zeros for words without one."""
    with np.load(resource("models", "words.npz"), allow_pickle=False) as stored:
        words, vectors = bytes(stored["words"]).decode().split("\n"), stored["vectors"].astype(np.float32)
    hashes = hash_words(words)
    order = np.argsort(hashes, kind="stable")
    vectors *= WEIGHT / np.linalg.norm(vectors, axis=1, keepdims=True)
    return hashes[order], np.concatenate([vectors[order], np.zeros((1, vectors.shape[1]), np.float32)])


def vectors_of_words(words: Sequence[str]) -> Floats:
    """The vectors of words (words x dimensions), zeros where there is none."""
    vectors: Floats = _table()[1][_looked_up(hash_words(words))]
    return vectors


def word_numbers(text: HashedText) -> Ints:
    """For each token the row of its vector, -1 for numbers and where there is none.

    A longer word without a vector has that of its longest known tail (科普知识 is read as 知识), else of its beginning (宣传栏 as 宣传).
    """
    numbers, starts, ends = _looked_up(text.tokens), text.token_starts, text.token_ends
    for left, right in [(cut, 0) for cut in range(1, LONGEST_CUT + 1)] + [(0, cut) for cut in range(1, LONGEST_CUT + 1)]:
        unknown = np.flatnonzero((numbers < 0) & (ends - starts >= left + right + SHORTEST_PART))
        numbers[unknown] = _looked_up(text.hashes(starts[unknown] + left, ends[unknown] - right))
    numbers[text.tokens == NUMBER] = -1
    return numbers


def _looked_up(hashes: Hashes) -> Ints:
    known = _table()[0]
    places = np.minimum(np.searchsorted(known, hashes), len(known) - 1)
    return np.where(known[places] == hashes, places, -1)


def meaning(text: HashedText, symbols: Ints, spans: Spans) -> Matrix:
    """A row a span, as a block of features: the mean of its words' vectors, then those of its first verb, of its last word that has
    one, and of the word with one before that."""
    numbers = word_numbers(text)
    first, last = text.tokens_of(*spans)
    dense = np.hstack([_mean(numbers, first, last), *(_table()[1][row] for row in _key_words(numbers, next_verbs(symbols), first, last))])
    rows, width = dense.shape
    places = np.tile(np.arange(width, dtype=np.int32), rows)
    return sp.csr_matrix((dense.ravel(), places, np.arange(0, rows * width + 1, max(width, 1))), (rows, COLUMNS))


def _mean(numbers: Ints, first: Ints, last: Ints) -> Floats:
    """For each stretch of tokens the sum of their vectors over the root of their number, so that what they share stands out."""
    row, token = spread(first, last)
    known = numbers[token] >= 0
    counts = np.bincount(row[known], minlength=len(first))
    starts = np.concatenate([[0], np.cumsum(counts)])
    chosen = sp.csr_matrix((np.ones(starts[-1], np.float32), numbers[token[known]], starts), (len(first), len(_table()[1])))
    means: Floats = (chosen @ _table()[1]) / np.sqrt(np.maximum(counts, 1))[:, None].astype(np.float32)
    return means


def _key_words(numbers: Ints, verbs: Ints, first: Ints, last: Ints) -> list[Ints]:
    """For each stretch of tokens the rows of the vectors of its first verb, its last word and its last but one; -1 where there is none."""
    verb = verbs[first]
    known = np.flatnonzero(numbers >= 0)
    low, behind = np.searchsorted(known, first), np.searchsorted(known, last)
    at = [np.append(known, len(numbers))[np.where(behind - back >= low, behind - back, -1)] for back in (1, 2)]
    return [np.append(numbers, -1)[place] for place in (np.where(verb < last, verb, len(numbers)), *at)]
