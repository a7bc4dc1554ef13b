"""What one training is: the job, its patterns, and its state after some passes.

The paper leaves open which patterns a smaller training set holds (Section III-C, Fig. 6). Here they
are the first of one random order, the same for every seed, so that a smaller set lies within a
larger one; they stand in the data set's own order. Patterns that are kept apart are the last of it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from paper_lenet.base import streams
from paper_lenet.base.errors import RecipeError
from paper_lenet.base.words import several
from paper_lenet.digits.patterns import Patterns, grey_scale
from paper_lenet.network.recipe import Recipe
from paper_lenet.network.weights import Parameters, counted, initial_parameters


@dataclass(frozen=True)
class Job:
    """One training: a recipe under its name in ``params.yaml``, a seed, and the trainer.

    `thorough`: the training patterns are judged after every pass, and not after the last alone,
    which saves a fifth of the time and changes no weight. `device`: where PyTorch computes.

    Example:
        >>> str(Job("paper", Recipe(), seed=3, trainer="engine"))
        'recipe paper, seed 3'
    """

    name: str
    recipe: Recipe
    seed: int
    trainer: str
    thorough: bool = True
    device: str = "cpu"

    def __str__(self) -> str:
        return f"recipe {self.name}, seed {self.seed}"


class Data(NamedTuple):
    """What a recipe trains and is tested on.

    Attributes:
        training: the patterns that are shown.
        test: the test set.
        chosen: (len(training),), int64, where each training pattern stands in the whole set.

    Example:
        >>> from paper_lenet.digits.distort import Presentation
        >>> five = Patterns.from_images(np.zeros((5, 28, 28), np.uint8), np.arange(5))
        >>> data = select(Recipe(presentation=Presentation(patterns=3)), five, five)
        >>> np.array_equal(data.training.labels, five.labels[data.chosen])
        True
    """

    training: Patterns
    test: Patterns
    chosen: NDArray[np.int64]


class Row(NamedTuple):
    """What is recorded of one pass; `loss` is the mean on the fly, steps are those of the pass.

    `errors_after_pass` are those on the training patterns, `None` where they were not judged.

    Example:
        >>> from paper_lenet.training.behaviour import brief, made
        >>> from paper_lenet.training.single import train
        >>> run = train(brief(Recipe()), (made(96), made(32, 96)), passes=1, progress=False)
        >>> row = run.passes[0]
        >>> row.number, row.eta, row.patterns, row.test_patterns
        (1, 0.0005, 96, 32)
    """

    seed: int
    number: int
    eta: float
    loss: float
    errors_on_the_fly: int
    patterns: int
    errors_after_pass: int | None
    test_errors: int
    test_patterns: int
    smallest_step: float
    largest_step: float


class State(NamedTuple):
    """A training after some whole passes: all that the next pass needs, and the record so far.

    `curvature` is the last pass's h_kk, in layout order, where the next one starts from it.

    Example:
        >>> beginning(Job("paper", Recipe(), 0, "engine"))
        State(60,000 parameters, 0 passes)
    """

    parameters: Parameters
    rows: tuple[Row, ...] = ()
    seconds: tuple[float, ...] = ()
    curvature: NDArray[np.float32] | None = None

    def __repr__(self) -> str:
        passes = several(len(self.rows), "pass", "passes")
        return f"State({counted(self.parameters)}, {passes})"


def select(recipe: Recipe, training: Patterns, test: Patterns) -> Data:
    """The patterns that `recipe` trains and is tested on, the same for every seed.

    Raises:
        RecipeError: the recipe asks for more patterns than there are.

    Example:
        >>> from paper_lenet.digits.distort import Presentation
        >>> grey, labels = np.zeros((5, 28, 28), np.uint8), np.arange(5)
        >>> five = Patterns.from_images(grey, labels)
        >>> found = select(Recipe(presentation=Presentation(patterns=3)), five, five)
        >>> len(found.training), len(found.test), len(found.chosen)
        (3, 5, 3)
    """
    count, apart = recipe.presentation.patterns, recipe.presentation.held_out
    total = len(training)
    if count + apart > total:
        wanted = f"{count}" + (f" and {apart} kept apart" if apart else "")
        raise RecipeError(f"presentation.patterns: {wanted} asked for, the data set has {total}")
    chosen = np.arange(total)
    if count < total:
        order = streams.permutation(streams.key(0, "subset"), total)
        chosen = np.sort(order[:count])
        if apart:
            test = training.subset(np.sort(order[total - apart :]))
        training = training.subset(chosen)
    return Data(as_taken(recipe, training), as_taken(recipe, test), chosen)


def as_taken(recipe: Recipe, patterns: Patterns) -> Patterns:
    """The patterns on the scale and in the field that the network of `recipe` takes.

    Example:
        >>> from paper_lenet.network.architecture import Network
        >>> one = Patterns.from_images(np.zeros((1, 28, 28), np.uint8), np.array([7]))
        >>> as_taken(Recipe(network=Network(input=28)), one).grey.shape
        (1, 28, 28)
    """
    side, scale = recipe.network.input, recipe.presentation.scale
    if side != patterns.grey.shape[1]:
        patterns = patterns.cropped(side)
    return replace(patterns, levels=grey_scale(*scale)) if scale else patterns


def beginning(job: Job) -> State:
    """The state before the first pass.

    Example:
        >>> state = beginning(Job("paper", Recipe(), 0, "engine"))
        >>> sorted(state.parameters)[:2], state.rows
        (['C1.bias', 'C1.weight'], ())
    """
    return State(initial_parameters(job.recipe, job.seed))
