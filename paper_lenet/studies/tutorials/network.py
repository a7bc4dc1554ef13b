"""A tutorial's network in PyTorch: its list of layers as one function of its parameters.

All parameters are views of one flat tensor and their gradients of another, so that a step of the
optimiser is a few operations.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from paper_lenet.base import streams
from paper_lenet.studies.tutorials.initial import DROPOUT, Parameters, stream
from paper_lenet.studies.tutorials.layers import Layer
from paper_lenet.studies.tutorials.spec import Tutorial

PARTS = 1 << 16  # a state is left out if 16 random bits, a number below this, are below its share
ACTIVATIONS = {"sigmoid": torch.sigmoid, "tanh": torch.tanh, "relu": torch.relu}


class Dropout:
    """Which states are left out, in one pass: 16 bits of the seed's stream for each state shown.

    A share is thereby rounded down to a multiple of 1/65,536. What stays is divided by the share
    that stays, so that nothing is to be done in tests.
    """

    def __init__(self, seed: int, number: int, layers: int) -> None:
        """For pass `number` of a network with so many layers."""
        self._streams = [stream(seed, DROPOUT, number * layers + each) for each in range(layers)]
        self._used = [0] * layers

    def __call__(self, x: Tensor, place: int, share: float) -> Tensor:
        """`x`, (n, ...), with the states that layer `place` leaves out at zero."""
        words = -(-x.numel() // 4)
        drawn = streams.words(self._streams[place], words, self._used[place])
        self._used[place] += words
        bits = drawn.astype("<u8", copy=False).view("<u2")[: x.numel()]
        kept = (bits >= int(share * PARTS)).astype(np.float32) / np.float32(1 - share)
        return x * torch.from_numpy(kept).to(x.dtype).view(x.shape)


class Network:
    """One network.

    Attributes:
        flat: (parameters,), all of them end to end in the order of the layers.
        gradient: (parameters,), that of the last loss.
    """

    def __init__(
        self, tutorial: Tutorial, parameters: Parameters, dtype: torch.dtype = torch.float32
    ) -> None:
        """From a copy of `parameters`, of `initial.initial_parameters` or of a checkpoint."""
        self._layers, self._shapes = tutorial.layers, {k: v.shape for k, v in parameters.items()}
        self.flat = torch.cat([torch.from_numpy(part).flatten() for part in parameters.values()])
        self.flat = self.flat.to(dtype)
        self.gradient = torch.zeros_like(self.flat)
        self._parts: dict[str, Tensor] = {}
        start = 0
        for name, part in parameters.items():
            end = start + part.size
            leaf = self.flat[start:end].view(part.shape).requires_grad_()
            leaf.grad = self.gradient[start:end].view(part.shape)
            self._parts[name] = leaf
            start = end

    def parameters(self) -> Parameters:
        """A copy of all parameters, float32."""
        return {k: v.detach().numpy().astype(np.float32) for k, v in self._parts.items()}

    def logits(self, x: Tensor, dropout: Dropout | None = None) -> Tensor:
        """(n, 10) for inputs (n, 1, side, side); `dropout` in training alone."""
        for number, layer in enumerate(self._layers):
            if layer.layer == "dropout":
                x = x if dropout is None else dropout(x, number, layer.share)
            else:
                x = self._layer(layer, number, x)
        return x

    def _layer(self, layer: Layer, number: int, x: Tensor) -> Tensor:
        if layer.layer == "average_pool":
            return functional.avg_pool2d(x, 2)
        if layer.layer == "max_pool":
            return functional.max_pool2d(x, 2)
        if layer.layer == "flatten":
            return x.flatten(1)
        weight, bias = self._parts[f"{number}.weight"], self._parts[f"{number}.bias"]
        if layer.layer == "conv":
            margin = layer.kernel // 2 if layer.padding == "same" else 0
            x = functional.conv2d(x, weight, bias, padding=margin)
        else:
            x = functional.linear(x, weight, bias)
        return ACTIVATIONS[layer.activation](x) if layer.activation in ACTIVATIONS else x

    def learn(self, x: Tensor, labels: Tensor, dropout: Dropout) -> tuple[float, int]:
        """Fill `gradient` with that of the batch's mean cross-entropy.

        Returns:
            The mean loss, and how many patterns were misread.
        """
        logits = self.logits(x, dropout)
        loss = functional.cross_entropy(logits, labels)
        self.gradient.zero_()
        torch.autograd.backward(loss)
        return loss.item(), int((logits.detach().argmax(1) != labels).sum())

    @torch.no_grad()
    def probabilities(self, x: Tensor, batch: int = 500) -> NDArray[np.float32]:
        """The softmax of every pattern, (N, 10), `batch` at a time."""
        parts = [self.logits(x[i : i + batch]).softmax(1) for i in range(0, len(x), batch)]
        return torch.cat(parts).numpy()

    @torch.no_grad()
    def judged(self, x: Tensor, labels: Tensor, batch: int = 500) -> tuple[float, int]:
        """The mean cross-entropy, and how many patterns are misread; nothing is learned."""
        loss, errors = 0.0, 0
        for start in range(0, len(x), batch):
            part, truth = x[start : start + batch], labels[start : start + batch]
            logits = self.logits(part)
            loss += functional.cross_entropy(logits, truth, reduction="sum").item()
            errors += int((logits.argmax(1) != truth).sum())
        return loss / len(x), errors
