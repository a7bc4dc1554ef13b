"""What the kernels of a layered network are handed: room for the states of one pattern."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from paper_lenet.engine.general_layout import FULL, KIND, SIDE, SIDE_BELOW, LayeredPlan, state_room
from paper_lenet.engine.general_pixels import Pixels, pixels
from paper_lenet.engine.layout import room


class Work(NamedTuple):
    """Room for one pattern.

    Attributes:
        x: states. `squares`: their squares. `d`: derivatives in them.
        sums: scratch of a layer.
        pixels: of the first layer, if it is a full one.

    Example:
        >>> from paper_lenet.engine.general_layout import plan
        >>> from paper_lenet.network.lenets import lenet_1
        >>> found = work(plan(lenet_1()))
        >>> found.x.shape == found.squares.shape == found.d.shape
        True
    """

    x: NDArray[np.float32]
    squares: NDArray[np.float32]
    d: NDArray[np.float32]
    sums: NDArray[np.float32]
    pixels: Pixels


def work(plan: LayeredPlan) -> Work:
    """Room for one pattern of a network, all zero.

    Example:
        >>> from paper_lenet.engine.general_layout import plan
        >>> from paper_lenet.network.lenets import fully_connected
        >>> found = work(plan(fully_connected(20, [300])))
        >>> len(found.x), bool(found.x.any())  # 400 pixels, 300 units and 10, each a multiple of 16
        (720, False)
    """
    x, squares, d = (state_room(plan) for _ in range(3))
    maps = plan.layers[plan.layers[:, KIND] != FULL]
    # A row of vectors of a convolution's inputs, or the averages of a subsampling layer.
    scratch = [256, *(256 * maps[:, SIDE_BELOW]), *(maps[:, SIDE] ** 2 * 16)]
    return Work(x, squares, d, room(int(max(scratch))), pixels(plan))
