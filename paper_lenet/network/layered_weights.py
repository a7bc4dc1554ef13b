"""The initial weights of a layered network (Appendix A).

The paper says of none but LeNet-5 how its weights start. Biases and coefficients start here as
those of recipe ``paper``; weights by a law that may be another.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from paper_lenet.base import streams
from paper_lenet.network.layered import KERNEL, Convolution, Layered, parameter_shapes
from paper_lenet.network.recipe import Initial
from paper_lenet.network.weights import Parameters, drawn

COEFFICIENT = 1.0  # where every subsampling coefficient starts


def initial(layered: Layered, law: Initial, seed: int) -> Parameters:
    """The parameters before the first pass, float32, by name and in layout order.

    Array number i of `parameter_shapes` is drawn from the stream (`seed`, ``weights``, i). Of the
    law the weights alone are taken, F being the inputs of their unit without the bias. Biases start
    at 0 and coefficients at 1, as in recipe ``paper``.

    Example:
        >>> from paper_lenet.network.lenets import lenet_1
        >>> found = initial(lenet_1(), Initial(), 0)
        >>> list(found)[:2]
        ['layer0.weight', 'layer0.bias']
    """
    result: Parameters = {}
    for index, (name, shape) in enumerate(parameter_shapes(layered).items()):
        layer, role = name.removeprefix("layer").split(".")
        if role == "weight":
            inputs = _inputs(layered, int(layer), shape)
            part = drawn(law, streams.key(seed, "weights", index), shape, inputs)
        else:
            part = np.full(shape, COEFFICIENT if role == "coefficient" else 0.0)
        result[name] = part.astype(np.float32)
    return result


def _inputs(layered: Layered, number: int, shape: tuple[int, ...]) -> NDArray[np.float64]:
    """F of Appendix A for each index of the first axis of the weights of a layer."""
    layer = layered.layers[number]
    if isinstance(layer, Convolution):
        rows = [KERNEL**2 * len(row) for row in layer.table for _ in row]
        return np.array(rows, np.float64)
    return np.full(shape[0], float(shape[1]))
