"""Classifiers for few training rows: one against the rest, each feature scaled by how well it alone tells the class.

The scale is the log ratio of a feature's share among the rows of the class and among the others (NBSVM, Wang and Manning 2012),
so that a feature which says nothing by itself has to work hard to be heard; on texts this short and few that carries over better
than plain logistic regression. The scores of the classes on held-out reports are then calibrated together by a second, small
logistic regression (Platt 1999, for several classes). Everything is linear, so it folds into one estimator of the usual form.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from baogao.classify.features import Matrix
from baogao.classify.linear import FOLDS, MIN_ROWS

Doubles = npt.NDArray[np.float64]

CALIBRATION_PENALTY = 10.0
"""scikit-learn's C of the calibration, which has a handful of weights only."""


def fit_scaled(
    blocks: Sequence[Matrix], labels: Sequence[str], groups: Sequence[int], penalty: float, weights: Sequence[float] | None = None
) -> dict[str, Any]:
    """Fit and calibrate a model; arguments, result and limits as of linear.fit, `weights` are those of the rows (all 1 if None)."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GroupKFold

    matrix = sp.hstack(blocks, format="csr")
    columns = np.flatnonzero(np.bincount(matrix.indices, minlength=matrix.shape[1]) >= MIN_ROWS)
    matrix = matrix[:, columns]
    target = np.array(labels)
    row_weights = np.ones(len(target)) if weights is None else np.array(weights)
    classes = np.unique(target)
    held_out = np.zeros((len(target), len(classes)))
    for train, rest in GroupKFold(FOLDS).split(matrix, groups=np.array(groups)):
        slopes, offsets = _one_against_rest(matrix[train], target[train], classes, row_weights[train], penalty)
        held_out[rest] = matrix[rest] @ slopes + offsets
    calibration = LogisticRegression(C=CALIBRATION_PENALTY, max_iter=500).fit(held_out, target, sample_weight=row_weights)
    slopes, offsets = _one_against_rest(matrix, target, classes, row_weights, penalty)
    calibration.coef_, calibration.intercept_ = _folded(slopes, offsets, calibration.coef_, calibration.intercept_)
    calibration.n_features_in_ = len(columns)
    return {"estimator": calibration, "columns": columns, "blocks": len(blocks), "temperature": 1.0}


def _folded(slopes: Doubles, offsets: Doubles, mixing: Doubles, shift: Doubles) -> tuple[Doubles, Doubles]:
    """Coefficients (classes x features) and intercepts of the calibration of one-against-rest scores; for two classes one row."""
    return (slopes @ mixing.T).T, shift + offsets @ mixing.T


def _one_against_rest(
    matrix: Matrix, target: npt.NDArray[Any], classes: npt.NDArray[Any], weights: Doubles, penalty: float
) -> tuple[Doubles, Doubles]:
    """Weights (features x classes) and offsets of a model a class; a class that is absent, or alone, has a constant score."""
    from sklearn.linear_model import LogisticRegression

    slopes, offsets = np.zeros((matrix.shape[1], len(classes))), np.zeros(len(classes))
    for i, name in enumerate(classes):
        own = target == name
        if own.all() or not own.any():
            offsets[i] = 5.0 if own.all() else -5.0
            continue
        scale = _scale(matrix, own)
        estimator = LogisticRegression(C=penalty, solver="liblinear", tol=1e-2)
        estimator.fit(matrix @ sp.diags(scale), own, sample_weight=weights)
        slopes[:, i], offsets[i] = estimator.coef_[0] * scale, estimator.intercept_[0]
    return slopes, offsets


def _scale(matrix: Matrix, own: npt.NDArray[np.bool_]) -> Doubles:
    """How much each feature alone tells the rows `own` from the others, 1 on the average."""
    present = (matrix > 0).astype(np.float64)
    inside = np.asarray(present[own].sum(0)).ravel() + 1
    outside = np.asarray(present[~own].sum(0)).ravel() + 1
    ratio = np.abs(np.log((inside / inside.sum()) / (outside / outside.sum())))
    scale: Doubles = ratio / ratio.mean()
    scale[matrix.min(0).toarray().ravel() < 0] = 1  # coordinates of vectors, which are no counts
    return scale
