"""C1 and C3: forward, and derivatives in their inputs and kernels."""

from __future__ import annotations

from paper_lenet.engine.across import sum_rows
from paper_lenet.engine.kernel import inlined, inner
from paper_lenet.engine.layout import C1B, C1W, C3B, C3W
from paper_lenet.engine.products import outer, row_backward, row_forward, row_kernel
from paper_lenet.engine.simd import fma_less, load, splat, store
from paper_lenet.engine.tiles import load_tile, splats, store_tile, zeros


@inlined
def descend(target, steps, place, gradient):
    """target - step * gradient for the 16 parameters from `place` on (eq. 18).

    Example:
        >>> import numpy as np
        >>> from paper_lenet.engine.kernel import kernel
        >>> w, steps = np.ones(16, np.float32), np.array([0.5, 0] * 8, np.float32)
        >>> kernel(lambda w, steps: descend(w, steps, 0, splat(3.0)))(w, steps)
        >>> w[:2].tolist()  # a step of zero leaves a weight where it is
        [-0.5, 1.0]
    """
    store(target, place, fma_less(load(steps, place), gradient, load(target, place)))


@inner
def c1_forward(plan, w, x, a):
    """Total inputs `a` of C1 from the input `x`.

    A row of 28 positions takes two vectors; twelve of them, for the six maps, stay in registers
    while the 25 weights of each map pass by:

        a[map][y][0:16 | 16:32] += w[map][dy][dx] * x[y + dy][dx + (0:16 | 16:32)]

    Example:
        >>> from paper_lenet.engine import layout, state
        >>> from paper_lenet.engine.kernel import kernel
        >>> from paper_lenet.network.recipe import Recipe
        >>> p, x = state.plan(Recipe()), state.states(Recipe())
        >>> w = layout.room(layout.TOTAL)
        >>> x.input[:], w[C1W:C1B], w[C1B] = 1, 2, 7
        >>> kernel(c1_forward.py_func)(p, w, x.input, x.c1)
        >>> x.c1.reshape(6, 28, 32)[:, 27, 27].tolist()  # 25 weights of 2; a bias in map 0
        [57.0, 50.0, 50.0, 50.0, 50.0, 50.0]
    """
    ones = (splat(1.0), splat(1.0))
    for y in range(plan.c1):
        first = outer(zeros(6), splats(w, C1B, 1, 3), ones)
        last = outer(zeros(6), splats(w, C1B + 3, 1, 3), ones)
        for dy in range(5):
            for dx in range(5):
                row = load_tile(x, (y + dy) * plan.side + dx, 16, 2)
                tap = C1W + dy * 32 + dx
                first = outer(first, splats(w, tap, 5, 3), row)
                last = outer(last, splats(w, tap + 16, 5, 3), row)
        plane = plan.c1 * 32
        for half in range(2):
            place = y * 32 + 16 * half
            store_tile(a, place, plane, (first[half], first[half + 2], first[half + 4]))
            store_tile(a, place + 3 * plane, plane, (last[half], last[half + 2], last[half + 4]))


@inner
def c1_kernels(plan, target, steps, x, d):
    """Descend in C1's weights; `d` holds the derivatives in its total inputs.

    Fifteen sums (three maps, five dx) stay in registers over all positions; their lanes are added
    at the end:

        gradient[map][dy][dx] = sum over y, x of d[map][y][x] * x[y + dy][x + dx]

    Example:
        >>> from paper_lenet.engine import layout, state
        >>> from paper_lenet.engine.kernel import kernel
        >>> from paper_lenet.network.recipe import Recipe
        >>> p, x, d = state.plan(Recipe()), state.states(Recipe()), state.states(Recipe())
        >>> w, steps = layout.room(layout.TOTAL), layout.room(layout.TOTAL)
        >>> x.input[:], d.c1[0], steps[:] = range(len(x.input)), 1, 1
        >>> kernel(c1_kernels.py_func)(p, w, steps, x.input, d.c1)
        >>> (-w[C1W + 32 : C1W + 37]).tolist()  # the second row that the unit sees
        [32.0, 33.0, 34.0, 35.0, 36.0]
    """
    plane = plan.c1 * 32
    for dy in range(5):
        for half in range(2):
            sums = zeros(15)
            for y in range(plan.c1):
                for side in range(2):
                    place = y * 32 + 16 * side
                    above = load_tile(d, 3 * half * plane + place, plane, 3)
                    below = load_tile(x, (y + dy) * plan.side + 16 * side, 1, 5)
                    sums = outer(sums, above, below)
            descend(target, steps, C1W + dy * 32 + half * 16, sum_rows(sums))


