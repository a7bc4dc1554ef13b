"""The input field with C3's receptive fields over it: why 32 x 32 and not 28 x 28 (Section II-B).

The centres of C3's fields, each standing for one jump around it, tile the middle 20 x 20 of the
field: the box of the largest digit. So the end of a stroke can lie in the middle of a unit's field
wherever it is in the box. MNIST centres digits by their mass: some leave the box by a few pixels.
"""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from paper_lenet.figures import style
from paper_lenet.figures.style import SMALL, WIDTH, Theme
from paper_lenet.network.architecture import Network
from paper_lenet.network.receptive_field import receptive_fields

FIELD, EDGE = 250.0, 3.0  # points
LEFT = (WIDTH - FIELD) / 2
IMAGE = 28  # pixels: an image of MNIST
LINE = 14.0  # points, of the key


def draw(grey: NDArray[np.uint8], network: Network, theme: Theme) -> Figure:
    """Draw one pattern, the boxes around it and the centres of C3's fields.

    Args:
        grey: (side, side), uint8.
        network: gives the receptive fields; its input has that side.
        theme: light or dark.
    """
    side = len(grey)
    pixel = FIELD / side
    c3 = next(each for each in receptive_fields(network) if each.name == "C3")
    first, last = c3.tiled
    margin = (side - IMAGE) / 2
    tiled, seen = round(last - first), f"{c3.size} × {c3.size}"
    corner = c3.start(c3.units - 1)
    boxes = (
        (0.0, float(side), theme.text, "-", f"the field, {side} × {side}"),
        (margin, side - margin, theme.muted, "--", f"MNIST's image, {IMAGE} × {IMAGE}"),
        (first, last, theme.positive, "-", f"tiled by C3's centres, {tiled} × {tiled}"),
        (corner, corner + c3.size, theme.negative, "-", f"the last C3 unit sees {seen}"),
    )
    figure, axes = style.canvas(EDGE + FIELD + len(boxes) * LINE + 8)
    style.image(axes, style.ink(grey // 2, theme), LEFT, EDGE, FIELD, FIELD)
    for line, (start, end, colour, dash, label) in enumerate(boxes):
        left, top, width = LEFT + start * pixel, EDGE + start * pixel, (end - start) * pixel
        style.box(axes, left, top, width, width, colour, 1.2, linestyle=dash)
        y = EDGE + FIELD + (line + 1) * LINE
        style.box(axes, LEFT, y - 4, 8, 8, colour, 1.2, linestyle=dash)
        axes.text(LEFT + 15, y, label, va="center", fontsize=SMALL)
    centres = np.array(c3.centres) * pixel
    columns, rows = np.meshgrid(LEFT + centres, EDGE + centres)
    axes.plot(
        columns.ravel(), rows.ravel(), "o", markersize=2.4, color=theme.positive, linestyle="none"
    )
    return figure
