"""The receptive fields of C1, S2, C3, S4 and C5 on a real digit (Section II-B).

Each panel shows the field of one unit and that of its right neighbour, a jump further.
"""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from paper_lenet.figures import style
from paper_lenet.figures.style import SMALL, WIDTH, Theme
from paper_lenet.network.receptive_field import ReceptiveField, receptive_fields

COLUMNS, GAP, TOP = 3, 10.0, 17.0  # points
SIDE = (WIDTH - GAP * (COLUMNS - 1) - 4) / COLUMNS
LINE = SIDE + TOP + 6


def draw(grey: NDArray[np.uint8], theme: Theme) -> Figure:
    """A panel for the input, with one pixel, and one for each layer up to C5.

    Args:
        grey: (32, 32), uint8, a padded pattern.
        theme: light or dark.
    """
    found = receptive_fields()
    figure, axes = style.canvas(-(-len(found) // COLUMNS) * LINE)
    for place, field in enumerate(found):
        line, column = divmod(place, COLUMNS)
        left, top = 2 + column * (SIDE + GAP), line * LINE + TOP
        _panel(axes, field, grey, left, top, theme)
    return figure


def middle(field: ReceptiveField) -> int:
    """The unit whose field is drawn: the one before the middle of its row."""
    return (field.units - 1) // 2


def _panel(
    axes: Axes,
    field: ReceptiveField,
    grey: NDArray[np.uint8],
    left: float,
    top: float,
    theme: Theme,
) -> None:
    pixel = SIDE / len(grey)
    jump = f", jump {field.jump}" if field.units > 1 else ""
    text = f"{field.name}: {field.size} × {field.size}{jump}"
    axes.text(left, top - 8, text, va="center", fontsize=SMALL, fontweight="bold")
    style.image(axes, style.ink(grey // 2, theme), left, top, SIDE, SIDE)
    style.box(axes, left, top, SIDE, SIDE, theme.muted, 0.7)
    unit = middle(field)
    y = top + field.start(unit) * pixel
    size = field.size * pixel
    looks = [(unit, theme.negative, "-", 0.22)]
    if field.units > 1:
        looks.insert(0, (unit + 1, theme.positive, "--", 0.0))
    for which, colour, dash, filled in looks:
        x = left + field.start(which) * pixel
        axes.add_patch(Rectangle((x, y), size, size, facecolor=colour, alpha=filled, linewidth=0))
        style.box(axes, x, y, size, size, colour, 1.2, linestyle=dash)
