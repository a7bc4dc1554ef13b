"""The two executions of one network, behind one door: what training asks of either.

`paper_lenet.training.reference` runs it in PyTorch, as the definition; `paper_lenet.engine` does
the same arithmetic fast and with the same bits on every machine. Training, evaluation and `predict`
see only what stands here. Both look at what they are handed in the same way
(`checked_order`, `check_side`, `check_steps`): nothing else is looked at where they compute.
"""

from __future__ import annotations

import re
from typing import Annotated, Literal, NamedTuple, Protocol, get_args

import numpy as np
from numpy.typing import NDArray

from paper_lenet.base.declared import Law
from paper_lenet.base.errors import PaperLenetError, expect, listed
from paper_lenet.digits.patterns import Patterns
from paper_lenet.network.weights import Parameters

Trainer = Literal["engine", "reference"]
# Whether this machine has it is seen where it is used: naming one needs no PyTorch.
Device = Annotated[
    str,
    Law(
        "a device as PyTorch names it, such as cpu, cuda or cuda:1",
        lambda text: re.fullmatch(r"[a-z]+(:[0-9]{1,3})?", text),
    ),
]


class InputError(PaperLenetError, ValueError):
    """What a network is handed is not what it takes."""


class Learned(NamedTuple):
    """What a run of stochastic updates met, each pattern judged before its own update.

    Attributes:
        loss: sum of the losses, float64.
        errors: how many patterns were misclassified.
        shown: how many patterns were shown: fewer than asked for if a loss was not finite.

    Example:
        >>> Learned(loss=12.5, errors=3, shown=100)
        Learned(loss=12.5, errors=3, shown=100)
    """

    loss: float
    errors: int
    shown: int


class Trainable(Protocol):
    """A network that can be trained and judged. It owns its parameters.

    Example:
        >>> class Frequent(Trainable):  # it answers the class that it was shown most
        ...     penalty = np.zeros(10, np.float32)
        ...     def parameters(self):
        ...         return {"penalty": self.penalty.copy()}
        ...     def curvature(self, patterns, chosen):
        ...         return np.ones(10, np.float32)
        ...     def learn(self, patterns, order, steps):
        ...         for label in patterns.labels[order]:
        ...             self.penalty[label] -= steps[label]
        ...         return Learned(loss=0.0, errors=0, shown=len(order))
        ...     def penalties(self, patterns):
        ...         return np.tile(self.penalty, (len(patterns), 1))
        >>> blank = Patterns.from_images(np.zeros((3, 28, 28), np.uint8), [7, 2, 7])
        >>> network, order = Frequent(), np.array([0, 1, 2])
        >>> steps = 0.0005 / (0.02 + network.curvature(blank, order))  # eq. 21
        >>> network.learn(blank, order, steps).shown, int(network.parameters()["penalty"].argmin())
        (3, 7)
        >>> network.penalties(blank).argmin(axis=1)
        array([7, 7, 7])
    """

    def parameters(self) -> Parameters:
        """A copy of the parameters, by name, float32."""

    def curvature(self, patterns: Patterns, chosen: NDArray[np.int64]) -> NDArray[np.float32]:
        """h_kk, the mean over the chosen patterns: all parameters end to end in layout order."""

    def learn(
        self, patterns: Patterns, order: NDArray[np.int64], steps: NDArray[np.float32]
    ) -> Learned:
        """One update (eq. 18) after each pattern of `order`; stops at a loss that is not finite."""

    def penalties(self, patterns: Patterns) -> NDArray[np.float32]:
        """The penalty of each class for each pattern, (N, 10)."""


class Execution(Trainable, Protocol):
    """LeNet-5, which can also be asked for its states.

    Example:
        >>> class Ink(Execution):  # the more ink, the larger every penalty
        ...     def activations(self, pattern):
        ...         return {"input": pattern, "output": np.full(10, pattern.sum())}
        >>> states = Ink().activations(np.ones((1, 32, 32), np.float32))
        >>> {name: state.shape for name, state in states.items()}
        {'input': (1, 32, 32), 'output': (10,)}
    """

    def activations(self, pattern: NDArray[np.float32]) -> dict[str, NDArray[np.float32]]:
        """The states of every layer, by name, for one input (1, side, side)."""


def check_trainer(trainer: str, device: str) -> None:
    """See that there is such a trainer, and that it runs on such a device.

    Raises:
        RecipeError: there is none, or the engine is asked for another device than the CPU.

    Example:
        >>> check_trainer("engine", "cpu")
        >>> check_trainer("pen", "cpu")
        Traceback (most recent call last):
            ...
        paper_lenet.base.errors.RecipeError: trainer: 'pen' is not one of engine, reference
    """
    names = get_args(Trainer)
    expect(trainer in names, trainer, f"one of {listed(names)}", "trainer")
    wanted = "cpu, where the engine runs; other devices are for the trainer reference"
    expect(trainer == "reference" or device == "cpu", device, wanted, "device")


def check_side(patterns: Patterns, side: int) -> None:
    """See that the patterns are of the size that the network takes.

    Raises:
        InputError: they are not.

    Example:
        >>> one = Patterns.from_images(np.zeros((1, 28, 28), np.uint8), np.array([7]))
        >>> check_side(one, 32)
        >>> check_side(one, 28)
        Traceback (most recent call last):
            ...
        paper_lenet.network.protocol.InputError: the patterns must be 28 x 28, not 32 x 32
    """
    if patterns.grey.shape[1] != side:
        found = patterns.grey.shape[1]
        raise InputError(f"the patterns must be {side} x {side}, not {found} x {found}")


def checked_order(patterns: Patterns, order: NDArray[np.int64]) -> NDArray[np.int64]:
    """`order`, the indices of patterns, as int64 that lie end to end and can be written to.

    Raises:
        InputError: they are not whole numbers in a row, or there is no such pattern or label.

    Example:
        >>> two = Patterns.from_images(np.zeros((2, 28, 28), np.uint8), np.array([7, 2]))
        >>> checked_order(two, np.array([1, 0], np.int32)).dtype
        dtype('int64')
    """
    if order.dtype.kind not in "iu" or order.ndim != 1:
        raise InputError(f"an order is whole numbers (n,), not {order.dtype} {order.shape}")
    if len(order) and (order.min() < 0 or order.max() >= len(patterns)):
        raise InputError(f"the order names patterns beyond the {len(patterns)} that there are")
    # Patterns were looked at when they were made, but labels can be written to.
    if len(patterns) and patterns.labels.max() > 9:
        raise InputError(f"labels are 0 to 9, but one is {patterns.labels.max()}")
    return np.require(order, np.int64, ["C", "W"])


def check_steps(steps: NDArray[np.floating], count: int) -> None:
    """See that there is a step for each of `count` parameters. That all are finite, the loss tells.

    Raises:
        InputError: there is not.

    Example:
        >>> check_steps(np.zeros(6, np.float32), count=6)
    """
    if steps.dtype.kind != "f" or steps.shape != (count,):
        found = f"{steps.dtype} {steps.shape}"
        raise InputError(f"the steps must be real numbers ({count},), not {found}")
