"""The whole network for one pattern: forward, backward, and what is made of them.

Curvature (Appendix C, eq. 27) is the backward pass with every weight, every state and every slope
squared, and it "descends" from zero with a step of -1/P for each of P patterns: one backward pass
serves both.
"""

from __future__ import annotations

import numpy as np

from paper_lenet.engine.convolutions import (
    c1_forward,
    c1_kernels,
    c3_forward,
    c3_inputs,
    c3_kernels,
    descend,
)
from paper_lenet.engine.full import full_backward, full_forward
from paper_lenet.engine.kernel import inner, kernel
from paper_lenet.engine.layout import C5B, C5W, F6B, F6W
from paper_lenet.engine.loss import curvature_start, loss_backward, nearest, penalties
from paper_lenet.engine.simd import load, store
from paper_lenet.engine.subsampling import (
    s2_backward,
    s2_forward,
    s4_backward,
    s4_forward,
    square_connections,
    squash_all,
    through,
)
from paper_lenet.engine.tiles import load_tile, store_tile


@inner
def present(grey, levels, x):
    """Put a pattern's grey levels into the input field on the paper's scale.

    Example:
        >>> from paper_lenet.digits.patterns import grey_scale
        >>> grey, x = np.array([0, 255, 0], np.uint8), np.zeros(3, np.float32)
        >>> kernel(present.py_func)(grey, grey_scale(-0.1, 1.175), x)
        >>> print(x)
        [-0.1    1.175 -0.1  ]
    """
    for i in range(len(grey)):
        x[i] = levels[grey[i]]


@inner
def forward(plan, w, states, sums):
    """All states, from the input to the penalties.

    Example:
        >>> from paper_lenet.digits.patterns import Patterns
        >>> from paper_lenet.engine import Engine
        >>> from paper_lenet.network.weights import pretrained
        >>> e = Engine(pretrained().recipe, pretrained().parameters, learns=False)
        >>> one = Patterns.from_images(np.arange(784).reshape(1, 28, 28).astype(np.uint8), [7])
        >>> e.states.input[: 32 * 32] = one.inputs(slice(1)).ravel()
        >>> states_of(e.plan, e.weights, e.states, e.sums)  # it is this, for Python
        >>> print(abs(e.states.penalties[:10] - e.penalties(one)[0]).max())  # sixteen at a time
        0.0
    """
    c1_forward(plan, w, states.input, states.c1)
    squash_all(plan, states.c1)
    s2_forward(plan, w, states.c1, states.s2_average, states.s2)
    c3_forward(plan, w, states.s2, states.c3)
    squash_all(plan, states.c3)
    s4_forward(plan, w, states.c3, states.s4_average, states.s4)
    c5 = full_forward(w, C5W, load_tile(w, C5B, 16, 8), states.s4, len(states.s4))
    store_tile(states.c5, 0, 16, c5)
    squash_all(plan, states.c5)
    f6 = full_forward(w, F6W, load_tile(w, F6B, 16, 6), states.c5, 120)
    store_tile(states.f6, 0, 16, f6)
    squash_all(plan, states.f6)
    penalties(plan, w, states.f6, states.penalties, sums)


@inner
def descend_biases(plan, target, steps, place, x, d):
    """Bring the derivatives `d` before the squashing; descend in the biases at `place`.

    Example:
        >>> from paper_lenet.engine.layout import TOTAL, room
        >>> from paper_lenet.engine.state import plan
        >>> from paper_lenet.network.recipe import Recipe
        >>> w, steps, x, d = room(TOTAL), room(TOTAL), room(96), room(96)
        >>> steps[:], d[:] = 0.5, 1.0
        >>> kernel(descend_biases.py_func)(plan(Recipe()), w, steps, F6B, x, d)
        >>> print(d[0].round(4), w[F6B].round(4))  # f'(0), and half of it down
        1.1439 -0.572
    """
    for k in range(0, len(d), 16):
        store(d, k, through(plan, load(x, k), load(d, k)))
        descend(target, steps, place + k, load(d, k))


@inner
def _backward(plan, w, target, steps, states, inputs, d, sums):
    """From the derivatives in F6's states down to C1's weights, descending on the way.

    `w` is what derivatives travel along, `target` what descends, `inputs` the states that
    gradients multiply: the same as `states`, or their squares.
    """
    descend_biases(plan, target, steps, F6B, states.f6, d.f6)
    f6 = load_tile(d.f6, 0, 16, 6)
    full_backward(w, target, steps, F6W, f6, inputs.c5, len(d.c5), d.c5, sums)
    descend_biases(plan, target, steps, C5B, states.c5, d.c5)
    c5 = load_tile(d.c5, 0, 16, 8)
    full_backward(w, target, steps, C5W, c5, inputs.s4, len(d.s4), d.s4, sums)
    s4_backward(plan, w, target, steps, states, inputs, d.s4, d.c3)
    c3_inputs(plan, w, d.c3, d.s2)
    c3_kernels(plan, target, steps, inputs.s2, d.c3)
    s2_backward(plan, w, target, steps, states, inputs, d.s2, d.c1, sums)
    c1_kernels(plan, target, steps, inputs.input, d.c1)


