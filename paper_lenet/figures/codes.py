"""Fig. 3's codes of the ten digits, and beside each the states of F6 that training brings about."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from paper_lenet.figures import style
from paper_lenet.figures.style import WIDTH, Theme
from paper_lenet.network.architecture import CODE_COLUMNS, CODE_ROWS, codes

COLUMNS = 5
TOP, EDGE = 20.0, 3.0  # points
CELL, PIXEL = (WIDTH - 2 * EDGE) / COLUMNS, 3.8
WIDE, HIGH = CODE_COLUMNS * PIXEL, CODE_ROWS * PIXEL
LINE = HIGH + 24


def draw(means: NDArray[np.float32], patterns: int, theme: Theme) -> Figure:
    """Draw ten pairs: the code, and the mean state of F6 over patterns of that class.

    Args:
        means: (10, 84), float32.
        patterns: how many patterns of each class at most the means are over.
        theme: light or dark.
    """
    figure, axes = style.canvas(TOP + 2 * LINE)
    limit = max(1.0, float(np.abs(means).max()))
    text = f"left: code   right: F6, mean of {patterns}"
    axes.text(EDGE, 8, text, va="center", fontsize=style.SMALL)
    style.scale(axes, WIDTH - EDGE, 8, limit, theme)
    for digit, (code, mean) in enumerate(zip(codes(), means, strict=True)):
        line, column = divmod(digit, COLUMNS)
        left, top = EDGE + column * CELL, TOP + line * LINE + 14
        axes.text(left + WIDE + 1, top - 7, str(digit), ha="center", va="center", fontweight="bold")
        for place, values in enumerate((np.array(code, np.float32), mean)):
            bitmap = values.reshape(CODE_ROWS, CODE_COLUMNS)
            x = left + place * (WIDE + 2)
            style.image(axes, style.signed(bitmap, limit, theme), x, top, WIDE, HIGH)
            style.box(axes, x, top, WIDE, HIGH, theme.muted)
    return figure
