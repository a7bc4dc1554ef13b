"""Why S2 and S4 are trained: one small example beside average and max pooling (Section II-B).

A unit takes the four states of its window, averages them (Section II-A) and has a trainable
coefficient and bias: f(c m + b). The paper says what they are good for: a small coefficient blurs,
a large one makes a noisy OR or a noisy AND, depending on the bias (p. 2285). It gives no example.

The example's states are +1 and -1, so m is -1, -1/2, 0, 1/2 or 1. With c = 4 the total inputs are
2 apart, and the bias says between which two of them the unit turns from f(-1) = -1 to f(1) = 1.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from paper_lenet.base.files import fixed
from paper_lenet.figures import style
from paper_lenet.figures.style import SMALL, Theme
from paper_lenet.network.architecture import squashing
from paper_lenet.network.weights import Parameters

WINDOW = 4
HEADING = ("unit", "coefficient", "bias", *(f"on_{count}" for count in range(WINDOW + 1)))
TRAINED = ("layer", "map", "coefficient", "bias", "turns_at")
# Windows with none, one, three and all of their four states at +1.
STATES = np.array([[-1, -1, 1, -1], [-1, -1, -1, -1], [1, 1, 1, 1], [-1, 1, 1, 1]], np.float64)
CELL, TOP, LINE = 24.0, 28.0, 94.0  # points
PALE = 3.2  # the state that would be in full colour: numbers are to be read on what is there


class Unit(NamedTuple):
    """One kind of subsampling unit; `coefficient` is `None` where nothing is trained."""

    name: str
    coefficient: float | None = None
    bias: float = 0.0

    def state(self, window: NDArray[np.float64]) -> float:
        """What it makes of the four states of a window."""
        if self.name == "max":
            return float(window.max())
        if self.coefficient is None:
            return float(window.mean())
        total = self.coefficient * float(window.mean()) + self.bias
        return float(squashing(total))


UNITS = (
    Unit("average"),
    Unit("max"),
    Unit("blur", 1.0),
    Unit("OR", 4.0, 3.0),
    Unit("AND", 4.0, -3.0),
)


def rows() -> list[list[str]]:
    """What each unit makes of windows with 0 to 4 states at +1 and the rest at -1."""
    result = []
    for unit in UNITS:
        windows = [np.repeat([1.0, -1.0], [count, WINDOW - count]) for count in range(WINDOW + 1)]
        own = ["", ""] if unit.coefficient is None else [f"{unit.coefficient:g}", f"{unit.bias:g}"]
        result.append([unit.name, *own, *(fixed(unit.state(window), 2) for window in windows)])
    return result


def coefficients(parameters: Parameters) -> list[list[str]]:
    """S2's and S4's trained values, a row a map; empty if they have none.

    `turns_at` is -b / c, the average of the four at which the unit's state is 0.
    """
    result = []
    for layer in ("S2", "S4"):
        pairs = zip(
            parameters.get(f"{layer}.coefficient", ()),
            parameters.get(f"{layer}.bias", ()),
            strict=True,
        )
        for place, (c, b) in enumerate(pairs):
            turns = -float(b) / float(c)
            result.append([layer, str(place), fixed(float(c)), fixed(float(b)), fixed(turns)])
    return result


def pooled(unit: Unit) -> NDArray[np.float64]:
    """The unit's states over the example, (2, 2)."""
    windows = STATES.reshape(2, 2, 2, 2).transpose(0, 2, 1, 3).reshape(2, 2, WINDOW)
    return np.array([[unit.state(window) for window in row] for row in windows])


def draw(theme: Theme) -> Figure:
    """The example's 4 x 4 states, and the 2 x 2 states that each unit makes of them."""
    figure, axes = style.canvas(2 * LINE + 48)
    _grid(axes, STATES, 10, TOP, CELL * 0.75, theme, "{:+.0f}")
    axes.text(10, TOP - 10, "four windows", va="center", fontsize=SMALL, fontweight="bold")
    for place, unit in enumerate(UNITS):
        line, column = divmod(place + 1, 3)
        left, top = 10 + column * 108, TOP + line * (LINE + 14)
        axes.text(left, top - 10, unit.name, va="center", fontsize=SMALL, fontweight="bold")
        _grid(axes, pooled(unit), left, top, CELL * 1.5, theme, "{:+.2f}")
        if unit.coefficient is None:
            text = "nothing to train"
        else:
            text = f"c = {unit.coefficient:g}, b = {unit.bias:g}"
        below = top + 3 * CELL + 9
        axes.text(left, below, text.replace("-", "−"), va="center", fontsize=SMALL)
    return figure


def _grid(
    axes: Axes,
    values: NDArray[np.float64],
    left: float,
    top: float,
    cell: float,
    theme: Theme,
    form: str,
) -> None:
    """Squares with their numbers: blue above zero, orange below."""
    count = len(values)
    pixels = style.signed(values, PALE, theme)
    style.image(axes, pixels, left, top, cell * count, cell * count)
    for row, line in enumerate(values):
        for column, value in enumerate(line):
            x, y = left + column * cell, top + row * cell
            if count == 4 and row % 2 == 0 and column % 2 == 0:
                style.box(axes, x, y, 2 * cell, 2 * cell, theme.text, 1.2)
            style.box(axes, x, y, cell, cell, theme.muted, 0.5)
            text = form.format(value).replace("-", "−")
            axes.text(x + cell / 2, y + cell / 2, text, ha="center", va="center", fontsize=SMALL)
