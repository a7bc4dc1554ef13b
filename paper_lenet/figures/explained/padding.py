"""Why the input is larger than the image, step by step on a small example (Section II-B).

The example is one row of pixels and a network of three layers with LeNet-5's pattern: a window of
3, a window of 2 with stride 2, a window of 3. The largest digit is 6 pixels wide, in an image of 8.
With 2 pixels of padding at each end the field has 12. The paper's are 20 in 28 in 32, and the same
thing happens: with the padding the centres of the last layer tile the digit's box, without it they
tile its middle alone.
"""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from paper_lenet.figures import style
from paper_lenet.figures.style import SMALL, Theme
from paper_lenet.network.receptive_field import ReceptiveField

DIGIT, IMAGE, FIELD = 6, 8, 12  # pixels
# Name, window and stride of each layer.
LAYERS = (("input", 1, 1), ("window 3", 3, 1), ("window 2, step 2", 2, 2), ("window 3 again", 3, 1))
HEADING = ("layer", "size", "jump", "bare_units", "bare_tiles", "padded_units", "padded_tiles")
LEFT, PIXEL, ROW, CELL = 84.0, 17.5, 25.0, 14.0  # points
PANEL = 40 + ROW * len(LAYERS) + 16


def chain(side: int) -> list[ReceptiveField]:
    """The fields of the example's layers over an input of `side` pixels."""
    size, jump, units = 1, 1, side
    result = []
    for name, window, stride in LAYERS:
        size += (window - 1) * jump
        jump *= stride
        units = (units - window) // stride + 1
        result.append(ReceptiveField(name, size, jump, units))
    return result


def box(side: int) -> tuple[float, float]:
    """The edges of the digit's box in an input of `side` pixels."""
    return (side - DIGIT) / 2, (side + DIGIT) / 2


def covered(side: int) -> int:
    """How many pixels of the box the last layer's centres tile."""
    (low, high), (first, last) = box(side), chain(side)[-1].tiled
    return round(min(high, last) - max(low, first))


def rows() -> list[list[str]]:
    """A row a layer, under `HEADING`: without and with the padding."""
    return [
        [bare.name, str(bare.size), str(bare.jump), *_placed(bare), *_placed(padded)]
        for bare, padded in zip(chain(IMAGE), chain(FIELD), strict=True)
    ]


def _placed(field: ReceptiveField) -> tuple[str, str]:
    return str(field.units), "{:g} to {:g}".format(*field.tiled)


def draw(theme: Theme) -> Figure:
    """Both networks, one above the other: each unit a block at its centre, a jump wide."""
    figure, axes = style.canvas(2 * PANEL)
    titles = (f"{IMAGE} pixels, no padding", f"{IMAGE} pixels padded to {FIELD}")
    for place, (side, title) in enumerate(zip((IMAGE, FIELD), titles, strict=True)):
        _panel(axes, side, title, place * PANEL, theme)
    return figure


def _panel(axes: Axes, side: int, title: str, top: float, theme: Theme) -> None:
    edge = LEFT + (FIELD - side) / 2 * PIXEL
    low = box(side)[0]
    axes.text(2, top + 10, title, va="center", fontweight="bold")
    first = top + 24
    bottom = first + ROW * len(LAYERS)
    axes.add_patch(
        Rectangle(
            (edge + low * PIXEL, first - 4),
            DIGIT * PIXEL,
            bottom - first,
            linewidth=0,
            facecolor=theme.muted,
            alpha=0.2,
        )
    )
    for line, field in enumerate(chain(side)):
        y = first + line * ROW
        axes.text(2, y + CELL / 2, field.name, va="center", fontsize=SMALL)
        _units(axes, field, edge, y, side, theme)
        units = str(field.units)
        axes.text(edge + side * PIXEL + 4, y + CELL / 2, units, va="center", fontsize=SMALL)
    told = f"the last layer's centres tile {covered(side)} of the box's {DIGIT} pixels"
    axes.text(LEFT, bottom + 4, told, va="center", fontsize=SMALL)


def _units(
    axes: Axes, field: ReceptiveField, edge: float, y: float, side: int, theme: Theme
) -> None:
    """The blocks of one layer; of the input those with ink, the image's others and the padding."""
    for unit in range(field.units):
        x = edge + (field.centre(unit) - field.jump / 2) * PIXEL
        filled, dash, colour = 0.45, "-", theme.positive
        if field.size == 1:
            low, high = box(side)
            ink = low <= unit < high
            padding = not (side - IMAGE) / 2 <= unit < (side + IMAGE) / 2
            filled, colour = 0.75 if ink else 0.0, theme.text
            dash = ":" if padding else "-"
        width = field.jump * PIXEL
        axes.add_patch(Rectangle((x, y), width, CELL, facecolor=colour, alpha=filled, linewidth=0))
        style.box(axes, x, y, width, CELL, theme.text, 0.9, linestyle=dash)
        if field.size > 1:
            axes.plot(x + width / 2, y + CELL / 2, "o", color=theme.text, markersize=2.5)
