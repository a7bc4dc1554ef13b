"""The layers of LeNet-5 as linear problems: which states below each drawn unit is made of.

A map of C1 or C3 has a row of 25 states for each map that it sees, one of S2 or S4 the sum of four
(Section II-B), and each a one for the bias. `parameters` of a layer are rows of weights and a bias,
in that order.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from paper_lenet.network.architecture import squashing
from paper_lenet.studies.recovered.drawing import Ends, Known
from paper_lenet.studies.recovered.probit import Units, log_probability

Array = NDArray[np.float64]
SIDE = 5


def windows(states: Array) -> Array:
    """(panels, maps, rows, columns) as (panels, rows - 4, columns - 4, maps, 25)."""
    found = np.lib.stride_tricks.sliding_window_view(states, (SIDE, SIDE), axis=(2, 3))
    panels, maps, rows, columns = found.shape[:4]
    return found.reshape(panels, maps, rows, columns, SIDE * SIDE).transpose(0, 2, 3, 1, 4)


def sums(states: Array) -> Array:
    """The sum of the four inputs of each subsampling unit: (N, maps, rows/2, columns/2)."""
    count, maps, rows, columns = states.shape
    result: Array = states.reshape(count, maps, rows // 2, 2, columns // 2, 2).sum((3, 5))
    return result


def convolution(below: Known, sources: Sequence[int], interval: Ends, place: int) -> Units:
    """The units of map `place` of C1 or C3, which sees the maps `sources`."""
    chosen = list(sources)
    x, variance = (windows(part[:, chosen]).reshape(-1, 25 * len(chosen)) for part in below)
    return _units(x, variance, interval, place)


def subsampling(below: Known, interval: Ends, place: int) -> Units:
    """The units of map `place` of S2 or S4."""
    x, variance = (sums(part[:, place : place + 1]).reshape(-1, 1) for part in below)
    return _units(x, variance, interval, place)


def _units(x: Array, variance: Array, interval: Ends, place: int) -> Units:
    one = np.ones((len(x), 1))
    low, high = (part[:, place].reshape(-1) for part in interval)
    return Units(np.hstack([x, one]), np.hstack([variance, 0 * one]), low, high)


def restored(a: Array, sd: Array, interval: Ends) -> Known:
    """States from what the layer below says of them and what is drawn, together.

    The total input is normal around `a`, and lies in its interval: its mean and variance are those
    of the normal law cut off there. Where the two contradict each other, it stays at the interval's
    nearest end.

    Args:
        a: the total inputs that the parameters give.
        sd: their standard deviation.
        interval: what is drawn, of the same shape.
    """
    _, first, second = log_probability(a, *interval, sd)
    # Of a normal law cut off, mean and variance follow from the derivatives of its mass (Tweedie).
    mean = np.clip(a + sd**2 * first, *interval)
    variance = np.maximum(sd**2 * (1 + sd**2 * second), 0.0)
    state = squashing(mean)
    slope = (squashing(mean + 1e-4) - squashing(mean - 1e-4)) / 2e-4
    return Known(state, slope**2 * variance)
