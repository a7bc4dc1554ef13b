"""C5 and F6 trained by the paper's method, with C1 to S4 held.

As any other network (`training.passes`); but what does not learn is not asked for derivatives, so
an update takes half the time. C5 and F6 get the same bits as from the engine with steps of zero
below.

The states of C5 in Fig. 13 give nine values for each of its units, far fewer than its weights. A
training may be held to them: after each pass the weights of each unit are moved, as little as can
be, to where its nine total inputs lie in what is drawn (`pulled`).
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from paper_lenet.digits.patterns import Patterns
from paper_lenet.engine import Engine
from paper_lenet.engine.full import full_backward
from paper_lenet.engine.layout import C5B, C5W, F6B, F6W, pack
from paper_lenet.engine.loss import loss_backward, nearest
from paper_lenet.engine.network import descend_biases, forward, present
from paper_lenet.engine.tiles import load_tile
from paper_lenet.network.protocol import Learned
from paper_lenet.network.recipe import Recipe
from paper_lenet.network.weights import Parameters
from paper_lenet.studies.recovered.c5 import Pull

TRAINED = ("C5", "F6")


@njit(nogil=True)
def learn_top(plan, w, steps, grey, labels, levels, order, states, d, sums):
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

    update = staticmethod(learn_top)


class Pulled(Held):
    """The same with C5 held to what is drawn: moved there once it is looked at after learning."""

    def __init__(self, recipe: Recipe, pull: Pull, parameters: Parameters) -> None:
        super().__init__(recipe, parameters)
        self.pull, self.learned = pull, False

    def learn(
        self, patterns: Patterns, order: NDArray[np.int64], steps: NDArray[np.float32]
    ) -> Learned:
        """As `Engine.learn`."""
        self.learned = True
        return super().learn(patterns, order, steps)

    def parameters(self) -> Parameters:
        """As `Engine.parameters`."""
        self._move()
        return super().parameters()

    def penalties(self, patterns: Patterns) -> NDArray[np.float32]:
        """As `Engine.penalties`."""
        self._move()
        return super().penalties(patterns)

    def _move(self) -> None:
        if self.learned:
            self.learned = False
            self.weights = pack(self.network, pulled(super().parameters(), self.pull))


def pulled(parameters: Parameters, pull: Pull) -> Parameters:
    """The parameters with C5's weights and biases moved to what is drawn, by the least squares."""
    weights = parameters["C5.weight"].astype(np.float64)
    table = np.column_stack([weights.reshape(120, -1), parameters["C5.bias"]])
    below = np.column_stack([pull.below, np.ones(len(pull.below))])
    total = below @ table.T
    wanted = np.clip(total, *pull.total)
    moved = table + (np.linalg.pinv(below) @ (wanted - total)).T
    return {
        **parameters,
        "C5.weight": moved[:, :-1].reshape(weights.shape).astype(np.float32),
        "C5.bias": moved[:, -1].astype(np.float32),
    }
