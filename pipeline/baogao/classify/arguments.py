"""Where, by whom, with whom and for whom an act is done: which phrases of its sentence say so.

Every short run of words that can be a noun phrase is a candidate. A linear model for each argument judges it by its words, by what
stands before and behind it, by what governs it, and by how it stands to the act. The lists of nouns in configs/words/arguments.yaml
are among the features.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from baogao.classify.features import BASE, FeatureRows, Hashes, Ints, Matrix, edges, hash_words, spread
from baogao.classify.grammar import is_verb, symbol_table
from baogao.classify.linear import Floats, LinearModel
from baogao.classify.surroundings import Surroundings
from baogao.language.sentences import Span
from baogao.resources import load_yaml

ARGUMENTS = ("audience", "organizer", "partners", "place")
THRESHOLD = 0.1
"""Score from which a phrase is an argument: low, since the candidates that share words divide what speaks for one of them.

Chosen on corpus/dev."""
LONGEST = 8
"""Tokens that a candidate may have; of the annotated values 97 % do not have more."""
BEFORE, BEHIND, INSIDE = 60, 12, 200
"""Tokens of an act's sentence before and behind it that are looked at, and of the act itself."""
BATCH = 200
"""Acts that are looked at together, which bounds memory."""
_LISTS = ("units", "actors", "people", "places", "localizers", "events", "modifiers")
_LONGEST_WORD = 4
_FAR = np.int64(6)
_BREAKS, _INNER = "，。；：、！？,;:!?\n（）()", "、"
_LAST = ("n", "r", "f", "u", "i", "a", "q", "v", "m", "people", "things", "founding", "abstract", "event_nouns", "quote", "")
_FIRST = ("vn", "action_nouns", "state", "number", *(symbol for symbol in _LAST if symbol != "u"))
_GOES_ON = ("n", "people")
"""What a candidate can begin and end with, and what it cannot follow: words in the middle of a phrase begin none."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """Runs of tokens [first, last) that may be arguments: one row for each act whose sentence they are in."""

    acts: Ints
    first: Ints
    last: Ints


@dataclass(frozen=True, slots=True)
class Phrase:
    """Text[start:end] and how likely it is the argument that it was chosen for."""

    start: int
    end: int
    score: float


Phrases = Mapping[str, tuple[Phrase, ...]]
"""The phrases of each argument of an act, in the order of the text; of partners at most more than one."""


@dataclass(frozen=True, slots=True)
class ArgumentModel:
    """Chooses the phrases that are arguments of acts; one class of `model` an argument, each against the rest."""

    model: LinearModel

    def choose(self, around: Surroundings, acts: Sequence[tuple[Span, Span]]) -> list[Phrases]:
        """For each act, given as (whole span, span of its head clause), the phrases of each argument."""
        chosen: list[Phrases] = []
        for low in range(0, len(acts), BATCH):
            batch = acts[low : low + BATCH]
            found = candidates(around, batch)
            scores = self._scores(around, batch, found)
            chosen += self._best(around, len(batch), found, scores)
        return chosen

    def _scores(self, around: Surroundings, acts: Sequence[tuple[Span, Span]], found: Candidates) -> Floats:
        """Score between 0 and 1 of each candidate for each argument; what does not hang on the act is described once."""
        keys, places = np.unique(found.first * (LONGEST + 1) + found.last - found.first, return_inverse=True)
        first = keys // (LONGEST + 1)
        last = first + keys % (LONGEST + 1)
        own = sum(block @ weights for block, weights in zip(phrase_features(around, first, last), self.model.weights, strict=False))
        scores = self.model.intercept + own[places] + relation_features(around, acts, found) @ self.model.weights[-1]
        result: Floats = 1 / (1 + np.exp(-scores))
        return result

    def _best(self, around: Surroundings, n_acts: int, found: Candidates, scores: Floats) -> list[Phrases]:
        """For each act the likeliest phrase of each argument, of partners all that do not overlap."""
        likely, number = np.nonzero(scores >= THRESHOLD)
        likelihood = scores[likely, number]
        order = np.argsort(-likelihood, kind="stable")
        rows = likely[order]
        starts, ends = around.hashed.token_starts[found.first[rows]], around.hashed.token_ends[found.last[rows] - 1]
        kept: list[dict[str, tuple[Phrase, ...]]] = [dict.fromkeys(self.model.classes, ()) for _ in range(n_acts)]
        columns = (found.acts[rows], number[order], starts, ends, likelihood[order])
        for act, argument, start, end, score in zip(*(column.tolist() for column in columns), strict=True):
            name = self.model.classes[argument]
            others = kept[act][name]
            if not others or (name == "partners" and all(end <= other.start or other.end <= start for other in others)):
                kept[act][name] = tuple(sorted((*others, Phrase(start, end, score)), key=lambda phrase: phrase.start))
        return list(kept)


def candidates(around: Surroundings, acts: Sequence[tuple[Span, Span]]) -> Candidates:
    """The candidates of each act, ordered by act."""
    symbols, marks, stops = around.symbols, _is_mark(around, _BREAKS), _stops(around)
    n = len(symbols)
    blank = np.fromiter((token.isspace() for token in around.document.tokens), np.bool_, n)
    after_mark, before = np.append(True, marks[:-1])[:n], np.append(0, symbols[:-1])[:n]
    opens = symbol_table(*_FIRST)[symbols] & ~marks & ~blank & (~symbol_table(*_GOES_ON)[before] | after_mark)
    closes = symbol_table(*_LAST)[symbols] & ~marks & ~blank
    rows, tokens, last_tokens = _windows(around, acts)
    chosen = np.flatnonzero(opens[tokens])
    found_acts, first, last = [], [], []
    for length in range(1, LONGEST + 1):
        end = tokens[chosen] + length
        inside = np.minimum(end, n)
        good = (end <= last_tokens[rows[chosen]]) & (stops[inside] == stops[tokens[chosen]]) & closes[inside - 1]
        found_acts.append(rows[chosen][good])
        first.append(tokens[chosen][good])
        last.append(end[good])
    acts_of, firsts, lasts = np.concatenate(found_acts), np.concatenate(first), np.concatenate(last)
    order = np.lexsort((lasts, firsts, acts_of))
    return Candidates(acts_of[order], firsts[order], lasts[order])


def _windows(around: Surroundings, acts: Sequence[tuple[Span, Span]]) -> tuple[Ints, Ints, Ints]:
    """(act, token) for each token of each act's window, and for each act the token behind its window."""
    sentences = around.document.sentences
    starts, ends = (np.array(bounds, np.int64) for bounds in zip(*sentences, strict=True)) if sentences else edges([])
    span_starts, span_ends = edges([span for span, _ in acts])
    sentence_starts = np.append(0, starts)[np.searchsorted(starts, span_starts, "right")]
    sentence_ends = np.append(ends, len(around.document.text))[np.searchsorted(ends, span_ends)]
    low, high = around.hashed.tokens_of(span_starts, span_ends)
    first, last = around.hashed.tokens_of(sentence_starts, sentence_ends)
    last = np.minimum(last, np.minimum(high, low + INSIDE) + BEHIND)
    return *spread(np.maximum(first, low - BEFORE), last), last


