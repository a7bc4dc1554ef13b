"""How Fig. 13 was drawn: from a state to a grey level, and back to an interval.

The figure's images hold 56 grey levels, unevenly apart: the colours that a screen had to offer. Two
of them are one level, in different panels (`SAME`), so `LEVELS` has 55. A state became a whole
number of steps below zero (black is high), and the number the nearest colour that there was. So a
level stands for one number of steps, or for two where one colour served both. The first and the
last level hold all states beyond them.

None of this is printed. It was found by leaving every edge between two levels free in the fit of C1
to the input: the levels then came out one step wide, or two. Panels have palettes of their own,
which differ in a few colours and edges; `calibrate.own_edges` measures those. The inputs are drawn
with the same levels, on a scale of their own.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

# From the highest state to the lowest.
LEVELS = (
    *(0, 10, 20, 30, 34, 36, 40, 46, 51, 53, 61, 63, 68, 73, 77, 81, 85, 91, 94, 99, 102, 108, 109),
    *(112, 122, 127, 129, 132, 142, 146, 151, 153, 161, 162, 163, 170, 173, 178, 183, 185, 190),
    *(194, 200, 203, 204, 214, 217, 222, 224, 231, 235, 236, 243, 244, 255),
)
SAME = {242: 236}  # some panels have the first where others have the second
DOUBLE = (10, 20, 53, 122, 142, 214)
ZERO = 129  # the level in whose middle is the state 0
BACKGROUND = 222  # of the inputs

Grey = NDArray[np.uint8]
Array = NDArray[np.float64]
Places = NDArray[np.int64]


class Drawn(NamedTuple):
    """Between which numbers of steps below zero drawn units lie; outer edges are infinite."""

    first: Array
    last: Array


def even() -> Array:
    """The edges of all levels in steps, (levels + 1,): one step wide, or two."""
    widths = np.array([2 if level in DOUBLE else 1 for level in LEVELS])
    ends = np.cumsum(widths)
    zero = LEVELS.index(ZERO)
    result: Array = np.r_[0.0, ends] - (ends[zero] - 0.5)
    result[0], result[-1] = -np.inf, np.inf
    return result


def places(grey: Grey) -> Places:
    """The place in `LEVELS` of each grey level.

    Raises:
        ValueError: a grey level that is not one of the figure's.
    """
    table = np.full(256, -1)
    for place, level in enumerate(LEVELS):
        table[level] = place
    for level, same in SAME.items():
        table[level] = LEVELS.index(same)
    found = table[grey]
    if (found < 0).any():
        raise ValueError(f"grey level {grey[found < 0][0]} is not one of the figure's")
    return found


def read(grey: Grey, edges: Array) -> Drawn:
    """Between which numbers of steps drawn units lie.

    Args:
        grey: (panels, ...), uint8.
        edges: (panels, levels + 1), of each panel.
    """
    found = places(grey)
    panel = np.arange(len(grey)).reshape(-1, *(1,) * (grey.ndim - 1))
    return Drawn(edges[panel, found], edges[panel, found + 1])


def draw(steps: Array) -> Grey:
    """The grey levels of numbers of steps below zero, as `even` has them."""
    return np.array(LEVELS, np.uint8)[np.searchsorted(even()[1:-1], steps)]
