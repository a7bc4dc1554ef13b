"""The initial weights of a tutorial's network, from our own streams: no library's generator.

Keras draws weights uniformly in plus or minus the square root of 6/(F + G), F inputs and G outputs
of a unit (Glorot and Bengio 2010), and sets biases to zero. PyTorch draws weights and biases
uniformly in plus or minus 1/sqrt(F). The recipe ``paper`` has plus or minus sqrt(3)/sqrt(F) and
zero biases.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from paper_lenet.base import streams
from paper_lenet.studies.tutorials.layers import Layer, Shape, shapes
from paper_lenet.studies.tutorials.spec import Tutorial

Parameters = dict[str, NDArray[np.float32]]
KINDS = 3
INITIAL, ORDER, DROPOUT = range(KINDS)  # what a stream is for


def stream(seed: int, kind: int, number: int) -> int:
    """The key of the stream of one kind: `number` is that of the array, the pass or the layer."""
    return streams.key(seed, "tutorial", KINDS * number + kind)


def parameter_shapes(tutorial: Tutorial) -> dict[str, tuple[int, ...]]:
    """The shape of every parameter: ``0.weight``, ``0.bias`` and so on, by number of the layer.

    Weights are (maps, maps below, kernel, kernel) or (units, units below).
    """
    result: dict[str, tuple[int, ...]] = {}
    before = shapes(tutorial.inputs.side, tutorial.layers)
    for number, (layer, below) in enumerate(zip(tutorial.layers, before[:-1], strict=True)):
        if layer.layer in ("conv", "dense"):
            result[f"{number}.weight"] = _weight(layer, below)
            result[f"{number}.bias"] = (layer.maps or layer.units,)
    return result


def parameters(tutorial: Tutorial) -> int:
    """How many numbers are trained."""
    return sum(map(math.prod, parameter_shapes(tutorial).values()))


def _weight(layer: Layer, below: Shape) -> tuple[int, ...]:
    if layer.layer == "conv":
        return layer.maps, below.maps, layer.kernel, layer.kernel
    return layer.units, below.states


def initial_parameters(tutorial: Tutorial, seed: int) -> Parameters:
    """All parameters before the first pass, float32."""
    result: Parameters = {}
    bound = 0.0
    for number, (name, shape) in enumerate(parameter_shapes(tutorial).items()):
        if name.endswith("weight"):
            bound = _bound(tutorial.initial, shape)
        zero = name.endswith("bias") and tutorial.initial != "torch"
        drawn = streams.uniform(stream(seed, INITIAL, number), math.prod(shape))
        values = np.zeros_like(drawn) if zero else bound * (2 * drawn - 1)
        result[name] = values.reshape(shape).astype(np.float32)
    return result


def _bound(law: str, shape: tuple[int, ...]) -> float:
    """Of a weight array; PyTorch's biases have that of their unit's weights."""
    inputs, outputs = math.prod(shape[1:]), shape[0] * math.prod(shape[2:])
    if law == "keras":
        return math.sqrt(6 / (inputs + outputs))
    return math.sqrt((3 if law == "paper" else 1) / inputs)
