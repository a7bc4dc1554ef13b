"""Figs. 9 to 12 once more: the printed bars, and ours as dots over them; who errs with whom.

As in the paper's Fig. 9 the longest bars are cut, so that the short ones can be told apart. All
numbers stand at the right.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter

from paper_lenet.figures import style
from paper_lenet.figures.draw import CHARACTER, PITCH, Dot, hollow
from paper_lenet.figures.style import SMALL, WIDTH, Theme

CUT = 5.2  # percent, at which the axis of Fig. 9 ends
TOP, BELOW, EDGE = 38.0, 22.0, 4.0  # points
CELL, HEAD, NUMBER = 10.0, 22.0, 12.0  # points of the overlap: a row, above it, a row's number
COLUMN = 36.0  # points of each of the two columns of numbers


class Bar(NamedTuple):
    """One row.

    Attributes:
        label: the classifier's.
        printed: the length of the bar; `None` for what the paper has not.
        ours: mean and interval; `None` if it was not tried.
        others: means of further readings of the bar.
    """

    label: str
    printed: float | None
    ours: Dot | None
    others: tuple[float, ...] = ()


def errors(bars: Sequence[Bar], theme: Theme) -> Figure:
    """Fig. 9: test errors in percent; what the paper has not stands beneath in another colour."""
    figure, axes = _rows(bars, "test error, %", theme)
    axes.set_xlim(0, CUT)
    axes.set_xticks(range(6))
    _fill(axes, bars, theme, CUT)
    _key(figure, any(bar.others for bar in bars), any(bar.printed is None for bar in bars), theme)
    return figure


def costs(bars: Sequence[Bar], title: str, theme: Theme, logarithmic: bool = False) -> Figure:
    """Figs. 10 to 12: bars from 0, or of the logarithm from 1."""
    figure, axes = _rows(bars, title, theme)
    most = max(
        value
        for bar in bars
        for value in (bar.printed, bar.ours.mean if bar.ours else None)
        if value is not None
    )
    if logarithmic:
        axes.set_xscale("log")
        axes.set_xlim(1, most * 2)
        axes.set_xticks([10.0**power for power in range(0, int(math.log10(most)) + 1, 2)])
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
        axes.minorticks_off()
    else:
        axes.set_xlim(0, most * 1.1)
    _fill(axes, bars, theme, axes.get_xlim()[1])
    _key(figure, False, False, theme)
    return figure


def overlap(names: Sequence[str], shares: Sequence[Sequence[float]], theme: Theme) -> Figure:
    """Which share of the errors of a row's classifier a column's makes too.

    Args:
        names: of the classifiers; columns have their numbers.
        shares: square, 0 to 1; the fuller the colour, the greater.
        theme: light or dark.
    """
    left = NUMBER + 6 + CHARACTER * max(map(len, names), default=0)
    width, height = WIDTH - left - EDGE, CELL * len(names)
    figure, axes = style.canvas(HEAD + height + EDGE)
    if names:
        pixels = style.signed(np.array(shares), 1.0, theme)
        style.image(axes, pixels, left, HEAD, width, height)
        style.box(axes, left, HEAD, width, height, theme.muted)
    for place, name in enumerate(names):
        middle = HEAD + (place + 0.5) * CELL
        number = str(place + 1)
        how: dict[str, Any] = {"va": "center", "fontsize": SMALL}
        axes.text(left - NUMBER - 4, middle, name, ha="right", **how)
        axes.text(left - 3, middle, number, ha="right", **how)
        # One number is wider than a column: every second one stands a line higher.
        line = HEAD - (6 if place % 2 == 0 else 15)
        axes.text(left + (place + 0.5) * width / len(names), line, number, ha="center", **how)
    return figure


def _rows(bars: Sequence[Bar], title: str, theme: Theme) -> tuple[Figure, Axes]:
    """An empty figure with a labelled row for each bar, the first on top, and room for numbers."""
    height = TOP + PITCH * len(bars) + BELOW
    left = 6 + CHARACTER * max(len(bar.label) for bar in bars)
    width = WIDTH - left - 2 * COLUMN - EDGE
    figure = style.figure(height)
    corner = left / WIDTH, BELOW / height
    axes = figure.add_axes((*corner, width / WIDTH, PITCH * len(bars) / height))
    axes.set_ylim(len(bars) - 0.5, -0.5)
    labels = [bar.label.replace("_", " ") for bar in bars]
    axes.set_yticks(range(len(bars)), labels)
    axes.tick_params(axis="y", length=0)
    axes.tick_params(axis="x", color=theme.muted, length=3)
    axes.grid(axis="x", color=theme.muted, alpha=0.25, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.set_title(title, fontsize=SMALL, pad=5)
    for place, text in ((1.0, "paper"), (2.0, "ours")):
        _number(axes, place, -1.0, text, theme.text)
    return figure, axes


def _number(axes: Axes, column: float, row: float, text: str, colour: str) -> None:
    """A text that ends with one of the two columns at the right of the axes."""
    axes.annotate(
        text,
        (1.0, row),
        (column * COLUMN, 0),
        xycoords=("axes fraction", "data"),
        textcoords="offset points",
        ha="right",
        va="center",
        fontsize=SMALL,
        color=colour,
        annotation_clip=False,
    )


def _fill(axes: Axes, bars: Sequence[Bar], theme: Theme, limit: float) -> None:
    for row, bar in enumerate(bars):
        own = theme.negative if bar.printed is not None else theme.positive
        if bar.printed is not None:
            axes.barh(row, min(bar.printed, limit), color=theme.muted, alpha=0.55, height=0.66)
            _number(axes, 1.0, row, _text(bar.printed), theme.text)
        _number(axes, 2.0, row, _text(bar.ours.mean) if bar.ours else "–", own)
        if bar.ours and bar.ours.mean <= limit:
            ends = bar.ours.low, min(bar.ours.high, limit)
            axes.plot(ends, (row, row), color=own, linewidth=1.4)
            axes.plot(bar.ours.mean, row, "o", color=own, markersize=3.6)
        for other in bar.others:
            if other <= limit:
                axes.plot(other, row, **hollow("o", theme.negative, 3.6))


def _text(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{round(value, 2):g}"


def _key(figure: Figure, further: bool, today: bool, theme: Theme) -> None:
    """What the bar and the dots are."""
    point: dict[str, Any] = {"marker": "o", "markersize": 3.6, "linewidth": 1.4}
    parts: list[tuple[Artist, str]] = [
        (Patch(color=theme.muted, alpha=0.55), "printed"),
        (Line2D([], [], color=theme.negative, **point), "ours"),
    ]
    if further:
        parts.append((Line2D([], [], **hollow("o", theme.negative, 3.6)), "read otherwise"))
    if today:
        parts.append((Line2D([], [], color=theme.positive, **point), "of today"))
    figure.legend(
        [handle for handle, _ in parts],
        [label for _, label in parts],
        loc="upper left",
        ncols=len(parts),
        borderaxespad=0.2,
        columnspacing=1.0,
        handlelength=1.4,
        handletextpad=0.5,
    )
