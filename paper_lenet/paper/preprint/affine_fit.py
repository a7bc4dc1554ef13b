"""The affine map from a digit to its distorted copy, fitted to the pixels of both.

All six numbers of the map are free. What is compared is blurred a little, by `BLUR`: the copies are
printed in some fifty grey levels, and neighbours' errors then even out. The least squares have one
minimum, which every method finds to far more digits than are kept.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import affine_transform, gaussian_filter
from scipy.optimize import least_squares

from paper_lenet.paper.preprint.normal_form import moments, start

BLUR = 0.5  # pixels, standard deviation
EXACT = 1e-12

Array = NDArray[np.float64]


class Fitted(NamedTuple):
    """x' = a x + b y + right, y' = c x + d y + down about the middle of the field, y down.

    Attributes:
        unexplained: root mean square over the pixels, in grey levels, without a blur.

    Example:
        >>> ink = np.zeros((32, 32))
        >>> ink[8:24, 12:20] = 200.0
        >>> found = fit(ink, distorted(ink, np.array([1.1, 0.1, 0.0, 0.9, 0.0, 0.0])))
        >>> round(found.a, 3), round(found.b, 3), round(found.d, 3), found.unexplained < 0.001
        (1.1, 0.1, 0.9, True)
    """

    a: float
    b: float
    c: float
    d: float
    right: float
    down: float
    unexplained: float


def fit(original: Array, copy: Array) -> Fitted:
    """The map from `original` to `copy`, ink in fields of (side, side).

    Example:
        >>> ink = np.zeros((32, 32))
        >>> ink[8:24, 12:20] = 200.0
        >>> found = fit(ink, distorted(ink, np.array([1.0, 0.0, 0.0, 1.0, 2.0, 0.0])))
        >>> round(found.right, 3), round(found.unexplained, 3)
        (2.0, 0.0)
    """

    def unlike(numbers: Array) -> Array:
        result: Array = distorted(original, numbers) - copy
        return result

    found = least_squares(
        lambda numbers: gaussian_filter(unlike(numbers), BLUR).ravel(),
        _by_moments(original, copy),
        method="lm",
        xtol=EXACT,
        ftol=EXACT,
        gtol=EXACT,
    ).x
    a, b, c, d, right, down = map(float, found)
    return Fitted(a, b, c, d, right, down, float(np.sqrt(np.mean(unlike(found) ** 2))))


def distorted(original: Array, numbers: Array) -> Array:
    """The ink after the map a, b, c, d, right, down; each pixel comes from between four.

    Example:
        >>> ink = np.zeros((9, 9))
        >>> ink[4, 4] = 1.0
        >>> moved = distorted(ink, np.array([1.0, 0.0, 0.0, 1.0, 2.0, 0.0]))
        >>> np.argwhere(moved.round(6) == 1.0)
        array([[4, 6]])
    """
    a, b, c, d, right, down = numbers
    back = np.linalg.inv([[d, c], [b, a]])  # rows before columns
    centre = (len(original) - 1) / 2
    offset = centre - back @ (centre + np.array([down, right]))
    result: Array = affine_transform(original, back, offset, order=1)
    return result


def _by_moments(original: Array, copy: Array) -> Array:
    """Where the fit starts."""
    a, b, d, x, y, to_x, to_y = start(moments(original[None]), moments(copy[None]))
    centre = (len(original) - 1) / 2
    right = to_x - centre - a * (x - centre) - b * (y - centre)
    return np.array([a, b, 0.0, d, right, to_y - centre - d * (y - centre)])
