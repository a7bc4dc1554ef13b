"""Two runs beside each other, pass by pass: test error, and training error on the fly."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullFormatter

from paper_lenet.base.statistics import Summary
from paper_lenet.figures import style
from paper_lenet.figures.style import SMALL, Theme

PANEL, TOP, BELOW, GAP, LEFT, RIGHT = 120.0, 36.0, 32.0, 36.0, 34.0, 8.0  # points
LEAST = 0.005  # percent: no error at all is drawn here, where the scale has no zero
DASHES: tuple[Literal["-", "--"], ...] = ("-", "--")

Curve = Sequence[Summary]  # one value a pass, over seeds


def draw(
    panels: Sequence[tuple[str, tuple[Curve, Curve]]], names: tuple[str, str], theme: Theme
) -> Figure:
    """One panel a quantity, mean and range over the seeds; the second of the two is dashed.

    Args:
        panels: title of each, and the two curves, in percent.
        names: of the two.
        theme: light or dark.
    """
    height = TOP + len(panels) * (PANEL + GAP) + BELOW - GAP
    figure = style.figure(height)
    width = style.WIDTH - LEFT - RIGHT
    for place, (title, curves) in enumerate(panels):
        top = TOP + place * (PANEL + GAP)
        corner = LEFT / style.WIDTH, 1 - (top + PANEL) / height
        axes = figure.add_axes((*corner, width / style.WIDTH, PANEL / height))
        _panel(axes, curves, theme)
        axes.set_title(title, fontsize=SMALL, pad=4, loc="left")
    axes.set_xlabel("pass")
    lines = [
        Line2D([], [], color=colour, linewidth=1.6, linestyle=dash)
        for colour, dash in zip(_colours(theme), DASHES, strict=True)
    ]
    figure.legend(lines, names, loc="upper left", ncols=2, borderaxespad=0.2)
    return figure


def _panel(axes: Axes, curves: tuple[Curve, Curve], theme: Theme) -> None:
    axes.set_yscale("log")
    for curve, colour, dash in zip(curves, _colours(theme), DASHES, strict=True):
        passes = range(1, len(curve) + 1)
        mean, least, greatest = (
            [max(value, LEAST) for value in values]
            for values in zip(
                *((each.mean, each.least, each.greatest) for each in curve), strict=True
            )
        )
        axes.fill_between(passes, least, greatest, color=colour, alpha=0.18, linewidth=0)
        axes.plot(passes, mean, color=colour, linewidth=1.6, linestyle=dash)
        if len(curve) == 1:
            axes.plot(passes, mean, "o", color=colour, markersize=4)
    axes.xaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10], integer=True))
    axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}%"))
    axes.yaxis.set_minor_formatter(NullFormatter())
    axes.grid(axis="y", color=theme.muted, alpha=0.25, linewidth=0.6)
    axes.tick_params(color=theme.muted, length=3)


def _colours(theme: Theme) -> tuple[str, str]:
    return theme.positive, theme.negative
