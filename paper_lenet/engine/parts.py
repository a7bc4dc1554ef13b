"""One update in its parts, in the order in which they are done: what the benchmark times.

Each part is repeated in a compiled loop, so that calling it from Python does not count. A test
holds all of them together to `network.learn`, bit by bit.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from paper_lenet.digits.patterns import Patterns
from paper_lenet.engine.convolutions import (
    c1_forward,
    c1_kernels,
    c3_forward,
    c3_inputs,
    c3_kernels,
)
from paper_lenet.engine.full import full_backward, full_forward
from paper_lenet.engine.kernel import kernel
from paper_lenet.engine.layout import C5B, C5W, F6B, F6W
from paper_lenet.engine.loss import loss_backward, penalties
from paper_lenet.engine.network import descend_biases, present
from paper_lenet.engine.state import Plan, States
from paper_lenet.engine.subsampling import (
    s2_backward,
    s2_forward,
    s4_backward,
    s4_forward,
    squash_all,
)
from paper_lenet.engine.tiles import load_tile, store_tile
from paper_lenet.engine.trainer import Engine


class Update(NamedTuple):
    """All that one update reads and writes: an engine's arrays, the steps and a pattern.

    Example:
        >>> from paper_lenet.network.recipe import Recipe
        >>> from paper_lenet.network.weights import pretrained
        >>> engine = Engine(Recipe(), pretrained().parameters, learns=False)
        >>> seven = Patterns.from_images(np.zeros((1, 28, 28), np.uint8), np.array([7]))
        >>> u = update(engine, seven, 0, np.zeros(60_000, np.float32))
        >>> u.w is engine.weights, u.grey.shape, u.label
        (True, (1024,), 7)
    """

    plan: Plan
    w: NDArray[np.float32]
    steps: NDArray[np.float32]
    x: States
    d: States
    sums: NDArray[np.float32]
    grey: NDArray[np.uint8]
    levels: NDArray[np.float32]
    label: int


def update(engine: Engine, patterns: Patterns, index: int, steps: NDArray[np.float32]) -> Update:
    """The update of `engine` after pattern `index`, with `steps` in layout order.

    Example:
        Padding of the engine's arrays has no step:

        >>> from paper_lenet.network.recipe import Recipe
        >>> from paper_lenet.network.weights import pretrained
        >>> engine = Engine(Recipe(), pretrained().parameters, learns=False)
        >>> seven = Patterns.from_images(np.zeros((1, 28, 28), np.uint8), np.array([7]))
        >>> u = update(engine, seven, 0, np.ones(60_000, np.float32))
        >>> len(u.steps) > 60_000, int(u.steps.sum())
        (True, 60000)
    """
    grey, labels, levels = engine._shown(patterns)
    return Update(
        engine.plan,
        engine.weights,
        engine._spread(steps),
        engine.states,
        engine.derivatives,
        engine.sums,
        grey[index],
        levels,
        int(labels[index]),
    )


def _c5_forward(u):
    """C5's total inputs."""
    c5 = full_forward(u.w, C5W, load_tile(u.w, C5B, 16, 8), u.x.s4, len(u.x.s4))
    store_tile(u.x.c5, 0, 16, c5)


def _f6_forward(u):
    """F6's total inputs."""
    f6 = full_forward(u.w, F6W, load_tile(u.w, F6B, 16, 6), u.x.c5, 120)
    store_tile(u.x.f6, 0, 16, f6)


def _output_backward(u):
    """The loss, and derivatives in F6's total inputs."""
    loss_backward(u.plan, u.w, u.w, u.steps, u.x.f6, u.x.penalties, u.label, u.d.f6, u.d.penalties)
    descend_biases(u.plan, u.w, u.steps, F6B, u.x.f6, u.d.f6)


def _f6_backward(u):
    """From F6 to C5's total inputs."""
    f6 = load_tile(u.d.f6, 0, 16, 6)
    full_backward(u.w, u.w, u.steps, F6W, f6, u.x.c5, len(u.d.c5), u.d.c5, u.sums)
    descend_biases(u.plan, u.w, u.steps, C5B, u.x.c5, u.d.c5)


def _c5_backward(u):
    """From C5 to S4's states."""
    c5 = load_tile(u.d.c5, 0, 16, 8)
    full_backward(u.w, u.w, u.steps, C5W, c5, u.x.s4, len(u.d.s4), u.d.s4, u.sums)


PARTS: dict[str, Callable[[Any], None]] = {
    "input": lambda u: present(u.grey, u.levels, u.x.input),
    "C1 forward": lambda u: c1_forward(u.plan, u.w, u.x.input, u.x.c1),
    "C1 squashing": lambda u: squash_all(u.plan, u.x.c1),
    "S2 forward": lambda u: s2_forward(u.plan, u.w, u.x.c1, u.x.s2_average, u.x.s2),
    "C3 forward": lambda u: c3_forward(u.plan, u.w, u.x.s2, u.x.c3),
    "C3 squashing": lambda u: squash_all(u.plan, u.x.c3),
    "S4 forward": lambda u: s4_forward(u.plan, u.w, u.x.c3, u.x.s4_average, u.x.s4),
    "C5 forward": _c5_forward,
    "C5 squashing": lambda u: squash_all(u.plan, u.x.c5),
    "F6 forward": _f6_forward,
    "F6 squashing": lambda u: squash_all(u.plan, u.x.f6),
    "output forward": lambda u: penalties(u.plan, u.w, u.x.f6, u.x.penalties, u.sums),
    "output backward": _output_backward,
    "F6 backward": _f6_backward,
    "C5 backward": _c5_backward,
    "S4 backward": lambda u: s4_backward(u.plan, u.w, u.w, u.steps, u.x, u.x, u.d.s4, u.d.c3),
    "C3 inputs": lambda u: c3_inputs(u.plan, u.w, u.d.c3, u.d.s2),
    "C3 kernels": lambda u: c3_kernels(u.plan, u.w, u.steps, u.x.s2, u.d.c3),
    "S2 backward": lambda u: s2_backward(
        u.plan, u.w, u.w, u.steps, u.x, u.x, u.d.s2, u.d.c1, u.sums
    ),
    "C1 kernels": lambda u: c1_kernels(u.plan, u.w, u.steps, u.x.input, u.d.c1),
}


@cache
def repeated(part: Callable[[Any], None]) -> Callable[[Update, int], None]:
    """A compiled loop that does `part` so many times.

    Example:
        Background is -0.1 in the input field:

        >>> from paper_lenet.network.recipe import Recipe
        >>> from paper_lenet.network.weights import pretrained
        >>> engine = Engine(Recipe(), pretrained().parameters, learns=False)
        >>> seven = Patterns.from_images(np.zeros((1, 28, 28), np.uint8), np.array([7]))
        >>> u = update(engine, seven, 0, np.zeros(60_000, np.float32))
        >>> repeated(PARTS["input"])(u, 2)
        >>> round(float(u.x.input[0]), 6)
        -0.1
    """
    once = kernel(part)

    @kernel
    def run(u, times):
        for _ in range(times):
            once(u)

    loop: Callable[[Update, int], None] = run
    return loop
