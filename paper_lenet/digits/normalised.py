"""The other two versions of the digits (Section III-A): deslanted, 20 x 20, and reduced, 16 x 16.

Deslanted: second moments of the ink, foreground 1 and background 0, then the lines of the image are
shifted sideways until the principal axis is vertical. For ink of mass mu_00 = 1 that is the shear
x' = x - (mu_11 / mu_02) (y - y_0) about the centre of mass, x to the right and y down: mu_11 is 0
afterwards. The image is then cropped to 20 x 20.

Reduced: the digit's box of 20 x 20, into which NIST's digits were fitted, at four fifths of its
size. A pixel of the result is the mean of a square of 1.25 x 1.25 pixels.

The paper does not say how it looks between pixels, how it counts grey ones, or what part of 28 x 28
is cropped. Here a grey level counts by its share of the foreground, and a shifted line is linear
between its pixels. A deslanted digit stays centred by its mass, as in 28 x 28, so that the middle
20 x 20 cuts the outermost ink of many. A reduced one is its whole box: the 20 x 20 pixels in whose
middle all its ink lies. Results are whole grey levels again: the paper counts a byte a pixel.
Moments are exact integers and the rest is arithmetic that rounds correctly, so they are the same on
all machines.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from paper_lenet.digits.affine import BLOCK, bilinear
from paper_lenet.digits.mnist import SIDE

BOX = 20  # the side of the box that a digit fits into
REDUCED = 16  # the side of that box, reduced
UNITS = 4  # in a pixel's side; those of the box are then shared evenly by the reduced pixels


def upright(images: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Images (N, 28, 28), 0 background, with the principal axis vertical: the same shape.

    The centre of mass stays. What is shifted out of the field is lost; ink on one line stays.

    Example:
        >>> images = np.zeros((1, 28, 28), np.uint8)
        >>> images[0, range(8, 20), range(8, 20)] = 255  # a stroke that leans
        >>> bool(np.ptp(np.nonzero(upright(images)[0])[1]) <= 2)
        True
    """
    result = np.empty_like(images)
    places = np.arange(SIDE)
    for first in range(0, len(images), BLOCK):
        part = slice(first, first + BLOCK)
        slope, middle = _axis(images[part])
        shift = slope[:, None] * (places - middle[:, None])  # (n, 28): of each line, to the left
        columns = places + shift[:, :, None]
        result[part] = bilinear(images[part], places[:, None].astype(np.float64), columns)
    return result


def deslanted(images: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Images (N, 28, 28), 0 background, deslanted and cut to the middle: (N, 20, 20), uint8.

    Example:
        >>> deslanted(np.zeros((5, 28, 28), np.uint8)).shape
        (5, 20, 20)
    """
    inside = slice((SIDE - BOX) // 2, (SIDE + BOX) // 2)
    return np.ascontiguousarray(upright(images)[:, inside, inside])


def reduced(images: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Images (N, 28, 28), 0 background, at four fifths of their size: (N, 16, 16), uint8.

    Means are exact, and halves are rounded up.

    Example:
        >>> reduced(np.full((1, 28, 28), 200, np.uint8))[0, 0, :3]
        array([200, 200, 200], dtype=uint8)
    """
    areas = _areas()
    sums = areas @ boxed(images).astype(np.int64) @ areas.T
    whole = (UNITS * BOX // REDUCED) ** 2  # units of area in a reduced pixel
    return ((2 * sums + whole) // (2 * whole)).astype(np.uint8)


def boxed(images: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The 20 x 20 pixels of images (N, 28, 28) in whose middle their ink lies: (N, 20, 20).

    Where the middle is between two places, it is the first. Ink wider than that is cut evenly.

    Example:
        >>> images = np.zeros((1, 28, 28), np.uint8)
        >>> images[0, 2:12, 3:9] = 255
        >>> boxed(images).shape, int((boxed(images) > 0).sum()) == 10 * 6
        ((1, 20, 20), True)
    """
    inside = np.arange(BOX)
    top, left = (_first(images.max(axis)) for axis in (2, 1))
    rows, columns = top[:, None] + inside, left[:, None] + inside
    result: NDArray[np.uint8] = images[
        np.arange(len(images))[:, None, None], rows[:, :, None], columns[:, None, :]
    ]
    return result


def _axis(grey: NDArray[np.uint8]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """mu_11 / mu_02, and the row of the centre of mass, (n,) each; 0 where there is neither."""
    mass, place = grey.astype(np.int64), np.arange(SIDE)
    lines, x = mass.sum(2), (mass * place).sum(2)  # (n, 28): by row
    whole, down = lines.sum(1), (lines * place).sum(1)
    covariance = whole * (x * place).sum(1) - x.sum(1) * down  # times the square of the mass
    variance = whole * (lines * place**2).sum(1) - down**2
    return covariance / np.maximum(variance, 1), down / np.maximum(whole, 1)


def _first(greatest: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Where the 20 rows or columns begin, (N,), given the greatest grey of each, (N, 28)."""
    ink = greatest > 0
    before, behind = ink.argmax(1), ink[:, ::-1].argmax(1)
    first: NDArray[np.int64] = np.clip((SIDE - BOX + before - behind) // 2, 0, SIDE - BOX)
    return first


def _areas() -> NDArray[np.int64]:
    """How many units of each of the box's lines are in each reduced one, (16, 20)."""
    unit = np.arange(UNITS * BOX)
    areas = np.zeros((REDUCED, BOX), np.int64)
    np.add.at(areas, (unit * REDUCED // len(unit), unit // UNITS), 1)
    return areas
