"""The reference execution: `LeNet5` in PyTorch, trained as Section III-B and Appendix C say.

Slow, about a thousandth of a second an update, and plain: autograd computes the gradients. Sums
are PyTorch's, so the last bits may differ from machine to machine.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.backends import mkldnn

from paper_lenet.base.errors import RecipeError, one_line
from paper_lenet.digits.patterns import Patterns
from paper_lenet.network.architecture import parameter_shapes
from paper_lenet.network.curvature import curvature
from paper_lenet.network.lenet5 import LeNet5
from paper_lenet.network.losses import losses
from paper_lenet.network.protocol import Learned, check_side, check_steps, checked_order
from paper_lenet.network.recipe import Recipe
from paper_lenet.network.weights import Parameters

BATCH = 500  # patterns at a time where nothing is learned


@contextmanager
def _plain() -> Iterator[None]:
    """One thread and no oneDNN: their overhead on a batch of one is greater than the work.

    And the bits do not depend on the number of threads.
    """
    threads, enabled = torch.get_num_threads(), mkldnn.enabled
    torch.set_num_threads(1)
    mkldnn.enabled = False  # type: ignore[assignment]
    try:
        yield
    finally:
        torch.set_num_threads(threads)
        mkldnn.enabled = enabled


def there(device: torch.device | str) -> torch.device:
    """`device`, once it is seen that this machine and this PyTorch compute there.

    Raises:
        RecipeError: they do not.

    Example:
        >>> there("cpu")
        device(type='cpu')
    """
    try:
        torch.zeros(1, device=device).cpu()
        return torch.device(device)
    except Exception as error:  # each backend raises another kind
        cause = one_line(str(error).split("\n")[0].split(". ")[0])
        raise RecipeError(
            f"PyTorch cannot compute on {str(device)!r} here ({cause})", "device"
        ) from None


class Gradient(NamedTuple):
    """One pattern's loss, and its gradient: all parameters end to end in layout order.

    Example:
        >>> from paper_lenet.network.weights import initial_parameters
        >>> parameters = initial_parameters(Recipe(), seed=0)
        >>> one = Patterns.from_images(np.zeros((1, 28, 28), np.uint8), [7])
        >>> network = Reference(Recipe(), parameters)
        >>> loss, flat = network.gradient(one.inputs(slice(None))[0], label=7)
        >>> _ = network.learn(one, np.array([0]), np.full(60000, 0.5, np.float32))
        >>> moved = parameters["C1.weight"] - 0.5 * flat[:150].reshape(6, 1, 5, 5)  # eq. 18
        >>> np.allclose(network.parameters()["C1.weight"], moved)
        True
    """

    loss: float
    flat: NDArray[Any]


class Reference:
    """The `Execution` protocol in PyTorch.

    All parameters are views of one flat tensor and their gradients of another, in layout order
    (`architecture.parameter_shapes`), so that eq. 18 is one operation.

    Attributes:
        network: the network that is trained.
        recipe: its loss and step.
        device: where it computes.

    Example:
        >>> from paper_lenet.network.weights import initial_parameters
        >>> two = Patterns.from_images(np.zeros((2, 28, 28), np.uint8), [3, 7])
        >>> network = Reference(Recipe(), initial_parameters(Recipe(), seed=0))
        >>> h = network.curvature(two, np.array([0, 1]))
        >>> steps = (0.0005 / (0.02 + h)).astype(np.float32)  # eq. 21
        >>> learned = network.learn(two, np.array([0, 1]), steps)
        >>> h.shape, learned.shown, network.penalties(two).shape
        ((60000,), 2, (2, 10))
        >>> pattern = two.inputs(slice(None))[0]
        >>> network.activations(pattern)["F6"].shape, network.gradient(pattern, label=3).flat.shape
        ((84,), (60000,))
        >>> network.parameters()["C1.weight"].shape
        (6, 1, 5, 5)
    """

    def __init__(
        self,
        recipe: Recipe,
        parameters: Parameters,
        dtype: torch.dtype = torch.float32,
        device: torch.device | str = "cpu",
    ) -> None:
        """Start from a copy of `parameters`.

        Args:
            recipe: names the network, the loss and what the curvature starts from.
            parameters: by name, as `weights.initial_parameters` or `weights.load` gives them.
            dtype: ``torch.float32``, or ``torch.float64`` for an oracle. Arrays that come back
                have it too, but for `parameters`.
            device: where it computes. What comes back are arrays of NumPy in any case.

        Raises:
            RecipeError: there is no such device here, or the parameters are not the network's.
        """
        self.recipe, self.dtype, self.device = recipe, dtype, there(device)
        with self.device:
            network = LeNet5.from_parameters(parameters, recipe.network, recipe.loss.half)
        self.network = network.to(dtype)
        named = dict(self.network.named_parameters())
        self._names = list(parameter_shapes(recipe.network))
        ordered = [named[name] for name in self._names]
        self._flat = torch.cat([part.detach().flatten() for part in ordered])
        self._gradient = torch.zeros_like(self._flat)
        start = 0
        for part in ordered:
            end = start + part.numel()
            part.data = self._flat[start:end].view_as(part)
            part.grad = self._gradient[start:end].view_as(part)
            start = end

    def __repr__(self) -> str:
        how = f"{self.dtype}, {self.device}"
        return f"Reference({self.recipe!r}, {len(self._flat):,} parameters, {how})"

    def parameters(self) -> Parameters:
        """A copy of the parameters, by name, float32."""
        named = dict(self.network.named_parameters())
        return {name: named[name].detach().cpu().numpy().astype(np.float32) for name in self._names}

    @_plain()
    def curvature(self, patterns: Patterns, chosen: NDArray[np.int64]) -> NDArray[Any]:
        """h_kk, the mean over the chosen patterns (Appendix C), (parameters,)."""
        chosen = checked_order(patterns, chosen)
        total = torch.zeros_like(self._flat)
        for start in range(0, len(chosen), BATCH):
            part = chosen[start : start + BATCH]
            labels = torch.from_numpy(patterns.labels[part].astype(np.int64)).to(self.device)
            loss, step = self.recipe.loss, self.recipe.step
            inputs = self._inputs(patterns, part)
            h = curvature(self.network, inputs, labels, loss, step.output, step.coefficient)
            flat = torch.cat([h[name].flatten() for name in self._names])
            total += flat * (len(part) / len(chosen))
        return total.cpu().numpy()

    @_plain()
    def learn(
        self, patterns: Patterns, order: NDArray[np.int64], steps: NDArray[np.float32]
    ) -> Learned:
        """One update (eq. 18) after each pattern of `order`; stops at a loss that is not finite.

        Args:
            patterns: the training patterns.
            order: (n,), which of them are shown, one after the other.
            steps: (parameters,), epsilon_k in layout order.
        """
        order = checked_order(patterns, order)
        check_steps(steps, len(self._flat))
        epsilon = torch.tensor(steps, dtype=self.dtype, device=self.device)
        total, errors = 0.0, 0
        for number in range(len(order)):
            pattern = order[number : number + 1]
            label = int(patterns.labels[pattern[0]])
            loss, right = self._backward(self._inputs(patterns, pattern), label)
            if not math.isfinite(loss):
                return Learned(total, errors, number)
            total += loss
            errors += not right
            self._flat.addcmul_(epsilon, self._gradient, value=-1)
        return Learned(total, errors, len(order))

    @_plain()
    def gradient(self, pattern: NDArray[np.float32], label: int) -> Gradient:
        """The loss and gradient of one input (1, side, side), nothing learned."""
        loss, _ = self._backward(self._input(pattern), label)
        return Gradient(loss, self._gradient.cpu().numpy().copy())

    @_plain()
    @torch.no_grad()
    def penalties(self, patterns: Patterns) -> NDArray[Any]:
        """The penalty of each class for each pattern, (N, 10)."""
        result = torch.empty(len(patterns), 10, dtype=self.dtype, device="cpu")
        for start in range(0, len(patterns), BATCH):
            part = slice(start, start + BATCH)
            result[part] = self.network.states(self._inputs(patterns, part))["output"]
        return result.numpy()

    @_plain()
    @torch.no_grad()
    def activations(self, pattern: NDArray[np.float32]) -> dict[str, NDArray[Any]]:
        """The states of every layer, by name, for one input (1, side, side).

        See `LeNet5.activations`: F6 (84,), output the penalties (10,).
        """
        states = self.network.activations(self._input(pattern))
        return {name: part[0].cpu().numpy() for name, part in states.items()}

    def _inputs(self, patterns: Patterns, chosen: NDArray[np.int64] | slice) -> Tensor:
        check_side(patterns, self.recipe.network.input)
        return torch.from_numpy(patterns.inputs(chosen)).to(self.device, self.dtype)

    def _input(self, pattern: NDArray[np.float32]) -> Tensor:
        return torch.tensor(pattern[None], dtype=self.dtype, device=self.device)

    def _backward(self, x: Tensor, label: int) -> tuple[float, bool]:
        """Fill the flat gradient; the loss, and whether the smallest penalty is the right one.

        Of equal penalties the lower class wins.
        """
        penalties = self.network.states(x)["output"]
        loss = losses(penalties, torch.tensor([label], device=self.device), self.recipe.loss)
        self._gradient.zero_()
        torch.autograd.backward(loss)
        return loss.item(), int(penalties.argmin()) == label
