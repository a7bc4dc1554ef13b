"""Fig. 8: the test patterns that one network misreads, with truth and answer below each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from paper_lenet.figures import style
from paper_lenet.figures.style import SMALL, WIDTH, Theme

COLUMNS = 8
MOST = 200  # a network at chance misreads thousands
TOP, EDGE = 34.0, 3.0  # points
SIDE, WIDE, HIGH = 28, 34, 40  # pixels: a pattern, and a cell with its label
PIXEL = (WIDTH - 2 * EDGE) / (COLUMNS * WIDE)  # points


def draw(
    rows: Sequence[dict[str, str]],
    grey: NDArray[np.uint8],
    printed: Mapping[int, int],
    theme: Theme,
) -> Figure:
    """Draw the patterns in the order of the test set.

    A frame marks the patterns that the paper's network misread too: unbroken if it gave the same
    answer, dashed if another.

    Args:
        rows: one network's rows of ``misclassified.csv``.
        grey: (N, side, side), uint8, the test patterns.
        printed: Fig. 8's answers by index; empty for a test set that is not the paper's.
        theme: light or dark.
    """
    shown = rows[:MOST]
    lines = -(-len(shown) // COLUMNS)
    top = TOP if printed else TOP / 2
    figure, axes = style.canvas(top + lines * HIGH * PIXEL + EDGE)
    _heading(axes, rows, len(shown), printed, theme)
    if shown:
        pixels = np.zeros((lines * HIGH, COLUMNS * WIDE), np.uint8)
        margin = (grey.shape[1] - SIDE) // 2
        for place, row in enumerate(shown):
            y, x = _corner(place)
            inside = slice(margin, margin + SIDE)
            pixels[y : y + SIDE, x : x + SIDE] = grey[int(row["index"]), inside, inside]
            _mark(axes, row, printed, (EDGE + x * PIXEL, top + y * PIXEL), theme)
        height, width = pixels.shape
        style.image(axes, style.ink(pixels, theme), EDGE, top, width * PIXEL, height * PIXEL)
    return figure


def _corner(place: int) -> tuple[int, int]:
    """Row and column of a pattern's first pixel."""
    line, column = divmod(place, COLUMNS)
    return line * HIGH, column * WIDE + (WIDE - SIDE) // 2


def _heading(
    axes: Axes, rows: Sequence[dict[str, str]], shown: int, printed: Mapping[int, int], theme: Theme
) -> None:
    seed = f"seed {rows[0]['seed']}: " if rows else ""
    first = f", the first {shown} drawn" if shown < len(rows) else ""
    text = f"{seed}{len(rows)} misread patterns{first}   (truth > answer)"
    axes.text(EDGE, 8, text, va="center", fontsize=SMALL)
    if printed:
        both = [row for row in rows if int(row["index"]) in printed]
        same = sum(printed[int(row["index"])] == int(row["answer"]) for row in both)
        _frame(axes, (EDGE + 1, 17.5), 9, True, theme)
        axes.text(EDGE + 14, 22, f"in Fig. 8, same answer: {same}", va="center", fontsize=SMALL)
        _frame(axes, (EDGE + 157, 17.5), 9, False, theme)
        text = f"in Fig. 8, other answer: {len(both) - same}"
        axes.text(EDGE + 170, 22, text, va="center", fontsize=SMALL)


def _mark(
    axes: Axes,
    row: dict[str, str],
    printed: Mapping[int, int],
    corner: tuple[float, float],
    theme: Theme,
) -> None:
    """Label a pattern, and frame it if Fig. 8 has it."""
    index, answer = int(row["index"]), int(row["answer"])
    found = index in printed
    left, top = corner
    axes.text(
        left + SIDE * PIXEL / 2,
        top + (SIDE + 5) * PIXEL,
        f"{row['truth']} > {answer}",
        ha="center",
        va="center",
        fontsize=SMALL,
        color=theme.negative if found else theme.text,
    )
    if found:
        _frame(axes, corner, SIDE * PIXEL, printed[index] == answer, theme)


def _frame(axes: Axes, corner: tuple[float, float], side: float, same: bool, theme: Theme) -> None:
    dash = "-" if same else (0, (2.2, 1.6))
    style.box(axes, *corner, side, side, theme.negative, 1.1, linestyle=dash, zorder=2)
