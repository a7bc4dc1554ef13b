"""Fig. 13 as numbers: how a trained LeNet-5 of 1998 looks inside.

The figure draws the states of a network trained with every pixel inverted with probability 0.1, on
nine inputs. The preprint holds them as images of about 50 grey levels, from -`DRAWN` to `DRAWN`,
with what lies beyond clipped. Two things are read off: the coefficients of S2 and S4, by fitting
eq. 6 to each map, and the share of saturated states of each layer.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import as_file, files
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special

from paper_lenet.architecture import SQUASHING_AMPLITUDE, SQUASHING_SLOPE

DRAWN = 1.66
SATURATED = 1.5
# The bins of grey levels at both ends: the threshold lies inside the one before the last.
OUTER, INNER = (0, 255), (12, 240)


class Read(NamedTuple):
    """A number read from the figure, and its standard deviation from the reading alone."""

    value: float
    sd: float


@cache
def states(layer: str) -> NDArray[np.float64]:
    """States of a layer on the nine inputs: (9, maps, rows, columns), or (9, 120) of C5."""
    with (
        as_file(files("paper_lenet").joinpath("data/fig13_states.npz")) as path,
        np.load(path) as arrays,
    ):
        grey = np.asarray(arrays[layer.lower()], np.float64)
    return (grey / 127.5 - 1) * DRAWN


@cache
def coefficients(layer: str) -> tuple[Read, ...]:
    """The coefficient of each map of S2 or S4, on the sum of its four inputs (Section II-B)."""
    before, after = states({"S2": "C1", "S4": "C3"}[layer]), states(layer)
    count, maps, rows, columns = after.shape
    sums = before.reshape(count, maps, rows, 2, columns, 2).sum((3, 5))
    return tuple(_fit(sums[:, each].ravel(), after[:, each].ravel()) for each in range(maps))


def _fit(sums: NDArray[np.float64], drawn: NDArray[np.float64]) -> Read:
    def unit(sums: NDArray[np.float64], coefficient: float, bias: float) -> NDArray[np.float64]:
        total = SQUASHING_SLOPE * (coefficient * sums + bias)
        return np.clip(SQUASHING_AMPLITUDE * np.tanh(total), -DRAWN, DRAWN)

    found, covariance = optimize.curve_fit(unit, sums, drawn, (0.1, 0.0))
    return Read(float(found[0]), float(np.sqrt(covariance[0, 0])))


@cache
def saturated(layer: str) -> Read:
    """The logit of the share of a layer's states beyond `SATURATED`.

    The share lies between those of the last bin and of the last two; between their edges the logit
    is taken as linear. The reading's spread has two parts: where in that bin, and nine inputs.
    """
    grey = np.rint((states(layer) / DRAWN + 1) * 127.5).reshape(len(states(layer)), -1)
    outer = np.mean((grey <= OUTER[0]) | (grey >= OUTER[1]), 1)
    inner = np.mean((grey <= INNER[0]) | (grey >= INNER[1]), 1)
    low, high = special.logit(outer.mean()), special.logit(inner.mean())
    edges = _edge(OUTER[1], 244), _edge(244, 236)
    part = (edges[0] - SATURATED) / (edges[0] - edges[1])
    share = inner.mean()
    nine = inner.std(ddof=1) / np.sqrt(len(inner)) / (share * (1 - share))
    return Read(float(low + part * (high - low)), float(np.hypot((high - low) / np.sqrt(12), nine)))


def _edge(one: int, other: int) -> float:
    """The state halfway between two grey levels."""
    return ((one + other) / 255 - 1) * DRAWN