@kernel
def learn(plan, w, steps, grey, labels, levels, order, states, d, sums):
    """One update after each pattern of `order`: (sum of losses, errors, patterns shown).

    Example:
        >>> from paper_lenet.digits.patterns import Patterns
        >>> from paper_lenet.engine import Engine
        >>> from paper_lenet.network.weights import pretrained
        >>> e = Engine(pretrained().recipe, pretrained().parameters)
        >>> e.steps[e.places] = 0.0001
        >>> one = Patterns.from_images(np.zeros((1, 28, 28), np.uint8), [7])
        >>> shown = one.grey.reshape(1, -1), one.labels, one.levels, np.zeros(1, np.int64)
        >>> rooms = e.states, e.derivatives, e.sums
        >>> first, again = (learn(e.plan, e.weights, e.steps, *shown, *rooms) for _ in range(2))
        >>> again[0] < first[0], again[2]  # what was learnt from a pattern lowers its loss
        (True, 1)
    """
    total, errors = 0.0, 0
    for shown in range(len(order)):
        pattern = order[shown]
        label = labels[pattern]
        present(grey[pattern], levels, states.input)
        forward(plan, w, states, sums)
        y, p = states.penalties, d.penalties
        loss = loss_backward(plan, w, w, steps, states.f6, y, label, d.f6, p)
        if not np.isfinite(loss):
            return total, errors, shown
        total += loss
        errors += nearest(y) != label
        _backward(plan, w, w, steps, states, states, d, sums)
    return total, errors, len(order)


@inner
def square(x, squared):
    """The squares of all elements of `x`.

    Example:
        >>> x, squared = np.full(16, -3, np.float32), np.zeros(16, np.float32)
        >>> kernel(square.py_func)(x, squared)
        >>> float(squared[0])
        9.0
    """
    for i in range(0, len(x), 16):
        store(squared, i, load(x, i) * load(x, i))


@inner
def _square_all(states, inputs):
    """Squares of the states that gradients multiply."""
    square(states.input, inputs.input)
    square(states.s2_average, inputs.s2_average)
    square(states.s2, inputs.s2)
    square(states.s4_average, inputs.s4_average)
    square(states.s4, inputs.s4)
    square(states.c5, inputs.c5)


@kernel
def curvature(
    plan, second, w, squared, grey, labels, levels, chosen, h, steps, states, inputs, d, sums
):
    """Add to `h` the second derivatives of the chosen patterns, each times minus its step.

    `squared` is room for the squares of the weights `w`.

    Example:
        >>> from paper_lenet.engine import Engine
        >>> from paper_lenet.network.weights import pretrained
        >>> e = Engine(pretrained().recipe, pretrained().parameters)
        >>> h, squared = np.zeros_like(e.weights), np.zeros_like(e.weights)
        >>> e.steps[e.places] = -1.0  # of one pattern
        >>> grey, labels = np.zeros((1, 1024), np.uint8), np.zeros(1, np.uint8)
        >>> shown = grey, labels, np.zeros(256, np.float32), np.zeros(1, np.int64)
        >>> rooms = h, e.steps, e.states, e.squares, e.derivatives, e.sums
        >>> curvature(e.plan, e.second, e.weights, squared, *shown, *rooms)
        >>> slope = e.plan.steepest - e.plan.bend * e.states.f6[0] ** 2
        >>> round(float(h[F6B] / slope**2), 4), bool((h[e.places] >= 0).all())  # eq. 25 for a bias
        (1.0, True)
    """
    square(w, squared)
    for pattern in chosen:
        present(grey[pattern], levels, states.input)
        forward(plan, w, states, sums)
        _square_all(states, inputs)
        if plan.connections:
            square_connections(second, states, inputs)
        y, label = states.penalties, labels[pattern]
        curvature_start(plan, w, h, steps, states.f6, y, label, d.f6, d.penalties)
        _backward(second, squared, h, steps, states, inputs, d, sums)


@kernel
def states_of(plan, w, states, sums):
    """All states, of the input that stands in `states`.

    Example:
        >>> from paper_lenet.engine import Engine
        >>> from paper_lenet.network.weights import pretrained
        >>> engine = Engine(pretrained().recipe, pretrained().parameters, learns=False)
        >>> states_of(engine.plan, engine.weights, engine.states, engine.sums)
        >>> bool(1 < abs(engine.states.f6).max() < 1.7159)  # f has no greater value
        True
    """
    forward(plan, w, states, sums)
