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
from baogao.classify.features import FeatureRows, HashedText, Ints, Matrix, Spans, add_flags, add_ngrams, add_tokens
from baogao.classify.grammar import add_grammar, add_shape, add_verb
from baogao.classify.linear import Floats, LinearModel, as_model
from baogao.classify.senses import add_forms, add_kinds, add_named, add_outline
from baogao.classify.surroundings import Joined, Surroundings
from baogao.classify.taxonomy import types_named
from baogao.classify.vectors import meaning
from baogao.language.sentences import Span
from baogao.records import GENRES, SECTION_KINDS, TIME_KINDS

CLAUSE_LABELS = ("head", "lead", "none", "tail")
CLAUSE_BLOCKS = (
    ("words", 0), ("grammar", 0), ("shape", 0), ("verb", 0), ("flags", 0), ("kinds", 0), ("forms", 0), ("named", 0),
    ("meaning", 0), ("grammar", -1), ("grammar", 1), ("verb", -1), ("verb", 1), ("outline", -1), ("outline", 1),
)  # fmt: skip
"""Features of a clause: what is described, and at which distance from the clause (-1: of the clause before)."""
NEIGHBOUR = 0.5
"""Weight of what a neighbour is described by: chosen on corpus/dev; at full weight its words drown those of the clause."""
BEFORE = 30
"""Characters before an act that can name its type."""
Act = tuple[Span, Span]
"""The whole span of an act and that of its head clause."""
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

    def judge(self, joined: Joined, clauses: Sequence[Sequence[Clause]]) -> list[Floats]:
        """For each report the probabilities (its clauses x CLAUSE_LABELS) of what each of its clauses is."""
        n = len(self.clause.classes)
        report = _owners(clauses)
        scores: Floats = np.repeat(self.clause.intercept[None, :], len(report), 0)
        for name, matrix in _clause_matrices(joined, clauses).items():
            product = matrix @ self.beside[name]
            for place, (_, distance) in enumerate(_blocks_of(name)):
                near, own = _neighbours(report, distance)
                scores[own] += product[near, place * n : (place + 1) * n]
        sentences = np.array([clause.sentence for of_report in clauses for clause in of_report], np.int64)
        probabilities = smooth(self.clause.probabilities(scores), _apart(sentences, report), self.transitions)
        return np.split(probabilities, np.cumsum(list(map(len, clauses)))[:-1])

    def describe(self, joined: Joined, acts: Sequence[Sequence[Act]]) -> list[list[tuple[str, str]]]:
        """For each report the types and status of its acts."""
        if not any(acts):
            return [[] for _ in acts]
        blocks = act_features(joined, acts)
        types, status = (iter([model.classes[i] for i in model.scores(blocks).argmax(1)]) for model in (self.type, self.status))
        return [[(next(types), next(status)) for _ in of_report] for of_report in acts]


def _weight(distance: int) -> np.float32:
    return np.float32(NEIGHBOUR if distance else 1)


def _blocks_of(name: str) -> list[tuple[int, int]]:
    """Numbers and distances of the blocks that describe one thing."""
    return [(i, distance) for i, (of, distance) in enumerate(CLAUSE_BLOCKS) if of == name]


def _owners(of_reports: Sequence[Sequence[object]]) -> Ints:
    """For each item of the reports, in one row, the number of its report."""
    return np.repeat(np.arange(len(of_reports)), list(map(len, of_reports)))


def _apart(sentences: Ints, report: Ints) -> Ints:
    """Numbers of sentences, ascending and different from one report to the next."""
    return sentences + report * (int(sentences.max(initial=0)) + 1)


def clause_features(joined: Joined, clauses: Sequence[Sequence[Clause]]) -> tuple[Matrix, ...]:
    """A row of features a clause, the reports' clauses in one row, in the blocks of CLAUSE_BLOCKS."""
    matrices, report = _clause_matrices(joined, clauses), _owners(clauses)
    return tuple(_shifted(matrices[name], report, distance) * _weight(distance) for name, distance in CLAUSE_BLOCKS)


