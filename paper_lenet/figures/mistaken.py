"""The most confident mistakes of a tutorial's networks, each beside a likeness.

On the left the misread test pattern, on the right the nearest training pattern of the answered
class.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from paper_lenet.figures import style
from paper_lenet.figures.style import SMALL, WIDTH, Theme

COLUMNS = 3
EDGE, TOP = 4.0, 16.0  # points
WIDE, HIGH = (WIDTH - 2 * EDGE) / COLUMNS, 68.0  # of a cell
SIDE, GAP = 44.0, 4.0  # of a pattern; between two


def draw(
    rows: Sequence[dict[str, str]],
    test: NDArray[np.uint8],
    training: NDArray[np.uint8],
    theme: Theme,
) -> Figure:
    """Draw every row.

    Args:
        rows: N of ``mistakes-NAME.csv``.
        test: (N, 28, 28), uint8, the misread patterns.
        training: (N, 28, 28), uint8, the nearest ones.
        theme: light or dark.
    """
    lines = -(-len(rows) // COLUMNS)
    figure, axes = style.canvas(TOP + lines * HIGH)
    axes.text(EDGE, 8, "truth > answer, confidence", va="center", fontsize=SMALL)
    for place, row in enumerate(rows):
        line, column = divmod(place, COLUMNS)
        left = EDGE + column * WIDE + (WIDE - 2 * SIDE - GAP) / 2
        top = TOP + line * HIGH
        for number, grey in enumerate((test[place], training[place])):
            start = left + number * (SIDE + GAP)
            style.image(axes, style.ink(grey, theme), start, top, SIDE, SIDE)
        label = f"{row['truth_name']} > {row['answer_name']}"
        for text, down in ((label, 7), (f"{float(row['confidence']):.2%}", 16)):
            axes.text(
                left + SIDE + GAP / 2,
                top + SIDE + down,
                text,
                ha="center",
                va="center",
                fontsize=SMALL,
            )
    return figure
