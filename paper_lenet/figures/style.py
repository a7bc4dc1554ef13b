"""What all figures share: two themes, colours, images from arrays, and SVG with fixed bytes.

Figures are drawn on a canvas measured in points, 320 wide, so that text of 8 points and more can
be read on a phone: there the pages show them as wide as the screen, and of 360 pixels the smallest
letters take 9. The background is transparent. Text becomes outlines, so that it looks the same
without the font.

Colours are Okabe and Ito's, which colour-blind readers can tell apart; no meaning rests on colour
alone. Signed values are blue above zero and orange below, the more opaque the greater: zero is the
page itself, light or dark.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from paper_lenet.base.files import write_bytes

WIDTH = 320.0
SMALL, NORMAL = 8.0, 9.0
POINTS_PER_INCH = 72


@dataclass(frozen=True)
class Theme:
    """Colours for one kind of page.

    Attributes:
        name: ends the file's name.
        text: also axes and the ink of digits.
        muted: grid lines, frames and what is beside the point.
        positive: blue; in line plots, training.
        negative: orange; in line plots, test.
    """

    name: str
    text: str
    muted: str
    positive: str
    negative: str


LIGHT = Theme("light", "#1b1b1f", "#6b6b72", "#0072b2", "#d55e00")
DARK = Theme("dark", "#dcdce0", "#96969e", "#56b4e9", "#e69f00")
THEMES = (LIGHT, DARK)


@contextmanager
def drawing(theme: Theme) -> Iterator[None]:
    """Matplotlib's settings, from its own defaults and not the user's, while a figure is made."""
    settings: Any = {
        "figure.facecolor": "none",
        "axes.facecolor": "none",
        "axes.edgecolor": theme.muted,
        "axes.labelcolor": theme.text,
        "axes.linewidth": 0.7,
        "axes.spines.right": False,
        "axes.spines.top": False,
        "font.family": "DejaVu Sans",  # comes with matplotlib
        "font.size": NORMAL,
        "legend.fontsize": SMALL,
        "legend.frameon": False,
        "svg.fonttype": "path",
        "svg.hashsalt": "paper_lenet",
        "text.color": theme.text,
        "xtick.color": theme.text,
        "xtick.labelsize": SMALL,
        "ytick.color": theme.text,
        "ytick.labelsize": SMALL,
    }
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(settings)
        yield


def save(figure: Figure, path: Path) -> None:
    """Write `figure` as SVG, and its folder if missing: the same bytes each time, with no date."""
    write_bytes(path, svg(figure))


def svg(figure: Figure) -> bytes:
    """`figure` as SVG, inside `drawing`."""
    content = io.BytesIO()
    figure.savefig(content, format="svg", transparent=True, metadata={"Date": None})
    return content.getvalue()


def figure(height: float) -> Figure:
    """An empty figure, `WIDTH` by `height` points."""
    result = Figure(figsize=(WIDTH / POINTS_PER_INCH, height / POINTS_PER_INCH))
    FigureCanvasSVG(result)
    return result


def canvas(height: float) -> tuple[Figure, Axes]:
    """A figure with one invisible pair of axes over all of it: points, y downwards from the top."""
    result = figure(height)
    axes = result.add_axes((0, 0, 1, 1))
    axes.set_xlim(0, WIDTH)
    axes.set_ylim(height, 0)
    axes.axis("off")
    return result, axes


def image(
    axes: Axes, rgba: NDArray[np.uint8], left: float, top: float, width: float, height: float
) -> None:
    """Place pixels, (rows, columns, 4), on a canvas; they stay sharp squares at every size."""
    extent = (left, left + width, top + height, top)
    pixels = AxesImage(axes, interpolation="none", extent=extent)
    pixels.set_data(rgba)
    axes.add_artist(pixels)


def box(
    axes: Axes,
    left: float,
    top: float,
    width: float,
    height: float,
    colour: str,
    line: float = 0.4,
    **how: Any,
) -> None:
    """Outline a part of a canvas, with a line of so many points; `how` is as Matplotlib has it."""
    corner = left, top
    outline = Rectangle(corner, width, height, fill=False, edgecolor=colour, linewidth=line, **how)
    axes.add_patch(outline)


def ink(grey: NDArray[np.uint8], theme: Theme) -> NDArray[np.uint8]:
    """Grey levels, 0 for background, as the text's colour on the page: (..., 4), uint8."""
    return _coloured(theme.text, grey)


def signed(values: NDArray[np.floating], limit: float, theme: Theme) -> NDArray[np.uint8]:
    """Values from -limit to +limit as orange and blue: (..., 4), uint8."""
    strength = np.clip(np.abs(values) / limit, 0, 1) if limit else np.zeros_like(values)
    opacity = np.rint(255 * strength).astype(np.uint8)
    blue, orange = _coloured(theme.positive, opacity), _coloured(theme.negative, opacity)
    return np.where((values > 0)[..., None], blue, orange)


def scale(axes: Axes, right: float, middle: float, limit: float, theme: Theme) -> None:
    """A key to `signed` on a canvas: from -limit to limit, ending at `right`."""
    width, height = 56.0, 7.0
    number = 26.0  # width of the number to its right
    left = right - number - width
    steps = np.linspace(-limit, limit, 57)[None]
    image(axes, signed(steps, limit, theme), left, middle - height / 2, width, height)
    axes.text(left - 3, middle, f"−{limit:.2f}", ha="right", va="center", fontsize=SMALL)
    axes.text(right, middle, f"+{limit:.2f}", ha="right", va="center", fontsize=SMALL)


def _coloured(colour: str, opacity: NDArray[np.uint8]) -> NDArray[np.uint8]:
    channels = [np.full_like(opacity, round(255 * channel)) for channel in to_rgb(colour)]
    return np.stack([*channels, opacity], axis=-1)
