"""Numbers as text for a script: weights as integers, pixels with their zeros counted.

Of one array the largest weight in size becomes 2^23 - 1, and each weight is off by half a step at
most. Three bytes a weight, least first; the whole in base64. Sets of weights that are alike, as
those of the passes of a training, are differences, compressed as zlib does it.
"""

from __future__ import annotations

import base64
import zlib
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from paper_lenet.network.rounded import in_steps

BITS = 24
MOST_ZEROS = 255  # in one run


class Packed(NamedTuple):
    """One array: each element is an integer of `text` times `step`."""

    step: float
    text: str


def fixed_point(array: NDArray[np.float32]) -> Packed:
    """An array of any shape, its elements in C order."""
    whole, step = in_steps(array.ravel(), BITS)
    three = whole.astype("<i4").view(np.uint8).reshape(-1, 4)[:, : BITS // 8]
    return Packed(step, base64.b64encode(three.tobytes()).decode("ascii"))


def sets(arrays: Mapping[str, NDArray[Any]], steps: Mapping[str, float]) -> dict[str, Any]:
    """Sets of weights, each less the one before it, as `network.rounded.rounded` made them.

    Differences wrap as sums of the same type do.
    """
    count = len(next(iter(arrays.values())))
    parts = []
    for array in arrays.values():
        flat = array.reshape(count, -1)
        parts.append(np.diff(flat, axis=0, prepend=np.zeros_like(flat[:1])).tobytes())
    return {
        "count": count,
        "arrays": [
            {
                "name": name,
                "size": array[0].size,
                "step": steps[name],
                "bits": 8 * array.itemsize,
            }
            for name, array in arrays.items()
        ],
        "text": base64.b64encode(zlib.compress(b"".join(parts), 9)).decode("ascii"),
    }


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
