"""What a section is about, by its heading and the words that follow it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from baogao.classify.features import FeatureRows, HashedText, Matrix, add_ngrams
from baogao.classify.linear import LinearModel

FOLLOWING = 200
"""Characters behind a heading that are looked at."""
TEXT_WEIGHT = np.float32(0.5)
"""Weight of these beside the heading's own, chosen on corpus/dev."""


@dataclass(frozen=True, slots=True)
class SectionModel:
    """Predicts one of records.SECTION_KINDS."""

    model: LinearModel

    def predict(self, headings: Sequence[str], followed_by: Sequence[str]) -> list[tuple[str, float]]:
        """Kind and probability of each heading, given the text behind it."""
        if not headings:
            return []
        rows = self.model.probabilities(self.model.scores(section_features(headings, followed_by)))
        return [(self.model.classes[int(row.argmax())], float(row.max())) for row in rows]


def section_features(headings: Sequence[str], followed_by: Sequence[str]) -> tuple[Matrix, ...]:
    """A row of features a heading in two blocks: heading, text behind it."""
    texts = (headings, [text[:FOLLOWING] for text in followed_by])
    return _ngrams(texts[0], (1, 2, 3)), _ngrams(texts[1], (2, 3)) * TEXT_WEIGHT


def _ngrams(texts: Sequence[str], lengths: tuple[int, ...]) -> Matrix:
    sizes = np.array(list(map(len, texts)), np.int64)
    ends = np.cumsum(sizes)
    rows = FeatureRows(len(texts))
    add_ngrams(rows, HashedText("".join(texts), ()), (ends - sizes, ends), lengths)
    return rows.matrix()
