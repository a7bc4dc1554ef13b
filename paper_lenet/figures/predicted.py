"""Fig. 5 and what the posterior expects: the training error of a network that fits."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator
from numpy.typing import NDArray

from paper_lenet.figures import style
from paper_lenet.figures.style import Theme

HEIGHT = 270.0
BANDS = ((0.025, 0.975, 0.18), (0.25, 0.75, 0.32))


class Curves(NamedTuple):
    """Errors on the fly in percent, by pass.

    Attributes:
        before: trainings of the prior's readings, (trainings, passes).
        after: trainings of the posterior's.
        printed: the points of Fig. 5, (passes,).
    """

    before: NDArray[np.float64]
    after: NDArray[np.float64]
    printed: NDArray[np.float64]


def draw(curves: Curves, theme: Theme) -> Figure:
    """Draw bands that hold half and 95% of the trainings, and the paper's points over them."""
    figure = style.figure(HEIGHT)
    axes = figure.add_axes((0.125, 0.135, 0.855, 0.85))
    axes.set_yscale("log")
    passes = np.arange(1, len(curves.printed) + 1)
    low, high = np.quantile(curves.before, (0.025, 0.975), axis=0)
    outline: dict[str, Any] = {"color": theme.muted, "linewidth": 1.0, "linestyle": (0, (4, 2))}
    for edge in (low, high):
        axes.plot(passes, edge, **outline)
    for below, above, alpha in BANDS:
        low, high = np.quantile(curves.after, (below, above), axis=0)
        axes.fill_between(passes, low, high, color=theme.positive, alpha=alpha, linewidth=0)
    points: dict[str, Any] = {
        "marker": "o",
        "markersize": 4.4,
        "markerfacecolor": "none",
        "linestyle": "none",
        "markeredgecolor": theme.text,
    }
    axes.plot(passes, curves.printed, **points)
    axes.set_xlabel("pass")
    axes.set_xlim(0.4, len(passes) + 0.6)
    axes.set_xticks([1, 5, 10, 15, 20])
    axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axes.yaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}%"))
    axes.grid(axis="y", color=theme.muted, alpha=0.25, linewidth=0.6)
    axes.tick_params(color=theme.muted, length=3)
    handles = [
        Line2D([], [], **points),
        Patch(color=theme.positive, alpha=0.5, linewidth=0),
        Patch(color=theme.positive, alpha=0.18, linewidth=0),
        Line2D([], [], **outline),
    ]
    labels = [
        "the paper: Fig. 5, training",
        "posterior: half of trainings",
        "posterior: 95%",
        "prior: 95%",
    ]
    axes.legend(handles, labels, loc="upper right")
    return figure
