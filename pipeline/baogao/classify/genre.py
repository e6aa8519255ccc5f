"""The genre of a report, by how it announces itself and how it speaks, not by its topic.

Bags of words learn topics from a corpus of this size; the frequencies of some twenty-five ways of speaking (configs/words/genre.yaml)
carry over. A page's heading is weak evidence: compendium sites put any text under any title.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from baogao.resources import load_yaml

Floats = npt.NDArray[np.float64]

OPENING = 260
"""Characters at the beginning of a report that are looked at by themselves."""
END = 220
"""Characters at its end."""
LONGEST = 20_000
"""Of a longer text the two ends are read, in characters."""
SIBLINGS = 0.75
"""Weight of the other reports of a page: the pieces of a compendium are mostly of one genre."""
_TITLE_LINE = 45
_CLAUSE_END = re.compile(r"[，。；,;\n]")
_SENTENCE_END = re.compile(r"[。；！？;!?\n]")
_ENDS_IN_DATE = re.compile(r"\d{1,2}月\d{1,2}日\s*$|二[〇○0零].{2}年.{2,8}日\s*$|[xX×*_]+[月日]\s*$")


@cache
def _cues() -> tuple[tuple[re.Pattern[str], ...], tuple[re.Pattern[str], ...]]:
    table = load_yaml("configs", "words", "genre.yaml")
    return tuple(map(re.compile, table["text"].values())), tuple(map(re.compile, table["title"].values()))


def genre_features(title: str | None, text: str) -> list[float]:
    """Features of a report: its page's title for it, and its text without that title."""
    if len(text) > LONGEST:
        text = text[: LONGEST // 2] + "\n" + text[-LONGEST // 2 :]
    patterns, genres = _cues()
    clauses = max(5, len(_CLAUSE_END.findall(text)))
    opening, end = text[:OPENING], text[-END:]
    features: list[float] = []
    for pattern in patterns:
        features.append(len(pattern.findall(text)) / clauses)
        features += (math.log1p(len(pattern.findall(part))) for part in (opening, end))
    line = text.split("\n", 1)[0]
    for heading in (title or "", line if len(line) < _TITLE_LINE else ""):
        features += (float(bool(genre.search(heading))) for genre in genres)
    lines = text.count("\n")
    features += (math.log(len(text) + 1), len(text) / max(3, len(_SENTENCE_END.findall(text))), 100 * lines / (len(text) + 1))
    features.append(float(bool(_ENDS_IN_DATE.search(text))))
    return features


@dataclass(frozen=True, slots=True)
class GenreModel:
    """Predicts one of records.GENRES: a logistic regression on standardised features."""

    classes: tuple[str, ...]
    mean: Floats
    scale: Floats
    weights: Floats
    intercept: Floats

    @classmethod
    def from_fitted(cls, fitted: Mapping[str, Any]) -> GenreModel:
        """The model of a fitted scikit-learn scaler and estimator."""
        scaler, estimator = fitted["scaler"], fitted["estimator"]
        return cls(tuple(map(str, estimator.classes_)), scaler.mean_, scaler.scale_, estimator.coef_.T, estimator.intercept_)

    def log_probabilities(self, title: str | None, text: str) -> Floats:
        """Logarithms of the genres' probabilities, in the order of `classes`."""
        scores = (np.array(genre_features(title, text)) - self.mean) / self.scale @ self.weights + self.intercept
        result: Floats = scores - np.logaddexp.reduce(scores)
        return result

    def predict_page(self, reports: Sequence[tuple[str | None, str]]) -> list[tuple[str, float]]:
        """Genre and probability of each report of a page, given as title and text."""
        own = np.array([self.log_probabilities(title, text) for title, text in reports]).reshape(len(reports), len(self.classes))
        others = (own.sum(0) - own) / max(1, len(reports) - 1)
        scores = own + SIBLINGS * others
        probabilities = np.exp(scores - np.logaddexp.reduce(scores, 1, keepdims=True))
        return [(self.classes[int(row.argmax())], float(row.max())) for row in probabilities]
