"""Affine maps of patterns by bilinear interpolation, for Fig. 7 and Section III-E.

The arithmetic is that of the distortions in training (`paper_lenet.digits.distort`): each
pixel of the result comes from a place of the image, between four pixels, with background outside,
in float64, rounded to whole grey levels.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

CENTRE = 15.5  # of the field: the middle between pixels 15 and 16
MARGIN = 64  # pixels of background on every side; places beyond are background too


class Map(NamedTuple):
    """Where the digit goes: x' = a x + b y, y' = c x + d y about the centre, then a shift.

    x points to the right and y down, in pixels.
    """

    a: float = 1.0
    b: float = 0.0
    c: float = 0.0
    d: float = 1.0
    right: float = 0.0
    down: float = 0.0


def mapped(grey: NDArray[np.uint8], how: Map) -> NDArray[np.uint8]:
    """The patterns `grey`, (N, side, side), after the map: the same shape."""
    rows, columns = sources(how, grey.shape[1])
    return bilinear(grey, rows, columns)


def sources(how: Map, side: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Row and column in the image that each pixel of the result comes from, (side, side) each."""
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
    """Grey levels at `rows` and `columns` of every pattern, (N, side, side); background outside."""
    side = grey.shape[1]
    padded = np.pad(grey, ((0, 0), (MARGIN, MARGIN), (MARGIN, MARGIN)))
    edge = side + MARGIN - 2.0
    rows, columns = (np.clip(place, 1.0 - MARGIN, edge) for place in (rows, columns))
    top, left = (np.floor(place).astype(np.int64) for place in (rows, columns))
    total = np.zeros(grey.shape, np.float64)
    for down in (0, 1):
        for right in (0, 1):
            row, column = top + down, left + right
            weight = (1.0 - np.abs(rows - row)) * (1.0 - np.abs(columns - column))
            total += weight * padded[:, row + MARGIN, column + MARGIN]
    return (total + 0.5).astype(np.uint8)
