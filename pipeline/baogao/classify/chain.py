"""Labels of neighbouring clauses hang together: a tail follows a head, a lead stands before one.

The forward-backward algorithm over the clauses of a sentence, with the classifier's probabilities divided by the labels' shares
as emissions (a hybrid hidden Markov model: Bourlard and Morgan 1994). Both factors are raised to WEIGHT, since the classifier has
seen the neighbours' words already.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from baogao.classify.linear import Floats

WEIGHT = 0.5
"""Chosen on corpus/dev: 0 leaves the classifier alone, 1 takes the neighbours' labels at full weight."""
_SMOOTHING = 0.1
"""Added to every count of a transition."""


def count_transitions(
    labels: Sequence[Sequence[str]], sentences: Sequence[Sequence[int]], classes: Sequence[str]
) -> npt.NDArray[np.float64]:
    """How often each label follows each in the same sentence, and in the last row how often each occurs at all."""
    number = {name: i for i, name in enumerate(classes)}
    counts = np.full((len(classes) + 1, len(classes)), _SMOOTHING)
    for told, places in zip(labels, sentences, strict=True):
        for i, label in enumerate(told):
            counts[-1, number[label]] += 1
            if i and places[i] == places[i - 1]:
                counts[number[told[i - 1]], number[label]] += 1
    return counts


def smooth(probabilities: Floats, sentences: npt.ArrayLike, counts: npt.NDArray[np.float64]) -> Floats:
    """Probabilities (clauses x labels) given the whole sentence; sentences[i] is the number of clause i's sentence, ascending."""
    shares = counts / counts.sum(1, keepdims=True)
    step, emission = shares[:-1] ** WEIGHT, probabilities / shares[-1] ** WEIGHT
    numbers = np.asarray(sentences)
    first = np.searchsorted(numbers, numbers)
    left, right = np.arange(len(numbers)) - first, np.searchsorted(numbers, numbers, "right") - 1 - np.arange(len(numbers))
    forward, backward = emission / emission.sum(1, keepdims=True), np.ones_like(emission)
    for distance in range(1, int(left.max(initial=0)) + 1):
        rows = np.flatnonzero(left == distance)
        forward[rows] = _normalised(emission[rows] * _carried(forward[rows - 1], step))
        rows = np.flatnonzero(right == distance)
        backward[rows] = _normalised(_carried(emission[rows + 1] * backward[rows + 1], step.T))
    return _normalised(forward * backward).astype(np.float32)


def _carried(values: npt.NDArray[np.floating], step: npt.NDArray[np.floating]) -> npt.NDArray[np.floating]:
    """values @ step, with sums whose order does not depend on the number of rows, as that of a matrix product can."""
    result: npt.NDArray[np.floating] = (values[:, :, None] * step).sum(1)
    return result


def _normalised(values: npt.NDArray[np.floating]) -> npt.NDArray[np.floating]:
    result: npt.NDArray[np.floating] = values / values.sum(1, keepdims=True)
    return result
