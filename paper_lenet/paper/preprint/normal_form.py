"""A digit's normal form: what is left when it is moved, scaled, squeezed or sheared.

The distortions of Section III-B are maps x' = a x + b y, y' = d y and a shift. What they do to a
digit's first and second moments is known. So a digit that is sampled about its middle, in units of
its own height, slant and width, looks the same before and after; and the moments of both give the
map itself, nearly.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

GRID = np.linspace(-2.4, 2.4, 20)  # where it is sampled, in standard deviations each way
THINNEST = 1e-3  # the least variance, of what has no extent

Array = NDArray[np.float64]


class Moments(NamedTuple):
    """Where the ink of each of N digits is, in pixels: (N,) each.

    Attributes:
        right: the middle's column, from the left.
        down: its row, from the top.
        width: standard deviation along the rows, the slant taken out.
        height: standard deviation across them.
        slant: columns to the right a row down.

    Example:
        >>> ink = np.zeros((2, 32, 32))
        >>> ink[0, 10:20, 14:18] = ink[1, 12:22, 17:21] = 1.0  # moved
        >>> found = moments(ink)
        >>> [round(float(np.ptp(part)), 6) for part in found]
        [3.0, 2.0, 0.0, 0.0, 0.0]
    """

    right: Array
    down: Array
    width: Array
    height: Array
    slant: Array


def moments(ink: NDArray[np.floating] | NDArray[np.uint8]) -> Moments:
    """The moments of digits, (N, side, side).

    Example:
        >>> ink = np.zeros((1, 32, 32))
        >>> ink[0, 10:20, 14:18] = 1.0
        >>> found = moments(ink)
        >>> float(found.right[0]), float(found.down[0])
        (15.5, 14.5)
    """
    down, right = (np.asarray(part, np.float64) for part in np.indices(ink.shape[1:]))
    total = np.maximum(ink.sum((1, 2), np.float64), 1.0)

    def mean(*of: Array) -> Array:
        result: Array = np.tensordot(ink, np.prod(of, axis=0), 2) / total
        return result

    y, x = mean(down), mean(right)
    tall = np.maximum(mean(down, down) - y**2, THINNEST)
    slant = (mean(down, right) - x * y) / tall
    wide = np.maximum(mean(right, right) - x**2 - slant**2 * tall, THINNEST)
    return Moments(x, y, np.sqrt(wide), np.sqrt(tall), slant)


def normal_form(ink: NDArray[np.floating] | NDArray[np.uint8]) -> Array:
    """The digits, (N, side, side), as they look in units of their own: (N, 20, 20).

    Example:
        >>> ink = np.zeros((1, 32, 32))
        >>> ink[0, 10:20, 14:18] = 1.0
        >>> normal_form(ink).shape
        (1, 20, 20)
    """
    own, side = moments(ink), ink.shape[1]
    right, down, width, height, slant = (part[:, None, None] for part in own)
    rows = height * GRID[:, None]
    columns = slant * rows + width * GRID
    return _between(ink, *(np.clip(at, 0, side - 1.001) for at in (down + rows, right + columns)))


def start(original: Moments, digit: Moments) -> Array:
    """The map from one digit to another by their moments alone: a, b, d, and where its middle goes.

    Args:
        original: of one digit.
        digit: of one digit, the distorted.

    Returns:
        (7,): a, b and d, then x and y of the original's middle and of the distorted one's.

    Example:
        >>> ink = np.zeros((1, 32, 32))
        >>> ink[0, 10:20, 14:18] = 1.0
        >>> start(moments(ink), moments(ink)).round(6)[:3]
        array([1., 0., 1.])
    """
    one, other = (np.concatenate([np.ravel(part) for part in each]) for each in (original, digit))
    x, y, width, height, slant = one
    to_x, to_y, to_width, to_height, to_slant = other
    a, d = to_width / width, to_height / height
    return np.array([a, to_slant * d - a * slant, d, x, y, to_x, to_y])


def _between(ink: NDArray[np.floating] | NDArray[np.uint8], rows: Array, columns: Array) -> Array:
    """The ink at places inside the field, each between four pixels."""
    top, left = rows.astype(np.intp), columns.astype(np.intp)
    along, across = rows - top, columns - left
    number = np.arange(len(ink))[:, None, None]
    above = ink[number, top, left] * (1 - across) + ink[number, top, left + 1] * across
    below = ink[number, top + 1, left] * (1 - across) + ink[number, top + 1, left + 1] * across
    result: Array = above * (1 - along) + below * along
    return result
