"""Scores of the models on annotated reports, by genre."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from baogao.classify.activity import act_features, clause_features
from baogao.classify.arguments import ARGUMENTS, ArgumentModel
from baogao.classify.chain import smooth
from baogao.classify.clauses import split_into_clauses
from baogao.classify.dating import DatingModel
from baogao.classify.genre import GenreModel, Piece
from baogao.classify.linear import LinearModel, as_model
from baogao.classify.section import FOLLOWING, SectionModel
from baogao.classify.surroundings import Joined
from baogao.classify.train import Example, clause_labels, located_acts, surroundings

HALF = 0.5
"""Probability from which a clause counts as found here."""


@dataclass
class Scores:
    """Right answers and questions by measure and genre; for a measure in `f1` found, wanted and right ones."""

    counts: dict[str, dict[str, list[int]]] = field(default_factory=dict)

    def add(self, measure: str, genre: str, *numbers: int) -> None:
        """Add (right, asked) or (right, found, wanted)."""
        row = self.counts.setdefault(measure, {}).setdefault(genre, [0] * len(numbers))
        for i, number in enumerate(numbers):
            row[i] += number

    def value(self, measure: str, genre: str | None = None) -> tuple[float, int]:
        """Accuracy or F1 of a measure, over all genres or in one, and the number of cases."""
        rows = self.counts[measure].values() if genre is None else [self.counts[measure][genre]]
        total = [sum(column) for column in zip(*rows, strict=True)]
        if len(total) == 2:
            return total[0] / max(1, total[1]), total[1]
        return 2 * total[0] / max(1, total[1] + total[2]), total[2]


def lines(name: str, before: Scores | None, after: Scores) -> Iterator[str]:
    """One line a measure: before, after, number of cases."""
    for measure in after.counts:
        value, n = after.value(measure)
        old = f"{before.value(measure)[0]:.3f}" if before and measure in before.counts else "  -  "
        yield f"{name:10}{measure:18}{old}  ->  {value:.3f}   ({n} cases)"


def assess_genre(fitted: dict[str, Any], examples: Sequence[Example]) -> Scores:
    """Accuracy of the genre."""
    model, scores = GenreModel.from_fitted(fitted), Scores()
    for example in examples:
        genre = str(example.report.header["genre"])
        piece = Piece(example.report.header["title"], example.report.text, example.document.tokens)
        scores.add("accuracy", genre, model.predict_page([piece])[0][0] == genre, 1)
    return scores


def assess_section(fitted: dict[str, Any], examples: Sequence[Example]) -> Scores:
    """Accuracy of the kind of section."""
    model, scores = SectionModel(as_model(fitted["section"])), Scores()
    for example in examples:
        headings, text = example.report.headings, example.report.text
        following = [text[heading["end"] : heading["end"] + FOLLOWING] for heading in headings]
        found = model.predict([heading["quote"] for heading in headings], following)
        right = sum(kind == heading["kind"] for (kind, _), heading in zip(found, headings, strict=True))
        scores.add("accuracy", str(example.report.header["genre"]), right, len(headings))
    return scores


def assess_activity(fitted: dict[str, Any], examples: Sequence[Example]) -> Scores:
    """F1 of head clauses; accuracy of type and status where the act's span is given."""
    models, scores = {name: as_model(fitted[name]) for name in ("clause", "type", "status")}, Scores()
    for example in examples:
        genre, joined = str(example.report.header["genre"]), Joined((surroundings(example),))
        clauses = split_into_clauses(example.report.text, example.document.sentences)
        wanted, _ = clause_labels(example.report, clauses)
        alone = models["clause"].probabilities(models["clause"].scores(clause_features(joined, [clauses])))
        probabilities = smooth(alone, [clause.sentence for clause in clauses], fitted["transitions"])
        found = probabilities[:, models["clause"].classes.index("head")] >= HALF
        right = sum(bool(f) and w == "head" for f, w in zip(found, wanted, strict=True))
        scores.add("head clause F1", genre, right, int(found.sum()), wanted.count("head"))
        acts = located_acts(example)
        if acts:
            blocks = act_features(joined, [[spans for _, spans in acts]])
            for field_ in ("type", "status"):
                answers = _best(models[field_], blocks)
                scores.add(f"{field_} accuracy", genre, sum(a == act[field_] for a, (act, _) in zip(answers, acts, strict=True)), len(acts))
    return scores


def _best(model: LinearModel, blocks: Any) -> list[str]:
    return [model.classes[i] for i in model.scores(blocks).argmax(1)]


def assess_dating(fitted: dict[str, Any], examples: Sequence[Example]) -> Scores:
    """Share of acts that get the right months."""
    model, scores = DatingModel(as_model(fitted["dating"])), Scores()
    for example in examples:
        acts, times = example.report.activities, sorted(example.report.times, key=lambda time: time["start"])
        runs = model.choose([surroundings(example)], [[(act["start"], act["end"]) for act in acts]])[0]
        for act, run in zip(acts, runs, strict=True):
            months = {month for time in (times[run.first : run.last] if run else ()) for month in time["months"]}
            scores.add("months accuracy", str(example.report.header["genre"]), months == set(act["months"]), 1)
    return scores


def assess_arguments(fitted: dict[str, Any], examples: Sequence[Example]) -> Scores:
    """Share of acts that get the right words for an argument, of those that have it by the annotation or by the model."""
    model, scores = ArgumentModel(as_model(fitted["arguments"])), Scores()
    for example in examples:
        acts, text = located_acts(example), example.report.text
        chosen = model.choose(surroundings(example), [spans for _, spans in acts]) if acts else []
        for (act, _), found in zip(acts, chosen, strict=True):
            for name in ARGUMENTS:
                wanted = act.get(name) or []
                wanted = [wanted] if isinstance(wanted, str) else wanted
                have = [text[phrase.start : phrase.end] for phrase in found[name]]
                if wanted or have:
                    scores.add(f"{name} accuracy", str(example.report.header["genre"]), wanted == have, 1)
    return scores
