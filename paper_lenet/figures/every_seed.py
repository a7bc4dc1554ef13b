"""The test patterns that every network misreads, with truth and answers below each."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from paper_lenet.figures import style
from paper_lenet.figures.style import SMALL, WIDTH, Theme

COLUMNS = 4
MOST = 40
EDGE, TOP, GAP, LABELS = 3.0, 18.0, 10.0, 27.0  # points; LABELS: two lines below a pattern
SIDE = (WIDTH - 2 * EDGE - (COLUMNS - 1) * GAP) / COLUMNS
PIXELS = 28  # of a pattern's side that are drawn, from the middle


def draw(
    rows: Sequence[dict[str, str]], grey: NDArray[np.uint8], seeds: int, theme: Theme
) -> Figure:
    """Draw the patterns in the order of the test set; a frame marks those of Fig. 8.

    Args:
        rows: those of ``patterns.csv`` that all networks misread.
        grey: (N, side, side), uint8, the test patterns.
        seeds: how many networks there are.
        theme: light or dark.
    """
    shown = rows[:MOST]
    lines = -(-len(shown) // COLUMNS)
    figure, axes = style.canvas(TOP + lines * (SIDE + LABELS) + EDGE)
    of = f"all {seeds} networks" if seeds > 1 else "the one network"
    first = f"the first {MOST} of " if len(rows) > MOST else ""
    text = f"{first}{len(rows)} patterns misread by {of}; frames: in Fig. 8"
    axes.text(EDGE, 8, text, va="center", fontsize=SMALL)
    margin = (grey.shape[1] - PIXELS) // 2
    inside = slice(margin, margin + PIXELS)
    for place, row in enumerate(shown):
        line, column = divmod(place, COLUMNS)
        left, top = EDGE + column * (SIDE + GAP), TOP + line * (SIDE + LABELS)
        pixels = style.ink(grey[int(row["index"]), inside, inside], theme)
        style.image(axes, pixels, left, top, SIDE, SIDE)
        if row["fig8_answer"]:
            style.box(axes, left, top, SIDE, SIDE, theme.negative, 1.1)
        middle, bottom = left + SIDE / 2, top + SIDE
        text = f"{row['truth']} > {answers(row['answers'])}"
        _label(axes, middle, bottom + 7, text, "bold")
        _label(axes, middle, bottom + 17, f"pattern {row['index']}", "normal")
    return figure


def _label(axes: Axes, middle: float, y: float, text: str, weight: str) -> None:
    axes.text(middle, y, text, ha="center", va="center", fontsize=SMALL, fontweight=weight)


def answers(counted: str) -> str:
    """``"6:10"`` as 6, ``"0:9 6:1"`` as 0 (9), 6 (1): the wrong answers, and how many gave each."""
    pairs = [pair.split(":") for pair in counted.split()]
    if len(pairs) == 1:
        return pairs[0][0]
    return ", ".join(f"{answer} ({count})" for answer, count in pairs)
