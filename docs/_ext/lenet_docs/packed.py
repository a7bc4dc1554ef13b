"""Numbers as text for a script: weights as 24-bit integers, pixels with their zeros counted.

Of one array the largest weight in size becomes 2^23 - 1, and each weight is off by half a step at
most. Three bytes a weight, least first; the whole in base64.
"""

from __future__ import annotations

import base64
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

BITS = 24
MOST_ZEROS = 255  # in one run


class Packed(NamedTuple):
    """One array: each element is an integer of `text` times `step`."""

    step: float
    text: str


def fixed_point(array: NDArray[np.float32]) -> Packed:
    """An array of any shape, its elements in C order."""
    exact = array.astype(np.float64).ravel()
    step = float(np.abs(exact).max()) / (2 ** (BITS - 1) - 1)
    whole = np.rint(exact / (step or 1.0)).astype("<i4")
    three = whole.view(np.uint8).reshape(-1, 4)[:, : BITS // 8]
    return Packed(step, base64.b64encode(three.tobytes()).decode("ascii"))


def runs(pixels: bytes) -> str:
    """Bytes in base64, a run of zeros as a zero and its length, one byte."""
    result = bytearray()
    zeros = 0
    for pixel in pixels:
        if zeros and (pixel or zeros == MOST_ZEROS):
            result += bytes((0, zeros))
            zeros = 0
        if pixel:
            result.append(pixel)
        else:
            zeros += 1
    if zeros:
        result += bytes((0, zeros))
    return base64.b64encode(result).decode("ascii")
