"""Fig. 7: ten digits and ten distortions of each, by the paper's own maps and by ours.

The preprint embeds the hundred distorted digits as images, and ``data/fig7_maps.csv`` has the
affine map that was fitted to each of them: the file's README says how. Ours are the copies that the
training set of seed 0 holds of the same ten training patterns.
"""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from paper_lenet.digits.affine import Map, mapped
from paper_lenet.digits.distort import shown
from paper_lenet.digits.patterns import Patterns
from paper_lenet.figures import style
from paper_lenet.figures.style import SMALL, WIDTH, Theme
from paper_lenet.network.recipe import Presentation

EDGE, TOP, GAP = 3.0, 28.0, 6.0  # points; the originals stand apart by GAP
COLUMNS = 11


class Panel(NamedTuple):
    """One panel of Fig. 7: the index of its original in the training set, and the fitted map."""

    digit: int
    train_index: int
    map: Map


@cache
def panels() -> tuple[Panel, ...]:
    """The hundred panels of Fig. 7, ten a digit."""
    text = files("paper_lenet.paper").joinpath("data/fig7_maps.csv").read_text(encoding="utf-8")
    return tuple(
        Panel(
            int(row["digit"]),
            int(row["train_index"]),
            Map(
                a=float(row["a"]),
                b=float(row["b"]),
                d=float(row["d"]),
                right=float(row["right"]),
                down=float(row["down"]),
            ),
        )
        for row in csv.DictReader(text.splitlines())
    )


def originals() -> NDArray[np.int64]:
    """The indices of the ten originals in the training set, by digit: (10,)."""
    return np.array(list(dict.fromkeys(panel.train_index for panel in panels())), np.int64)


def printed(training: Patterns) -> NDArray[np.uint8]:
    """The ten originals and after each its ten panels: (10, 11, side, side)."""
    lines = []
    for index in originals():
        original = training.grey[[index]]
        maps = [panel.map for panel in panels() if panel.train_index == index]
        lines.append(np.concatenate([original, *(mapped(original, each) for each in maps)]))
    return np.stack(lines)


def ours(training: Patterns, how: Presentation) -> NDArray[np.uint8]:
    """The ten originals and after each its copies in the training set of seed 0."""
    items = originals()[:, None] + len(training) * np.arange(1 + how.distorted)
    grey = shown(training, items.ravel(), 0, 0, how).grey
    return grey.reshape(*items.shape, *grey.shape[1:])


def picture(grey: NDArray[np.uint8], title: str, theme: Theme) -> Figure:
    """Draw them, a line a digit, with the original at the left.

    Args:
        grey: (digits, at most `COLUMNS`, side, side).
        title: whose distortions they are.
        theme: light or dark.
    """
    side = (WIDTH - 2 * EDGE - GAP) / COLUMNS
    figure, axes = style.canvas(TOP + len(grey) * side + EDGE)
    axes.text(EDGE, 8, title, va="center", fontweight="bold")
    axes.text(EDGE, 20, "original", va="center", fontsize=SMALL)
    axes.text(EDGE + side + GAP + 14, 20, "distorted", va="center", fontsize=SMALL)
    for line, digits in enumerate(grey):
        for column, pixels in enumerate(digits):
            left = EDGE + column * side + (GAP if column else 0)
            image = style.ink(pixels, theme)
            style.image(axes, image, left, TOP + line * side, side, side)
    return figure
