"""When a training stops and when its rate falls, as Keras has it: from the validation losses alone.

Both are functions of the losses of the finished passes, so that a training that goes on from a
checkpoint needs nothing but its record.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from paper_lenet.studies.tutorials.spec import Training

LEAST_FALL = 1e-4  # a loss that is lower by less is no better, for the plateau rule


def stops(training: Training, losses: Sequence[float]) -> bool:
    """Whether the last finished pass was the last one.

    Args:
        training: its `passes` and `patience`.
        losses: the validation loss after each finished pass.
    """
    if len(losses) >= training.passes:
        return True
    if not training.patience or not losses:
        return False
    best = min(range(len(losses)), key=lambda place: losses[place])  # the first of equal ones
    return len(losses) - 1 - best >= training.patience


def rate(training: Training, first: float, losses: Sequence[float]) -> float:
    """The rate of the next pass: multiplied by `factor` at each plateau.

    A plateau is `plateau` passes in which the loss has not fallen by `LEAST_FALL` below the least
    one before.
    """
    if not training.plateau:
        return first
    best, waited, result = math.inf, 0, first
    for loss in losses:
        if loss < best - LEAST_FALL:
            best, waited = loss, 0
            continue
        waited += 1
        if waited == training.plateau:
            result, waited = result * training.factor, 0
    return result
