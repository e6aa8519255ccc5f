"""Activities: which clauses tell one, what the focus does, that candidates hold every clause, and how calibrated the scores are."""

import json
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import scipy.sparse as sp

from baogao.classify.activity import CLAUSE_LABELS
from baogao.classify.clauses import split_into_clauses
from baogao.classify.features import FeatureRows, HashedText
from baogao.classify.linear import as_model
from baogao.classify.models import load_models
from baogao.classify.scaled import fit_scaled
from baogao.classify.senses import LONGEST, add_kinds, word_kinds
from baogao.classify.surroundings import Joined
from baogao.classify.train import clause_labels, make_examples, surroundings
from baogao.corpus import read_reports
from baogao.evaluation.matching import activity_similarity, pair
from baogao.extract.activities.find import find_activities
from baogao.extract.activities.spans import THRESHOLDS, find_spans, without_repeats
from baogao.extract.context import Context
from baogao.extract.times import find_times, resolve_years
from baogao.language.document import make_document
from baogao.language.segment import Segmenter
from baogao.settings import ExtractSettings
from corpus_files import CORPUS

CASES = Path(__file__).parent / "cases" / "activities.jsonl"
FLOORS = {"dev": 0.78, "test": 0.77}
"""Reached F1 of activities where genre, headings and times are given, less about 0.02 for passages still to come."""
MISCALIBRATED = 0.06
"""Largest mean distance between what a clause's score says and how often it is right."""
MANY_WORDS = "居民" * 400


@cache
def segmenter():
    return Segmenter()


def acts_of(text, genre="summary", focus="balanced"):
    document = make_document(text, segmenter())
    times = tuple(resolve_years(find_times(text), text, document.sentences, period=None, signed=None))
    context = Context(document, (), times, genre, None, None, None, 0)
    return find_activities([context], load_models().activity, ExtractSettings(focus=focus))[0]


def rows():
    """The rows of the case file as parameters; a known failure must fail."""
    params = []
    for line in CASES.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        marks = [pytest.mark.xfail(strict=True, reason=row["comment"])] if row["expect"] == "known_failure" else []
        params.append(pytest.param(row, marks=marks, id=row["label"]))
    return params


@cache
def judged(split):
    """(surroundings, clauses, probabilities, example) of every report of a split."""
    model, found = load_models().activity, []
    for example in make_examples(read_reports(CORPUS / "reports" / split), segmenter()):
        around, clauses = surroundings(example), split_into_clauses(example.report.text, example.document.sentences)
        found.append((around, clauses, model.judge(Joined((around,)), [clauses])[0], example))
    return found


@pytest.mark.parametrize("row", rows())
def test_acts_of_a_text(row):
    found, _ = acts_of(row["text"], row["genre"])
    told = [row["text"][act.start : act.end] for act in found]
    assert len(told) == len(row["want"]), told
    for act, text, want in zip(found, told, row["want"], strict=True):
        assert want["holds"] in text
        assert all(getattr(act, key) == want[key] for key in ("type", "status") if key in want)


def test_negative_cases_are_many_and_want_nothing():
    negatives = [param.values[0] for param in rows() if param.values[0]["expect"] == "negative"]
    assert len(negatives) >= 20
    assert [row["want"] for row in negatives] == [[]] * len(negatives)


def test_focus_moves_what_is_taken_and_never_what_is_judged():
    text = "\n".join(example.report.text for *_, example in judged("dev")[:6])
    by_focus = {focus: acts_of(text, focus=focus) for focus in ("precision", "balanced", "recall")}
    counts = [len(acts) for acts, _ in by_focus.values()]
    assert counts[0] < counts[1] < counts[2]
    probabilities = [[clause.probability for clause in clauses] for _, clauses in by_focus.values()]
    assert probabilities[0] == probabilities[1] == probabilities[2]


def test_candidates_hold_every_clause_taken_or_not():
    text = "进一步加大宣传力度。3月5日举办义诊活动，服务居民80人。"
    acts, candidates = acts_of(text)
    document = make_document(text, segmenter())
    assert [(c.start, c.end) for c in candidates] == [(c.start, c.end) for c in split_into_clauses(text, document.sentences)]
    assert sum(candidate.accepted for candidate in candidates) == len(acts) == 1


def test_act_told_twice_in_the_same_words_is_one():
    text = "6月举办消防知识讲座。\n社区还举办消防知识讲座。\n6月举办消防知识讲座。"
    assert len(acts_of(text)[0]) == 2


def test_text_without_words_has_no_acts():
    for text in ("", "\n\n", "。。。", "12345"):
        assert acts_of(text)[0] == ()


@pytest.mark.parametrize("split", FLOORS)
def test_f1_on_the_corpus(split):
    right = found = wanted = 0
    for _, clauses, probabilities, example in judged(split):
        acts = without_repeats(find_spans(clauses, probabilities, THRESHOLDS["balanced"]), example.report.text)
        spans = [{"start": act.span[0], "end": act.span[1]} for act in acts]
        right += len(pair(example.report.activities, spans, activity_similarity, 1.0))
        found, wanted = found + len(spans), wanted + len(example.report.activities)
    assert 2 * right / (found + wanted) >= FLOORS[split]


def test_scores_are_calibrated_on_reports_kept_apart():
    probabilities = np.concatenate([p[:, CLAUSE_LABELS.index("head")] for split in FLOORS for _, _, p, _ in judged(split)])
    told = [clause_labels(example.report, clauses)[0] for split in FLOORS for _, clauses, _, example in judged(split)]
    truth = np.array([label == "head" for labels in told for label in labels])
    number = np.minimum((probabilities * 10).astype(int), 9)
    distance = sum(abs(probabilities[number == i].sum() - truth[number == i].sum()) for i in range(10))
    assert distance / len(truth) <= MISCALIBRATED


def test_scaled_model_learns_what_tells_the_classes():
    generator = np.random.default_rng(0)
    signal = generator.integers(0, 3, 240)
    dense = np.eye(3)[signal].repeat(2, 1) + (generator.random((240, 6)) < 0.1)
    fitted = fit_scaled([sp.csr_matrix(dense)], [("a", "b", "c")[i] for i in signal], list(range(240)), 1.0)
    probabilities = fitted["estimator"].predict_proba(dense[:, fitted["columns"]])
    assert (probabilities.argmax(1) == signal).mean() > 0.95
    assert as_model(fitted | {"blocks": 1}).classes == ("a", "b", "c")


def test_pairs_of_kinds_grow_with_the_text_and_not_with_its_square():
    sizes = []
    for times in (1, 10):
        text = MANY_WORDS * times
        document = make_document(text, segmenter())
        hashed = HashedText(text, document.token_starts)
        collected = FeatureRows(1)
        add_kinds(collected, hashed, (np.array([0]), np.array([len(text)])), word_kinds(hashed))
        sizes.append(sum(map(len, collected._rows)))
    assert sizes[1] <= 10.5 * sizes[0] + 100 * LONGEST
