"""Fig. 13's scale: what lengths a step of grey has, in states and in inputs.

`Drawing` turns states into drawn levels, and drawn levels into intervals of total inputs, by the
inverse of eq. 6, or into what is known of an input.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from paper_lenet.digits.dataset import Scale
from paper_lenet.network.architecture import SQUASHING_AMPLITUDE, SQUASHING_SLOPE
from paper_lenet.studies.recovered import palette
from paper_lenet.studies.recovered.palette import Drawn, Grey

Array = NDArray[np.float64]
DIM = 5  # the panel whose ink is not drawn black
DIM_INK = 10  # but with this level


class Known(NamedTuple):
    """States, or inputs, as far as they are known: a mean and a variance for each unit."""

    mean: Array
    variance: Array


class Ends(NamedTuple):
    """Between which total inputs units lie, each of the drawn array's shape."""

    low: Array
    high: Array


def unsquash(state: Array) -> Array:
    """The total input of a state; beyond what eq. 6 can reach it is infinite."""
    with np.errstate(divide="ignore"):
        total: Array = np.arctanh(np.clip(state / SQUASHING_AMPLITUDE, -1, 1)) / SQUASHING_SLOPE
    return total


class Drawing(NamedTuple):
    """The lengths that are not printed, as `calibrate` fits them.

    Attributes:
        step: how much a state falls with each step of grey.
        input_step: how much an input falls with each.
        dim: the ink of the panel `DIM`.
    """

    step: float
    input_step: float
    dim: float

    def levels(self, states: Array) -> Grey:
        """States as grey levels."""
        return palette.draw(-states / self.step)

    def interval(self, drawn: Drawn) -> Ends:
        """The total inputs that drawn units may have."""
        return Ends(unsquash(-drawn.last * self.step), unsquash(-drawn.first * self.step))

    def middle(self, drawn: Drawn) -> Known:
        """States as they are drawn: in the middle of what the level allows, uniform in it."""
        top = SQUASHING_AMPLITUDE
        low = np.clip(-drawn.last * self.step, -top, top)
        high = np.clip(-drawn.first * self.step, -top, top)
        return Known((low + high) / 2, (high - low) ** 2 / 12)

    def inputs(self, grey: Grey) -> Known:
        """The inputs, (panels, 32, 32), of the figure's nine panels.

        Background and ink are taken as the paper's two numbers, and have no variance.
        """
        scale, edges = Scale(), palette.even()
        found = palette.places(grey)
        background = palette.LEVELS.index(palette.BACKGROUND)
        first, last = edges[found], edges[found + 1]
        zero = (edges[background] + edges[background + 1]) / 2
        with np.errstate(invalid="ignore"):
            mean = scale.background + self.input_step * (zero - (first + last) / 2)
        variance = (self.input_step * (last - first)) ** 2 / 12
        ink = found == 0
        for part, value in ((found >= background, scale.background), (ink, scale.foreground)):
            mean[part], variance[part] = value, 0.0
        dim = grey[DIM] == DIM_INK
        mean[DIM][dim], variance[DIM][dim] = self.dim, 0.0
        return Known(mean, variance)
