"""Weights rounded to whole steps, for where files are to be small."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from paper_lenet.base.files import Arrays
from paper_lenet.network.weights import Parameters

MANY = 4000  # elements: an array with more of them weighs more than it says


def in_steps(array: NDArray[np.float32], bits: int) -> tuple[NDArray[np.float64], float]:
    """An array as whole numbers of `bits`, and what one step is: the greatest has the last step.

    Example:
        >>> in_steps(np.array([0.5, -1.27, 0.004], np.float32), bits=8)[0]
        array([  50., -127.,    0.])
    """
    exact = array.astype(np.float64)
    step = float(np.abs(exact).max()) / (2 ** (bits - 1) - 1) or 1.0
    return np.rint(exact / step), step


def rounded(
    states: Sequence[Parameters], bits: int, bits_of_many: int
) -> tuple[Arrays, dict[str, float]]:
    """Several states of one network as whole numbers.

    Args:
        states: parameters, with the same names and shapes each.
        bits: of a number, 16 at most.
        bits_of_many: of one in an array with more than `MANY` elements.

    Returns:
        Whole numbers by name, (len(states), ...), int8 if 8 bits are enough, else int16; and what
        one step of each array is. An array's greatest number of all states is its last step.

    Example:
        >>> state = {"F6.bias": np.array([1.0, -2.0], np.float32)}
        >>> arrays, steps = rounded([state], bits=8, bits_of_many=4)
        >>> arrays["F6.bias"], round(steps["F6.bias"] * 127, 4)
        (array([[  64, -127]], dtype=int8), 2.0)
    """
    arrays: Arrays = {}
    steps: dict[str, float] = {}
    for name, first in states[0].items():
        own = bits_of_many if first.size > MANY else bits
        whole, steps[name] = in_steps(np.stack([state[name] for state in states]), own)
        arrays[name] = whole.astype(np.int8 if own <= 8 else np.int16)
    return arrays, steps
