"""Many readings drawn from the prior, or aimed at where the posterior is.

Of readings drawn from the prior on a dozen axes only a few in a thousand may fit. So a first sample
says roughly where each axis has its weight, and a second is drawn half from the prior and half from
there, axis by axis. Each reading carries how much likelier the prior makes it than its drawing did
(importance sampling), so the second sample stands for the prior as the first one does. The rounds
of draws that are trained are aimed in the same way, by laws that their grids state.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from paper_lenet.base import streams
from paper_lenet.studies.posterior.features import (
    SILENT_UNDER_8,
    Readings,
    is_continuous,
    options,
)
from paper_lenet.studies.prior import Prior, ends

Vector = NDArray[np.float64]
# Far from the numbers of the draws that are trained.
NUMBER = 1 << 32
KEPT, PARTS = 0.5, 20  # of an aimed sample: the prior's share, and equally likely parts of a range
KEPT_OF_ROUND, PARTS_OF_ROUND = 0.25, 10  # the same of a round of draws that are trained


class Sample(NamedTuple):
    """Readings, each with its weight before any statistic.

    Attributes:
        readings: by axis, (m,) each.
        before: logarithm of the prior's density over that of the drawing, (m,).
    """

    readings: Readings
    before: Vector


def sample(prior: Prior, count: int, number: int = NUMBER) -> Sample:
    """`count` readings drawn from the prior; others than the draws of `prior.draws`."""
    readings = {
        key: quantile(law, streams.uniform(streams.key(number, "prior", axis), count))
        for axis, (key, law) in enumerate(prior.items())
    }
    return Sample(readings, np.zeros(count))


def aimed(prior: Prior, first: Readings, weights: Vector, count: int) -> Sample:
    """`count` readings, drawn more where `first` has more weight, (m,).

    Args:
        prior: over readings.
        first: a sample of the prior, by axis.
        weights: of its readings, given the statistics; they add up to 1.
        count: how many.
    """
    law = toward(prior, first, weights, KEPT, PARTS)
    readings = sample(law, count, NUMBER + 1).readings
    return Sample(readings, density(prior, readings) - density(law, readings))


def toward(prior: Prior, first: Readings, weights: Vector, kept: float, parts: int) -> Prior:
    """A law: the prior with share `kept`, and with the rest the marginals of `first`, weighted.

    Args:
        prior: over readings.
        first: readings, by axis, (m,).
        weights: of them, (m,); they add up to 1.
        kept: share of the prior.
        parts: into how many a range is divided, equally likely before.
    """
    result: dict[str, Mapping[str, Any]] = {}
    under_9 = weights * (first["loss.equation"] == 9) if "loss.equation" in prior else weights
    for key, law in prior.items():
        some = under_9 if key in SILENT_UNDER_8 and under_9.sum() > 0 else weights
        plain = law if not is_continuous(law) else {**law, "parts": [1.0] * parts}
        before = _shares(plain)
        found = np.bincount(_places(plain, first[key]), some, len(before)) / some.sum()
        masses = (kept * before + (1 - kept) * found).tolist()
        if is_continuous(law):
            result[key] = {**law, "parts": masses}
        else:
            result[key] = {"choice": dict(zip(options(law), masses, strict=True))}
    return result


def density(law: Prior, readings: Readings) -> Vector:
    """The logarithm of a law's density, (m,), each range being measured in its own scale.

    Under eq. 8 the axes that do nothing there count with all their values: a density of 1.
    """
    total = np.zeros(len(next(iter(readings.values()))))
    for key, each in law.items():
        shares = _shares(each)
        height = shares * len(shares) if is_continuous(each) else shares
        part = np.log(height)[_places(each, readings[key])]
        if key in SILENT_UNDER_8 and "loss.equation" in law:
            part = np.where(readings["loss.equation"] == 8, 0.0, part)
        total += part
    return total


def _shares(law: Mapping[str, Any]) -> Vector:
    """The weights of a law's options, or of the parts of its range; they add up to 1."""
    weights = law.get("parts", [1.0]) if is_continuous(law) else list(law["choice"].values())
    return np.asarray(np.array(weights, float) / np.sum(weights))


def _places(law: Mapping[str, Any], values: NDArray[Any]) -> NDArray[np.int64]:
    """Which option each value is, or in which part of the range it lies, (m,)."""
    if not is_continuous(law):
        return np.asarray(np.argmax([values == option for option in options(law)], 0))
    kind, low, high = ends(law)
    numbers = values.astype(float)
    share = (numbers - low) / (high - low)
    if kind == "logarithmic":
        share = np.log(numbers / low) / np.log(high / low)
    count = len(law.get("parts", [1]))
    return np.clip((share * count).astype(np.int64), 0, count - 1)


def quantile(law: Mapping[str, Any], fraction: Vector) -> NDArray[Any]:
    """The values that have these shares of the law's weight below them."""
    shares = _shares(law)
    below = np.cumsum(shares)
    places = np.minimum(np.searchsorted(below, fraction, side="right"), len(shares) - 1)
    if not is_continuous(law):
        return np.array(options(law), object)[places]
    inside = (fraction - (below - shares)[places]) / shares[places]
    fraction = (places + np.clip(inside, 0, 1)) / len(shares)
    kind, low, high = ends(law)
    if kind == "uniform":
        return np.asarray(low + (high - low) * fraction)
    return np.asarray(low * (high / low) ** fraction)
