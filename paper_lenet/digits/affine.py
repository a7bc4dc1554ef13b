"""Patterns moved, turned and stretched by affine maps, for Fig. 7 and Section III-E.

Each pixel of the result comes from a place of the image, between four pixels, with background
outside. Everything is float64 arithmetic that rounds correctly, ending in whole grey levels, so the
result is the same on all machines. The distortions of training (`paper_lenet.digits.distort`) look
between pixels as it is done here.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

CENTRE = 15.5  # of the field: the middle between pixels 15 and 16
BLOCK = 64  # patterns at a time, whose numbers fit a processor's cache
# Integers round towards zero: places, never below -1, are moved off the negative side first.
OFF = 64


class Map(NamedTuple):
    """Where the digit goes: x' = a x + b y, y' = c x + d y about the centre, then a shift.

    x points to the right and y down, in pixels.

    Example:
        >>> Map(right=2.0)
        Map(a=1.0, b=0.0, c=0.0, d=1.0, right=2.0, down=0.0)
    """

    a: float = 1.0
    b: float = 0.0
    c: float = 0.0
    d: float = 1.0
    right: float = 0.0
    down: float = 0.0


def mapped(grey: NDArray[np.uint8], how: Map) -> NDArray[np.uint8]:
    """The patterns `grey`, (N, side, side), after the map: the same shape.

    Example:
        >>> grey = np.zeros((1, 32, 32), np.uint8)
        >>> grey[0, 16, 16] = 255
        >>> np.argwhere(mapped(grey, Map(right=2.0, down=-1.0))[0] == 255)
        array([[15, 18]])
    """
    rows, columns = sources(how, grey.shape[1])
    result = np.empty_like(grey)
    for first in range(0, len(grey), BLOCK):
        part = slice(first, first + BLOCK)
        result[part] = bilinear(grey[part], rows, columns)
    return result


def sources(how: Map, side: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Row and column in the image that each pixel of the result comes from, (side, side) each.

    Example:
        >>> rows, columns = sources(Map(), side=28)
        >>> rows.shape, bool((columns[0] == np.arange(28)).all())
        ((28, 28), True)
    """
    centre = CENTRE - (32 - side) / 2
    y, x = (
        place - centre - shift
        for place, shift in zip(np.indices((side, side)), (how.down, how.right), strict=True)
    )
    size = how.a * how.d - how.b * how.c
    return centre + (how.a * y - how.c * x) / size, centre + (how.d * x - how.b * y) / size


def bilinear(
    grey: NDArray[np.uint8], rows: NDArray[np.float64], columns: NDArray[np.float64]
) -> NDArray[np.uint8]:
    """Grey levels at `rows` and `columns` of every pattern, (N, side, side); background outside.

    Where all four pixels around are background, so is the result; only the others are computed.

    Args:
        grey: (N, side, side).
        rows: float64; together with `columns` of a shape that broadcasts to that of `grey`.
        columns: float64.

    Example:
        >>> grey = np.array([[[100, 200], [0, 0]]], np.uint8)
        >>> rows, columns = np.array([[0.0], [0.5]]), np.array([[0.0, 0.5]])
        >>> bilinear(grey, rows, columns)
        array([[[100, 150],
                [ 50,  75]]], dtype=uint8)
    """
    side = grey.shape[1]
    width = side + 3  # one pixel of background before, two behind
    padded = np.zeros((len(grey), width, width), np.uint8)  # quicker than np.pad
    padded[:, 1:-2, 1:-2] = grey
    padded = padded.ravel()
    near = padded > 0  # and in the end: whether one of the four pixels from here on is
    near[:-1] |= near[1:]
    near[:-width] |= near[width:]
    rows, columns = (np.clip(place, -1.0, side) for place in (rows, columns))
    first = np.arange(0, padded.size, width**2)[:, None, None] - (OFF - 1) * (width + 1)
    corners = first + width * (rows + OFF).astype(np.intp) + (columns + OFF).astype(np.intp)
    chosen = np.flatnonzero(near.take(corners))
    y, x, corner = (
        np.broadcast_to(part, grey.shape).ravel()[chosen] for part in (rows, columns, corners)
    )
    top, left = (np.trunc(place + OFF) - OFF for place in (y, x))
    across = [1.0 - np.abs(x - (left + right)) for right in (0, 1)]
    total = np.zeros(len(chosen))
    for down in (0, 1):
        along = 1.0 - np.abs(y - (top + down))
        for right in (0, 1):
            total += along * across[right] * padded[corner + (down * width + right)]
    result = np.zeros(grey.shape, np.uint8)
    result.ravel()[chosen] = total + 0.5
    return result
