"""The model of block roles: a linear classifier for single lines, and how roles follow each other on a page.

Emissions come from a multinomial logistic regression on `page_features`; transitions are counted on the training pages. Both are
decoded together as a hidden Markov model whose emission is the posterior over the prior (the hybrid of Bourlard and Morgan,
1994), scaled because neighbouring lines share features: the Viterbi path gives the roles, forward and backward sums their scores.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from baogao.classify.models import read_model, save_model
from baogao.clean.block_features import BUCKETS, Features, feature_names
from baogao.records import BLOCK_ROLES
from baogao.resources import resource

MODEL_FILE = "blocks.skops"
_SCALE = 0.4
"""Weight of transitions and prior against the emissions; tuned on corpus/dev."""
_SMOOTHING = 0.3
_STRENGTH = 1.0
"""Inverse regularization strength of the regression; tuned on corpus/dev."""


@dataclass(frozen=True, slots=True)
class BlockModel:
    """Weights of the classifier (features x roles: dense ones first, then buckets), log transitions, log prior and log start."""

    weights: NDArray[np.float32]
    intercept: NDArray[np.float32]
    transitions: NDArray[np.float32]
    prior: NDArray[np.float32]
    start: NDArray[np.float32]

    def emissions(self, features: Features) -> NDArray[np.float32]:
        """Log emissions of the roles of each line, (n, roles): posterior by the line's features over prior."""
        n, width = features.dense.shape
        scores = features.dense @ self.weights[:width] + self.intercept
        ngrams = self.weights[width:][features.buckets] * features.weights[:, None]
        for role in range(scores.shape[1]):
            scores[:, role] += np.bincount(features.rows, ngrams[:, role], minlength=n)
        posteriors = scores - np.logaddexp.reduce(scores, axis=1, keepdims=True)
        return (posteriors - _SCALE * self.prior).astype(np.float32)


@dataclass(frozen=True, slots=True)
class TrainingPage:
    """The features of a page's lines and their roles, as indexes of BLOCK_ROLES."""

    features: Features
    roles: NDArray[np.int64]


def fit_blocks(pages: Sequence[TrainingPage]) -> BlockModel:
    """Fit the classifier and count the transitions; deterministic."""
    from scipy.sparse import csr_matrix, hstack, vstack
    from sklearn.linear_model import LogisticRegression

    rows = []
    for page in pages:
        n = len(page.roles)
        ngrams = csr_matrix((page.features.weights, (page.features.rows, page.features.buckets)), shape=(n, BUCKETS))
        rows.append(hstack([csr_matrix(page.features.dense), ngrams], format="csr"))
    roles = np.concatenate([page.roles for page in pages])
    regression = LogisticRegression(C=_STRENGTH, max_iter=400, tol=1e-4).fit(vstack(rows, format="csr"), roles)
    weights = np.zeros((len(feature_names()) + BUCKETS, len(BLOCK_ROLES)), np.float32)
    intercept = np.full(len(BLOCK_ROLES), -30.0, np.float32)  # a role without examples is never chosen
    weights[:, regression.classes_] = regression.coef_.T
    intercept[regression.classes_] = regression.intercept_
    return BlockModel(weights, intercept, *_count(pages))


def _count(pages: Sequence[TrainingPage]) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    k = len(BLOCK_ROLES)
    moves, prior, start = np.full((k, k), _SMOOTHING), np.full(k, _SMOOTHING), np.full(k, _SMOOTHING)
    for page in pages:
        np.add.at(moves, (page.roles[:-1], page.roles[1:]), 1)
        np.add.at(prior, page.roles, 1)
        start[page.roles[0]] += 1
    return (
        np.log(moves / moves.sum(axis=1, keepdims=True)).astype(np.float32),
        np.log(prior / prior.sum()).astype(np.float32),
        np.log(start / start.sum()).astype(np.float32),
    )


def decode(model: BlockModel, emissions: NDArray[np.float32]) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """The likeliest sequence of roles for log emissions (n, roles), and the probabilities of each line's roles, (n, roles)."""
    moves = _SCALE * model.transitions
    best, back = _SCALE * model.start + emissions[0], []
    for row in emissions[1:]:
        paths = best[:, None] + moves
        back.append(paths.argmax(axis=0))
        best = paths.max(axis=0) + row
    path = [int(best.argmax())]
    for pointers in reversed(back):
        path.append(int(pointers[path[-1]]))
    return np.array(path[::-1]), _posteriors(_SCALE * model.start, moves, emissions)


def _posteriors(start: NDArray[np.float32], moves: NDArray[np.float32], emissions: NDArray[np.float32]) -> NDArray[np.float32]:
    """Forward and backward sums, scaled line by line so that products do not vanish."""
    odds = np.exp((emissions - emissions.max(axis=1, keepdims=True)).astype(np.float64))
    chances = np.exp(moves.astype(np.float64))
    forward, backward = np.empty_like(odds), np.ones_like(odds)
    state = np.exp(start.astype(np.float64)) * odds[0]
    for i in range(len(odds)):
        if i:
            state = (state @ chances) * odds[i]
        state = forward[i] = state / state.sum()
    for i in range(len(odds) - 1, 0, -1):
        message = chances @ (odds[i] * backward[i])
        backward[i - 1] = message / message.sum()
    joint = forward * backward
    posteriors: NDArray[np.float32] = (joint / joint.sum(axis=1, keepdims=True)).astype(np.float32)
    return posteriors


def save_block_model(model: BlockModel, folder: Path) -> None:
    """Write the model into a folder of models, as plain arrays."""
    save_model(folder / MODEL_FILE, {name: getattr(model, name) for name in BlockModel.__slots__})


@cache
def load_block_model(folder: Path | None = None) -> BlockModel:
    """The model of a folder, by default the one that ships with baogao. Raises BaogaoError if it is missing or broken."""
    return BlockModel(**read_model((folder or resource("models")) / MODEL_FILE))
