"""Do the intervals' ends lie where the likelihood says? The profile, for some parameters.

An interval comes from the curvature at the maximum. Here a parameter is held at one of its ends,
all others of its map are fitted again, and the fall of the log posterior is measured. Where the
curvature tells the truth it is half the square of 1.96, which is 1.92.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from paper_lenet.studies.recovered import probit
from paper_lenet.studies.recovered.drawing import Ends
from paper_lenet.studies.recovered.probit import Fit, Units
from paper_lenet.studies.recovered.recover import RecoveredLayer, priors, units

SOME = 24  # parameters of a layer, evenly spread over them
WITHIN = 1.959964
EXPECTED = WITHIN**2 / 2

Array = NDArray[np.float64]


def falls(name: str, layer: RecoveredLayer, interval: Ends) -> list[float]:
    """The fall at both ends of some parameters' intervals, as a multiple of the expected one."""
    places = [(k, j) for k, fit in enumerate(layer.fits) for j in range(len(fit.w))]
    chosen = places[:: max(1, len(places) // SOME)][:SOME]
    result = []
    for k, j in chosen:
        part = probit.distinct(units(name, layer.below, interval, layer.sources[k], k))
        fit, prior = layer.fits[k], priors(part, layer.prior)
        top = held(part, fit, prior, j, float(fit.w[j]))
        for side in (-WITHIN, WITHIN):
            end = float(fit.w[j] + side * fit.sd[j])
            result.append((top - held(part, fit, prior, j, end)) / EXPECTED)
    return result


def held(part: Units, fit: Fit, prior: Array, j: int, value: float) -> float:
    """The greatest log posterior with parameter `j` at `value`; deviations are those of `fit`."""
    sd = probit.deviations(part, fit.w, fit.tau)
    shift = part.x[:, j] * value
    others = Units(
        np.delete(part.x, j, axis=1),
        np.zeros((len(part.x), part.x.shape[1] - 1)),
        part.low - shift,
        part.high - shift,
    )
    start = np.delete(fit.w, j)
    best = probit.maximum(others, sd, start, np.delete(prior, j))
    return best - 0.5 * (value / float(prior[j])) ** 2
