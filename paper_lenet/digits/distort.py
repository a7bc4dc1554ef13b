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

import numpy as np
from numba import njit, uint64
from numpy.typing import NDArray

from paper_lenet.base import streams
from paper_lenet.digits.patterns import Patterns
from paper_lenet.network.recipe import Presentation

INVERSE_SCALE = (-0.23, 0.40)  # added to 1: digits of 0.71 to 1.3 times their size
SQUEEZE = 0.10  # width times, and height over, 1 plus or minus this
SHEAR = 0.14  # columns a row
SHIFT = 2.0  # pixels of the undistorted image
CENTRE, BASE_LINE, SHEAR_LINE = 15.5, 26.0, 18.9  # column and rows that stay in place

GAMMA = streams.GAMMA


@njit(inline="always")
def mix(word):
    """`streams.mix`."""
    word = (word ^ (word >> uint64(30))) * uint64(0xBF58476D1CE4E5B9)
    word = (word ^ (word >> uint64(27))) * uint64(0x94D049BB133111EB)
    return word ^ (word >> uint64(31))


@njit(inline="always")
def uniform(key, index):
    """Number `index` of the stream `key`, in [0, 1): an element of `streams.uniform`."""
    word = mix(key + uint64(index + 1) * uint64(GAMMA))
    return np.float64(word >> uint64(11)) * 2.0**-53


@njit(inline="always")
def grey_at(image, y, x):
    """Grey level at row y and column x by bilinear interpolation; background outside."""
    # Integers round towards zero; the field is moved off the negative side first.
    top, left = int(y + 64.0) - 64, int(x + 64.0) - 64
    total = 0.0
    for row in range(top, top + 2):
        for column in range(left, left + 2):
            if 0 <= row < image.shape[0] and 0 <= column < image.shape[1]:
                weight = (1.0 - abs(y - row)) * (1.0 - abs(x - column))
                total += weight * image[row, column]
    return total


@njit(inline="always")
def deviate(key, index, triangular):
    """Number `index` of the five of a distortion, in (-1, 1)."""
    if triangular:
        return uniform(key, index) + uniform(key, index + 5) - 1.0
    return 2.0 * uniform(key, index) - 1.0


@njit(inline="always")
def inverse_scale(key, triangular):
    """By what a distortion divides the size, at strength 1, less 1."""
    lowest, highest = INVERSE_SCALE
    if triangular:
        side = deviate(key, 0, True)
        return side * (highest if side > 0.0 else -lowest)
    return lowest + (highest - lowest) * uniform(key, 0)


@njit
def distort(image, key, strength, triangular, base_line, result):
    """Write to `result` the distortion of `image` (side, side) that the stream `key` draws.

    For each pixel of the result, the place in the image that it comes from: the inverse of
    scaling by (a, d) about the base line and shearing, plus a shift.
    """
    inverse = 1.0 + strength * inverse_scale(key, triangular)
    squeeze = 1.0 + strength * SQUEEZE * deviate(key, 1, triangular)
    shear = strength * SHEAR * deviate(key, 2, triangular)
    right = strength * SHIFT * deviate(key, 3, triangular)
    down = strength * SHIFT * deviate(key, 4, triangular)
    margin = (32 - image.shape[0]) / 2
    centre, line = CENTRE - margin, SHEAR_LINE - margin
    base = (BASE_LINE if base_line else CENTRE) - margin
    for row in range(image.shape[0]):
        y = base + (row - base) * inverse * squeeze
        for column in range(image.shape[1]):
            x = centre + (column - centre) * inverse / squeeze - shear * (y - line)
            result[row, column] = np.uint8(grey_at(image, y + down, x + right) + 0.5)


@njit
def invert(image, key, probability):
    """Invert each grey level of `image` with that probability, in place."""
    pixels = image.reshape(image.size)
    for i in range(len(pixels)):
        if uniform(key, i) < probability:
            pixels[i] = 255 - pixels[i]


@njit(nogil=True, cache=True)
def show(
    grey, items, distortions, strength, triangular, base_line, noises, first, probability, result
):
    """Fill `result` with the items; `distortions` and `noises` are prefixes of stream keys."""
    for i in range(len(items)):
        pattern = items[i] % len(grey)
        if items[i] >= len(grey):
            key = mix(distortions + uint64(GAMMA) + uint64(items[i]))
            distort(grey[pattern], key, strength, triangular, base_line, result[i])
        else:
            result[i] = grey[pattern]
        if probability > 0.0:
            invert(result[i], mix(noises + uint64(GAMMA) + uint64(first + i)), probability)


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
    """
    result = np.empty((len(items), *patterns.grey.shape[1:]), np.uint8)
    distortions = np.uint64(streams.prefix(seed, "distortion"))
    noises = np.uint64(streams.prefix(seed, "noise"))
    grey = np.require(patterns.grey, requirements=["C", "W"])
    triangular, base_line = how.law == "triangular", how.fixed == "base_line"
    show(
        grey,
        items,
        distortions,
        how.strength,
        triangular,
        base_line,
        noises,
        first,
        how.inverted,
        result,
    )
    return Patterns(result, patterns.labels[items % len(patterns)], patterns.levels)
