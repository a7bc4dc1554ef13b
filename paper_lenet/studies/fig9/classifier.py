"""What all kinds of classifiers have in common: what they are given, and what they give."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Sets(NamedTuple):
    """What a classifier is fitted to and tested on, in one form.

    Attributes:
        training: (N, side, side), float32, 0 for background to 1 for foreground; of a classifier
            that takes a network's states in place of pixels (N, 1, states).
        labels: (N,), uint8, 0 to 9.
        test: (M, side, side), as `training`.
    """

    training: NDArray[np.float32]
    labels: NDArray[np.uint8]
    test: NDArray[np.float32]


class Scored(NamedTuple):
    """What came of it.

    Attributes:
        scores: (M, 10), float32, of each test pattern for each class; greater is surer, and the
            answer is the first that is greatest.
        operations: multiply-accumulates to classify one pattern, as Fig. 11 has them.
        variables: numbers that are stored, as Fig. 12 has them.
    """

    scores: NDArray[np.float32]
    operations: int
    variables: int
