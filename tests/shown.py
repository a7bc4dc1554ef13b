"""What a figure shows, read back from Matplotlib's objects."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import NDArray


def texts(axes: Axes) -> list[str]:
    """The texts that are placed on a pair of axes, titles and ticks apart."""
    return [text.get_text() for text in axes.texts]


def pictures(axes: Axes) -> list[NDArray[np.uint8]]:
    """Every image's pixels, (rows, columns, 4)."""
    return [np.asarray(image.get_array()) for image in axes.images]


def bars(axes: Axes) -> list[Rectangle]:
    return [patch for patch in axes.patches if isinstance(patch, Rectangle)]


def bands(axes: Axes) -> list[dict[float, tuple[float, float]]]:
    """Every area between two curves: the lower and the upper end, by place."""
    found = []
    for area in axes.collections:
        ends: dict[float, list[float]] = {}
        for x, y in np.concatenate([path.vertices for path in area.get_paths()]):
            ends.setdefault(float(x), []).append(float(y))
        found.append({x: (min(each), max(each)) for x, each in ends.items()})
    return found


def panels_fit(figure: Figure) -> bool:
    """Whether all panels lie in the figure, and none on another."""
    boxes = [axes.get_position() for axes in figure.axes]
    inside = all(box.min.min() >= 0 and box.max.max() <= 1 for box in boxes)
    apart = all(
        (one.max <= other.min).any() or (other.max <= one.min).any()
        for one, other in combinations(boxes, 2)
    )
    return inside and apart
