"""C5 and F6 trained by the paper's method, with C1 to S4 held.

As in `paper_lenet.training.passes`: h_kk before each pass, steps by eq. 21, one update after each
pattern, inverted pixels drawn anew at each presentation. What does not learn is not asked for
derivatives, so an update takes half the time; C5 and F6 get the same bits as from the engine with
steps of zero below. They start from the recipe's law.

The states of C5 in Fig. 13 give nine values for each of its units, far fewer than its weights. A
training may be held to them (`Pull`): after each pass the weights of each unit are moved, as
little as can be, to where its nine total inputs lie in what is drawn.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from paper_lenet.base import streams
from paper_lenet.digits.distort import shown
from paper_lenet.digits.patterns import Patterns
from paper_lenet.engine import Engine
from paper_lenet.engine.full import full_backward
from paper_lenet.engine.layout import C5B, C5W, F6B, F6W
from paper_lenet.engine.loss import loss_backward, nearest
from paper_lenet.engine.network import descend_biases, forward, present
from paper_lenet.engine.tiles import load_tile
from paper_lenet.network.architecture import parameter_shapes
from paper_lenet.network.protocol import Learned
from paper_lenet.network.weights import Parameters, initial_parameters
from paper_lenet.studies.recovered.drawing import Ends
from paper_lenet.training.job import Job
from paper_lenet.training.passes import ASIDE, CHUNK

TRAINED = ("C5", "F6")
Watch = Callable[[int], None]  # told of how many patterns were shown


class Pull(NamedTuple):
    """What Fig. 13 shows of C5.

    Attributes:
        below: (panels, 400), the states of S4, map by map.
        total: the total inputs of C5 that are drawn, (panels, 120) each.
    """

    below: NDArray[np.float64]
    total: Ends


@njit(nogil=True)
def learn_upper(plan, w, steps, grey, labels, levels, order, states, d, sums):
    """`engine.network.learn` down to C5 and no further."""
    total, errors = 0.0, 0
    for pattern in order:
        label = labels[pattern]
        present(grey[pattern], levels, states.input)
        forward(plan, w, states, sums)
        y = states.penalties
        total += loss_backward(plan, w, w, steps, states.f6, y, label, d.f6, d.penalties)
        errors += nearest(y) != label
        descend_biases(plan, w, steps, F6B, states.f6, d.f6)
        f6 = load_tile(d.f6, 0, 16, 6)
        full_backward(w, w, steps, F6W, f6, states.c5, len(d.c5), d.c5, sums)
        descend_biases(plan, w, steps, C5B, states.c5, d.c5)
        c5 = load_tile(d.c5, 0, 16, 8)
        full_backward(w, w, steps, C5W, c5, states.s4, len(d.s4), d.s4, sums)
    return total, errors, len(order)


class Held(Engine):
    """The engine, in which nothing below C5 learns."""

    def learn(
        self, patterns: Patterns, order: NDArray[np.int64], steps: NDArray[np.float32]
    ) -> Learned:
        """As `Engine.learn`, for C5 and F6 alone."""
        return Learned(
            *learn_upper(
                self.plan,
                self.weights,
                self._spread(steps),
                *self._shown(patterns),
                order,
                self.states,
                self.derivatives,
                self.sums,
            )
        )


def train(
    job: Job, lower: Parameters, patterns: Patterns, watch: Watch, pull: Pull | None = None
) -> Parameters:
    """The whole network after the last pass.

    Args:
        job: recipe and seed.
        lower: the parameters of C1 to S4, which stay.
        patterns: the training patterns.
        watch: told of each chunk.
        pull: what C5 is held to; `None` leaves it free.
    """
    recipe, seed = job.recipe, job.seed
    network = Held(recipe, {**initial_parameters(recipe, seed), **lower})
    learns = _learns(job)
    old: NDArray[np.float32] | None = None
    count = len(patterns)
    order = streams.permutation(streams.key(seed, "order", 0), count)
    for number in range(1, recipe.step.passes + 1):
        sample = streams.permutation(streams.key(seed, "curvature", number), count)
        sample = sample[: recipe.step.patterns]
        first = ASIDE + number * recipe.step.patterns
        seen = shown(patterns, sample, seed, first, recipe.presentation)
        new = network.curvature(seen, np.arange(len(sample)))
        memory = np.float32(recipe.step.memory if old is not None else 0.0)
        old = new if old is None else memory * old + (np.float32(1) - memory) * new
        rate = recipe.step.rate(number)
        steps = (rate / (recipe.step.mu + old.astype(np.float64)) * learns).astype(np.float32)
        for start in range(0, count, CHUNK):
            items = order[start : start + CHUNK]
            begun = (number - 1) * count + start
            part = shown(patterns, items, seed, begun, recipe.presentation)
            network.learn(part, np.arange(len(items)), steps)
            watch(len(items))
        if pull is not None:
            network = Held(recipe, pulled(network.parameters(), pull))
    return network.parameters()


def _learns(job: Job) -> NDArray[np.bool_]:
    """Which parameters learn, end to end in layout order."""
    shapes = parameter_shapes(job.recipe.network)
    parts = [
        np.full(int(np.prod(shape)), name.split(".")[0] in TRAINED)
        for name, shape in shapes.items()
    ]
    return np.concatenate(parts)


def pulled(parameters: Parameters, pull: Pull) -> Parameters:
    """The parameters with C5's weights and biases moved to what is drawn, by the least squares."""
    weights = parameters["C5.weight"].astype(np.float64)
    table = np.column_stack([weights.reshape(120, -1), parameters["C5.bias"]])
    below = np.column_stack([pull.below, np.ones(len(pull.below))])
    total = below @ table.T
    wanted = np.clip(total, pull.total.low, pull.total.high)
    moved = table + (np.linalg.pinv(below) @ (wanted - total)).T
    return {
        **parameters,
        "C5.weight": moved[:, :-1].reshape(weights.shape).astype(np.float32),
        "C5.bias": moved[:, -1].astype(np.float32),
    }