def phrase_features(around: Surroundings, first: Ints, last: Ints) -> tuple[Matrix, Matrix]:
    """What runs of tokens are and what stands around them, in two blocks: words; parts of speech and lists of words."""
    text, symbols, listed = around.hashed, _hashes(around.symbols), _listed(around)
    tokens, final, rows = text.tokens, len(text.tokens) - 1, np.arange(len(first))
    words, build = FeatureRows(len(first)), FeatureRows(len(first))
    starts, ends = text.token_starts[first], text.token_ends[last - 1]
    one_before, two_before, behind, next_behind = (np.clip(place, 0, final) for place in (first - 1, first - 2, last, last + 1))
    governor, verb = _governors(around)[first], np.minimum(_next_verbs(around)[last - 1], final)
    far, length = np.minimum(first - governor, _FAR).astype(np.uint64), (last - first).astype(np.uint64)
    kind = listed[last - 1]
    for number, hashes in enumerate((
        tokens[first], tokens[last - 1], text.hashes(ends - 1, ends), text.hashes(np.maximum(ends - 2, starts), ends),
        tokens[one_before], tokens[two_before] * BASE + tokens[one_before], tokens[behind], tokens[behind] * BASE + tokens[next_behind],
        tokens[governor] * BASE + far, tokens[verb], tokens[one_before] * BASE + tokens[behind], text.hashes(starts, ends),
        tokens[one_before] * BASE + kind, tokens[behind] * BASE + kind, tokens[governor] * BASE + tokens[verb],
        tokens[governor] * BASE + kind, text.hashes(starts, starts + 1),
    )):  # fmt: skip
        words.add(rows, hashes, 100 + number)
    sequence = _sequence(symbols, first, last)
    before_and_behind = symbols[one_before] * BASE + symbols[behind]
    for number, hashes in enumerate((
        sequence, sequence * BASE + before_and_behind, before_and_behind * BASE + kind, length * BASE + kind, kind, symbols[one_before],
        symbols[behind], symbols[behind] * BASE + symbols[next_behind], symbols[two_before] * BASE + symbols[one_before],
        symbols[first], symbols[last - 1], symbols[first] * BASE + symbols[one_before], symbols[last - 1] * BASE + symbols[behind],
        (symbols[governor] * BASE + far) * BASE + kind, (symbols[governor] * BASE + kind) * BASE + symbols[verb],
        np.minimum(verb - last, _FAR).astype(np.uint64) * BASE + kind, listed[behind], listed[one_before], listed[behind] * BASE + kind,
    )):  # fmt: skip
        build.add(rows, hashes, 130 + number)
    return words.matrix(), build.matrix()


