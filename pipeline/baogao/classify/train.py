"""Training of the genre, section and activity models from the corpus."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from baogao.classify.activity import CLAUSE_LABELS, act_features, clause_features
from baogao.classify.arguments import ARGUMENTS, Candidates, candidates, phrase_features, relation_features
from baogao.classify.chain import count_transitions
from baogao.classify.clauses import Clause, split_into_clauses
from baogao.classify.dating import NO, YES, TimeRun, candidate_pairs, pair_features, pair_flags
from baogao.classify.features import Matrix
from baogao.classify.genre import Piece, genre_features, shared_words
from baogao.classify.linear import fit, fit_each
from baogao.classify.scaled import fit_scaled
from baogao.classify.section import FOLLOWING, section_features
from baogao.classify.surroundings import Joined, Marked, Surroundings
from baogao.corpus import Annotation, Report
from baogao.language.document import Document, make_document
from baogao.language.segment import Segmenter
from baogao.language.sentences import Span

GENRE_PENALTY = 0.05
SECTION_PENALTY = 10.0
FREQUENCY_DISCOUNT = 0.3
CLAUSE_PENALTY = 1.0
TYPE_PENALTY = 5.0
STATUS_PENALTY = 3.0
DATING_PENALTY = 30.0
ARGUMENTS_PENALTY = 5.0
"""scikit-learn's C of each model, chosen by the likelihood on corpus/dev; FREQUENCY_DISCOUNT by the accuracy there."""
NEAREST = 200
"""Characters around an act in which the words of an argument are looked for."""
LONG, MANY_LINES = 600, 6
"""Characters and lines from which a report's halves are examples of its genre too."""


@dataclass(frozen=True, slots=True)
class Example:
    """An annotated report with its tokens; where `judged` is given, only the clauses that touch these spans count.

    A row of it weighs `weight` rows in training.
    """

    report: Report
    document: Document
    judged: tuple[Span, ...] | None = None
    weight: float = 1.0

    def counts(self, clause: Clause) -> bool:
        """Whether a clause is annotated."""
        return self.judged is None or any(start < clause.end and clause.start < end for start, end in self.judged)


def make_examples(reports: Sequence[Report], segmenter: Segmenter, weight: float = 1.0) -> list[Example]:
    """Segment annotated reports, each of which weighs `weight` in training."""
    return [Example(report, make_document(report.text, segmenter, title=report.header["title"]), weight=weight) for report in reports]


def train_genre(examples: Sequence[Example]) -> dict[str, Any]:
    """Fit the genre model on every report and its halves, each with its title and without, since pages often lack one."""
    words = shared_words([example.document.tokens for example in examples])
    rows, labels = [], []
    for example in examples:
        for text, tokens in _whole_and_halves(example.document):
            for title in (example.report.header["title"], None):
                rows.append(genre_features(Piece(title, text, tokens), words))
                labels.append(str(example.report.header["genre"]))
    scaler = StandardScaler().fit(rows)
    estimator = LogisticRegression(C=GENRE_PENALTY, max_iter=3000, class_weight="balanced").fit(scaler.transform(rows), labels)
    return {"words": words, "scaler": scaler, "estimator": estimator}


