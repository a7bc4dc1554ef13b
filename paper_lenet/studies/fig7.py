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
from numpy.typing import NDArray

from paper_lenet.digits.affine import Map, mapped
from paper_lenet.digits.distort import Presentation, shown
from paper_lenet.digits.excerpt import Excerpt
from paper_lenet.digits.patterns import Patterns, grey_scale


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


def printed(digits: Excerpt) -> NDArray[np.uint8]:
    """The ten originals and after each its ten panels: (10, 11, side, side)."""
    lines = []
    for index, original in zip(digits.indices, digits.grey, strict=True):
        maps = [panel.map for panel in panels() if panel.train_index == index]
        lines.append([original, *(mapped(original[None], each)[0] for each in maps)])
    return np.array(lines)


def ours(digits: Excerpt, how: Presentation) -> NDArray[np.uint8]:
    """The originals and after each its copies in the training set of seed 0.

    Args:
        digits: the originals, (10, side, side), by their indices in the training set.
        how: how many patterns that has, how many copies of each, and how they are distorted.

    Returns:
        (10, 1 + how.distorted, side, side).
    """
    grey = np.zeros((how.patterns, *digits.grey.shape[1:]), np.uint8)  # the others are not shown
    grey[digits.indices] = digits.grey
    training = Patterns(grey, np.zeros(how.patterns, np.uint8), grey_scale(0, 1))
    items = digits.indices[:, None] + how.patterns * np.arange(1 + how.distorted)
    result = shown(training, items.ravel(), 0, 0, how).grey
    return result.reshape(*items.shape, *grey.shape[1:])
