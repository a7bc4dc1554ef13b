"""Figures of the study ``collapse``: what becomes of codes that are trained, with eqs. 8 and 9."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullLocator
from numpy.typing import NDArray

from paper_lenet.figures import style
from paper_lenet.figures.style import SMALL, WIDTH, Theme
from paper_lenet.network import architecture
from paper_lenet.network.architecture import CLASSES, CODE_COLUMNS, CODE_ROWS

# By quantity, pass and the values of all seeds.
Curves = Mapping[str, Mapping[int, list[float]]]

TITLES = {
    "codes": "mean distance between two codes",
    "states": "spread of F6 about its mean",
    "loss": "loss, mean over the pass",
    "test": "test error, %",
}
SUBS = {"states": (1, 2, 5), "test": (1, 2, 5)}  # ticks within a decade, where there are few
TOP, LINE = 20.0, 104.0  # points
DASHES: tuple[Literal["-"], Literal["--"]] = ("-", "--")
PIXEL, GAP = 3.9, 3.6  # points, of a code
PITCH = CODE_ROWS * PIXEL + 18


def curves(found: Mapping[str, Curves], theme: Theme) -> Figure:
    """Four panels on logarithmic scales: mean over the seeds, and their range.

    Args:
        found: by run.
        theme: light or dark.
    """
    height = TOP + 2 * LINE + 12
    figure = style.figure(height)
    for place, (quantity, title) in enumerate(TITLES.items()):
        line, column = divmod(place, 2)
        bottom = height - TOP - LINE * (line + 1) + 18
        left = 30 + column * 158
        axes = figure.add_axes((left / WIDTH, bottom / height, 126 / WIDTH, (LINE - 36) / height))
        axes.set_yscale("log")
        axes.yaxis.set_major_locator(LogLocator(subs=SUBS.get(quantity, (1,))))
        axes.yaxis.set_minor_locator(NullLocator())
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        axes.set_title(title, fontsize=SMALL, pad=3)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.grid(axis="y", color=theme.muted, alpha=0.25, linewidth=0.6)
        axes.tick_params(color=theme.muted, length=3, pad=2)
        if line:
            axes.set_xlabel("pass", fontsize=SMALL, labelpad=1)
        for which, each in enumerate(found.values()):
            _curve(axes, each[quantity], _colour(which, theme), DASHES[which])
    handles = [
        Line2D([], [], color=_colour(which, theme), linewidth=1.6, linestyle=DASHES[which])
        for which in range(len(found))
    ]
    labels = [_equation(name) for name in found]
    figure.legend(handles, labels, loc="upper left", ncols=2, borderaxespad=0.2)
    return figure


def _curve(
    axes: Axes, curve: Mapping[int, list[float]], colour: str, dash: Literal["-", "--"]
) -> None:
    passes = sorted(curve)
    low, high = ([end(curve[each]) for each in passes] for end in (min, max))
    axes.fill_between(passes, low, high, color=colour, alpha=0.25, linewidth=0)
    mean = [sum(curve[each]) / len(curve[each]) for each in passes]
    axes.plot(passes, mean, color=colour, linewidth=1.6, linestyle=dash)


def _colour(which: int, theme: Theme) -> str:
    return (theme.negative, theme.positive)[which]


def _equation(name: str) -> str:
    return name.replace("eq_", "eq. ")


def codes(trained: Mapping[str, NDArray[np.float64]], theme: Theme) -> Figure:
    """A row of ten bitmaps for Fig. 3, where training begins, and one for each run's end.

    Args:
        trained: (10, 84) by run.
        theme: light or dark.
    """
    start = np.array(architecture.codes(), np.float64)
    rows = {"before training: Fig. 3": start}
    rows |= {f"trained with {_equation(name)}": each for name, each in trained.items()}
    figure, axes = style.canvas(len(rows) * PITCH + 2)
    wide, high = CODE_COLUMNS * PIXEL, CODE_ROWS * PIXEL
    left = (WIDTH - CLASSES * wide - (CLASSES - 1) * GAP) / 2
    for line, (title, bitmaps) in enumerate(rows.items()):
        top = line * PITCH + 14
        axes.text(left, top - 6, title, va="center", fontsize=SMALL, fontweight="bold")
        limit = float(np.abs(start).max())
        for digit, code in enumerate(bitmaps):
            x = left + digit * (wide + GAP)
            pixels = style.signed(code.reshape(CODE_ROWS, CODE_COLUMNS), limit, theme)
            style.image(axes, pixels, x, top, wide, high)
            style.box(axes, x, top, wide, high, theme.muted)
    return figure
