"""The confusion matrix: how often each digit was given each answer, for one network on average."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from paper_lenet.figures import style
from paper_lenet.figures.style import SMALL, WIDTH, Theme

LEFT, TOP, EDGE = 32.0, 34.0, 3.0  # points
STRONGEST = 0.75  # opacity: text on it stays readable
CLASSES = range(10)


def draw(counts: NDArray[np.int64], seeds: int, theme: Theme) -> Figure:
    """Draw the mistakes as shades; the diagonal, right answers, is left unshaded.

    Args:
        counts: (10, 10), truth by answer, summed over the networks.
        seeds: how many networks.
        theme: light or dark.
    """
    cell = (WIDTH - LEFT - EDGE) / len(CLASSES)
    figure, axes = style.canvas(TOP + len(CLASSES) * cell + EDGE)
    mean = counts / seeds
    most = np.max(mean, where=~np.eye(len(CLASSES), dtype=bool), initial=0.0)
    _heading(axes, cell, seeds)
    for truth in CLASSES:
        for answer in CLASSES:
            value, right = float(mean[truth, answer]), truth == answer
            # The square root keeps one mistake visible beside ten.
            shade = 0.0 if right or not most else STRONGEST * (value / most) ** 0.5
            left, top = LEFT + answer * cell, TOP + truth * cell
            axes.add_patch(
                Rectangle(
                    (left, top),
                    cell,
                    cell,
                    facecolor=to_rgba(theme.negative, shade),
                    edgecolor=to_rgba(theme.muted, 0.35),
                    linewidth=0.5,
                )
            )
            axes.text(
                left + cell / 2,
                top + cell / 2,
                _text(value),
                ha="center",
                va="center",
                fontsize=SMALL,
                color=theme.text if value else theme.muted,
            )
    return figure


def _heading(axes: Axes, cell: float, seeds: int) -> None:
    of = f"mean of {seeds} networks" if seeds > 1 else "one network"
    middle = len(CLASSES) * cell / 2
    axes.text(LEFT + middle, 9, f"answer ({of})", ha="center", va="center")
    axes.text(9, TOP + middle, "truth", ha="center", va="center", rotation=90)
    for label in CLASSES:
        place = (label + 0.5) * cell
        for x, y in ((LEFT + place, TOP - 9), (LEFT - 9, TOP + place)):
            axes.text(x, y, str(label), ha="center", va="center", fontweight="bold")


def _text(value: float) -> str:
    """A mean count in at most four characters; a dot for none."""
    if not value:
        return "·"
    return f"{value:.0f}" if value >= 99.95 else f"{value:.1f}"
