"""How well the scores of activities are calibrated: `python corpus/build/reliability.py` writes docs/reliability.svg and the table in
docs/activities.md.

Every clause of corpus/reports/dev and test that the activity model judges goes into one of ten bins by its probability; a
calibrated model is right about as often as it says. Genre, headings and times are those of the annotations.
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from baogao.classify.activity import CLAUSE_LABELS
from baogao.classify.clauses import split_into_clauses
from baogao.classify.models import load_models
from baogao.classify.surroundings import Joined
from baogao.classify.train import clause_labels, make_examples, surroundings
from baogao.corpus import read_reports
from baogao.language.segment import Segmenter

CORPUS = Path(__file__).parent.parent
DOCS = CORPUS.parent / "docs"
SPLITS = ("dev", "test")
BINS = 10
SIDE = 300
"""Pixels of a side of the diagram."""

Bin = tuple[int, float, float]
"""Number of clauses, their mean probability, the share of them that are annotated."""


def judged(split: str) -> tuple[np.ndarray, np.ndarray]:
    """Probability of each clause of a split, and whether it is annotated as the head of an act."""
    model, probabilities, truth = load_models().activity, [], []
    for example in make_examples(read_reports(CORPUS / "reports" / split), Segmenter()):
        clauses = split_into_clauses(example.report.text, example.document.sentences)
        probabilities.append(model.judge(Joined((surroundings(example),)), [clauses])[0][:, CLAUSE_LABELS.index("head")])
        truth += [label == "head" for label in clause_labels(example.report, clauses)[0]]
    return np.concatenate(probabilities), np.array(truth)


def bins(probabilities: np.ndarray, truth: np.ndarray) -> list[Bin]:
    """The bins that hold a clause, from low to high."""
    number = np.minimum((probabilities * BINS).astype(int), BINS - 1)
    chosen = [number == i for i in range(BINS)]
    return [(int(own.sum()), float(probabilities[own].mean()), float(truth[own].mean())) for own in chosen if own.any()]


def table(rows: list[Bin]) -> list[str]:
    """The bins as Markdown."""
    lines = ["| clauses | mean score | share that are activities |", "| ---: | ---: | ---: |"]
    return lines + [f"| {count} | {mean:.2f} | {share:.2f} |" for count, mean, share in rows]


def diagram(rows: list[Bin]) -> str:
    """The bins as a reliability diagram: score to the right, share upwards, the diagonal where both are equal."""
    edge, size = 40, SIDE + 60

    def point(mean: float, share: float) -> str:
        return f"{edge + mean * SIDE:.1f},{edge / 2 + (1 - share) * SIDE:.1f}"

    dots = [f'<circle cx="{point(m, s).split(",")[0]}" cy="{point(m, s).split(",")[1]}" r="4" fill="#1f5fa8"/>' for _, m, s in rows]
    low, high = point(0, 0), point(1, 1)
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" width="{size}" height="{size}" font-family="sans-serif">',
        f'<rect width="{size}" height="{size}" fill="white"/>',
        f'<rect x="{edge}" y="{edge / 2}" width="{SIDE}" height="{SIDE}" fill="none" stroke="#888"/>',
        f'<polyline points="{low} {high}" stroke="#bbb" stroke-dasharray="4" fill="none"/>',
        f'<polyline points="{" ".join(point(m, s) for _, m, s in rows)}" stroke="#1f5fa8" fill="none"/>', *dots,
        f'<text x="{edge + SIDE / 2}" y="{size - 5}" text-anchor="middle" font-size="13">score of a clause, 0 to 1</text>',
        f'<text transform="translate(20 {SIDE / 2}) rotate(-90)" text-anchor="middle" font-size="13">share that are activities</text>',
        "</svg>", "",
    ])  # fmt: skip


def main() -> None:
    """Write the diagram and the table."""
    rows = bins(*(np.concatenate(parts) for parts in zip(*map(judged, SPLITS), strict=True)))
    (DOCS / "reliability.svg").write_text(diagram(rows), encoding="utf-8")
    page = DOCS / "activities.md"
    marked = "<!-- reliability -->\n" + "\n".join(table(rows)) + "\n<!-- end of reliability -->"
    text = page.read_text(encoding="utf-8")
    page.write_text(re.sub("(?s)<!-- reliability -->.*<!-- end of reliability -->", lambda _: marked, text), encoding="utf-8")


if __name__ == "__main__":
    main()