@inner
def c3_forward(plan, w, x, a):
    """Total inputs `a` of C3 from the states `x` of S2.

    The sixteen maps share a vector, and a row of ten positions stays in registers. Kernels that
    Table I leaves out are zeros: sixteen lanes cost what ten do.

        a[y][0..9][maps] += w[S2 map][dy][0..4][maps] * x[S2 map][y + dy][0..13]

    Example:
        >>> from paper_lenet.engine import layout, state
        >>> from paper_lenet.engine.kernel import kernel
        >>> from paper_lenet.network.weights import pretrained
        >>> parameters, recipe, *_ = pretrained()
        >>> w, x = layout.pack(recipe.network, parameters), state.states(recipe)
        >>> x.s2[:], w[C3W:C3B] = 1, w[C3W:C3B] != 0
        >>> kernel(c3_forward.py_func)(state.plan(recipe), w, x.s2, x.c3)
        >>> print((x.c3[:16] - w[C3B : C3B + 16]).round() / 25)  # maps that each sees, Table I
        [3. 3. 3. 3. 3. 3. 4. 4. 4. 4. 4. 4. 4. 4. 4. 6.]
    """
    for y in range(plan.c3):
        row = load_tile(w, C3B, 0, 10)
        for source in range(6):
            for dy in range(5):
                kernel = load_tile(w, C3W + (source * 5 + dy) * 80, 16, 5)
                below = splats(x, (source * plan.s2 + y + dy) * 16, 1, 14)
                row = row_forward(row, kernel, below)
        store_tile(a, y * 160, 16, row)


@inner
def c3_inputs(plan, w, d, below):
    """Derivatives `below` in the states of S2, from those in C3's total inputs, `d`.

    Fourteen positions of S2 stay in registers, each a vector over the sixteen maps, whose lanes
    are added at the end:

        below[S2 map][y'][0..13] = sum over dy, maps of w[S2 map][dy][0..4] * d[y' - dy][0..9]

    Example:
        >>> from paper_lenet.engine import layout, state
        >>> from paper_lenet.engine.kernel import kernel
        >>> from paper_lenet.network.recipe import Recipe
        >>> p, d = state.plan(Recipe()), state.states(Recipe())
        >>> w = layout.room(layout.TOTAL)
        >>> w[C3W:C3B], d.c3[0] = 1, 1
        >>> kernel(c3_inputs.py_func)(p, w, d.c3, d.s2)
        >>> d.s2.reshape(6, 14, 16).sum(axis=(1, 2)).tolist()  # what the unit sees
        [25.0, 25.0, 25.0, 25.0, 25.0, 25.0]
    """
    for source in range(6):
        for y in range(plan.s2):
            row = zeros(14)
            for dy in range(max(0, y - plan.c3 + 1), min(5, y + 1)):
                kernel = load_tile(w, C3W + (source * 5 + dy) * 80, 16, 5)
                row = row_backward(row, kernel, load_tile(d, (y - dy) * 160, 16, 10))
            store(below, (source * plan.s2 + y) * 16, sum_rows(row))


@inner
def c3_kernels(plan, target, steps, x, d):
    """Descend in C3's weights and biases.

    Five sums (dx) for each of two S2 maps stay in registers over all positions:

        gradient[S2 map][dy][dx][maps] = sum over y, x of x[S2 map][y + dy][x + dx] * d[y][x]

    Example:
        >>> from paper_lenet.engine import layout, state
        >>> from paper_lenet.engine.kernel import kernel
        >>> from paper_lenet.network.recipe import Recipe
        >>> p, x, d = state.plan(Recipe()), state.states(Recipe()), state.states(Recipe())
        >>> w, steps = layout.room(layout.TOTAL), layout.room(layout.TOTAL)
        >>> x.s2[:], d.c3[:], steps[:] = 1, 1, 0.5
        >>> kernel(c3_kernels.py_func)(p, w, steps, x.s2, d.c3)
        >>> float(w[C3W]), float(w[C3B])  # 100 units share a weight, and a bias
        (-50.0, -50.0)
    """
    plane = plan.s2 * 16
    for source in range(0, 6, 2):
        for dy in range(5):
            both = zeros(10)
            for y in range(plan.c3):
                place = source * plane + (y + dy) * 16
                rows = splats(x, place, 1, 14) + splats(x, place + plane, 1, 14)
                both = row_kernel(both, rows, load_tile(d, y * 160, 16, 10))
            for dx in range(5):
                place = C3W + ((source * 5 + dy) * 5 + dx) * 16
                descend(target, steps, place, both[dx])
                descend(target, steps, place + 400, both[dx + 5])
    total = splat(0.0)
    for place in range(0, plan.c3 * 160, 16):
        total = total + load(d, place)
    descend(target, steps, C3B, total)
