"""The posterior over readings, one panel an axis, with the prior beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator
from numpy.typing import NDArray

from paper_lenet.figures import style
from paper_lenet.figures.style import SMALL, Theme

COLUMNS = 2
TALL, HEAD = 84.0, 22.0  # points: a row of panels, and the legend above them
BINS = 24


class Range(NamedTuple):
    """An axis that is a range: values of the sample (m,), and their weights before and after."""

    title: str
    values: NDArray[np.float64]
    before: NDArray[np.float64]
    after: NDArray[np.float64]
    logarithmic: bool


class Choice(NamedTuple):
    """An axis that has options: their names, and probabilities before and after."""

    title: str
    options: list[str]
    before: list[float]
    after: list[float]


def draw(panels: Sequence[Range | Choice], theme: Theme) -> Figure:
    """Draw the panels, two in a row; all bars and areas start at zero."""
    rows = -(-len(panels) // COLUMNS)
    height = HEAD + TALL * rows
    figure = style.figure(height)
    for place, panel in enumerate(panels):
        row, column = divmod(place, COLUMNS)
        left = (8 + column * style.WIDTH / COLUMNS) / style.WIDTH
        bottom = 1 - (HEAD + TALL * (row + 1) - 20) / height
        size = (style.WIDTH / COLUMNS - 18) / style.WIDTH, (TALL - 38) / height
        axes = figure.add_axes((left, bottom, *size))
        axes.set_title(panel.title, fontsize=SMALL, loc="left", pad=3)
        if isinstance(panel, Range):
            _range(axes, panel, theme)
        else:
            _choice(axes, panel, theme)
        axes.yaxis.set_major_locator(NullLocator())
        axes.spines["left"].set_visible(False)
        axes.tick_params(color=theme.muted, length=3)
    handles = [
        Patch(facecolor=theme.muted, alpha=0.45, linewidth=0, label="before: prior"),
        Patch(facecolor=theme.positive, linewidth=0, label="after: posterior"),
    ]
    figure.legend(handles=handles, loc="upper left", ncols=2, borderaxespad=0.2)
    return figure


def _range(axes: Axes, panel: Range, theme: Theme) -> None:
    values = np.log2(panel.values) if panel.logarithmic else panel.values
    edges = np.linspace(values.min(), values.max(), BINS + 1)
    for weights, colour, alpha in (
        (panel.before, theme.muted, 0.45),
        (panel.after, theme.positive, 0.75),
    ):
        heights, _ = np.histogram(values, edges, weights=weights)
        axes.stairs(heights, edges, fill=True, color=colour, alpha=alpha, linewidth=0)
    axes.set_ylim(0)
    axes.set_xlim(edges[0], edges[-1])
    low, high = edges[0], edges[-1]
    if panel.logarithmic:
        axes.xaxis.set_major_locator(FixedLocator([low, (low + high) / 2, high]))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{2**value:.2g}"))
        first, *_, last = axes.get_xticklabels()
        first.set_horizontalalignment("left")
        last.set_horizontalalignment("right")


def _choice(axes: Axes, panel: Choice, theme: Theme) -> None:
    places = np.arange(len(panel.options))
    axes.bar(places - 0.19, panel.before, 0.36, color=theme.muted, alpha=0.45)
    axes.bar(places + 0.19, panel.after, 0.36, color=theme.positive)
    for place, after in zip(places, panel.after, strict=True):
        text = f"{100 * after:.0f}%"
        axes.text(place + 0.19, after + 0.02, text, ha="center", va="bottom", fontsize=SMALL)
    axes.set_ylim(0, 1.3)
    axes.set_xlim(-0.6, len(places) - 0.4)
    axes.set_xticks(places, panel.options)