def relation_features(around: Surroundings, acts: Sequence[tuple[Span, Span]], found: Candidates) -> Matrix:
    """How candidates stand to their acts."""
    text, symbols, listed, stops = around.hashed, _hashes(around.symbols), _listed(around), _stops(around)
    final, first, rows = len(text.tokens) - 1, found.first, np.arange(len(found.acts))
    low, high = (bound[found.acts] for bound in text.tokens_of(*edges([span for span, _ in acts])))
    head_low, head_high = (bound[found.acts] for bound in text.tokens_of(*edges([head for _, head in acts])))
    clauses = np.clip(stops[first + 1] - stops[np.minimum(head_low, final) + 1], -4, 3) + 4
    where = np.select([first < low, first >= high, (first >= head_low) & (first < head_high)], [0, 1, 2], 3)
    stands = (where * 10 + clauses).astype(np.uint64)
    before, behind = np.maximum(first - 1, 0), np.minimum(found.last, final)
    governor, verb = _governors(around)[first], np.minimum(_next_verbs(around)[np.maximum(head_low - 1, 0)], final)
    far, kind = np.minimum(first - governor, _FAR).astype(np.uint64), listed[found.last - 1]
    relations = FeatureRows(len(rows))
    for number, hashes in enumerate((
        stands, stands * BASE + kind, stands * BASE + text.tokens[before], (stands * BASE + symbols[before]) * BASE + kind,
        (stands * BASE + kind) * BASE + symbols[behind], stands * BASE + text.tokens[governor],
        (stands * BASE + symbols[governor]) * BASE + far, stands * BASE + text.tokens[behind],
        text.tokens[verb] * BASE + kind, (text.tokens[verb] * BASE + stands) * BASE + kind,
    )):  # fmt: skip
        relations.add(rows, hashes, 160 + number)
    return relations.matrix()


def _hashes(numbers: Ints) -> Hashes:
    return (numbers + 1).astype(np.uint64)


def _sequence(symbols: Hashes, first: Ints, last: Ints) -> Hashes:
    """Hash of the symbols of each run of tokens."""
    result = symbols[first].copy()
    for distance in range(1, LONGEST):
        longer = first + distance < last
        result[longer] = result[longer] * BASE + symbols[(first + distance)[longer]]
    return result


def _is_mark(around: Surroundings, marks: str) -> npt.NDArray[np.bool_]:
    """For each token whether it is one of these marks."""
    found: npt.NDArray[np.bool_] = np.isin(around.hashed.tokens, _mark_hashes(marks))
    return found


@cache
def _mark_hashes(marks: str) -> Hashes:
    return hash_words(marks)


def _stops(around: Surroundings) -> Ints:
    """For each token the number of clauses that have ended before it; one more number for the place behind the last."""
    ends = _is_mark(around, _BREAKS) & ~_is_mark(around, _INNER)
    return np.append(0, np.cumsum(ends))


def _governors(around: Surroundings) -> Ints:
    """For each token the last preposition, verb or mark before it, the first token if there is none."""
    governs = symbol_table("p")[around.symbols] | is_verb()[around.symbols] | _is_mark(around, _BREAKS)
    return np.append(0, np.maximum.accumulate(np.where(governs, np.arange(len(governs)), 0)))[: len(governs)]


def _next_verbs(around: Surroundings) -> Ints:
    """For each token the next verb or mark behind it, the number of tokens if there is none."""
    n = len(around.symbols)
    ends = is_verb()[around.symbols] | _is_mark(around, _BREAKS)
    return np.append(np.minimum.accumulate(np.where(ends, np.arange(n), n)[::-1])[::-1][1:], n)


@cache
def _list_hashes() -> tuple[Hashes, Ints]:
    """Sorted hashes of the words of some lists of configs/words/arguments.yaml, and a bit for each list that a word stands in."""
    table = load_yaml("configs", "words", "arguments.yaml")
    bits: dict[str, int] = {}
    for number, name in enumerate(_LISTS):
        for word in table[name]:
            bits[word] = bits.get(word, 0) | 1 << number
    hashes = hash_words(bits)
    order = np.argsort(hashes, kind="stable")
    return hashes[order], np.array(list(bits.values()))[order]


def _listed(around: Surroundings) -> Hashes:
    """For each token the lists that hold a word which ends with it, as bits."""
    text = around.hashed
    known, bits = _list_hashes()
    found = np.zeros(len(text.tokens), np.int64)
    for length in range(1, _LONGEST_WORD + 1):
        hashes = text.hashes(np.maximum(text.token_ends - length, 0), text.token_ends)
        places = np.minimum(np.searchsorted(known, hashes), len(known) - 1)
        found |= np.where(known[places] == hashes, bits[places], 0)
    return _hashes(found)