def _whole_and_halves(document: Document) -> Iterator[tuple[str, Sequence[str]]]:
    """A text with its tokens, and its two halves if it is of some length, cut between lines."""
    yield document.text, document.tokens
    line_ends = [match.end() for match in re.finditer("\n", document.text)]
    if len(document.text) > LONG and len(line_ends) >= MANY_LINES:
        cut = line_ends[len(line_ends) // 2]
        token = bisect_left(document.token_starts, cut)
        yield document.text[:cut], document.tokens[:token]
        yield document.text[cut:], document.tokens[token:]


def train_section(examples: Sequence[Example]) -> dict[str, Any]:
    """Fit the model of section kinds."""
    blocks, labels, groups = [], [], []
    for number, example in enumerate(examples):
        text, headings = example.report.text, example.report.headings
        if headings:
            following = [text[heading["end"] : heading["end"] + FOLLOWING] for heading in headings]
            blocks.append(section_features([heading["quote"] for heading in headings], following))
            labels += [heading["kind"] for heading in headings]
            groups += [number] * len(headings)
    fitted = fit(_stacked(blocks), labels, groups, SECTION_PENALTY)
    _discount_frequent(fitted["estimator"], labels)
    return {"section": fitted}


def _discount_frequent(estimator: Any, labels: Sequence[str]) -> None:
    """Lower the intercepts of frequent classes (logit adjustment: Menon et al. 2021), which a model of few rows falls back on."""
    shares = np.array([labels.count(name) / len(labels) for name in estimator.classes_])
    estimator.intercept_ = estimator.intercept_ - FREQUENCY_DISCOUNT * np.log(shares)


def train_activity(examples: Sequence[Example]) -> dict[str, Any]:
    """Fit the models of clauses, of types and of status."""
    clause_blocks, act_blocks = [], []
    chains: list[list[str]] = []
    sentences: list[list[int]] = []
    labels: dict[str, list[str]] = {"clause": [], "type": [], "status": []}
    groups: list[int] = []
    weights: dict[str, list[float]] = {"clause": [], "act": []}
    for number, example in enumerate(examples):
        joined = Joined((surroundings(example),))
        clauses = split_into_clauses(example.report.text, example.document.sentences)
        told, heads = clause_labels(example.report, clauses)
        counted = [i for i, clause in enumerate(clauses) if example.counts(clause)]
        clause_blocks.append(tuple(block[counted] for block in clause_features(joined, [clauses])))
        labels["clause"] += [told[i] for i in counted]
        groups += [number] * len(counted)
        weights["clause"] += [example.weight] * len(counted)
        if example.judged is None:
            chains.append(told)
            sentences.append([clause.sentence for clause in clauses])
        acts = [(act, clauses[head]) for act, head in zip(example.report.activities, heads, strict=True) if head is not None]
        if acts:
            act_blocks.append(act_features(joined, [[((act["start"], act["end"]), (head.start, head.end)) for act, head in acts]]))
            labels["type"] += [act["type"] for act, _ in acts]
            labels["status"] += [act["status"] for act, _ in acts]
            weights["act"] += [example.weight] * len(acts)
    acts_stacked = _stacked(act_blocks)
    return {
        "transitions": count_transitions(chains, sentences, CLAUSE_LABELS),
        "clause": fit_scaled(_stacked(clause_blocks), labels["clause"], groups, CLAUSE_PENALTY, weights["clause"]),
        "type": fit(acts_stacked, labels["type"], None, TYPE_PENALTY, weights["act"]),
        "status": fit(acts_stacked, labels["status"], None, STATUS_PENALTY, weights["act"]),
    }


def train_dating(examples: Sequence[Example]) -> dict[str, Any]:
    """Fit the model of which time expression dates an act; right is one with the months and the wording of the annotation."""
    blocks, labels, groups = [], [], []
    for number, example in enumerate(examples):
        around, acts, times = surroundings(example), example.report.activities, sorted(example.report.times, key=lambda time: time["start"])
        spans = [(act["start"], act["end"]) for act in acts]
        pairs = list(candidate_pairs(around, spans))
        if not pairs:
            continue
        right = {(act, run) for act, run, _ in pairs if _dates(acts[act], run, times, example.report.text)}
        blocks.append(pair_features([pair_flags(around, spans, pairs, [(act - 1, run) in right for act, run, _ in pairs])]))
        labels += [YES if (act, run) in right else NO for act, run, _ in pairs]
        groups += [number] * len(pairs)
    return {"dating": fit(_stacked(blocks), labels, groups, DATING_PENALTY)}


def train_arguments(examples: Sequence[Example]) -> dict[str, Any]:
    """Fit the model of which phrases are the arguments of an act."""
    blocks, labels = [], []
    for example in examples:
        around, acts = surroundings(example), located_acts(example)
        spans = [span for _, span in acts]
        if spans:
            found = candidates(around, spans)
            blocks.append((*phrase_features(around, found.first, found.last), relation_features(around, spans, found)))
            labels += argument_labels(around, acts, found)
    return {"arguments": fit_each(_stacked(blocks), labels, ARGUMENTS, ARGUMENTS_PENALTY)}


def located_acts(example: Example) -> list[tuple[Annotation, tuple[Span, Span]]]:
    """The annotated activities whose head clause is known, each with its span and that of its head clause."""
    clauses = split_into_clauses(example.report.text, example.document.sentences)
    _, heads = clause_labels(example.report, clauses)
    return [
        (act, ((act["start"], act["end"]), (clauses[head].start, clauses[head].end)))
        for act, head in zip(example.report.activities, heads, strict=True)
        if head is not None
    ]


def argument_labels(around: Surroundings, acts: Sequence[tuple[Annotation, tuple[Span, Span]]], found: Candidates) -> list[str]:
    """The argument that each candidate is, by the annotation, or none; of several places with an argument's words the nearest is it."""
    text, starts, ends = around.document.text, around.hashed.token_starts, around.hashed.token_ends
    labels = ["none"] * len(found.acts)
    places = zip(found.acts.tolist(), starts[found.first].tolist(), ends[found.last - 1].tolist(), strict=True)
    rows = {place: row for row, place in enumerate(places)}
    for number, (act, ((start, end), _)) in enumerate(acts):
        for name in ("partners", "audience", "organizer", "place"):
            values = act.get(name) or ()
            for value in (values,) if isinstance(values, str) else values:
                at = text.find(value, start, end)
                at = text.rfind(value, max(0, start - NEAREST), end) if at < 0 else at
                at = text.find(value, end, end + NEAREST) if at < 0 else at
                row = rows.get((number, at, at + len(value)))
                if row is not None:
                    labels[row] = name
    return labels


def _dates(act: Annotation, run: TimeRun, times: Sequence[Annotation], text: str) -> bool:
    inside = times[run.first : run.last]
    months = {month for time in inside for month in time["months"]}
    wording = act["time"] is not None and (act["time"] in text[run.start : run.end] or text[run.start : run.end] in act["time"])
    return wording and months == set(act["months"])


def surroundings(example: Example) -> Surroundings:
    """What the activity models read besides the words, from the annotations."""
    report = example.report

    def marked(items: Sequence[Annotation]) -> tuple[Marked, ...]:
        return tuple(sorted((Marked(x["start"], x["end"], x["kind"], x.get("level", 0)) for x in items), key=lambda mark: mark.start))

    return Surroundings(example.document, str(report.header["genre"]), marked(report.headings), marked(report.times))


def clause_labels(report: Report, clauses: Sequence[Clause]) -> tuple[list[str], list[int | None]]:
    """What each clause is, and for each annotated activity the number of its head clause.

    The head is the clause of the span that shares most character pairs with the activity's name, the longest of several.
    """
    labels = ["none"] * len(clauses)
    heads: list[int | None] = []
    for act in report.activities:
        inside = [i for i, clause in enumerate(clauses) if _overlaps(act, clause)]
        pairs = {act["name"][i : i + 2] for i in range(len(act["name"]) - 1)}

        def shared(i: int, act: Annotation = act, pairs: set[str] = pairs) -> tuple[int, int]:
            start, end = max(clauses[i].start, act["start"]), min(clauses[i].end, act["end"])
            return sum(report.text[j : j + 2] in pairs for j in range(start, end - 1)), end - start

        head = max(inside, key=shared, default=None)
        heads.append(head)
        for i in inside:
            if i == head:
                labels[i] = "head"
            elif labels[i] != "head" and head is not None:
                labels[i] = "lead" if i < head else "tail"
    return labels, heads


def _overlaps(act: Annotation, clause: Clause) -> bool:
    shared = min(act["end"], clause.end) - max(act["start"], clause.start)
    return bool(shared >= 0.5 * min(act["end"] - act["start"], clause.end - clause.start))


def _stacked(rows: Sequence[tuple[Matrix, ...]]) -> list[Matrix]:
    """Blocks of several reports, one under the other."""
    return [sp.vstack(parts, format="csr") for parts in zip(*rows, strict=True)]
