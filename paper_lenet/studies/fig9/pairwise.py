"""The pairwise linear classifier of Section III-C: one unit for each two classes.

Unit i/j is trained to give +1 on patterns of class i and -1 on those of class j, and on no others.
The score of class i is the sum of the outputs of units i/x minus that of units y/i. The paper does
not say how the units were trained, nor whether their outputs are squashed: here each is the least
squares (`squares`), and its output counts as it is, squashed by eq. 6, or as no more than a vote.
The sums are a second layer of 45 inputs, whose weights are +1, -1 and 0.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from paper_lenet.base.declared import Declared
from paper_lenet.network.architecture import CLASSES, SQUASHING_AMPLITUDE, SQUASHING_SLOPE
from paper_lenet.studies.fig9 import squares
from paper_lenet.studies.fig9.classifier import Scored, Sets
from paper_lenet.studies.fig9.squares import Array, Decay

PAIRS = tuple(combinations(range(CLASSES), 2))
COUNTED: dict[str, Callable[[Array], Array]] = {
    "raw": lambda outputs: outputs,
    "squashed": lambda outputs: SQUASHING_AMPLITUDE * np.tanh(SQUASHING_SLOPE * outputs),
    "votes": np.sign,
}


@dataclass(frozen=True)
class Settings(Declared):
    """What the paper leaves open.

    Attributes:
        sum: what of a unit's output is added.
        decay: of the least squares.
    """

    sum: Literal["raw", "squashed", "votes"] = "raw"
    decay: Decay = 0.0


def fit(settings: Settings, sets: Sets, seed: int) -> Scored:
    """Fit 45 units, each to the training patterns of its two classes; nothing is drawn."""
    weights = units(squares.flat(sets.training), sets.labels, settings.decay)
    outputs = squares.outputs(squares.flat(sets.test), weights)
    sums = signs()
    scores = COUNTED[settings.sum](outputs) @ sums
    return Scored(scores.astype(np.float32), weights.size + sums.size, weights.size)


def units(inputs: Array, labels: NDArray[np.uint8], decay: float) -> Array:
    """The weights of the units in the order of `PAIRS`, (n + 1, 45), for inputs (N, n)."""
    parts = [inputs[labels == each] for each in range(CLASSES)]
    square = [squares.moments(part) for part in parts]
    mixed = [squares.products(part, np.ones((len(part), 1))) for part in parts]
    found = [
        squares.solved(square[one] + square[other], mixed[one] - mixed[other], decay)
        for one, other in PAIRS
    ]
    return np.concatenate(found, axis=1)


def signs() -> Array:
    """How each unit counts for each class, (45, 10)."""
    result = np.zeros((len(PAIRS), CLASSES))
    for unit, (one, other) in enumerate(PAIRS):
        result[unit, one], result[unit, other] = 1.0, -1.0
    return result
