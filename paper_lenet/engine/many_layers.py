"""The layers for sixteen patterns at a time, one in each lane; `many` has where their states lie.

A map's total inputs are squashed, pooled and forgotten two rows at a time: all of C1 would not fit
into the nearest cache.
"""

from __future__ import annotations

from paper_lenet.engine.emit import LANES
from paper_lenet.engine.kernel import inner
from paper_lenet.engine.layout import C1B, C1W, C3B, C3W, CODES, OUTB, S2B, S2C, S4B, S4C, UNITS_F6
from paper_lenet.engine.products import outer, row_forward
from paper_lenet.engine.simd import fma, load, splat, store
from paper_lenet.engine.subsampling import gather, scaled, squash_all
from paper_lenet.engine.tiles import load_tile, splats, store_tile, zeros


@inner
def _c1_rows(plan, w, x, y, c1):
    """Total inputs `c1` of two rows of C1, 2 y and 2 y + 1.

    Twelve sums (three maps, the four units that a unit of S2 sees) stay in registers.
    """
    one = splat(1.0)
    for half in range(2):
        for column in range(plan.s2):
            four = outer(zeros(12), splats(w, C1B + 3 * half, 1, 3), (one, one, one, one))
            for dy in range(5):
                for dx in range(5):
                    place = ((2 * y + dy) * plan.side + 2 * column + dx) * LANES
                    upper = load_tile(x, place, LANES, 2)
                    lower = load_tile(x, place + plan.side * LANES, LANES, 2)
                    kernel = splats(w, C1W + dy * 32 + half * 16 + dx, 5, 3)
                    four = outer(four, kernel, (upper[0], upper[1], lower[0], lower[1]))
            store_tile(c1, (half * 14 + column) * 12 * LANES, LANES, four)


@inner
def _c3_rows(plan, w, connected, s2, y, c3):
    """Total inputs `c3` of two rows of C3, 2 y and 2 y + 1; a row of one map stays in registers."""
    for unit in range(16):
        for half in range(2):
            row = splats(w, C3B + unit, 0, 10)
            for source in range(6):
                if connected[source, unit]:
                    for dy in range(5):
                        kernel = splats(w, C3W + (source * 5 + dy) * 80 + unit, 16, 5)
                        place = (source * 14 + 2 * y + half + dy) * 14 * LANES
                        row = row_forward(row, kernel, load_tile(s2, place, LANES, 14))
            store_tile(c3, (2 * unit + half) * 10 * LANES, LANES, row)