def act_features(joined: Joined, acts: Sequence[Sequence[Act]]) -> tuple[Matrix, ...]:
    """A row of features an act: words of its span, of its head clause; word groups; types that words name; its heading; flags;
    kinds of its words, forms of its head clause's, kinds of its head clause's, what these mean."""
    text = joined.hashed
    spans, heads = (joined.spans([act[i] for act in of_report] for of_report in acts) for i in (0, 1))
    each = [(around, *act) for around, of_report in zip(joined.reports, acts, strict=True) for act in of_report]
    grammar, named, flags, all_kinds, forms, kinds = (FeatureRows(len(each)) for _ in range(6))
    add_grammar(grammar, text, spans, joined.groups)
    add_flags(named, [_named_flags(around, span, head) for around, span, head in each])
    add_flags(flags, [_act_flags(around, span) for around, span, _ in each])
    add_kinds(all_kinds, text, spans, joined.kinds)
    add_forms(forms, text, heads, joined.symbols)
    add_kinds(kinds, text, heads, joined.kinds)
    words = [_characters_and_words(text, places) for places in (spans, heads)]
    rest = (*(row.matrix() for row in (flags, all_kinds, forms, kinds)), meaning(text, joined.symbols, heads))
    return *words, grammar.matrix(), named.matrix(), _headings(joined, acts), *rest


def _characters_and_words(text: HashedText, spans: Spans) -> Matrix:
    rows = FeatureRows(len(spans[0]))
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


def _headings(joined: Joined, acts: Sequence[Sequence[Act]]) -> Matrix:
    """For each act the words of the heading that it stands under, nothing before the first."""
    headings = joined.spans([(0, 0), *((heading.start, heading.end) for heading in around.headings)] for around in joined.reports)
    rows = FeatureRows(len(headings[0]))
    add_ngrams(rows, joined.hashed, headings, (2, 3))
    add_tokens(rows, joined.hashed, headings)
    numbers, first = [], 0
    for around, of_report in zip(joined.reports, acts, strict=True):
        numbers += [first + around.heading_number(span[0]) for span, _ in of_report]
        first += 1 + len(around.headings)
    return rows.matrix()[np.array(numbers, np.int64)]


def _clause_matrices(joined: Joined, clauses: Sequence[Sequence[Clause]]) -> dict[str, Matrix]:
    """What CLAUSE_BLOCKS names, a row a clause."""
    text, symbols, kinds = joined.hashed, joined.symbols, joined.kinds
    spans = joined.spans([(clause.start, clause.end) for clause in of_report] for of_report in clauses)
    rows = {name: FeatureRows(len(spans[0])) for name, _ in CLAUSE_BLOCKS if name != "meaning"}
    add_ngrams(rows["words"], text, spans, (2, 3))
    add_tokens(rows["words"], text, spans)
    add_grammar(rows["grammar"], text, spans, joined.groups)
    add_shape(rows["shape"], text, spans, symbols)
    add_verb(rows["verb"], text, spans, symbols)
    add_kinds(rows["kinds"], text, spans, kinds)
    add_outline(rows["outline"], text, spans, kinds)
    add_forms(rows["forms"], text, spans, symbols)
    add_named(rows["named"], joined.text, spans)
    flags = [flag for around, of_report in zip(joined.reports, clauses, strict=True) for flag in _clause_flags(around, of_report)]
    add_flags(rows["flags"], flags)
    return {name: row.matrix() for name, row in rows.items()} | {"meaning": meaning(text, symbols, spans)}


def _clause_flags(around: Surroundings, clauses: Sequence[Clause]) -> list[list[int]]:
    text, total = around.document.text, max(1, len(around.document.text))
    lengths = Counter(clause.sentence for clause in clauses)
    flags = []
    place, sentence = 0, -1
    for clause in clauses:
        place = place + 1 if clause.sentence == sentence else 0
        sentence = clause.sentence
        own = _section_flags(around, around.heading_number(clause.start), clause.start) + _time_flags(around, clause.start, clause.end)
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


def _shifted(matrix: Matrix, report: Ints, distance: int) -> Matrix:
    """Row i of the result is row i + distance of the matrix, empty where that is another report's."""
    n = matrix.shape[0]
    near, own = _neighbours(report, distance)
    return sp.csr_matrix((np.ones(len(own), np.float32), (own, near)), (n, n)) @ matrix


def _neighbours(report: Ints, distance: int) -> tuple[Ints, Ints]:
    """(i + distance, i) for all rows i where both are of the same report; report[i] is the number of row i's report."""
    n = len(report)
    own = np.arange(max(0, -distance), min(n, n - distance))
    own = own[report[own] == report[own + distance]]
    return own + distance, own
