"""Which clauses tell an activity, and of what type and status it is.

A clause is the `head` of an act if it holds the act and its object; neighbouring clauses of the same act are its `lead` or its
`tail`; every other clause is `none`. The number of heads is the number of acts, so that a mistake about a neighbour costs a few
characters of a span and no act.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from baogao.classify.arguments import ArgumentModel
from baogao.classify.chain import smooth
from baogao.classify.clauses import Clause
from baogao.classify.dating import DatingModel
from baogao.classify.features import FeatureRows, HashedText, Ints, Matrix, add_flags, add_ngrams, add_tokens
from baogao.classify.grammar import add_grammar, add_shape, add_verb
from baogao.classify.linear import Floats, LinearModel, as_model
from baogao.classify.senses import add_forms, add_kinds, add_named, add_outline
from baogao.classify.surroundings import Surroundings
from baogao.classify.taxonomy import types_named
from baogao.language.sentences import Span
from baogao.records import GENRES, SECTION_KINDS, TIME_KINDS

CLAUSE_LABELS = ("head", "lead", "none", "tail")
CLAUSE_BLOCKS = (
    ("words", 0), ("grammar", 0), ("shape", 0), ("verb", 0), ("flags", 0), ("kinds", 0), ("forms", 0), ("named", 0),
    ("grammar", -1), ("grammar", 1), ("verb", -1), ("verb", 1), ("outline", -1), ("outline", 1),
)  # fmt: skip
"""Features of a clause: what is described, and at which distance from the clause (-1: of the clause before)."""
NEIGHBOUR = 0.5
"""Weight of what a neighbour is described by: chosen on corpus/dev; at full weight its words drown those of the clause."""
BEFORE = 30
"""Characters before an act that can name its type."""
_MARKS = "，,。；;：:、.\n（"


@dataclass(frozen=True, slots=True)
class ActivityModel:
    """The models of clauses, types, status, dates and arguments.

    `beside` holds the clause model's weights by what they weigh: those for the clause itself and for its neighbours side by side,
    so that one product serves all. `transitions` are counts of labels that follow each other (chain.py), `digest` names what the
    models were read from.
    """

    clause: LinearModel
    beside: Mapping[str, Floats]
    transitions: npt.NDArray[np.float64]
    type: LinearModel
    status: LinearModel
    dating: DatingModel
    arguments: ArgumentModel
    digest: str

    @classmethod
    def from_fitted(cls, fitted: Mapping[str, Any], dating: DatingModel, arguments: ArgumentModel, digest: str) -> ActivityModel:
        """The models of what train_activity returns."""
        clause, type_, status = (as_model(fitted[name]) for name in ("clause", "type", "status"))
        names = dict.fromkeys(name for name, _ in CLAUSE_BLOCKS)
        beside = {name: np.hstack([clause.weights[i] * _weight(distance) for i, distance in _blocks_of(name)]) for name in names}
        return cls(clause, beside, fitted["transitions"], type_, status, dating, arguments, digest)

    def judge(self, around: Surroundings, clauses: Sequence[Clause]) -> Floats:
        """Probabilities (clauses x CLAUSE_LABELS) of what each clause is."""
        n = len(self.clause.classes)
        scores: Floats = np.repeat(self.clause.intercept[None, :], len(clauses), 0)
        for name, matrix in _clause_matrices(around, clauses).items():
            product = matrix @ self.beside[name]
            for place, (_, distance) in enumerate(_blocks_of(name)):
                _add_shifted(scores, product[:, place * n : (place + 1) * n], distance)
        return smooth(self.clause.probabilities(scores), [clause.sentence for clause in clauses], self.transitions)

    def describe(self, around: Surroundings, acts: Sequence[tuple[Span, Span]]) -> tuple[list[str], list[str]]:
        """Types and status of acts, each given as (whole span, span of its head clause)."""
        if not acts:
            return [], []
        blocks = act_features(around, acts)
        types = self.type.scores(blocks).argmax(1)
        status = self.status.scores(blocks).argmax(1)
        return [self.type.classes[i] for i in types], [self.status.classes[i] for i in status]


def _weight(distance: int) -> np.float32:
    return np.float32(NEIGHBOUR if distance else 1)


def _blocks_of(name: str) -> list[tuple[int, int]]:
    """Numbers and distances of the blocks that describe one thing."""
    return [(i, distance) for i, (of, distance) in enumerate(CLAUSE_BLOCKS) if of == name]


def clause_features(around: Surroundings, clauses: Sequence[Clause]) -> tuple[Matrix, ...]:
    """A row of features a clause, in the blocks of CLAUSE_BLOCKS."""
    matrices = _clause_matrices(around, clauses)
    return tuple(_shifted(matrices[name], distance) * _weight(distance) for name, distance in CLAUSE_BLOCKS)


def act_features(around: Surroundings, acts: Sequence[tuple[Span, Span]]) -> tuple[Matrix, ...]:
    """A row of features an act: words of its span, of its head clause; word groups; types that words name; its heading; flags;
    kinds of its words, forms of its head clause's, kinds of its head clause's."""
    text = around.hashed
    numbers = np.array([around.heading_number(span[0]) for span, _ in acts], np.int64)
    grammar, named, flags = (FeatureRows(len(acts)) for _ in range(3))
    spans, heads = [span for span, _ in acts], [head for _, head in acts]
    add_grammar(grammar, text, spans, around.groups)
    add_flags(named, [_named_flags(around, span, head) for span, head in acts])
    add_flags(flags, [_act_flags(around, span) for span, _ in acts])
    all_kinds, forms, kinds = (FeatureRows(len(acts)) for _ in range(3))
    add_kinds(all_kinds, text, spans, around.kinds)
    add_forms(forms, text, heads, around.symbols)
    add_kinds(kinds, text, heads, around.kinds)
    words = [_characters_and_words(text, places) for places in (spans, heads)]
    rest = (row.matrix() for row in (flags, all_kinds, forms, kinds))
    return *words, grammar.matrix(), named.matrix(), _headings(around, text)[numbers], *rest


def _characters_and_words(text: HashedText, spans: Sequence[Span]) -> Matrix:
    rows = FeatureRows(len(spans))
    add_ngrams(rows, text, spans, (1, 2))
    add_tokens(rows, text, spans)
    return rows.matrix()


def _named_flags(around: Surroundings, span: Span, head: Span) -> list[int]:
    """The types that words of the span, the head clause, the heading and the text before point to, and which come first and last."""
    text = around.document.text
    flags: list[int] = []
    for offset, (start, end) in ((0, span), (100, head)):
        named = types_named(text, start, end)
        flags += [offset + type_ for type_ in sorted(set(named))]
        flags += [offset + 20 + type_ for type_ in sorted(set(named)) if named.count(type_) > 1]
        flags += [offset + 40 + named[-1], offset + 60 + named[0]] if named else [offset + 80]
    number = around.heading_number(span[0])
    if number:
        heading = around.headings[number - 1]
        flags += [200 + type_ for type_ in sorted(set(types_named(text, heading.start, heading.end)))]
    return flags + [300 + type_ for type_ in types_named(text, max(0, span[0] - BEFORE), span[0])[-1:]]


def _words(text: HashedText, spans: Sequence[Span]) -> Matrix:
    rows = FeatureRows(len(spans))
    add_ngrams(rows, text, spans, (2, 3))
    add_tokens(rows, text, spans)
    return rows.matrix()


def _headings(around: Surroundings, text: HashedText) -> Matrix:
    """A row for the text before the first heading (empty), then one a heading."""
    return _words(text, [(0, 0), *((heading.start, heading.end) for heading in around.headings)])


def _clause_matrices(around: Surroundings, clauses: Sequence[Clause]) -> dict[str, Matrix]:
    """What CLAUSE_BLOCKS names, a row a clause."""
    text, symbols, kinds = around.hashed, around.symbols, around.kinds
    spans = [(clause.start, clause.end) for clause in clauses]
    section = np.array([around.heading_number(clause.start) for clause in clauses], np.int64)
    rows = {name: FeatureRows(len(clauses)) for name, _ in CLAUSE_BLOCKS}
    add_ngrams(rows["words"], text, spans, (2, 3))
    add_tokens(rows["words"], text, spans)
    add_grammar(rows["grammar"], text, spans, around.groups)
    add_shape(rows["shape"], text, spans, symbols)
    add_verb(rows["verb"], text, spans, symbols)
    add_kinds(rows["kinds"], text, spans, kinds)
    add_outline(rows["outline"], text, spans, kinds)
    add_forms(rows["forms"], text, spans, symbols)
    add_named(rows["named"], around.document.text, spans)
    add_flags(rows["flags"], _clause_flags(around, clauses, section))
    return {name: row.matrix() for name, row in rows.items()}


def _clause_flags(around: Surroundings, clauses: Sequence[Clause], section: Ints) -> list[list[int]]:
    text, total = around.document.text, max(1, len(around.document.text))
    lengths = Counter(clause.sentence for clause in clauses)
    flags = []
    place, sentence = 0, -1
    for clause, number in zip(clauses, section, strict=True):
        place = place + 1 if clause.sentence == sentence else 0
        sentence = clause.sentence
        own = _section_flags(around, int(number), clause.start) + _time_flags(around, clause.start, clause.end)
        own += (min(place, 5), 10 + min(lengths[sentence] - place, 5), 20 + _mark(clause.opener), 40 + _mark(clause.closer))
        own += (60 + min((clause.end - clause.start) // 3, 9), 70 + 10 * clause.start // total)
        if clause.marker:
            own.append(81)
        if clause.start == 0 or text[clause.start - 1] == "\n":
            own.append(82)
        flags.append(own)
    return flags


def _act_flags(around: Surroundings, span: Span) -> list[int]:
    flags = _section_flags(around, around.heading_number(span[0]), span[0]) + _time_flags(around, *span)
    genre = GENRES.index(around.genre)
    kinds = [flag - 100 for flag in flags if 100 <= flag < 120]
    return flags + [200 + 20 * genre + kind for kind in kinds] + [70 + 10 * span[0] // max(1, len(around.document.text))]


def _section_flags(around: Surroundings, number: int, place: int) -> list[int]:
    """Genre, and kind of section; 100 to 119 is the kind of section."""
    flags = [90 + GENRES.index(around.genre)]
    if not number:
        return [*flags, 119]
    heading = around.headings[number - 1]
    if place < heading.end:
        flags.append(83)
    return [*flags, 100 + SECTION_KINDS.index(heading.kind)]


def _time_flags(around: Surroundings, start: int, end: int) -> list[int]:
    """Kinds of the time expressions in text[start:end], and whether it ends with one."""
    times = around.times_in(start, end)
    flags = [120 + TIME_KINDS.index(time.kind) for time in times]
    if times:
        flags.append(84)
        if times[-1].end >= end - 1:
            flags.append(85)
    return flags


def _mark(mark: str) -> int:
    return _MARKS.find(mark) + 1 if mark else 0


def _shifted(matrix: Matrix, distance: int) -> Matrix:
    """Row i of the result is row i + distance of the matrix, empty beyond its ends."""
    n = matrix.shape[0]
    rows = np.arange(max(0, -distance), min(n, n - distance))
    chosen = sp.csr_matrix((np.ones(len(rows), np.float32), (rows, rows + distance)), (n, n))
    return chosen @ matrix


def _add_shifted(scores: Floats, by_word: Floats, distance: int) -> None:
    """Add to row i of the scores row i + distance of `by_word`."""
    n = len(scores)
    low, high = max(0, -distance), min(n, n - distance)
    if low < high:
        scores[low:high] += by_word[low + distance : high + distance]
