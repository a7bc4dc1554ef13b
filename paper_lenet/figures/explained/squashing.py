"""The squashing function of eqs. 5 and 6 beside the sigmoid, tanh and ReLU (Appendix A, p. 2318).

The appendix gives A = 1.7159 and S = 2/3 and what they are for: f(1) = 1 and f(-1) = -1, a gain of
about 1 in the range that units are used in, and the strongest bend at the targets. It proves none
of it, and calls the choice a convenience. The numbers here are computed from the two constants.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Literal, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from paper_lenet.base.files import fixed
from paper_lenet.figures import style
from paper_lenet.figures.style import SMALL, WIDTH, Theme
from paper_lenet.network.architecture import SQUASHING_AMPLITUDE, SQUASHING_SLOPE

HEADING = ("function", "low", "high", "at_one", "slope_zero", "slope_one", "bend_one", "bend_at")
REACH = 3.0  # total inputs from -3 to 3 are drawn
TOP, PANEL, GAP = 34.0, 92.0, 22.0  # points


class Function(NamedTuple):
    """A function of a unit's total input, with its first two derivatives.

    Attributes:
        name: as pages have it.
        low: what it does not go below.
        high: what it does not go above; infinite for ReLU.
        value: f(a).
        slope: f'(a).
        bend: f''(a); 0 for ReLU, whose slope jumps at 0.
        bend_at: the positive a where the second derivative is greatest in size; NaN for ReLU.
    """

    name: str
    low: float
    high: float
    value: Callable[[NDArray[np.float64]], NDArray[np.float64]]
    slope: Callable[[NDArray[np.float64]], NDArray[np.float64]]
    bend: Callable[[NDArray[np.float64]], NDArray[np.float64]]
    bend_at: float


def scaled(name: str, amplitude: float, slope: float) -> Function:
    """A tanh(S a); f'' = -2 A S^2 t (1 - t^2) with t = tanh(S a), which peaks at t^2 = 1/3."""

    def squared(a: NDArray[np.float64]) -> NDArray[np.float64]:
        return 1 - np.tanh(slope * a) ** 2

    return Function(
        name,
        -amplitude,
        amplitude,
        lambda a: amplitude * np.tanh(slope * a),
        lambda a: amplitude * slope * squared(a),
        lambda a: -2 * amplitude * slope**2 * np.tanh(slope * a) * squared(a),
        math.atanh(math.sqrt(1 / 3)) / slope,
    )


def sigmoid() -> Function:
    """1 / (1 + exp(-a)), which is 1/2 + 1/2 tanh(a / 2)."""
    half = scaled("sigmoid", 0.5, 0.5)
    return half._replace(low=0.0, high=1.0, value=lambda a: 0.5 + 0.5 * np.tanh(a / 2))


def relu() -> Function:
    """max(a, 0), with slope 0 at 0."""
    return Function(
        "ReLU",
        0.0,
        math.inf,
        lambda a: np.maximum(a, 0.0),
        lambda a: (a > 0).astype(np.float64),
        np.zeros_like,
        math.nan,
    )


FUNCTIONS = (
    scaled("the paper's", SQUASHING_AMPLITUDE, SQUASHING_SLOPE),
    scaled("tanh", 1.0, 1.0),
    sigmoid(),
    relu(),
)
DASHES: tuple[Literal["-", "--", ":", "-."], ...] = ("-", "--", ":", "-.")


def rows() -> list[list[str]]:
    """A row for each function under `HEADING`; empty where there is nothing to give."""
    return [_row(function) for function in FUNCTIONS]


def _row(function: Function) -> list[str]:
    one, zero = np.array([1.0]), np.array([0.0])
    kink = math.isnan(function.bend_at)
    return [
        function.name,
        fixed(function.low),
        "" if math.isinf(function.high) else fixed(function.high),
        fixed(float(function.value(one)[0]), 6),
        "" if kink else fixed(float(function.slope(zero)[0])),
        fixed(float(function.slope(one)[0])),
        "" if kink else fixed(float(function.bend(one)[0])),
        fixed(function.bend_at),
    ]


def draw(theme: Theme) -> Figure:
    """Value, slope and second derivative, one panel below the other."""
    height = TOP + 3 * PANEL + 2 * GAP + 30
    figure = style.figure(height)
    totals = np.linspace(-REACH, REACH, 601)
    colours = (theme.negative, theme.positive, theme.text, theme.muted)
    parts = (("value f(a)", "value"), ("slope f′(a)", "slope"), ("second derivative f″(a)", "bend"))
    for place, (title, part) in enumerate(parts):
        bottom = height - TOP - PANEL * (place + 1) - GAP * place
        axes = figure.add_axes((28 / WIDTH, bottom / height, 286 / WIDTH, PANEL / height))
        _frame(axes, title, theme)
        drawn = FUNCTIONS[:3] if part == "bend" else FUNCTIONS
        for function, colour, dash in zip(drawn, colours, DASHES, strict=False):
            values = getattr(function, part)(totals)
            axes.plot(totals, values, color=colour, linestyle=dash, linewidth=1.5)
        _targets(axes, part, theme)
        if part != "bend":
            axes.set_xticklabels([])
    axes.set_xlabel("total input a", fontsize=SMALL, labelpad=1)
    handles = [
        Line2D([], [], color=colour, linestyle=dash, linewidth=1.5)
        for colour, dash in zip(colours, DASHES, strict=True)
    ]
    names = [function.name for function in FUNCTIONS]
    figure.legend(handles, names, loc="upper center", ncols=4, borderaxespad=0.1, columnspacing=1.2)
    return figure


def _frame(axes: Axes, title: str, theme: Theme) -> None:
    axes.set_xlim(-REACH, REACH)
    axes.set_title(title, fontsize=SMALL, pad=3, loc="left")
    axes.axhline(0, color=theme.muted, linewidth=0.6)
    axes.grid(color=theme.muted, alpha=0.2, linewidth=0.6)
    axes.tick_params(color=theme.muted, length=3, pad=2)


def _targets(axes: Axes, part: str, theme: Theme) -> None:
    """The paper's function at the targets: where a is plus and minus 1."""
    ours = FUNCTIONS[0]
    at = np.array([-1.0, 1.0])
    if part == "value":
        axes.set_ylim(-2, 2.2)
    axes.plot(at, getattr(ours, part)(at), "o", color=theme.negative, markersize=4.5)
    if part == "bend":
        peak = np.array([-ours.bend_at, ours.bend_at])
        axes.plot(
            peak,
            ours.bend(peak),
            "o",
            markersize=8,
            markerfacecolor="none",
            markeredgecolor=theme.negative,
        )
