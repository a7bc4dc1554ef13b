"""The study of photographs: what each kind looks like, how well it is read, and the worst ones."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray
from PIL import Image

from paper_lenet.figures import draw, style
from paper_lenet.figures.draw import Dot
from paper_lenet.figures.style import SMALL, Theme

ACROSS, WIDE, HIGH = 4, 79.0, 94.0  # examples in a line; points, a cell
THUMB, RATIO = 75.0, 0.75  # points; height over width
PIXELS = 100  # of an example's width
LINE = 17  # letters: what is as wide as an example
ROW = 78.0  # points, one of the worst
CAUSES = {
    "pattern": "the test pattern itself is misread",
    "place": "something else was taken for the digit",
    "frame": "it was framed otherwise than MNIST's",
    "several": "more than one digit was seen",
    "refused": "it was refused",
}


class Worst(NamedTuple):
    """A misread picture.

    Attributes:
        image: the picture.
        box: what was taken for the digit: left, top, right, bottom.
        field: (28, 28), uint8, what the network was shown.
        truth: the class.
        answer: the answer.
        kind: of the picture.
        cause: one of `CAUSES`.
    """

    image: Image.Image
    box: tuple[int, int, int, int]
    field: NDArray[np.uint8]
    truth: int
    answer: int
    kind: str
    cause: str


def shares(rows: Sequence[Sequence[object]], theme: Theme) -> Figure:
    """The share read right of each kind with its interval, and hollow, framed as if clean.

    Args:
        rows: kind, pictures, right, low, high and plain, shares in percent.
        theme: light or dark.
    """
    labels = [_short(str(row[0])) for row in rows]
    figure, (axes,) = draw.rows(labels, ["read right, %"], theme)
    values: list[Dot | None] = [Dot(*(float(str(cell)) for cell in row[2:5])) for row in rows]
    for place, row in enumerate(rows):
        axes.plot(float(str(row[5])), place, **draw.hollow("o", theme.muted, 4.0))
    draw.dots(axes, values, (0.0, 102.0), theme.negative)
    return figure


def examples(pictures: Sequence[tuple[str, Image.Image]], theme: Theme) -> Figure:
    """One picture of each kind, with its name."""
    lines = -(-len(pictures) // ACROSS)
    figure, axes = style.canvas(4 + lines * HIGH)
    for place, (kind, image) in enumerate(pictures):
        row, column = divmod(place, ACROSS)
        left, top = 2 + column * WIDE, 4 + row * HIGH
        _thumb(axes, image, left, top)
        for number, text in enumerate(_wrapped(_short(kind))):
            below = top + THUMB * RATIO + 7 + 10 * number
            axes.text(left, below, text, va="center", fontsize=SMALL)
    return figure


def worst(found: Sequence[Worst], theme: Theme) -> Figure:
    """Each misread picture with what was taken for the digit, what was shown, and why it failed."""
    figure, axes = style.canvas(4 + ROW * max(1, len(found)))
    for place, each in enumerate(found):
        top = 4 + ROW * place
        _thumb(axes, each.image, 2, top)
        step = THUMB / each.image.width
        left, upper, right, lower = (step * side for side in each.box)
        style.box(axes, 2 + left, top + upper, right - left, lower - upper, theme.negative, 1.0)
        side = THUMB * RATIO
        style.image(axes, style.ink(each.field, theme), THUMB + 10, top, side, side)
        style.box(axes, THUMB + 10, top, side, side, theme.muted)
        lines = (f"{each.truth} > {each.answer}", _short(each.kind), CAUSES[each.cause])
        for number, text in enumerate(lines):
            axes.text(2 * THUMB, top + 12 + 14 * number, text, va="center", fontsize=SMALL)
    return figure


def _thumb(axes: Axes, image: Image.Image, left: float, top: float) -> None:
    small = image.convert("RGB").resize((PIXELS, round(PIXELS * RATIO)), Image.Resampling.BOX)
    rgba = np.asarray(small.convert("RGBA"))
    style.image(axes, rgba, left, top, THUMB, THUMB * RATIO)


def _short(kind: str) -> str:
    """The name of a kind without what explains it: there is little room."""
    return re.split(", | and ", kind)[0]


def _wrapped(text: str) -> list[str]:
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + len(word) >= LINE:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return lines
