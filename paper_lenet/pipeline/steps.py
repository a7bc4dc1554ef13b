"""The steps epsilon_k = eta / (mu + h_kk) of one network (eq. 21), before training and after it.

The curvature is taken as training takes it, on as many random patterns, drawn for pass 1 and for
the pass after the last one. Both are turned into steps with the rate of pass 1, so that what
differs is the curvature alone. The first are the steps of pass 1, unless the recipe distorts or
inverts what it shows: here patterns are as they stand.
"""

from __future__ import annotations

from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from paper_lenet.base import streams
from paper_lenet.digits.patterns import Patterns
from paper_lenet.figures.explained.steps import Steps
from paper_lenet.network.architecture import parameter_shapes
from paper_lenet.network.params import Params
from paper_lenet.network.weights import Trained, initial_parameters
from paper_lenet.pipeline.networks import executed
from paper_lenet.training.job import select


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
    before = trained._replace(parameters=initial_parameters(recipe, trained.seed))
    looks = ((before, 1), (trained, recipe.step.passes + 1))
    found = [_steps(params, network, shown, number) for network, number in looks]
    shapes = parameter_shapes(recipe.network)
    sizes = [int(np.prod(shape)) for shape in shapes.values()]
    return {
        name: (found[0][end - size : end], found[1][end - size : end])
        for name, size, end in zip(shapes, sizes, accumulate(sizes), strict=True)
    }


def _steps(params: Params, network: Trained, shown: Patterns, number: int) -> NDArray[np.float64]:
    """By the curvature that pass `number` would find, (parameters,), in layout order."""
    step = network.recipe.step
    stream = streams.key(network.seed, "curvature", number)
    sample = streams.permutation(stream, len(shown))[: step.patterns]
    curvature = executed(params, network).curvature(shown, sample)
    result: NDArray[np.float64] = step.rate(1) / (step.mu + curvature.astype(np.float64))
    return result
