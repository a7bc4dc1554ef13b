"""What one training is: the job, its patterns, and its state after some passes.

The paper leaves open which patterns a smaller training set holds (Section III-C, Fig. 6). Here they
are the first of one random order, the same for every seed, so that a smaller set lies within a
larger one; they stand in the data set's own order.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from paper_lenet import streams
from paper_lenet.patterns import Patterns
from paper_lenet.recipe import Recipe, RecipeError
from paper_lenet.weights import Parameters, initial_parameters


@dataclass(frozen=True)
class Job:
    """One training: a recipe under its name in ``params.yaml``, a seed, and the trainer."""

    name: str
    recipe: Recipe
    seed: int
    trainer: str

    def __str__(self) -> str:
        return f"recipe {self.name}, seed {self.seed}"


class Data(NamedTuple):
    """What a recipe trains and is tested on.

    Attributes:
        training: the patterns that are shown.
        test: the test set.
        chosen: (len(training),), int64, where each training pattern stands in the whole set.
    """

    training: Patterns
    test: Patterns
    chosen: NDArray[np.int64]


class Row(NamedTuple):
    """What is recorded of one pass; `loss` is the mean on the fly, steps are those of the pass."""

    seed: int
    number: int
    eta: float
    loss: float
    errors_on_the_fly: int
    patterns: int
    errors_after_pass: int
    test_errors: int
    test_patterns: int
    smallest_step: float
    largest_step: float


class State(NamedTuple):
    """A training after some whole passes: all that the next pass needs, and the record so far."""

    parameters: Parameters
    rows: tuple[Row, ...] = ()
    seconds: tuple[float, ...] = ()


def select(recipe: Recipe, training: Patterns, test: Patterns) -> Data:
    """The patterns that `recipe` trains and is tested on, the same for every seed.

    Raises:
        RecipeError: the recipe asks for more patterns than there are.
    """
    count, total = recipe.presentation.patterns, len(training)
    if count > total:
        raise RecipeError(f"presentation.patterns: {count} asked for, the data set has {total}")
    chosen = np.arange(total)
    if count < total:
        chosen = np.sort(streams.permutation(streams.key(0, "subset"), total)[:count])
        training = training.subset(chosen)
    side = recipe.network.input
    if side != training.grey.shape[1]:
        training, test = training.cropped(side), test.cropped(side)
    return Data(training, test, chosen)


def beginning(job: Job) -> State:
    """The state before the first pass."""
    return State(initial_parameters(job.recipe, job.seed))
