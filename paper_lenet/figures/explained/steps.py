"""The steps epsilon_k = eta / (mu + h_kk) by layer (eq. 21), before training and after it.

The curvature is taken as training takes it, on as many random patterns, drawn for pass 1 and for
the pass after the last one. Both are turned into steps with the rate of pass 1, so that what
differs is the curvature alone. The first are the steps of pass 1, unless the recipe distorts or
inverts what it shows: here patterns are as they stand.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import accumulate

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullLocator
from numpy.typing import NDArray

from paper_lenet.base import streams
from paper_lenet.base.files import significant
from paper_lenet.digits.patterns import Patterns
from paper_lenet.figures import style
from paper_lenet.figures.style import SMALL, WIDTH, Theme
from paper_lenet.network.architecture import parameter_shapes
from paper_lenet.network.params import Params
from paper_lenet.network.weights import Parameters, Trained, initial_parameters
from paper_lenet.paper import numbers
from paper_lenet.training.execution import execution
from paper_lenet.training.job import select

WHEN = ("before", "after")
HEADING = (
    "array",
    "weights",
    *(f"{when}_{part}" for when in WHEN for part in ("least", "median", "greatest")),
)
LEFT, TOP, PITCH = 86.0, 30.0, 19.0  # points

# By array of parameters, the steps of its weights before and after training.
Steps = Mapping[str, tuple[NDArray[np.float64], NDArray[np.float64]]]


def before_and_after(params: Params, trained: Trained, training: Patterns, test: Patterns) -> Steps:
    """The steps of all weights of one network.

    Args:
        params: names the trainer.
        trained: the network after its last pass.
        training: all training patterns.
        test: the test patterns.
    """
    recipe = trained.recipe
    shown = select(recipe, training, test).training
    looks = (
        (initial_parameters(recipe, trained.seed), 1),
        (trained.parameters, recipe.step.passes + 1),
    )
    found = [_steps(params.train.trainer, trained, shown, *look) for look in looks]
    sizes = [int(np.prod(shape)) for shape in parameter_shapes(recipe.network).values()]
    ends = list(accumulate(sizes))
    return {
        name: (found[0][end - size : end], found[1][end - size : end])
        for name, size, end in zip(parameter_shapes(recipe.network), sizes, ends, strict=True)
    }


def _steps(
    trainer: str, trained: Trained, shown: Patterns, parameters: Parameters, number: int
) -> NDArray[np.float64]:
    step = trained.recipe.step
    stream = streams.key(trained.seed, "curvature", number)
    sample = streams.permutation(stream, len(shown))[: step.patterns]
    curvature = execution(trainer, trained.recipe, parameters).curvature(shown, sample)
    result: NDArray[np.float64] = step.rate(1) / (step.mu + curvature.astype(np.float64))
    return result


def rows(found: Steps) -> list[list[str]]:
    """A row for each array of parameters, under `HEADING`."""
    return [
        [
            name,
            str(len(both[0])),
            *(significant(value) for each in both for value in _three(each)),
        ]
        for name, both in found.items()
    ]


def _three(steps: NDArray[np.float64]) -> tuple[float, float, float]:
    return float(steps.min()), float(np.median(steps)), float(steps.max())


def draw(found: Steps, theme: Theme) -> Figure:
    """A row for each array: the range of its steps and their median, before and after.

    Dashed lines are the smallest and the largest step that the paper prints of its first pass.
    """
    height = TOP + PITCH * len(found) + 26
    figure = style.figure(height)
    corner = LEFT / WIDTH, 26 / height
    axes = figure.add_axes((*corner, (WIDTH - LEFT - 8) / WIDTH, PITCH * len(found) / height))
    axes.set_xscale("log")
    axes.set_ylim(len(found) - 0.5, -0.5)
    axes.set_yticks(range(len(found)), list(found))
    axes.tick_params(axis="y", length=0)
    axes.tick_params(axis="x", color=theme.muted, length=3)
    axes.xaxis.set_major_locator(LogLocator(numticks=8))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.grid(axis="x", color=theme.muted, alpha=0.25, linewidth=0.6)
    for printed in (numbers.SMALLEST_STEP, numbers.LARGEST_STEP):
        axes.axvline(printed.value, color=theme.text, linewidth=0.9, linestyle=(0, (4, 2.5)))
    looks = (
        ("before pass 1", theme.positive, "o", -0.18),
        ("after the last pass", theme.negative, "s", 0.18),
    )
    for place, both in enumerate(found.values()):
        for (_, colour, marker, shift), steps in zip(looks, both, strict=True):
            low, middle, high = _three(steps)
            y = place + shift
            axes.plot((low, high), (y, y), color=colour, linewidth=1.8)
            axes.plot(middle, y, marker, color=colour, markersize=4.2)
    axes.set_xlabel("step at the rate of pass 1", fontsize=SMALL, labelpad=1)
    for label, colour, marker, _ in looks:
        axes.plot([], [], marker, linestyle="-", color=colour, label=label, markersize=4.2)
    axes.plot([], [], color=theme.text, linewidth=0.9, linestyle=(0, (4, 2.5)), label="the paper's")
    axes.legend(
        loc="lower center",
        bbox_to_anchor=(0.35, 1.0),
        ncols=3,
        borderaxespad=0.2,
        columnspacing=1.0,
        handletextpad=0.5,
    )
    return figure
