"""Fig. 7: digits and ten distortions of each, a line a digit with the original at the left."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from paper_lenet.figures import style
from paper_lenet.figures.style import SMALL, WIDTH, Theme

EDGE, TOP, GAP = 3.0, 28.0, 6.0  # points; the originals stand apart by GAP
COLUMNS = 11


def draw(grey: NDArray[np.uint8], title: str, theme: Theme) -> Figure:
    """Draw them.

    Args:
        grey: (digits, at most `COLUMNS`, side, side).
        title: whose distortions they are.
        theme: light or dark.
    """
    side = (WIDTH - 2 * EDGE - GAP) / COLUMNS
    figure, axes = style.canvas(TOP + len(grey) * side + EDGE)
    axes.text(EDGE, 8, title, va="center", fontweight="bold")
    axes.text(EDGE, 20, "original", va="center", fontsize=SMALL)
    axes.text(EDGE + side + GAP + 14, 20, "distorted", va="center", fontsize=SMALL)
    for line, digits in enumerate(grey):
        for column, pixels in enumerate(digits):
            left = EDGE + column * side + (GAP if column else 0)
            image = style.ink(pixels, theme)
            style.image(axes, image, left, TOP + line * side, side, side)
    return figure
