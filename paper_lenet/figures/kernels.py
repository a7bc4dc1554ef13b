"""The six 5 x 5 kernels of C1, before the first pass and after the last."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from paper_lenet.figures import style
from paper_lenet.figures.style import WIDTH, Theme

SIDE, GAP, TOP = 47.0, 7.0, 19.0  # points
LINE = 88.0  # from one row of kernels to the next


def draw(
    initial: NDArray[np.float32], trained: NDArray[np.float32], seed: int, theme: Theme
) -> Figure:
    """Draw one network's kernels: where ink excites a unit blue, where it inhibits orange.

    Each kernel has its own scale, the greatest weight, given below it: training multiplies some.

    Args:
        initial: (6, 1, 5, 5), float32.
        trained: the same after training.
        seed: the network's.
        theme: light or dark.
    """
    figure, axes = style.canvas(2 * LINE + 4)
    rows = ((initial, "before the first pass"), (trained, "after the last pass"))
    left = (WIDTH - 6 * SIDE - 5 * GAP) / 2
    for line, (kernels, when) in enumerate(rows):
        top = TOP + line * LINE
        axes.text(left, top - 9, f"seed {seed}, {when}", va="center", fontweight="bold")
        for place, kernel in enumerate(kernels[:, 0]):
            x = left + place * (SIDE + GAP)
            limit = float(np.abs(kernel).max())
            style.image(axes, style.signed(kernel, limit, theme), x, top, SIDE, SIDE)
            style.box(axes, x, top, SIDE, SIDE, theme.muted, 0.5)
            axes.text(
                x + SIDE / 2,
                top + SIDE + 8,
                f"±{limit:.2f}",
                ha="center",
                va="center",
                fontsize=style.SMALL,
            )
    return figure
