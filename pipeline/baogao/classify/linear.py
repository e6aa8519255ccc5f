"""Linear classifiers over blocks of hashed features: fitted by scikit-learn, kept by skops, applied as one matrix product a block."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from baogao.classify.features import COLUMNS, Matrix
from baogao.errors import BaogaoError

if TYPE_CHECKING:  # takes long to import, and only training needs it
    from sklearn.linear_model import LogisticRegression

Floats = npt.NDArray[np.float32]

FOLDS = 5
MIN_ROWS = 2
"""A feature must occur in this many training rows; rarer ones are left out."""


@dataclass(frozen=True, slots=True)
class LinearModel:
    """A multinomial logistic regression; weights[b] (COLUMNS x classes) belongs to block b of the features.

    Its scores are divided by `temperature` before they become probabilities (Guo et al. 2017), which calibrates them.
    """

    classes: tuple[str, ...]
    weights: tuple[Floats, ...]
    intercept: Floats
    temperature: float

    def scores(self, blocks: Sequence[Matrix]) -> Floats:
        """Uncalibrated scores (rows x classes) of the rows described by one matrix a block.

        Raises BaogaoError if the model was trained with another number of blocks.
        """
        if len(blocks) != len(self.weights):
            raise BaogaoError("A model of models/ was trained with other features than this version has; run baogao train.")
        total: Floats = np.repeat(self.intercept[None, :], blocks[0].shape[0], 0)
        for block, weights in zip(blocks, self.weights, strict=True):
            total += block @ weights
        return total

    def probabilities(self, scores: Floats) -> Floats:
        """Calibrated probabilities (rows x classes) of scores."""
        scaled = scores / np.float32(self.temperature)
        powers = np.exp(scaled - scaled.max(1, keepdims=True))
        result: Floats = powers / powers.sum(1, keepdims=True)
        return result


def fit(
    blocks: Sequence[Matrix],
    labels: Sequence[str],
    groups: Sequence[int] | None,
    penalty: float,
    weights: Sequence[float] | None = None,
) -> dict[str, Any]:
    """Fit a model and calibrate it on predictions for held-out groups; returns what `save` and `as_model` take.

    `groups` number the reports that the rows come from, None where only the best class is wanted and nothing is calibrated;
    `penalty` is scikit-learn's C; `weights` are those of the rows in fitting. Classes that occur in fewer than two rows cannot be
    learned and are the caller's to leave out.
    """
    matrix = sp.hstack(blocks, format="csr")
    columns = np.flatnonzero(np.bincount(matrix.indices, minlength=matrix.shape[1]) >= MIN_ROWS)
    matrix = matrix[:, columns]
    target = np.array(labels)
    temperature = 1.0 if groups is None else _temperature(matrix, target, np.array(groups), penalty)
    estimator = _estimator(penalty).fit(matrix, target, sample_weight=weights)
    return {"estimator": estimator, "columns": columns, "blocks": len(blocks), "temperature": temperature}


def _estimator(penalty: float) -> LogisticRegression:
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=penalty, max_iter=500, tol=1e-3)


def fit_each(blocks: Sequence[Matrix], labels: Sequence[str], classes: Sequence[str], penalty: float) -> dict[str, Any]:
    """Fit one model a class against the rest, uncalibrated, where classes are rare; rows of other labels than `classes` are of none.

    Returns what `as_model` takes; its scores are log odds. `classes` are at least three, in order.
    """
    from sklearn.linear_model import LogisticRegression

    matrix = sp.hstack(blocks, format="csr")
    columns = np.flatnonzero(np.bincount(matrix.indices, minlength=matrix.shape[1]) >= MIN_ROWS)
    matrix, target = matrix[:, columns], np.array(labels)
    each = [LogisticRegression(C=penalty, solver="liblinear", tol=1e-2).fit(matrix, target == name) for name in classes]
    estimator = LogisticRegression(C=penalty)
    estimator.classes_, estimator.n_features_in_ = np.array(classes), len(columns)
    estimator.coef_, estimator.intercept_ = np.vstack([one.coef_ for one in each]), np.concatenate([one.intercept_ for one in each])
    return {"estimator": estimator, "columns": columns, "blocks": len(blocks), "temperature": 1.0}


def _temperature(matrix: Matrix, target: npt.NDArray[Any], groups: npt.NDArray[Any], penalty: float) -> float:
    """The temperature that makes held-out predictions most likely."""
    from scipy.optimize import minimize_scalar
    from sklearn.model_selection import GroupKFold

    scores, truth = [], []
    for train, held_out in GroupKFold(FOLDS).split(matrix, groups=groups):
        estimator = _estimator(penalty).fit(matrix[train], target[train])
        known = np.isin(target[held_out], estimator.classes_)
        scores.append(_pad(_both_sides(estimator.decision_function(matrix[held_out][known])), estimator.classes_, np.unique(target)))
        truth.append(np.searchsorted(np.unique(target), target[held_out][known]))
    held_scores, held_truth = np.concatenate(scores), np.concatenate(truth)

    def loss(log_temperature: float) -> float:
        scaled = held_scores / np.exp(log_temperature)
        log_sum = np.logaddexp.reduce(scaled, 1)
        return float(np.mean(log_sum - scaled[np.arange(len(scaled)), held_truth]))

    return float(np.exp(minimize_scalar(loss, bounds=(-2, 2), method="bounded").x))


def _both_sides(scores: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Scores with a column a class, also for two classes, where scikit-learn gives one column for the second."""
    return scores if scores.ndim == 2 else np.stack([np.zeros_like(scores), scores], 1)


def _pad(scores: npt.NDArray[Any], classes: npt.NDArray[Any], wanted: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Scores with a column for every wanted class; a class that a fold did not see gets a very low one."""
    padded = np.full((len(scores), len(wanted)), -50.0)
    padded[:, np.searchsorted(wanted, classes)] = scores
    return padded


def as_model(fitted: dict[str, Any]) -> LinearModel:
    """The model in the form that prediction uses."""
    estimator = fitted["estimator"]
    weights = np.zeros((fitted["blocks"] * COLUMNS, len(estimator.classes_)), np.float32)
    weights[fitted["columns"]] = _both_sides(estimator.coef_[0] if len(estimator.classes_) == 2 else estimator.coef_.T)
    intercept = _both_sides(estimator.intercept_)[0] if len(estimator.classes_) == 2 else estimator.intercept_
    blocks = tuple(weights[i : i + COLUMNS] for i in range(0, len(weights), COLUMNS))
    return LinearModel(tuple(map(str, estimator.classes_)), blocks, intercept.astype(np.float32), float(fitted["temperature"]))
