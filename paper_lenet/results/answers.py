"""The answers of one trained network on the test patterns.

A pattern is given the class of the smallest penalty (of the first, if two are equal). The paper
implies this rule and never states it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from paper_lenet.network.recipe import Loss


@dataclass(frozen=True)
class Judged:
    """One network and N test patterns.

    Attributes:
        seed: the network's seed.
        truth: (N,), int64, the classes.
        penalties: (N, 10), float32, the network's.
        loss: the recipe's, for `confidence`.
    """

    seed: int
    truth: NDArray[np.int64]
    penalties: NDArray[np.float32]
    loss: Loss

    @cached_property
    def answers(self) -> NDArray[np.int64]:
        """The classes answered, (N,), int64."""
        answers: NDArray[np.int64] = np.argmin(self.penalties, axis=1)
        return answers

    @cached_property
    def misread(self) -> NDArray[np.int64]:
        """Indices of the misclassified patterns, increasing."""
        return np.flatnonzero(self.answers != self.truth)

    @cached_property
    def confidence(self) -> NDArray[np.float64]:
        """The posterior of the answered class, (N,), float64, to six decimals.

        It is e^-y / (e^-j + the sum of all e^-y), of which eq. 9 is the negative log; under eq. 8
        there is no rubbish class and no e^-j. The paper itself gives no confidence for LeNet-5.
        """
        rubbish = -self.loss.j if self.loss.equation == 9 else -math.inf
        logs = -self.penalties.astype(np.float64)
        total = np.logaddexp(np.logaddexp.reduce(logs, axis=1), rubbish)
        # Rounded, so that the order of patterns by confidence is the same on every machine.
        confidence: NDArray[np.float64] = np.round(np.exp(logs.max(axis=1) - total), 6)
        return confidence

    @cached_property
    def gap(self) -> NDArray[np.float64]:
        """The second smallest penalty less the smallest, (N,): the paper's score for rejection.

        Section III-D: the difference between the scores of the best two classes.
        """
        best = np.partition(self.penalties, 1, axis=1)[:, :2].astype(np.float64)
        gap: NDArray[np.float64] = best[:, 1] - best[:, 0]
        return gap
