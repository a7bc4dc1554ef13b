"""The two executions of one network, behind one door: what training asks of either.

`paper_lenet.training.reference` runs it in PyTorch, as the definition; `paper_lenet.engine` does
the same arithmetic fast and with the same bits on every machine. Training, evaluation and `predict`
see only what stands here.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from paper_lenet.digits.patterns import Patterns
from paper_lenet.network.weights import Parameters


class Learned(NamedTuple):
    """What a run of stochastic updates met, each pattern judged before its own update.

    Attributes:
        loss: sum of the losses, float64.
        errors: how many patterns were misclassified.
        shown: how many patterns were shown: fewer than asked for if a loss was not finite.
    """

    loss: float
    errors: int
    shown: int


class Execution(Protocol):
    """A network that can be trained and asked. It owns its parameters."""

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

    def activations(self, pattern: NDArray[np.float32]) -> dict[str, NDArray[np.float32]]:
        """The states of every layer, by name, for one input (1, side, side)."""
