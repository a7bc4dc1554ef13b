"""The reference in float64 with errors of float32's size put in: how far may the engine be off?

Where weights are large, units saturate, and what float32 makes of them is far from the exact
answer by any relative measure: a slope of 1e-9 is computed from a state that is known to 1e-7. No
fixed bound tells a fault of the engine from that. But the reference can say what such errors come
to: here every parameter is off by up to 2^-22 of itself, every state by up to 2^-21, and slopes
are computed from the states as the engine does it.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from paper_lenet.network.layers import Squashing
from paper_lenet.network.recipe import Recipe
from paper_lenet.network.weights import Parameters
from paper_lenet.training.reference import Reference

PARAMETER, STATE = 2.0**-22, 2.0**-21


def off(part: Tensor, size: float) -> Tensor:
    """`part` with every element off by up to `size` of itself."""
    return part * (1 + size * (2 * torch.rand_like(part) - 1))


class _Squash(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, a: Tensor, squash: Squashing) -> Tensor:
        x = off(squash(a), STATE)
        ctx.save_for_backward(x)
        ctx.squash = squash
        return x

    @staticmethod
    def backward(ctx: Any, d: Tensor) -> tuple[Tensor, None]:
        (x,) = ctx.saved_tensors
        return d * ctx.squash.derivative(x), None


class Rough(nn.Module):
    """A squashing function whose values are off."""

    def __init__(self, exact: Squashing):
        super().__init__()
        self.exact = exact
        self.derivative = exact.derivative

    def forward(self, a: Tensor) -> Tensor:
        return _Squash.apply(a, self.exact)


def roughened(recipe: Recipe, parameters: Parameters, seed: int) -> Reference:
    """A `Reference` in float64 with errors put in."""
    torch.manual_seed(seed)
    names = list(parameters)
    exact = Reference(recipe, parameters, torch.float64)
    network = exact.network
    with torch.no_grad():
        for name in names:
            part = network.get_parameter(name)
            part.copy_(off(part, PARAMETER))
    network.squash = Rough(network.squash)
    for layer in (network.S2, network.S4):
        if layer.trainable:
            layer.squash = network.squash
    return exact
