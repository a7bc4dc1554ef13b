"""The laws of the steps, with the constants that each framework has where the author gives none.

All parameters are one flat tensor w, their gradients another, g:

- ``rmsprop``, as Keras had it: v = 0.9 v + 0.1 g², w -= rate g / (sqrt(v) + 1e-7).
- ``adam``: m = 0.9 m + 0.1 g, v = 0.999 v + 0.001 g², and with both divided by one minus the t-th
  power of their constant, w -= rate m / (sqrt(v) + 1e-8), as Kingma and Ba (2014) and
  PyTorch have it.
- ``adam_keras``: the same, but 1e-7 is added to the square root of the v that is not yet divided.
- ``sgd``: v = momentum v + g, w -= rate v.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from paper_lenet.studies.tutorials.spec import Optimiser

RHO, EPSILON_KERAS = 0.9, 1e-7
BETA_1, BETA_2, EPSILON = 0.9, 0.999, 1e-8
MEMORIES = {"rmsprop": 1, "adam": 2, "adam_keras": 2, "sgd": 1}


class Steps:
    """One optimiser over a flat tensor.

    Attributes:
        memory: (memories, parameters), what it remembers between updates; zero at first.
        updates: how many there were.
    """

    def __init__(
        self, optimiser: Optimiser, weights: Tensor, memory: Tensor | None, updates: int
    ) -> None:
        """Over `weights`, (parameters,), which `step` changes in place."""
        self.optimiser, self.weights, self.updates = optimiser, weights, updates
        shape = (MEMORIES[optimiser.law], len(weights))
        self.memory = torch.zeros(shape, dtype=weights.dtype) if memory is None else memory

    @torch.no_grad()
    def step(self, gradient: Tensor, rate: float) -> None:
        """One update with `gradient`, (parameters,)."""
        self.updates += 1
        law = self.optimiser.law
        if law == "sgd":
            velocity = self.memory[0].mul_(self.optimiser.momentum).add_(gradient)
            self.weights.add_(velocity, alpha=-rate)
        elif law == "rmsprop":
            square = self.memory[0].mul_(RHO).addcmul_(gradient, gradient, value=1 - RHO)
            self.weights.addcdiv_(gradient, square.sqrt().add_(EPSILON_KERAS), value=-rate)
        else:
            self._adam(gradient, rate)

    def _adam(self, gradient: Tensor, rate: float) -> None:
        mean = self.memory[0].mul_(BETA_1).add_(gradient, alpha=1 - BETA_1)
        square = self.memory[1].mul_(BETA_2).addcmul_(gradient, gradient, value=1 - BETA_2)
        root = math.sqrt(1 - BETA_2**self.updates)
        # PyTorch's constant is added after the division by `root`: the same as times `root` before.
        epsilon = EPSILON_KERAS if self.optimiser.law == "adam_keras" else EPSILON * root
        step = rate * root / (1 - BETA_1**self.updates)
        self.weights.addcdiv_(mean, square.sqrt().add_(epsilon), value=-step)
