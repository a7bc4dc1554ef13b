"""One pass of one tutorial, and the record of what it gave.

A pass is the unit: it starts from a state and ends in one, so that a training may stop after any of
them and go on elsewhere with the same bits. It runs on one thread, whose sums are always in the
same order. The order of the patterns is drawn anew for each pass, as Keras and PyTorch do.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from paper_lenet.base import streams
from paper_lenet.base.errors import PaperLenetError
from paper_lenet.digits.patterns import Patterns
from paper_lenet.studies.tutorials.initial import ORDER, Parameters, initial_parameters, stream
from paper_lenet.studies.tutorials.network import Dropout, Network
from paper_lenet.studies.tutorials.optimisers import Steps
from paper_lenet.studies.tutorials.schedule import rate
from paper_lenet.studies.tutorials.sets import Sets
from paper_lenet.studies.tutorials.spec import Tutorial


class TutorialError(PaperLenetError, RuntimeError):
    """A training cannot go on."""


class PassRow(NamedTuple):
    """What is recorded of one pass.

    Attributes:
        number: from 1 on.
        rate: the learning rate.
        loss: mean over the training patterns on the fly, dropout and all, as Keras prints it.
        errors_on_the_fly: of the training patterns.
        patterns: how many those are.
        validation_loss: mean after the pass; 0 without validation.
        validation_errors: after the pass.
        validation_patterns: how many were kept apart.
        test_errors: after the pass.
        test_patterns: how many there are.
        seconds: that it took, tests too.
    """

    number: int
    rate: float
    loss: float
    errors_on_the_fly: int
    patterns: int
    validation_loss: float
    validation_errors: int
    validation_patterns: int
    test_errors: int
    test_patterns: int
    seconds: float


@dataclass(frozen=True)
class TrainingState:
    """A training after some passes.

    Attributes:
        parameters: by name.
        memory: the optimiser's, (memories, parameters); `None` before the first pass.
        test: (N, 10), the softmax of each test pattern; `None` before the first pass.
        rows: the record so far.
    """

    parameters: Parameters
    memory: NDArray[np.float32] | None = None
    test: NDArray[np.float32] | None = None
    rows: tuple[PassRow, ...] = ()

    @property
    def losses(self) -> list[float]:
        """The validation loss after each pass."""
        return [row.validation_loss for row in self.rows]


def beginning(tutorial: Tutorial, seed: int) -> TrainingState:
    """The state before the first pass."""
    return TrainingState(initial_parameters(tutorial, seed))


def one_pass(tutorial: Tutorial, seed: int, sets: Sets, state: TrainingState) -> TrainingState:
    """The state after one more pass. PyTorch must have been told to use one thread.

    Raises:
        TutorialError: the loss is no longer finite.
    """
    begun = time.perf_counter()
    number = len(state.rows) + 1
    network = Network(tutorial, state.parameters)
    updates = len(state.rows) * -(-len(sets.training) // tutorial.training.batch)
    memory = None if state.memory is None else torch.from_numpy(state.memory.copy())
    steps = Steps(tutorial.optimiser, network.flat, memory, updates)
    now = rate(tutorial.training, tutorial.optimiser.rate, state.losses)
    loss, errors = _learn(tutorial, seed, number, sets.training, network, steps, now)
    validation = network.judged(*_tensors(sets.validation)) if len(sets.validation) else (0.0, 0)
    inputs, _ = _tensors(sets.test)
    answers = network.probabilities(inputs)
    misread = int((answers.argmax(1) != sets.test.labels).sum())
    judged = (*validation, len(sets.validation), misread, len(sets.test))
    seconds = time.perf_counter() - begun
    row = PassRow(number, now, loss, errors, len(sets.training), *judged, seconds)
    return TrainingState(network.parameters(), steps.memory.numpy(), answers, (*state.rows, row))


def _learn(
    tutorial: Tutorial,
    seed: int,
    number: int,
    patterns: Patterns,
    network: Network,
    steps: Steps,
    rate: float,
) -> tuple[float, int]:
    """Show every pattern once; the mean loss and the errors on the fly."""
    order = streams.permutation(stream(seed, ORDER, number), len(patterns))
    dropout = Dropout(seed, number, len(tutorial.layers))
    loss, errors, batch = 0.0, 0, tutorial.training.batch
    for start in range(0, len(order), batch):
        chosen = order[start : start + batch]
        inputs, labels = _tensors(patterns.subset(chosen))
        mean, wrong = network.learn(inputs, labels, dropout)
        if not math.isfinite(mean):
            raise TutorialError(f"it diverges in pass {number}: the loss is {mean}")
        steps.step(network.gradient, rate)
        loss += mean * len(chosen)
        errors += wrong
    return loss / len(order), errors


def _tensors(patterns: Patterns) -> tuple[Tensor, Tensor]:
    """Inputs (n, 1, side, side) and labels (n,)."""
    labels = torch.from_numpy(patterns.labels.astype(np.int64))
    return torch.from_numpy(patterns.inputs(slice(None))), labels