@inner
def s2_states(plan, w, x, c1, s2):
    """States of S2, a row of all maps at a time.

    Example:
        >>> from paper_lenet.engine import layout, many, state
        >>> from paper_lenet.engine.kernel import kernel
        >>> from paper_lenet.network.recipe import Recipe
        >>> p, w = state.plan(Recipe()), layout.room(layout.TOTAL)
        >>> g = many.group(Recipe().network, p)
        >>> w[C1B : C1B + 6], w[S2C : S2C + 6] = 1, range(6)
        >>> kernel(s2_states.py_func)(p, w, g.input, g.c1, g.s2)
        >>> print(g.s2.reshape(6, 14, 14, 16)[:, 13, 13, 15].round(3))  # of C1's states, f(1) = 1
        [0.    1.    1.493 1.654 1.699 1.712]
    """
    for y in range(plan.s2):
        _c1_rows(plan, w, x, y, c1)
        squash_all(plan, c1)
        for unit in range(6):
            for column in range(plan.s2):
                place = ((unit // 3 * 14 + column) * 3 + unit % 3) * 4 * LANES
                upper = load_tile(c1, place, LANES, 2)
                lower = load_tile(c1, place + 2 * LANES, LANES, 2)
                place = ((unit * 14 + y) * 14 + column) * LANES
                store(s2, place, gather(plan, (upper[0], upper[1], lower[0], lower[1])))
            coefficient, bias = splats(w, S2C + unit, S2B - S2C, 2)
            for column in range(plan.s2):
                place = ((unit * 14 + y) * 14 + column) * LANES
                store(s2, place, scaled(plan, coefficient, bias, load(s2, place)))


@inner
def s4_states(plan, w, connected, s2, c3, s4):
    """States of S4, a row of all maps at a time.

    Example:
        >>> from paper_lenet.engine import layout, many, state
        >>> from paper_lenet.engine.kernel import kernel
        >>> from paper_lenet.network.recipe import Recipe
        >>> p, w = state.plan(Recipe()), layout.room(layout.TOTAL)
        >>> g = many.group(Recipe().network, p)
        >>> w[C3W:C3B], w[S4C:S4B], g.s2[:] = 0.0001, 1, 1
        >>> kernel(s4_states.py_func)(p, w, g.connected, g.s2, g.c3, g.s4)
        >>> few = g.s4.reshape(5, 5, 16, 16)[4, 4, [0, 6, 15], 0]
        >>> print((3 * few / few[0]).round(1))  # as many maps of S2 as Table I says
        [3. 4. 6.]
    """
    for y in range(plan.s4):
        _c3_rows(plan, w, connected, s2, y, c3)
        squash_all(plan, c3)
        for unit in range(16):
            for column in range(plan.s4):
                place = (unit * 20 + 2 * column) * LANES
                upper = load_tile(c3, place, LANES, 2)
                lower = load_tile(c3, place + 10 * LANES, LANES, 2)
                place = ((y * plan.s4 + column) * 16 + unit) * LANES
                store(s4, place, gather(plan, (upper[0], upper[1], lower[0], lower[1])))
            coefficient, bias = splats(w, S4C + unit, S4B - S4C, 2)
            for column in range(plan.s4):
                place = ((y * plan.s4 + column) * 16 + unit) * LANES
                store(s4, place, scaled(plan, coefficient, bias, load(s4, place)))


@inner
def full_states(plan, weights, biases, x, states):
    """States of C5 or F6 from the states `x` below; twelve units stay in registers.

    Sixteen inputs are done with before the next, so that weights are read in their order. The
    number of units is a multiple of twelve.

    Example:
        >>> import numpy as np
        >>> from paper_lenet.engine.kernel import kernel
        >>> from paper_lenet.engine.state import plan
        >>> from paper_lenet.network.recipe import Recipe
        >>> biases, weights, x, states = (np.zeros(16 * n, np.float32) for n in (1, 16, 16, 12))
        >>> weights[:], x.reshape(16, 16)[:] = 1 / 8, [0, 1] * 8  # the patterns differ
        >>> kernel(full_states.py_func)(plan(Recipe()), weights, biases, x, states)
        >>> print(states.reshape(12, 16)[11, :2].round(3))  # f(0) and f(2)
        [0.    1.493]
    """
    inputs, units = len(x) // LANES, len(states) // LANES
    for unit in range(units):
        store(states, unit * LANES, splats(biases, unit, 0, 1)[0])
    for start in range(0, inputs, 16):
        for first in range(0, units, 12):
            total = load_tile(states, first * LANES, LANES, 12)
            for i in range(start, min(start + 16, inputs)):
                row = splats(weights, i * len(biases) + first, 1, 12)
                total = outer(total, row, load_tile(x, i * LANES, LANES, 1))
            store_tile(states, first * LANES, LANES, total)
    squash_all(plan, states)


@inner
def penalty(plan, w, x, unit, sums):
    """The penalty of class `unit` (eq. 7) in each lane, from the states `x` of F6.

    Sixteen sums, added by the tree of `across.sum_rows`: the bits of `loss.penalties`.

    Example:
        >>> from paper_lenet.engine import layout, state
        >>> from paper_lenet.engine.kernel import kernel
        >>> from paper_lenet.network.architecture import codes
        >>> from paper_lenet.network.recipe import Recipe
        >>> of_6 = kernel(lambda p, w, x, sums: store(sums, 0, penalty(p, w, x, 6, sums)))
        >>> w, x, sums = (layout.room(size) for size in (layout.TOTAL, 96 * 16, 16 * 16))
        >>> w[CODES:OUTB].reshape(10, 96)[:, :84] = codes()
        >>> x.reshape(96, 16)[:84, 1] = codes()[6]
        >>> of_6(state.plan(Recipe()), w, x, sums)
        >>> print(sums[:2])  # half of 84 for an F6 of zeros; none for the code itself
        [42.  0.]
    """
    for lane in range(LANES):
        total = splat(0.0)
        for k in range(lane, UNITS_F6, LANES):
            code, state = splats(w, CODES + unit * UNITS_F6 + k, 0, 1)[0], load(x, k * LANES)
            if plan.linear:
                total = fma(code, state, total)
            else:
                off = state - code
                total = fma(off, off, total)
        store(sums, lane * LANES, total)
    half = LANES // 2
    while half:
        for lane in range(half):
            place = lane * LANES
            store(sums, place, load(sums, place) + load(sums, place + half * LANES))
        half //= 2
    factor = -1.0 if plan.linear else plan.half
    return splat(factor) * load(sums, 0) - splats(w, OUTB + unit, 0, 1)[0]
