"""Estimates from a stratified sample, with two intervals: for this archive, and for sites and families of texts like these.

Ratio estimates with inverse inclusion probabilities as weights (Horvitz and Thompson 1952; Särndal, Swensson and Wretman 1992, 5.5
and 5.7), variances by linearisation, intervals for shares after Korn and Graubard (1998).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Array = NDArray[np.float64]
Labels = NDArray[np.int64]
LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Design:
    """A stratified sample: for each item its stratum's number, and the strata's sizes in archive and sample; its site and family."""

    stratum: Labels
    sizes: Array
    drawn: Array
    site: Labels
    family: Labels

    @property
    def weights(self) -> Array:
        """Number of clauses that each item stands for: 1 / inclusion probability."""
        found: Array = (self.sizes / self.drawn)[self.stratum]
        return found


@dataclass(frozen=True, slots=True)
class Estimate:
    """A share with its intervals. `low`, `high` are clustered; `archive_low`, `archive_high` hold for this archive."""

    items: int
    value: float
    low: float
    high: float
    archive_low: float
    archive_high: float


def labels(values: Sequence[str]) -> Labels:
    """Numbers for names, from 0."""
    return np.unique(np.array(values, dtype=object).astype(str), return_inverse=True)[1].astype(np.int64)


def share(design: Design, counted: Array, among: Array) -> Estimate:
    """Share of items with counted = 1 among those with among = 1 (0 or 1 each, counted <= among).

    R = sum(w y) / sum(w x). With u = (y - R x) / sum(w x):

    * this archive: V = sum over strata of (1 - n/N) n/(n-1) sum((w u - mean)^2), the variance of the draw alone;
    * sites and families like these: w u added up within clusters, V(c) = G/(G-1) sum of squares over G clusters, for sites and for
      families of near-duplicates, V = V(site) + V(family) - V(site and family) (Cameron, Gelbach and Miller 2011), at least the
      variance between items.
    """
    weights = design.weights
    total = float(np.sum(weights * among))
    items = int(np.sum(among))
    if not total:
        return Estimate(0, *(float("nan"),) * 5)
    value = float(np.sum(weights * counted) / total)
    residual = weights * (counted - value * among) / total
    archive = _interval(value, _variance_of_draw(design, residual), items, max(1, len(among) - len(design.sizes)))
    if np.all(design.sizes == design.drawn):
        archive = (value, value)
    clusters = min(len(np.unique(group[among > 0])) for group in _groups(design))
    clustered = _interval(value, _variance_of_clusters(design, residual), items, max(1, clusters - 1))
    return Estimate(items, value, *clustered, *archive)


def _variance_of_draw(design: Design, residual: Array) -> float:
    variance = 0.0
    for number, (size, drawn) in enumerate(zip(design.sizes, design.drawn, strict=True)):
        if drawn > 1:
            part = residual[design.stratum == number]
            variance += float((1 - drawn / size) * drawn / (drawn - 1) * np.sum((part - part.mean()) ** 2))
    return variance


def _groups(design: Design) -> list[Labels]:
    """Groupings with more than one group; all items are one of their own if none has."""
    return [group for group in (design.site, design.family) if len(np.unique(group)) > 1] or [np.arange(len(design.site))]


def _variance_of_clusters(design: Design, residual: Array) -> float:
    groups = _groups(design)
    between = sum(_squares(group, residual) for group in groups)
    if len(groups) == 2:
        between -= _squares(groups[0] * (groups[1].max() + 1) + groups[1], residual)
    return float(max(between, _squares(np.arange(len(residual)), residual)))


def _squares(group: Labels, residual: Array) -> float:
    sums = np.bincount(np.unique(group, return_inverse=True)[1], residual)
    return float(len(sums) / max(1, len(sums) - 1) * np.sum(sums**2))


def _interval(value: float, variance: float, items: int, freedom: int) -> tuple[float, float]:
    """Clopper and Pearson's interval for as many independent items as would give the variance, adjusted for its degrees of freedom."""
    tail = (1 - LEVEL) / 2
    size = float(items)
    if variance > 0 and 0 < value < 1:
        wide = stats.t.ppf(tail, max(1, items - 1)) / stats.t.ppf(tail, freedom)
        size = min(value * (1 - value) / variance * float(wide) ** 2, 1e12)
    hits = size * value
    low = stats.beta.ppf(tail, hits, size - hits + 1) if value > 0 else 0.0
    high = stats.beta.ppf(1 - tail, hits + 1, size - hits) if value < 1 else 1.0
    return float(low), float(high)
