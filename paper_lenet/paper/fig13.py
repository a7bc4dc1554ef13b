"""Fig. 13 as numbers: how a LeNet-5 of 1998 looked inside after training.

The figure draws the states of a network that was trained with each pixel inverted with probability
0.1, on nine inputs. The authors' preprint holds them as images of some 50 grey levels, black for
`DRAWN` and white for minus that; states beyond are clipped. Neither number is printed: with 1.66
C1's states are eq. 6 of the input, and F6's signs are those of the codes.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import as_file, files
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

DRAWN = 1.66
GREY = 255
APART = 11  # the widest gap between two of the grey levels that occur
SATURATED = 1.5  # as the studies count

Grey = NDArray[np.uint8]
States = NDArray[np.float64]


class Share(NamedTuple):
    """A share of states: surely beyond the threshold, and possibly, given the grey levels.

    Example:
        >>> saturated(np.array([0, 8, 128, 128], np.uint8))  # level 8 may be a state of 1.5 or not
        Share(low=0.25, high=0.5)
    """

    low: float
    high: float


@cache
def drawn(layer: str) -> Grey:
    """The grey levels of a layer: (9, maps, rows, columns), of C5 (9, 120), of F6 (9, 12, 7).

    F6's panels are in another order than those of the other layers.

    Example:
        >>> drawn("input").shape
        (9, 32, 32)
    """
    name = "f6_unpaired" if layer == "F6" else layer.lower()
    source = files("paper_lenet.paper").joinpath("data/fig13_states.npz")
    with as_file(source) as path, np.load(path) as arrays:
        grey: Grey = arrays[name]
    return grey


def states(grey: Grey) -> States:
    """The states that grey levels stand for, of the same shape.

    Example:
        >>> grey = np.array([0, 255], np.uint8)
        >>> bool(states(grey)[0] == -states(grey)[1])
        True
    """
    return DRAWN * (1 - 2 * grey.astype(np.float64) / GREY)


def saturated(grey: Grey, threshold: float = SATURATED) -> Share:
    """The share of drawn states beyond `threshold`, either way.

    A level stands for states up to half of `APART` away from it; a state that may so lie on either
    side of the threshold counts as possible only.

    Example:
        >>> share = saturated(drawn("c1"))
        >>> bool(share[0] <= share[1])
        True
    """
    size = np.abs(states(grey))
    half = DRAWN * APART / GREY
    return Share(float(np.mean(size - half > threshold)), float(np.mean(size + half > threshold)))
