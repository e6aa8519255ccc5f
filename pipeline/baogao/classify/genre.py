"""The genre of a report, by how it announces itself and how it speaks, not by its topic.

Bags of all words learn topics from a corpus of this size. What carries over are the frequencies of some twenty-five ways of speaking
(configs/words/genre.yaml) and those of the words that reports of every topic share: most are function words, and their frequencies
tell manners of writing apart (Mosteller and Wallace 1964; Burrows 2002). A page's heading is weak evidence: compendium sites put any
text under any title.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from baogao.errors import BaogaoError
from baogao.resources import load_yaml

Floats = npt.NDArray[np.float64]

PROSPECTIVE = ("plan", "scheme")
"""Genres that tell what will be done."""
OPENING = 260
"""Characters at the beginning of a report that are looked at by themselves."""
END = 220
"""Characters at its end."""
LONGEST = 20_000
"""Of a longer text the two ends are read, in characters."""
SIBLINGS = 0.3
"""Weight of the other reports of a page, however many: the pieces of a compendium are mostly of one genre."""
FEW_SIBLINGS = 2
"""Number of other reports that weigh half of SIBLINGS. Both chosen on corpus/dev, where the likelihood is flat the smaller."""
SHARED = 0.15
"""A word counts as shared if at least this share of the training reports has it."""
NUMBER = "#"
"""Stands for every token that is a number, masked ones (x) included."""
FEWEST_TOKENS = 30
"""A shorter text counts as this long, in tokens, so that one word of it says little."""
_TITLE_LINE = 45
_NUMERIC = re.compile(r"[0-9０-９xX×*＊_.]+")
_CLAUSE_END = re.compile(r"[，。；,;\n]")
_SENTENCE_END = re.compile(r"[。；！？;!?\n]")
_ENDS_IN_DATE = re.compile(r"\d{1,2}月\d{1,2}日\s*$|二[〇○0零].{2}年.{2,8}日\s*$|[xX×*_]+[月日]\s*$")


@cache
def _cues() -> tuple[tuple[re.Pattern[str], ...], tuple[re.Pattern[str], ...]]:
    table = load_yaml("configs", "words", "genre.yaml")
    return tuple(map(re.compile, table["text"].values())), tuple(map(re.compile, table["title"].values()))


@dataclass(frozen=True, slots=True)
class Piece:
    """What the genre is told from: the page's title for a report, its text without that title, and the tokens of this text."""

    title: str | None
    text: str
    tokens: Sequence[str]


def shared_words(texts: Sequence[Iterable[str]]) -> list[str]:
    """The words, in order, that at least the share SHARED of these tokenised texts has."""
    found = Counter(word for tokens in texts for word in {_folded(token) for token in tokens})
    return sorted(word for word, n in found.items() if n >= SHARED * len(texts) and not word.isspace())


def _folded(token: str) -> str:
    return NUMBER if _NUMERIC.fullmatch(token) else token


def genre_features(piece: Piece, words: Sequence[str]) -> list[float]:
    """Features of a report; `words` are those whose frequencies count (roots of their number in a hundred tokens)."""
    counts = Counter(map(_folded, piece.tokens))
    scale = 100 / max(FEWEST_TOKENS, len(piece.tokens))
    return _manner(piece.title, piece.text) + [math.sqrt(counts[word] * scale) for word in words]


def _manner(title: str | None, text: str) -> list[float]:
    """How a text announces itself and speaks: the cues of genre.yaml, its lines and sentences."""
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
    features.append(float(bool(_ENDS_IN_DATE.search(end))))
    return features


@dataclass(frozen=True, slots=True)
class GenreModel:
    """Predicts one of records.GENRES: a logistic regression on standardised features."""

    classes: tuple[str, ...]
    words: tuple[str, ...]
    mean: Floats
    scale: Floats
    weights: Floats
    intercept: Floats

    @classmethod
    def from_fitted(cls, fitted: Mapping[str, Any]) -> GenreModel:
        """The model of the words, the fitted scaler and the estimator that train_genre returns.

        Raises BaogaoError for a model of an earlier version, which has no words.
        """
        if "words" not in fitted:
            raise BaogaoError("The genre model was trained with other features than this version has; run baogao train --only genre.")
        scaler, estimator = fitted["scaler"], fitted["estimator"]
        classes = tuple(map(str, estimator.classes_))
        return cls(classes, tuple(fitted["words"]), scaler.mean_, scaler.scale_, estimator.coef_.T, estimator.intercept_)

    def log_probabilities(self, piece: Piece) -> Floats:
        """Logarithms of the genres' probabilities, in the order of `classes`."""
        scores = (np.array(genre_features(piece, self.words)) - self.mean) / self.scale @ self.weights + self.intercept
        result: Floats = scores - np.logaddexp.reduce(scores)
        return result

    def predict_page(self, pieces: Sequence[Piece]) -> list[tuple[str, float]]:
        """Genre and probability of each report of a page."""
        own = np.array([self.log_probabilities(piece) for piece in pieces]).reshape(len(pieces), len(self.classes))
        n_others = len(pieces) - 1
        others = (own.sum(0) - own) / max(1, n_others)
        scores = own + SIBLINGS * n_others / (n_others + FEW_SIBLINGS) * others
        probabilities = np.exp(scores - np.logaddexp.reduce(scores, 1, keepdims=True))
        return [self._decide(row) for row in probabilities]

    def _decide(self, probabilities: Floats) -> tuple[str, float]:
        """First whether the report looks ahead or back, then its genre: the status of its acts hangs on the former."""
        ahead = np.isin(self.classes, PROSPECTIVE)
        allowed = ahead if probabilities[ahead].sum() > 0.5 else ~ahead
        best = int(np.where(allowed, probabilities, -1.0).argmax())
        return self.classes[best], float(probabilities[best])
