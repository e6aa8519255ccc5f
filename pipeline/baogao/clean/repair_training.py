"""Training of the repairs' models: clean reports are broken on purpose, and their own paragraph ends are the counter-examples."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from baogao.clean.line_break import FEATURES, features, places
from baogao.clean.ngrams import CharBigrams, train_ngrams
from baogao.corpus import read_reports

_SEED = 20130
_PARAGRAPH_GAPS = ("\n", "\n\n", "\n\u3000\u3000", "\n    ", "\r\n")
_INNER_GAPS = ("\n", "\n", "\n\n", " \n", "\n\u3000\u3000")
_HEADINGS = ("{title}", "{title}篇{number}", "{title} 篇{number}", "{title}({number})", "【篇{number}】{title}")
_SENTENCE_ENDS = "。！？!?；;：:"
_SHORTEST = 30
"""Paragraphs from this length on are broken, in characters."""
_BROKEN_SHARE = 0.4
_FALSE_SHARE = 0.007
"""Share of the other breaks, where no sentence ends, that may be lost: the threshold is the lowest that keeps to it."""
Report = tuple[str, str]
"""Title ("" for none) and clean text, a paragraph a line."""


def train_repair(corpus: Path, models: Path) -> Iterator[str]:
    """Train both models of the repairs on the corpus' train reports, write them to `models`, and tell how they do on its dev reports."""
    reports, held_out = (
        [(str(report.header["title"] or ""), report.text) for report in read_reports(corpus / "reports" / split)]
        for split in ("train", "dev")
    )
    ngrams = train_ngrams(text for _, text in reports)
    ngrams.save(models / "ngrams.npz")
    cost = sum(float(ngrams.costs(text).sum()) for _, text in held_out) / sum(len(text) for _, text in held_out)
    yield f"ngrams: {cost:.2f} nats a character"
    trained = train_line_break(reports, held_out, ngrams)
    (models / "line_break.json").write_text(json.dumps(trained, indent=1) + "\n", encoding="utf-8")
    x, y = _examples(held_out, ngrams)
    weights = np.array([trained["weights"][name] for name in FEATURES])
    joined = x @ weights + trained["bias"] > trained["threshold"]
    yield f"line_break: {joined[y].mean():.1%} of {y.sum()} broken lines joined, {joined[~y].sum()} of {(~y).sum()} other breaks lost"


def train_line_break(reports: Iterable[Report], held_out: Iterable[Report], model: CharBigrams) -> dict[str, Any]:
    """Weights of the features, bias and threshold; the threshold is set on the reports that are held out."""
    from sklearn.linear_model import LogisticRegression

    x, y = _examples(reports, model)
    regression = LogisticRegression(C=1.0, max_iter=2000, class_weight="balanced").fit(x, y)
    x, y = _examples(held_out, model)
    false = np.sort(regression.decision_function(x[~y]))
    threshold = float(false[-1 - int(_FALSE_SHARE * len(false))])
    weights = {name: round(float(weight), 4) for name, weight in zip(FEATURES, regression.coef_[0], strict=True)}
    return {"weights": weights, "bias": round(float(regression.intercept_[0]), 4), "threshold": round(threshold, 4)}


def _examples(reports: Iterable[Report], model: CharBigrams) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Features of every break of the reports as they are, wrapped and broken here and there; and whether it was made."""
    rows, labels = [], []
    for number, (title, clean) in enumerate(reports):
        for text, made in _broken(title, clean, random.Random(_SEED + number)):
            found = places(text)
            if found:
                rows.append(features(found, model))
                labels += [place.start in made for place in found]
    return np.vstack(rows), np.array(labels)


def _broken(title: str, text: str, rng: random.Random) -> Iterator[tuple[str, set[int]]]:
    """Texts made of a report, each with the places of the breaks that were put in."""
    for wrapped in (False, False, True):
        heading = rng.choice(_HEADINGS).format(title=title, number=rng.randrange(1, 12)) if title else ""
        paragraphs = [line for line in (heading, *text.split("\n")) if line.strip()]
        width = rng.randrange(18, 46)
        lines = [_wrap(p, width) if wrapped else _break_once(p, rng) for p in paragraphs]
        yield _join(lines, rng.choice(_PARAGRAPH_GAPS), "\n" if wrapped else rng.choice(_INNER_GAPS))


def _wrap(paragraph: str, width: int) -> list[str]:
    return [paragraph[i : i + width] for i in range(0, len(paragraph), width)]


def _break_once(paragraph: str, rng: random.Random) -> list[str]:
    """The paragraph in two where it is long, cut anywhere but behind a sentence."""
    if len(paragraph) < _SHORTEST or rng.random() > _BROKEN_SHARE:
        return [paragraph]
    cut = rng.randrange(8, len(paragraph) - 4)
    return [paragraph[:cut], paragraph[cut:]]


def _join(paragraphs: Sequence[Sequence[str]], gap: str, inner: str) -> tuple[str, set[int]]:
    """The text, and where the lines end that were cut in mid-sentence."""
    text, made = "", set()
    for lines in paragraphs:
        text += gap if text else ""
        for i, line in enumerate(lines):
            text = text.rstrip(" \u3000") + inner if i else text
            text += line
            if i + 1 < len(lines) and line[-1] not in _SENTENCE_ENDS:
                made.add(len(text.rstrip(" \u3000")))
    return text, made
