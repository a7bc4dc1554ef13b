"""Many readings drawn from the prior, or aimed at where the posterior is.

Of readings drawn from the prior on a dozen axes only a few in a thousand may fit. So a first sample
says roughly where each axis has its weight, and a second is drawn half from the prior and half from
there, axis by axis. Each reading carries how much likelier the prior makes it than its drawing did
(importance sampling), so the second sample stands for the prior as the first one does.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from paper_lenet.base import streams
from paper_lenet.studies.posterior.features import Readings, is_continuous, options
from paper_lenet.studies.prior import Prior

Vector = NDArray[np.float64]
# Far from the numbers of the draws that are trained.
NUMBER = 1 << 32
BINS = 20  # of a range, each with the same weight in the prior
KEPT = 0.5  # of the prior, in each axis of an aimed sample


class Sample(NamedTuple):
    """Readings, each with its weight before any statistic.

    Attributes:
        readings: by axis, (m,) each.
        fractions: by axis, the share of the prior below the reading's value, (m,) each.
        before: logarithm of the prior's density over that of the drawing, (m,).
    """

    readings: Readings
    fractions: dict[str, Vector]
    before: Vector


def sample(prior: Prior, count: int) -> Sample:
    """`count` readings drawn from the prior; others than the draws of `prior.draws`."""
    fractions = _uniform(prior, count, NUMBER)
    readings = {key: quantile(law, fractions[key]) for key, law in prior.items()}
    return Sample(readings, fractions, np.zeros(count))


def aimed(prior: Prior, first: Sample, weights: Vector, count: int) -> Sample:
    """`count` readings, drawn more where `first` has more weight, (m,).

    Args:
        prior: over readings.
        first: a sample of the prior.
        weights: of its readings, given the statistics; they add up to 1.
        count: how many.
    """
    fractions, before = _uniform(prior, count, NUMBER + 1), np.zeros(count)
    for key, law in prior.items():
        edges = _edges(law)
        widths = np.diff(edges)
        found, _ = np.histogram(first.fractions[key], edges, weights=weights)
        masses = KEPT * widths + (1 - KEPT) * found
        below = np.concatenate([[0.0], np.cumsum(masses)])
        bins = np.minimum(np.searchsorted(below, fractions[key], side="right"), len(widths)) - 1
        inside = (fractions[key] - below[bins]) / masses[bins]
        fractions[key] = edges[bins] + widths[bins] * np.clip(inside, 0, 1 - 1e-9)
        before += np.log(widths[bins] / masses[bins])
    readings = {key: quantile(law, fractions[key]) for key, law in prior.items()}
    return Sample(readings, fractions, before)


def _uniform(prior: Prior, count: int, number: int) -> dict[str, Vector]:
    return {
        key: streams.uniform(streams.key(number, "prior", axis), count)
        for axis, key in enumerate(prior)
    }


def _edges(law: Mapping[str, Any]) -> Vector:
    """The edges of an axis's bins, as shares of the prior below them: its options, or `BINS`."""
    if is_continuous(law):
        return np.linspace(0, 1, BINS + 1)
    weights = np.array(list(law["choice"].values()), float)
    return np.asarray(np.concatenate([[0.0], np.cumsum(weights)]) / weights.sum())


def quantile(law: Mapping[str, Any], fraction: Vector) -> NDArray[Any]:
    """The values that have these shares of the law's weight below them."""
    if not is_continuous(law):
        inner = _edges(law)[1:-1]
        return np.array(options(law), object)[np.searchsorted(inner, fraction, side="right")]
    ((kind, (low, high)),) = law.items()
    if kind == "uniform":
        return np.asarray(low + (high - low) * fraction)
    return np.asarray(low * (high / low) ** fraction)
