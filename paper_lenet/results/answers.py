"""The answers of one trained network on the test patterns.

A pattern is given the class of the smallest penalty (of the first, if two are equal). The paper
implies this rule and never states it, and it gives no confidence for LeNet-5: here it is what
eq. 9, a negative log posterior, implies.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from paper_lenet.base.html import table
from paper_lenet.network.recipe import Loss

if TYPE_CHECKING:
    from paper_lenet.base.statistics import Interval

SOFTMAX = Loss(equation=9, j=math.inf)  # without a rubbish class, confidence is the softmax


@dataclass(frozen=True)
class Answers:
    """One network and N test patterns.

    Attributes:
        seed: the network's seed.
        truth: (N,), int64, the classes.
        penalties: (N, 10), float32, the network's.
        loss: the recipe's, for `confidence`.

    Example:
        >>> penalties = np.array([[0.5] + [9] * 9, [9] * 9 + [0.5]], np.float32)
        >>> found = Answers(0, np.array([0, 8]), penalties, Loss())
        >>> found.errors, found.error_percent, found.misread
        (1, 50.0, {1: 9})
        >>> found.gap
        array([8.5, 8.5])
        >>> found.answers, found.confidence.round(2)
        (array([0, 9]), array([0.82, 0.82]))
        >>> [round(end) for end in found.interval]  # two patterns say little
        [9, 91]
    """

    seed: int
    truth: NDArray[np.int64]
    penalties: NDArray[np.float32]
    loss: Loss

    def __repr__(self) -> str:
        return f"Answers(seed {self.seed}: {self._told})"

    def _repr_html_(self) -> str:
        counts = np.bincount(self.truth[list(self.misread)], minlength=10)
        rows = [(digit, count) for digit, count in enumerate(counts)]
        return table(f"Seed {self.seed}: {self._told}", ("class", "misread"), rows)

    @property
    def _told(self) -> str:
        counts = f"{self.errors:,} of {len(self.truth):,} misread"
        low, high = self.interval
        return f"{counts}, {self.error_percent:.2f}% ({low:.2f} to {high:.2f})"

    @property
    def errors(self) -> int:
        """How many patterns are misread."""
        return len(self.misread)

    @property
    def error_percent(self) -> float:
        """The error rate, in percent."""
        return 100 * self.errors / len(self.truth)

    @property
    def interval(self) -> Interval:
        """Wilson's interval for the error rate, in percent: what other patterns would change."""
        from paper_lenet.base.statistics import wilson_percent  # SciPy takes long to load

        return wilson_percent(self.error_percent, len(self.truth))

    @cached_property
    def answers(self) -> NDArray[np.int64]:
        """The classes answered, (N,), int64."""
        answers: NDArray[np.int64] = np.argmin(self.penalties, axis=1)
        return answers

    @cached_property
    def misread(self) -> dict[int, int]:
        """The answer by index of each misclassified pattern, in the order of the patterns."""
        wrong = np.flatnonzero(self.answers != self.truth)
        return dict(zip(wrong.tolist(), self.answers[wrong].tolist(), strict=True))

    @cached_property
    def confidence(self) -> NDArray[np.float64]:
        """The posterior of the answered class, (N,), float64, to six decimals."""
        # Rounded, so that the order of patterns by confidence is the same on every machine.
        confidence: NDArray[np.float64] = np.round(
            posterior(self.penalties, self.loss).max(axis=1), 6
        )
        return confidence

    @cached_property
    def gap(self) -> NDArray[np.float64]:
        """The second smallest penalty less the smallest, (N,): the paper's score for rejection.

        Section III-D: the difference between the scores of the best two classes.
        """
        return gaps(self.penalties)


def gaps(penalties: NDArray[np.float32]) -> NDArray[np.float64]:
    """The second smallest penalty less the smallest: of (..., 10), float32, (...), float64.

    Example:
        >>> gaps(np.array([9, 0.5, 3, 9, 9, 9, 9, 9, 9, 9], np.float32)).item()
        2.5
    """
    best = np.partition(penalties, 1, axis=-1)[..., :2].astype(np.float64)
    gap: NDArray[np.float64] = best[..., 1] - best[..., 0]
    return gap


def posterior(penalties: NDArray[np.float32], loss: Loss) -> NDArray[np.float64]:
    """The probability of each class that eq. 9 implies: e^-y over e^-j and the sum of all e^-y.

    e^-j is the rubbish class's, so that the ten need not add up to one. Under eq. 8 there is no
    rubbish class.

    Args:
        penalties: (..., 10), float32.
        loss: of the recipe that the network was trained by.

    Returns:
        (..., 10), float64.

    Example:
        >>> penalties = np.array([2] * 10, np.float32)
        >>> bool(posterior(penalties, Loss(j=2.0)).sum().round(4) == round(10 / 11, 4))
        True
    """
    rubbish = -loss.j if loss.equation == 9 else -math.inf
    logs = -penalties.astype(np.float64)
    total = np.logaddexp(np.logaddexp.reduce(logs, axis=-1, keepdims=True), rubbish)
    result: NDArray[np.float64] = np.exp(logs - total)
    return result
