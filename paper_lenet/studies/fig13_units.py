"""The subsampling units of Fig. 13's network: S2's and S4's coefficients and biases.

Eq. 6 is fitted to the drawn states of each map, with grey taken as linear in the state. It is not
quite that: `recovered.palette` says what it is, and the recovered network's coefficients are a
little larger.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
from scipy import optimize

from paper_lenet.network.architecture import squashing
from paper_lenet.paper.fig13 import DRAWN, GREY, Grey, States, drawn, states

FED_BY = {"S2": "C1", "S4": "C3"}
# No coefficient or bias of a trained network comes near these, on the sum of four inputs.
FARTHEST = 10.0


class Unit(NamedTuple):
    """The trained parameters of one map of S2 or S4, as fitted.

    Attributes:
        coefficient: on the sum of the four inputs (Section II-B); four times this on the average.
        bias: its bias.
        coefficient_sd: standard deviation of the coefficient, from the fit.
        residual: root mean square of what the fit leaves, in grey levels.
    """

    coefficient: float
    bias: float
    coefficient_sd: float
    residual: float


@cache
def subsampling(layer: str) -> tuple[Unit, ...]:
    """Every map of S2 or S4 of the network of 1998."""
    return fit_maps(drawn(FED_BY[layer]), drawn(layer))


def fit_maps(below: Grey, above: Grey) -> tuple[Unit, ...]:
    """The parameters of each subsampling map, from drawn states below and above it.

    Args:
        below: (N, maps, 2 rows, 2 columns), uint8.
        above: (N, maps, rows, columns), uint8.
    """
    inputs, outputs = sums(states(below)), states(above)
    return tuple(
        fit_map(inputs[:, each].ravel(), outputs[:, each].ravel()) for each in range(above.shape[1])
    )


def fit_map(inputs: States, outputs: States) -> Unit:
    """Bounded least squares of eq. 6, over one map: `inputs` are sums of four, (n,) each."""

    def misfit(parameters: States) -> States:
        coefficient, bias = parameters
        return squashed(coefficient * inputs + bias) - outputs

    found = optimize.least_squares(misfit, (0.1, 0.0), bounds=(-FARTHEST, FARTHEST))
    variance = 2 * found.cost / (len(inputs) - 2)
    covariance = variance * np.linalg.inv(found.jac.T @ found.jac)
    return Unit(
        coefficient=float(found.x[0]),
        bias=float(found.x[1]),
        coefficient_sd=float(np.sqrt(covariance[0, 0])),
        residual=float(np.sqrt(2 * found.cost / len(inputs)) * GREY / (2 * DRAWN)),
    )


def squashed(total: States) -> States:
    """Eq. 6 as the figure shows it: clipped."""
    return np.clip(squashing(total), -DRAWN, DRAWN)


def sums(below: States) -> States:
    """The sum of the four inputs of each subsampling unit, (N, maps, rows/2, columns/2)."""
    count, maps, rows, columns = below.shape
    result: States = below.reshape(count, maps, rows // 2, 2, columns // 2, 2).sum((3, 5))
    return result
