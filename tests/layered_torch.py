"""Layered networks a second time, in PyTorch and float64, one pattern at a time."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor
from torch.autograd.functional import jacobian
from torch.nn import functional

from paper_lenet.base import streams
from paper_lenet.digits.patterns import Patterns
from paper_lenet.network.layered import Convolution, Full, Layered, Subsampling
from paper_lenet.network.layered_weights import initial
from paper_lenet.network.recipe import Initial
from paper_lenet.network.weights import Parameters

Layer = Convolution | Subsampling | Full


def wild(layered: Layered, seed: int = 0) -> Parameters:
    """Initial weights with something added, so that no bias is 0 and no coefficient 1."""
    result = {}
    for index, (name, part) in enumerate(initial(layered, Initial(), seed).items()):
        draws = streams.uniform(streams.key(seed, "noise", index), part.size)
        result[name] = (part + 0.2 * (draws - 0.5).reshape(part.shape)).astype(np.float32)
    return result


def tensors(parameters: Parameters) -> list[Tensor]:
    return [torch.tensor(part, dtype=torch.float64) for part in parameters.values()]


def flat(parts: list[Tensor]) -> np.ndarray:
    return torch.cat([part.detach().flatten() for part in parts]).numpy()


def pairs(layered: Layered, parts: list[Tensor]) -> list[tuple[Layer, Tensor, Tensor]]:
    return list(zip(layered.layers, parts[::2], parts[1::2], strict=True))


def totals(layer: Layer, weight: Tensor, bias: Tensor, x: Tensor) -> Tensor:
    """Total inputs of a layer from the states below: (maps, side, side), or (units,)."""
    if isinstance(layer, Full):
        return weight @ x.flatten() + bias
    if isinstance(layer, Subsampling):
        pooled = functional.avg_pool2d(x, 2)
        return torch.stack(
            [weight[m] * pooled[source] + bias[m] for m, source in enumerate(layer.table)]
        )
    maps, kernel = [], 0
    for m, row in enumerate(layer.table):
        total = bias[m]
        for source in row:
            total = total + functional.conv2d(x[source][None, None], weight[kernel][None, None])
            kernel += 1
        maps.append(total[0, 0])
    return torch.stack(maps)


def states(layered: Layered, parts: list[Tensor], x: Tensor) -> list[Tensor]:
    """Of every layer from the input on."""
    result = [x]
    for layer, weight, bias in pairs(layered, parts):
        result.append(1.7159 * torch.tanh(2 / 3 * totals(layer, weight, bias, result[-1])))
    return result


def inputs(patterns: Patterns, index: int) -> Tensor:
    return torch.tensor(patterns.inputs(slice(index, index + 1))[0], dtype=torch.float64)


def loss(layered: Layered, parts: list[Tensor], x: Tensor, label: int) -> Tensor:
    target = -torch.ones(10, dtype=torch.float64)
    target[label] = 1
    return 0.5 * ((states(layered, parts, x)[-1] - target) ** 2).sum()


def gradient(layered: Layered, parts: list[Tensor], x: Tensor, label: int) -> list[Tensor]:
    leaves = [part.clone().requires_grad_() for part in parts]
    return list(torch.autograd.grad(loss(layered, leaves, x, label), leaves))


def curvature(layered: Layered, parts: list[Tensor], x: Tensor) -> np.ndarray:
    """h_kk of one pattern, from the layers' Jacobians, squared entry by entry.

    A unit has each of its weights once, so eqs. 23 and 25 are b_i (da_i/dw_k)^2 summed over the
    units, and eq. 27 is f'^2 times the sum of b_i (da_i/dx_j)^2. Of a full layer, whose Jacobian
    would be large and empty, they are as they are written.
    """
    every, result = states(layered, parts, x), []
    g = torch.ones(10, dtype=torch.float64)
    for number in reversed(range(len(layered.layers))):
        layer, weight, bias = pairs(layered, parts)[number]
        below, above = every[number], every[number + 1]
        b = (2 / 3 / 1.7159 * (1.7159**2 - above**2)) ** 2 * g
        if isinstance(layer, Full):
            h = [b[:, None] * below.flatten() ** 2, b]
            g = (b @ weight**2).view_as(below)
        else:
            free = (weight, bias, below) if number else (weight, bias)
            # The Jacobians in the weights and biases, and in the states below if they are units.
            slopes = jacobian(
                lambda *some, layer=layer, below=below: totals(layer, *(*some, below)[:3]),
                free,
                vectorize=True,
            )
            h = [torch.tensordot(b, slope**2, dims=b.ndim) for slope in slopes]
            g = h.pop() if number else g
        result = [*h, *result]
    return flat(result)
