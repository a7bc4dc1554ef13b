"""Patterns as they are shown: distorted (Section III-B, Fig. 7) and with inverted pixels (III-E).

The paper names the distortions, translation, scaling, squeezing and horizontal shear, and gives no
ranges. Those below were measured on the hundred distorted digits that Fig. 7 draws; `strength`
multiplies them all. Scaling keeps the digit's base line in place, as it does in the figure, or the
centre. Within a range a number is uniform, or, since a figure of examples may show the larger ones,
triangular: likeliest at no distortion, never at the ends.

Item i of a training set of n patterns and their distorted copies is pattern i % n, as it is for
i < n. Its five numbers are made from the first five words of the stream (seed, ``distortion``, i),
and the next five if they are triangular, so every copy is fixed however often it is shown. Inverted
pixels are drawn anew at each presentation, from the stream (seed, ``noise``, number of the
presentation), a word a pixel.

Everything is float64 arithmetic that rounds correctly, ending in whole grey levels.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray

from paper_lenet.base import streams
from paper_lenet.base.declared import Between, Declared
from paper_lenet.base.errors import RecipeError
from paper_lenet.digits.affine import BLOCK, CENTRE, bilinear
from paper_lenet.digits.dataset import Level
from paper_lenet.digits.patterns import Patterns

INVERSE_SCALE = (-0.23, 0.40)  # added to 1: digits of 0.71 to 1.3 times their size
SQUEEZE = 0.10  # width times, and height over, 1 plus or minus this
SHEAR = 0.14  # columns a row
SHIFT = 2.0  # pixels of the undistorted image
BASE_LINE, SHEAR_LINE = 26.0, 18.9  # rows of the field that stay in place


@dataclass(frozen=True)
class Presentation(Declared):
    """Which patterns are shown, in which order and how altered (Sections III-A, III-B, III-E).

    Attributes:
        patterns: how many of the training patterns are used, the first of one random subset;
            60,000 is all of MNIST.
        held_out: how many training patterns, the last of that subset's order, are kept apart and
            take the test set's place: for choices that must not see it.
        scale: the inputs that background and foreground become; empty: as the stage
            ``preprocess`` has them, the paper's.
        order: ``constant`` (one random order for all passes, the paper), ``reshuffled``, ``file``
            (as the data set has them), or ``originals_first``: as ``constant``, but without
            distorted copies until the global rate rises, where a second schedule begins.
        inverted: probability that a pixel is inverted, drawn anew at each presentation.
        distorted: how many distorted copies of each pattern join the original in the training
            set; a pass still shows `patterns` of them.
        strength: the ranges of the distortions as a multiple of those measured from Fig. 7.
        law: ``uniform`` in those ranges, or ``triangular``, with small distortions likelier.
        fixed: what scaling leaves in place: the digits' ``base_line`` or the field's ``centre``.

    Example:
        >>> Presentation(distorted=9, strength=0.5)
        Presentation(distorted=9, strength=0.5)
    """

    patterns: Annotated[int, Between(1, 60000)] = 60000
    held_out: Annotated[int, Between(0, 60000)] = 0
    scale: tuple[Level, ...] = ()
    order: Literal["constant", "reshuffled", "file", "originals_first"] = "constant"
    inverted: Annotated[float, Between(0.0, 1.0)] = 0.0
    distorted: Annotated[int, Between(0, 1000)] = 0
    strength: Annotated[float, Between(0.0, 10.0)] = 1.0
    law: Literal["uniform", "triangular"] = "uniform"
    fixed: Literal["base_line", "centre"] = "base_line"

    def __post_init__(self) -> None:
        """The scale has both its ends, or none."""
        super().__post_init__()
        if len(self.scale) not in (0, 2):
            raise RecipeError("[background, foreground], or [] for none", "scale")


def shown(
    patterns: Patterns, items: NDArray[np.int64], seed: int, first: int, how: Presentation
) -> Patterns:
    """The items as the network sees them, in that order.

    Args:
        patterns: the training set, undistorted.
        items: numbers below ``len(patterns) * (1 + how.distorted)``.
        seed: of the training.
        first: number of the first presentation, counted over the training.
        how: the distortions' strength, law and fixed line, and the probability of inverted pixels.

    Example:
        >>> from paper_lenet.digits.dataset import Scale
        >>> images = np.zeros((1, 28, 28), np.uint8)
        >>> one = Patterns.from_images(images, np.array([7]))
        >>> how = Presentation(distorted=1)
        >>> len(shown(one, np.array([0, 1, 0]), seed=0, first=0, how=how))
        3
    """
    grey = patterns.grey[items % len(patterns)]
    for start in range(0, len(items), BLOCK):
        part = slice(start, start + BLOCK)
        copies = start + np.flatnonzero(items[part] >= len(patterns))
        if len(copies):
            keys = streams.keys(seed, "distortion", items[copies])
            grey[copies] = distorted(grey[copies], keys, how)
        if how.inverted:
            keys = streams.keys(seed, "noise", first + np.arange(len(items))[part])
            invert(grey[part], keys, how.inverted)
    return Patterns(grey, patterns.labels[items % len(patterns)], patterns.levels)


def distorted(
    grey: NDArray[np.uint8], keys: NDArray[np.uint64], how: Presentation
) -> NDArray[np.uint8]:
    """The patterns `grey`, (N, side, side), each as the stream with its key distorts it.

    For each pixel of the result, the place in the image that it comes from: the inverse of
    scaling by (a, d) about the base line and shearing, plus a shift.

    Example:
        >>> grey = np.zeros((1, 32, 32), np.uint8)
        >>> grey[0, 10:22, 15:17] = 255
        >>> keys = streams.keys(0, "distortion", np.array([1]))
        >>> copy = distorted(grey, keys, Presentation())
        >>> copy.shape, bool((copy != grey).any())
        ((1, 32, 32), True)
    """
    side = grey.shape[1]
    margin = (32 - side) / 2
    centre, line = CENTRE - margin, SHEAR_LINE - margin
    base = (BASE_LINE if how.fixed == "base_line" else CENTRE) - margin
    inverse, squeeze, shear, right, down = _drawn(keys, how)
    pixels = np.arange(side)
    rows = base + (pixels - base) * inverse * squeeze  # (N, side)
    columns = centre + (pixels - centre) * inverse / squeeze  # (N, side)
    places = columns[:, None] - (shear * (rows - line))[:, :, None]  # (N, side, side)
    places += right[:, None]
    return bilinear(grey, (rows + down)[:, :, None], places)


def _drawn(keys: NDArray[np.uint64], how: Presentation) -> list[NDArray[np.float64]]:
    """The five numbers of each distortion, (N, 1) each."""
    draws = streams.uniform(keys, 10).T[:, :, None]
    lowest, highest = INVERSE_SCALE
    if how.law == "triangular":
        sides = draws[:5] + draws[5:] - 1.0
        inverse = sides[0] * np.where(sides[0] > 0.0, highest, -lowest)
    else:
        sides = 2.0 * draws[:5] - 1.0
        inverse = lowest + (highest - lowest) * draws[0]
    ranges = (SQUEEZE, SHEAR, SHIFT, SHIFT)
    squeeze, *others = (
        how.strength * greatest * side for greatest, side in zip(ranges, sides[1:], strict=True)
    )
    return [1.0 + how.strength * inverse, 1.0 + squeeze, *others]


def invert(grey: NDArray[np.uint8], keys: NDArray[np.uint64], probability: float) -> None:
    """Invert each grey level of `grey`, (N, side, side), with that probability, in place.

    Example:
        >>> grey = np.zeros((1, 2, 2), np.uint8)
        >>> invert(grey, streams.keys(0, "noise", np.array([0])), probability=1.0)
        >>> grey
        array([[[255, 255],
                [255, 255]]], dtype=uint8)
    """
    inverted = streams.chosen(keys, grey[0].size, probability).reshape(grey.shape)
    grey ^= np.negative(inverted.view(np.uint8))  # 255 - g is g with all its bits inverted
