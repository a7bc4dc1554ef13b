"""Many readings drawn from the prior, or aimed at where the posterior is.

Of readings drawn from the prior on a dozen axes only a few in ten thousand may fit. So a first
sample says roughly where each axis has its weight, and a second is drawn half from the prior and
half from there, axis by axis; a third is aimed at where that one has its weight, and so on
(population Monte Carlo, Cappé and others, 2004). Each reading carries how much likelier the prior
makes it than its drawing did, so every sample stands for the prior as the first one does. The
rounds of draws that are trained are aimed in the same way, by laws that their grids state.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from paper_lenet.base import streams
from paper_lenet.studies.laws import Law, ends, is_continuous, options, quantile, shares
from paper_lenet.studies.posterior.features import Readings, asked
from paper_lenet.studies.prior import Prior

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


def aimed(prior: Prior, first: Readings, weights: Vector, count: int, number: int = 0) -> Sample:
    """`count` readings, drawn more where `first` has more weight, (m,).

    Args:
        prior: over readings.
        first: readings, by axis.
        weights: of them, given the prior and the statistics; they add up to 1.
        count: how many.
        number: of the sample; each has other readings.
    """
    law = toward(prior, first, weights, KEPT, PARTS)
    readings = sample(law, count, NUMBER + 1 + number).readings
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
    result: dict[str, Law] = {}
    for key, law in prior.items():
        told = weights * asked(key, first)
        some = told if told.sum() > 0 else weights
        plain = law if not is_continuous(law) else {**law, "parts": [1.0] * parts}
        before = shares(plain)
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
        masses = shares(each)
        height = masses * len(masses) if is_continuous(each) else masses
        part = np.log(height)[_places(each, readings[key])]
        total += np.where(asked(key, readings), part, 0.0)
    return total


def _places(law: Law, values: NDArray[Any]) -> NDArray[np.int64]:
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
