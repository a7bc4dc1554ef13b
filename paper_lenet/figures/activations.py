"""The states of every layer for one pattern, from left to right as in Fig. 2.

States of S4 are small beside those of F6, so each layer has a scale of its own, whose end stands
below the layer's name.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from paper_lenet.figures import style
from paper_lenet.figures.style import SMALL, Theme
from paper_lenet.network.architecture import CODE_COLUMNS, CODE_ROWS

TOP, TALL, EDGE = 55.0, 268.0, 2.0  # points; TALL: of a column of maps
# Of each layer: left edge, width of one map, columns of maps (points).
PLACES = {
    "input": (EDGE, 40.0, 1),
    "C1": (51.0, 38.0, 1),
    "S2": (98.0, 27.0, 1),
    "C3": (134.0, 22.0, 2),
    "S4": (188.0, 14.0, 2),
    "C5": (226.0, 18.0, 1),
    "F6": (252.0, 26.6, 1),
}
OUTPUT, BAR = 288.0, 22.0
LIMITS = 48.0  # from the top, where the end of each scale stands
FRAMED = ("input", "C1", "S2", "C3", "S4")


def draw(
    grey: NDArray[np.uint8], states: Mapping[str, NDArray[np.float32]], title: str, theme: Theme
) -> Figure:
    """Draw input, feature maps, C5, F6 (as the 12 x 7 bitmap of its codes) and the penalties.

    Args:
        grey: (side, side), uint8, the pattern.
        states: by layer, as `Execution.activations` gives them.
        title: says whose states they are.
        theme: light or dark.
    """
    figure, axes = style.canvas(TOP + TALL + EDGE)
    layers = [name for name in PLACES if name in states and name != "input"]
    _column(axes, "input", style.ink(grey, theme)[None], theme)
    _heading(axes, "input", f"{len(grey)}×{len(grey)}")
    for name in layers:
        maps, limit = _maps(name, states[name]), float(np.abs(states[name]).max())
        _column(axes, name, style.signed(maps, limit, theme), theme)
        _heading(axes, name, *_size(states[name]))
        axes.text(_middle(name), LIMITS, f"±{limit:.2f}", ha="center", va="center", fontsize=SMALL)
    axes.text(EDGE, 6, title, va="center", fontsize=SMALL)
    _penalties(axes, states["output"], theme)
    return figure


def _maps(name: str, states: NDArray[np.float32]) -> NDArray[np.float32]:
    """A layer as (maps, rows, columns); C5 as 30 rows of 4, F6 as its bitmap."""
    if name == "F6":
        return states.reshape(1, CODE_ROWS, CODE_COLUMNS)
    if name == "C5":
        return states.reshape(1, 30, 4)
    return states


def _size(states: NDArray[np.float32]) -> tuple[str, ...]:
    """What stands below a layer's name."""
    if states.ndim == 3 and states.shape[1] > 1:
        return f"{len(states)} @", f"{states.shape[1]}×{states.shape[2]}"
    return (str(states.size),)


def _column(axes: Axes, name: str, images: NDArray[np.uint8], theme: Theme) -> None:
    """Place the maps of one layer in its columns, spread over the height, first map on top."""
    left, width, columns = PLACES[name]
    lines = -(-len(images) // columns)
    height = width * images.shape[1] / images.shape[2]
    pitch = max(TALL / lines, height)
    for place, pixels in enumerate(images):
        column, line = divmod(place, lines)
        x = left + column * (width + 3)
        y = TOP + line * pitch + (pitch - height) / 2
        style.image(axes, pixels, x, y, width, height)
        if name in FRAMED:
            style.box(axes, x, y, width, height, theme.muted, zorder=2)


def _middle(name: str) -> float:
    left, width, columns = PLACES[name]
    return left + (columns * width + 3 * (columns - 1)) / 2


def _heading(axes: Axes, name: str, *size: str) -> None:
    middle = _middle(name)
    axes.text(middle, 19, name, ha="center", va="center", fontweight="bold")
    for line, text in enumerate(size):
        axes.text(middle, 29 + 9 * line, text, ha="center", va="center", fontsize=SMALL)


def _penalties(axes: Axes, penalties: NDArray[np.float32], theme: Theme) -> None:
    """A bar a class, as long as its penalty; the answer, the shortest, in bold."""
    middle = (OUTPUT + style.WIDTH) / 2
    axes.text(middle, 19, "output", ha="center", va="center", fontweight="bold", fontsize=SMALL)
    axes.text(middle, 29, "penalty", ha="center", va="center", fontsize=SMALL)
    answer = int(np.argmin(penalties))
    lowest, greatest = min(0.0, float(penalties.min())), float(penalties.max())
    pitch = 15.0
    top = TOP + (TALL - 10 * pitch) / 2
    for label, penalty in enumerate(map(float, penalties)):
        y = top + (label + 0.5) * pitch
        weight = "bold" if label == answer else "normal"
        axes.text(OUTPUT, y, str(label), va="center", fontsize=SMALL, fontweight=weight)
        length = BAR * (penalty - lowest) / (greatest - lowest)
        colour = theme.positive if label == answer else theme.muted
        axes.add_patch(
            Rectangle((OUTPUT + 9, y - 3.5), max(length, 0.8), 7, color=colour, linewidth=0)
        )
