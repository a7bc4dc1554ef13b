"""What was seen in a user's picture: the digits' boxes, what the network was shown, its penalties.

A wrong answer explains itself here: another thing was taken for the digit, or the digit was framed
badly, or the network is at fault.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from paper_lenet.base.errors import PaperLenetError
from paper_lenet.base.files import write_bytes
from paper_lenet.digits.patterns import pad
from paper_lenet.figures import style
from paper_lenet.figures.style import SMALL, WIDTH, Theme

EDGE, TALLEST = 6.0, 240.0  # points; of the picture
PIXELS = 2 * WIDTH  # of the picture, which may be far larger
SIDE, ROW = 72.0, 92.0  # points: of the field, of a digit's row
BARS, PITCH = 118.0, 19.0  # points: where the bars begin, from one to the next
HIGH = 46.0  # points, of the longest bar
DOTS = 200  # an inch, of PNG
KINDS = (".png", ".svg")


class ShownError(PaperLenetError, ValueError):
    """A drawing cannot be written in such a file."""


class Shown(NamedTuple):
    """A digit as it is drawn.

    Attributes:
        title: what is said of it.
        box: left, top, right, bottom, as shares of the picture's width and height.
        field: (28, 28), uint8, what the network was shown.
        penalties: (10,), of each class.
    """

    title: str
    box: tuple[float, float, float, float]
    field: NDArray[np.uint8]
    penalties: NDArray[np.float32]


def checked(path: Path) -> str:
    """The ending of a drawing's name: ``.png`` or ``.svg``.

    Raises:
        ShownError: it ends otherwise.
    """
    kind = path.suffix.lower()
    if kind not in KINDS:
        raise ShownError(f"{path}: a drawing is written as {' or '.join(KINDS)}")
    return kind


def write(path: Path, grey: NDArray[np.floating], digits: Sequence[Shown]) -> None:
    """Draw a picture and its digits into `path`, a PNG or an SVG by its name.

    Raises:
        ShownError: the name ends otherwise.
    """
    kind = checked(path)
    with style.drawing(style.LIGHT):
        figure = draw(grey, digits, style.LIGHT)
        content = io.BytesIO()
        figure.savefig(
            content, format=kind[1:], facecolor="white", dpi=DOTS, metadata=_NO_DATE[kind]
        )
    write_bytes(path, content.getvalue())


_NO_DATE: dict[str, dict[str, None]] = {".png": {"Software": None}, ".svg": {"Date": None}}


def draw(grey: NDArray[np.floating], digits: Sequence[Shown], theme: Theme) -> Figure:
    """The picture, and below it a row for each digit.

    Args:
        grey: (height, width), 0 black to 255 white.
        digits: at least one, in reading order.
        theme: light or dark.
    """
    step = -(-max(grey.shape) // int(PIXELS))
    small = grey[::step, ::step]
    rows, columns = small.shape
    width = min(WIDTH - 2 * EDGE, TALLEST * columns / rows)
    height = width * rows / columns
    figure, axes = style.canvas(2 * EDGE + height + ROW * len(digits))
    levels = np.repeat(np.clip(small, 0, 255).astype(np.uint8)[..., None], 3, axis=2)
    opaque = np.full_like(levels[..., :1], 255)
    style.image(axes, np.concatenate([levels, opaque], axis=2), EDGE, EDGE, width, height)
    for number, digit in enumerate(digits):
        left, top, right, bottom = digit.box
        place = EDGE + left * width, EDGE + top * height
        size = (right - left) * width, (bottom - top) * height
        style.box(axes, *place, *size, theme.negative, 1.2)
        axes.text(place[0], place[1] - 2, f"{number + 1}", fontsize=SMALL, color=theme.negative)
        _row(axes, digit, number + 1, 2 * EDGE + height + ROW * number, theme)
    return figure


def _row(axes: Axes, digit: Shown, number: int, top: float, theme: Theme) -> None:
    """One digit: the field of 32 x 32 with the box of 20 x 20, and a bar for each penalty."""
    pixel = SIDE / 32
    axes.text(EDGE, top + 8, f"{number}: {digit.title}", va="center", fontsize=SMALL)
    top += 14
    style.image(axes, style.ink(pad(digit.field[None])[0], theme), EDGE, top, SIDE, SIDE)
    style.box(axes, EDGE, top, SIDE, SIDE, theme.muted)
    style.box(axes, EDGE + 6 * pixel, top + 6 * pixel, 20 * pixel, 20 * pixel, theme.positive, 0.8)
    longest, answer = float(digit.penalties.max()), int(digit.penalties.argmin())
    for place, penalty in enumerate(digit.penalties.tolist()):
        left, high = BARS + place * PITCH, HIGH * penalty / longest
        colour = theme.negative if place == answer else theme.muted
        axes.bar(left, -high, bottom=top + 56, width=PITCH * 0.7, color=colour)
        for text, down in ((f"{place}", 64.0), (f"{penalty:.3g}", 51.0 - high)):
            axes.text(left, top + down, text, ha="center", va="center", fontsize=SMALL - 2)
