"""What a trained network shows of itself: coefficients, saturated states, sizes of weights.

These are what Fig. 13 draws and Section III-E tells of the authors' networks. The text has the
coefficient of a subsampling unit multiply the sum of its four inputs (Section II-B), so all are
given on that scale: where the recipe takes the average, a quarter of what is trained.
"""

from __future__ import annotations

import numpy as np

from paper_lenet.training.execution import maker
from paper_lenet.training.job import Data
from paper_lenet.training.kind import Finished
from paper_lenet.training.passes import ASIDE

PATTERNS = 500  # the first test patterns, on which states are looked at
SATURATED = 1.5  # of +-1.7159 that eq. 6 can reach
SQUASHED = ("C1", "S2", "C3", "S4", "C5", "F6")
WEIGHTED = ("C1", "C3", "C5", "F6")
COEFFICIENTS = ("S2", "S4")
HEADING = (
    *(f"{layer}_{kind}" for layer in COEFFICIENTS for kind in ("mean", "least", "greatest")),
    *(f"{layer}_saturated" for layer in SQUASHED),
    *(f"{layer}_rms" for layer in WEIGHTED),
)


def measures(finished: Finished, data: Data) -> dict[str, float]:
    """The columns `HEADING` of one trained network, but those whose layer it does not have.

    States are those of the first test patterns as the recipe presents them: with pixels inverted
    if it inverts them.

    Example:
        >>> from paper_lenet.network.recipe import Recipe
        >>> from paper_lenet.training.behaviour import made
        >>> from paper_lenet.training.job import Job, beginning
        >>> from paper_lenet.training.kind import TRAINED, Ending
        >>> job, patterns = Job("paper", Recipe(), 0, "engine"), made(3)
        >>> finished = Finished(job, beginning(job), Ending(TRAINED, patterns.labels))
        >>> found = measures(finished, Data(patterns, patterns, np.arange(3)))
        >>> round(found["F6_rms"] * 120**0.5, 1)  # they start at 1 / sqrt(F), F being 120 inputs
        1.0
    """
    return {**_coefficients(finished), **_saturated(finished, data), **_sizes(finished)}


def _coefficients(finished: Finished) -> dict[str, float]:
    """Mean, least and greatest coefficient of S2 and S4, on the sum of the four inputs."""
    scale = 0.25 if finished.job.recipe.network.subsampling == "average" else 1.0
    result = {}
    for layer in COEFFICIENTS:
        values = finished.state.parameters.get(f"{layer}.coefficient")
        if values is not None:
            part = scale * values.astype(np.float64)
            result[f"{layer}_mean"] = float(part.mean())
            result[f"{layer}_least"], result[f"{layer}_greatest"] = part.min(), part.max()
    return result


def _saturated(finished: Finished, data: Data) -> dict[str, float]:
    """The share of each layer's states beyond `SATURATED`."""
    job, how = finished.job, finished.job.recipe.presentation
    patterns = data.test.subset(slice(PATTERNS))
    if how.inverted:
        from paper_lenet.digits.distort import shown

        items = np.arange(len(patterns))
        # Numbered far from all presentations that are learned or measured for the curvature.
        patterns = shown(patterns, items, job.seed, 2 * ASIDE, how)
    network = maker(job)(finished.state.parameters)
    beyond = dict.fromkeys(SQUASHED, 0)
    states = dict.fromkeys(SQUASHED, 0)
    for pattern in patterns.inputs(slice(None)):
        layers = network.activations(pattern)
        for name in SQUASHED:
            if name in layers:
                beyond[name] += int(np.count_nonzero(np.abs(layers[name]) > SATURATED))
                states[name] += layers[name].size
    return {f"{name}_saturated": beyond[name] / states[name] for name in SQUASHED if states[name]}


def _sizes(finished: Finished) -> dict[str, float]:
    """The root mean square of each layer's weights."""
    parameters = finished.state.parameters
    return {
        f"{layer}_rms": float(np.sqrt(np.mean(parameters[name].astype(np.float64) ** 2)))
        for layer in WEIGHTED
        if (name := f"{layer}.weight") in parameters
    }
