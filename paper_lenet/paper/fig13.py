"""Fig. 13 as numbers: how a LeNet-5 of 1998 looked inside after training.

The figure draws the states of a network that was trained with each pixel inverted with probability
0.1, on nine inputs. The authors' preprint holds them as images of some 50 grey levels, black for
`DRAWN` and white for minus that; states beyond are clipped. Neither number is printed: with 1.66
C1's states are eq. 6 of the input, and F6's signs are those of the codes.

Two things are read off: the coefficients and biases of S2 and S4, by fitting eq. 6 to the states
of each map, and the share of saturated states of each layer.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import as_file, files
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import optimize

from paper_lenet.network.architecture import squashing

DRAWN = 1.66
GREY = 255
APART = 11  # the widest gap between two of the grey levels that occur
SATURATED = 1.5  # as the studies count
FED_BY = {"S2": "C1", "S4": "C3"}
# No coefficient or bias of a trained network comes near these, on the sum of four inputs.
FARTHEST = 10.0

Grey = NDArray[np.uint8]
States = NDArray[np.float64]


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


class Share(NamedTuple):
    """A share of states: surely beyond the threshold, and possibly, given the grey levels."""

    low: float
    high: float


@cache
def drawn(layer: str) -> Grey:
    """The grey levels of a layer: (9, maps, rows, columns), of C5 (9, 120), of F6 (9, 12, 7).

    F6's panels are in another order than those of the other layers.
    """
    name = "f6_unpaired" if layer == "F6" else layer.lower()
    source = files("paper_lenet.paper").joinpath("data/fig13_states.npz")
    with as_file(source) as path, np.load(path) as arrays:
        grey: Grey = arrays[name]
    return grey


def states(grey: Grey) -> States:
    """The states that grey levels stand for, of the same shape."""
    return DRAWN * (1 - 2 * grey.astype(np.float64) / GREY)


def squash(total: States) -> States:
    """Eq. 6 as the figure shows it: clipped."""
    return np.clip(squashing(total), -DRAWN, DRAWN)


def sums(below: States) -> States:
    """The sum of the four inputs of each subsampling unit, (N, maps, rows/2, columns/2)."""
    count, maps, rows, columns = below.shape
    result: States = below.reshape(count, maps, rows // 2, 2, columns // 2, 2).sum((3, 5))
    return result


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
        return squash(coefficient * inputs + bias) - outputs

    found = optimize.least_squares(misfit, (0.1, 0.0), bounds=(-FARTHEST, FARTHEST))
    variance = 2 * found.cost / (len(inputs) - 2)
    covariance = variance * np.linalg.inv(found.jac.T @ found.jac)
    return Unit(
        coefficient=float(found.x[0]),
        bias=float(found.x[1]),
        coefficient_sd=float(np.sqrt(covariance[0, 0])),
        residual=float(np.sqrt(2 * found.cost / len(inputs)) * GREY / (2 * DRAWN)),
    )


def saturated(grey: Grey, threshold: float = SATURATED) -> Share:
    """The share of drawn states beyond `threshold`, either way.

    A level stands for states up to half of `APART` away from it; a state that may so lie on either
    side of the threshold counts as possible only.
    """
    size = np.abs(states(grey))
    half = DRAWN * APART / GREY
    return Share(float(np.mean(size - half > threshold)), float(np.mean(size + half > threshold)))
