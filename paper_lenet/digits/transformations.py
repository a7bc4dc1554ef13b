"""Patterns altered in one way at a time (Section III-E): moved, scaled, turned, squeezed, noisy.

Maps are bilinear (`affine`) about the middle of the field, 32 x 32 as in training: what leaves it
is lost, so large scales and shifts cut digits off. A digit's height is taken as that of the box
that digits were fitted into, 20 pixels. Squeezing multiplies the width and divides the height.
Strokes grow by grey-level dilation and thin by erosion with a cross of 3 x 3 pixels; a whole step
moves every edge by one pixel, and parts of a step mix the two steps around them. Noise inverts
pixels with a probability, by words of our streams that no training uses; a pixel that is inverted
at one probability is so at every higher one.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from paper_lenet.base import streams
from paper_lenet.digits.affine import Map, mapped
from paper_lenet.paper import numbers

APART = 2**42  # presentations are numbered from here on, far from those of every training
CROSS = ndimage.generate_binary_structure(2, 1)[None]
_SHIFTS = (-12, -10, -8, -6, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6, 8, 10, 12)

Grey = NDArray[np.uint8]


class Transformation(NamedTuple):
    """One way to alter patterns.

    Attributes:
        amounts: from low to high; `neutral` changes nothing.
        neutral: where limits are looked for from.
        apply: makes the patterns, (N, side, side), of an amount.
        limits: the range that the paper states; NaN where it states none.

    Example:
        >>> TRANSFORMATIONS["shift right, pixels"].neutral
        0
    """

    amounts: tuple[float, ...]
    neutral: float
    apply: Callable[[Grey, float], Grey]
    limits: tuple[float, float] = (math.nan, math.nan)


def _rotation(degrees: float) -> Map:
    cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return Map(a=cosine, b=-sine, c=sine, d=cosine)


def stroke(grey: Grey, amount: float) -> Grey:
    """Strokes with every edge moved out by `amount` pixels, or in if it is negative.

    Example:
        >>> grey = np.zeros((1, 5, 5), np.uint8)
        >>> grey[0, 2, 2] = 255
        >>> int((stroke(grey, 1.0) == 255).sum()), int(stroke(grey, 0.5)[0, 2, 3])
        (5, 128)
    """
    step: Callable[..., Grey] = ndimage.grey_dilation if amount > 0 else ndimage.grey_erosion
    whole = int(abs(amount))
    for _ in range(whole):
        grey = step(grey, footprint=CROSS)
    part = abs(amount) - whole
    if not part:
        return grey
    mixed = (1 - part) * grey + part * step(grey, footprint=CROSS)
    return np.floor(mixed + 0.5).astype(np.uint8)


def noise(grey: Grey, probability: float) -> Grey:
    """Each pixel inverted with that probability.

    Example:
        >>> bool((noise(np.zeros((1, 4, 4), np.uint8), probability=1.0) == 255).all())
        True
    """
    size = grey[0].size
    words = [streams.uniform(streams.key(0, "noise", APART + i), size) for i in range(len(grey))]
    inverted = np.array(words).reshape(grey.shape) < probability
    return np.where(inverted, 255 - grey, grey)


_HALF = numbers.VERTICAL_SHIFT.value * numbers.LARGEST_DIGIT.value
_FACTOR, _DEGREES = numbers.SCALE_FACTOR.value, numbers.ROTATION.value
TRANSFORMATIONS = {
    "shift right, pixels": Transformation(
        _SHIFTS, 0, lambda grey, amount: mapped(grey, Map(right=amount))
    ),
    "shift down, pixels": Transformation(
        _SHIFTS, 0, lambda grey, amount: mapped(grey, Map(down=amount)), (-_HALF, _HALF)
    ),
    "scale": Transformation(
        (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1, 1.2, 1.3, 1.4, 1.6, 1.8, 2),
        1,
        lambda grey, amount: mapped(grey, Map(a=amount, d=amount)),
        (1 / _FACTOR, _FACTOR),
    ),
    "rotation, degrees": Transformation(
        (-60, -50, -40, -30, -20, -10, 0, 10, 20, 30, 40, 50, 60),
        0,
        lambda grey, amount: mapped(grey, _rotation(amount)),
        (-_DEGREES, _DEGREES),
    ),
    "squeezing": Transformation(
        (0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1, 1.25, 1.4, 1.6, 1.8, 2),
        1,
        lambda grey, amount: mapped(grey, Map(a=amount, d=1 / amount)),
    ),
    "stroke, pixels": Transformation((-1, -0.75, -0.5, -0.25, 0, 0.5, 1, 1.5, 2, 2.5), 0, stroke),
    "noise": Transformation((0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4), 0, noise),
}
