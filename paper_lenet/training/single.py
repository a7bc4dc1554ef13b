"""One training in one call: patterns in memory in, a trained network out, nothing on disk."""

from __future__ import annotations

import math
from contextlib import closing
from dataclasses import replace
from typing import NamedTuple

from paper_lenet.base.errors import expect
from paper_lenet.base.html import table
from paper_lenet.base.words import several
from paper_lenet.digits.patterns import Patterns
from paper_lenet.network import weights
from paper_lenet.network.protocol import InputError, Trainer, check_trainer
from paper_lenet.network.recipe import Recipe
from paper_lenet.training import job
from paper_lenet.training.execution import maker
from paper_lenet.training.passes import Divergence
from paper_lenet.training.passes import passes as passes_of
from paper_lenet.training.progress import Progress
from paper_lenet.training.runner import DivergedError

NAME = "given"  # what the recipe is called where its progress is shown


class TrainingRun(NamedTuple):
    """A training that has come to its end.

    Attributes:
        trained: the network after the last pass, for `save`, `evaluate`, `predict`, `LeNet5`.
        passes: what was recorded of each pass.
        seconds: that they took together.

    Example:
        >>> from paper_lenet.training.behaviour import brief, made
        >>> run = train(brief(Recipe()), (made(96), made(32, 96)), progress=False)
        >>> run.trained.seed, len(run.passes) == run.trained.recipe.step.passes
        (0, True)
        >>> [row.eta for row in run.passes]  # brief has one pass at each rate
        [0.0005, 0.0002, 0.0001, 5e-05, 1e-05]
    """

    trained: weights.Trained
    passes: tuple[job.Row, ...]
    seconds: float

    def __repr__(self) -> str:
        last = self.passes[-1]
        test = f"{last.test_errors:,} of {last.test_patterns:,} test patterns misread"
        after = f"{several(len(self.passes), 'pass', 'passes')}, {self.seconds:.1f} s"
        return f"TrainingRun({after}: {test}; {self.trained!r})"

    def _repr_html_(self) -> str:
        heading = ("pass", "eta", "loss", "errors on the fly", "after the pass", "of the test")
        rows = [
            (
                row.number,
                f"{row.eta:g}",
                f"{row.loss:.4g}",
                f"{row.errors_on_the_fly:,} of {row.patterns:,}",
                f"{row.errors_after_pass:,}",
                f"{row.test_errors:,} of {row.test_patterns:,}",
            )
            for row in self.passes
        ]
        return table(f"{self.trained!r}", heading, rows)


def train(
    recipe: Recipe,
    data: tuple[Patterns, Patterns],
    seed: int = 0,
    *,
    passes: int | None = None,
    trainer: Trainer = "engine",
    device: str = "cpu",
    progress: bool = True,
) -> TrainingRun:
    """Train the network of `recipe` on `data`, with the bits of the pipeline.

    Args:
        recipe: all that can be chosen; ``Recipe()`` is the paper's.
        data: the training and the test patterns, of `load_mnist` or `Patterns.from_images`. The
            recipe says how many of the training patterns are used.
        seed: of the initial weights, the order and all else that is random.
        passes: how many of the recipe's passes; by default all.
        trainer: ``engine``, or ``reference`` for PyTorch.
        device: where PyTorch computes, as it names it.
        progress: whether a bar, or a line a pass where there is no terminal, is shown.

    Returns:
        The trained weights with their recipe, and the record of each pass.

    Raises:
        DivergedError: a loss is not finite, or the errors stay at chance.
        InputError: `data` are no two sets of patterns on one scale, or the test set is empty.
        RecipeError: the recipe asks for what `data` has not; or there is no such trainer, device
            or number of passes.

    Example:
        >>> from paper_lenet.training.behaviour import brief, made
        >>> recipe, data = brief(Recipe()), (made(96), made(32, 96))
        >>> whole = train(recipe, data, seed=3, progress=False)
        >>> part = train(recipe, data, seed=3, passes=2, progress=False)
        >>> part.passes == whole.passes[:2]  # the same bits, as far as it goes
        True
    """
    check_trainer(trainer, device)
    expect(isinstance(recipe, Recipe), recipe, "a Recipe", "recipe")
    if passes is not None:
        recipe = replace(recipe, step=recipe.step.first(passes))
    one = job.Job(NAME, recipe, weights.checked_seed(seed), trainer, device=device)
    training, test = _checked(data)
    shown, state, count = job.select(recipe, training, test), job.beginning(one), recipe.step.passes
    with closing(Progress(0, {NAME: count}, quiet=not progress)) as bar:
        try:
            for state in passes_of(one, shown, state, maker(one), bar.watch(NAME, one)):  # noqa: B020
                bar.passed(NAME, one, state.rows[-1])
        except Divergence as error:
            raise DivergedError(f"{error.told}. A smaller step.eta may help") from None
    trained = weights.Trained(state.parameters, recipe, seed, training.scale)
    return TrainingRun(trained, state.rows, math.fsum(state.seconds))


def _checked(data: tuple[Patterns, Patterns]) -> tuple[Patterns, Patterns]:
    pair = isinstance(data, tuple) and len(data) == 2
    if not pair or not all(isinstance(part, Patterns) for part in data):
        raise InputError("data must be (training, test), as load_mnist and Patterns make them")
    training, test = data
    if not len(test):
        raise InputError("there are no test patterns")
    if training.scale != test.scale:
        raise InputError(f"training is on {training.scale}, the test on {test.scale}")
    return training, test
