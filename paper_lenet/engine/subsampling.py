"""S2 and S4, and the squashing of every layer.

S2 has neighbouring positions in its lanes, S4 the sixteen maps. What they do with four inputs is
the same, and stands here once: `gather` makes one number of four, and a derivative goes back to the
four.
"""

from __future__ import annotations

from paper_lenet.engine.across import evens, interleave, odds, sum_rows
from paper_lenet.engine.choices import larger, where_equal
from paper_lenet.engine.convolutions import descend
from paper_lenet.engine.functions import squash, squash_slope
from paper_lenet.engine.kernel import inlined, inner
from paper_lenet.engine.layout import C1B, S2B, S2C, S4B, S4C
from paper_lenet.engine.simd import fma, load, splat, store
from paper_lenet.engine.state import MAX, TRAINABLE
from paper_lenet.engine.tiles import load_tile, splats, store_tile


@inlined
def _squashed(plan, a):
    """f(a), eq. 5."""
    return squash(a, plan.amplitude, plan.slope, plan.rectify)


@inlined
def through(plan, x, d):
    """The derivative before the squashing, from `d` behind it, where the state is `x`.

    The slope is squared for second derivatives.

    Example:
        >>> import numpy as np
        >>> from paper_lenet.engine.kernel import kernel
        >>> from paper_lenet.engine.state import plan
        >>> from paper_lenet.network.recipe import Recipe
        >>> before = kernel(lambda p, x, d: store(d, 0, through(p, load(x, 0), load(d, 0))))
        >>> for p in (plan(Recipe()), plan(Recipe(), second=True)):
        ...     x, d = np.zeros(16, np.float32), np.ones(16, np.float32)
        ...     before(p, x, d)
        ...     print(d[0].round(2))  # f'(0), and its square
        1.14
        1.31
    """
    slope = squash_slope(x, plan.steepest, plan.bend, plan.rectify)
    return d * slope * slope if plan.second else d * slope


@inner
def squash_all(plan, x):
    """Squash every element of `x` where it stands.

    Example:
        >>> import numpy as np
        >>> from paper_lenet.engine.kernel import kernel
        >>> from paper_lenet.engine.state import plan
        >>> from paper_lenet.network.recipe import Recipe
        >>> x = np.arange(-16, 16, dtype=np.float32)
        >>> kernel(squash_all.py_func)(plan(Recipe()), x)
        >>> print(x[[0, 15, 16, 17, 31]].round(4))
        [-1.7159 -1.      0.      1.      1.7159]
    """
    for place in range(0, len(x), 16):
        store(x, place, _squashed(plan, load(x, place)))


@inlined
def gather(plan, four):
    """The average (or sum) of four inputs, or their maximum.

    Example:
        >>> import numpy as np
        >>> from paper_lenet.engine.kernel import kernel
        >>> from paper_lenet.engine.state import plan
        >>> from paper_lenet.network.recipe import Recipe
        >>> pool = kernel(lambda p, x, one: store(one, 0, gather(p, load_tile(x, 0, 16, 4))))
        >>> x, one = np.repeat(np.array([1, 2, 3, 6], np.float32), 16), np.empty(16, np.float32)
        >>> for p in (plan(Recipe()), plan(Recipe())._replace(pooling=MAX)):
        ...     pool(p, x, one)
        ...     print(one[0])
        3.0
        6.0
    """
    if plan.pooling == MAX:
        return larger(larger(four[0], four[1]), larger(four[2], four[3]))
    return splat(plan.share) * ((four[0] + four[1]) + (four[2] + four[3]))


@inlined
def scaled(plan, coefficient, bias, pooled):
    """The state: f(coefficient pooled + bias), or what is pooled if nothing is trained.

    Example:
        >>> import numpy as np
        >>> from paper_lenet.engine.kernel import kernel
        >>> from paper_lenet.engine.state import plan
        >>> from paper_lenet.network.recipe import Recipe
        >>> state = kernel(lambda p, x: store(x, 0, scaled(p, splat(2.0), splat(-5.0), load(x, 0))))
        >>> x = np.array([2, 3] * 8, np.float32)
        >>> state(plan(Recipe()), x)
        >>> print(x[:2].round(4))  # f(2 * 2 - 5) and f(2 * 3 - 5)
        [-1.  1.]
    """
    if plan.pooling == TRAINABLE:
        return _squashed(plan, fma(coefficient, pooled, bias))
    return pooled


@inlined
def _spread(plan, four, pooled, d):
    """The derivatives in four inputs, from that in their average or maximum.

    Each has its share of an average; a maximum's goes to the first input that reaches it.
    """
    if plan.pooling == MAX:
        zero = splat(0.0)
        a = where_equal(four[0], pooled, d, zero)
        d = where_equal(four[0], pooled, zero, d)
        b = where_equal(four[1], pooled, d, zero)
        d = where_equal(four[1], pooled, zero, d)
        c = where_equal(four[2], pooled, d, zero)
        d = where_equal(four[2], pooled, zero, d)
        return a, b, c, where_equal(four[3], pooled, d, zero)
    d = splat(plan.share) * d
    return d, d, d, d


@inlined
def _s2_four(plan, c1, unit, y):
    """The four inputs of a row of S2: sixteen positions a vector."""
    place = (unit * plan.c1 + 2 * y) * 32
    upper, lower = load_tile(c1, place, 16, 2), load_tile(c1, place + 32, 16, 2)
    return (
        evens(upper[0], upper[1]),
        odds(upper[0], upper[1]),
        evens(lower[0], lower[1]),
        odds(lower[0], lower[1]),
    )


@inlined
def _s4_four(c3, y, x):
    """The four inputs of a position of S4: sixteen maps a vector."""
    place = 2 * y * 160 + 2 * x * 16
    return load(c3, place), load(c3, place + 16), load(c3, place + 160), load(c3, place + 176)


@inner
def s2_forward(plan, w, c1, average, s2):
    """States of S2, and what its coefficients multiply.

    Example:
        >>> from paper_lenet.engine import layout, state
        >>> from paper_lenet.engine.kernel import kernel
        >>> from paper_lenet.network.recipe import Recipe
        >>> p, x = state.plan(Recipe()), state.states(Recipe())
        >>> w = layout.room(layout.TOTAL)
        >>> x.c1.reshape(6, 28, 32)[:] = [2, 4] * 16
        >>> w[S2C:S2B], w[S2B : S2B + 6] = 1, -2
        >>> kernel(s2_forward.py_func)(p, w, x.c1, x.s2_average, x.s2)
        >>> float(x.s2_average[0]), float(x.s2[0].round(4)), x.s2.size == x.c1.size // 4
        (3.0, 1.0, True)
    """
    for unit in range(6):
        for y in range(plan.s2):
            place = (unit * plan.s2 + y) * 16
            store(average, place, gather(plan, _s2_four(plan, c1, unit, y)))
    for unit in range(6):
        coefficient, bias = splats(w, S2C + unit, 0, 1)[0], splats(w, S2B + unit, 0, 1)[0]
        for y in range(plan.s2):
            place = (unit * plan.s2 + y) * 16
            store(s2, place, scaled(plan, coefficient, bias, load(average, place)))


@inner
def s4_forward(plan, w, c3, average, s4):
    """States of S4, and what its coefficients multiply.

    Example:
        >>> from paper_lenet.engine import layout, state
        >>> from paper_lenet.engine.kernel import kernel
        >>> from paper_lenet.network.recipe import Recipe
        >>> p, x = state.plan(Recipe()), state.states(Recipe())
        >>> w = layout.room(layout.TOTAL)
        >>> x.c3.reshape(100, 16)[:] = range(16)
        >>> w[S4C:S4B], w[S4B : S4B + 16] = 1, -3
        >>> kernel(s4_forward.py_func)(p, w, x.c3, x.s4_average, x.s4)
        >>> print(x.s4_average[2:5], x.s4[2:5].round(4))  # maps 2, 3 and 4
        [2. 3. 4.] [-1.  0.  1.]
    """
    for y in range(plan.s4):
        for x in range(plan.s4):
            store(average, (y * plan.s4 + x) * 16, gather(plan, _s4_four(c3, y, x)))
    coefficient, bias = load(w, S4C), load(w, S4B)
    for place in range(0, len(s4), 16):
        store(s4, place, scaled(plan, coefficient, bias, load(average, place)))


@inner
def square_connections(second, states, inputs):
    """What h_kk of a coefficient multiplies if its four connections count apart (eqs. 23, 25).

    Each gives its own share's square in place of one square of the four together. `second` is the
    plan of the second derivatives, whose shares are squared.

    Example:
        >>> from paper_lenet.engine.kernel import kernel
        >>> from paper_lenet.engine.state import plan, states
        >>> from paper_lenet.network.recipe import Recipe
        >>> x, inputs = states(Recipe()), states(Recipe())
        >>> x.c1[:], x.c3[:] = 2, 2
        >>> kernel(square_connections.py_func)(plan(Recipe(), second=True), x, inputs)
        >>> float(inputs.s2_average[0])  # 4 (2 / 4)^2; the square of their average is 4
        1.0
    """
    for unit in range(6):
        for y in range(second.s2):
            a, b, c, d = _s2_four(second, states.c1, unit, y)
            place = (unit * second.s2 + y) * 16
            store(inputs.s2_average, place, gather(second, (a * a, b * b, c * c, d * d)))
    for y in range(second.s4):
        for x in range(second.s4):
            a, b, c, d = _s4_four(states.c3, y, x)
            place = (y * second.s4 + x) * 16
            store(inputs.s4_average, place, gather(second, (a * a, b * b, c * c, d * d)))


@inner
def s4_backward(plan, w, target, steps, states, inputs, d, below):
    """From the derivatives `d` in S4's states: descend, and those in C3's total inputs.

    Example:
        >>> from paper_lenet.engine import layout, state
        >>> from paper_lenet.engine.kernel import kernel
        >>> from paper_lenet.network.recipe import Recipe
        >>> p, x, d = state.plan(Recipe()), state.states(Recipe()), state.states(Recipe())
        >>> w, steps = layout.room(layout.TOTAL), layout.room(layout.TOTAL)
        >>> w[S4C:S4B], steps[:], d.s4[:] = 4, 1, 1
        >>> kernel(s4_backward.py_func)(p, w, w, steps, x, x, d.s4, d.c3)
        >>> print(d.c3[0].round(2), w[S4B].round(2))  # 4 / 4 f'(0)^2; -25 f'(0)
        1.31 -28.6
    """
    coefficient = load(w, S4C)
    for_coefficient, for_bias = splat(0.0), splat(0.0)
    for y in range(plan.s4):
        for x in range(plan.s4):
            place = (y * plan.s4 + x) * 16
            mine = load(d, place)
            if plan.pooling == TRAINABLE:
                mine = through(plan, load(states.s4, place), mine)
                for_coefficient = fma(mine, load(inputs.s4_average, place), for_coefficient)
                for_bias = for_bias + mine
                mine = coefficient * mine
            four = _s4_four(states.c3, y, x)
            parts = _spread(plan, four, load(states.s4_average, place), mine)
            place = 2 * y * 160 + 2 * x * 16
            store(below, place, through(plan, four[0], parts[0]))
            store(below, place + 16, through(plan, four[1], parts[1]))
            store(below, place + 160, through(plan, four[2], parts[2]))
            store(below, place + 176, through(plan, four[3], parts[3]))
    if plan.pooling == TRAINABLE:
        descend(target, steps, S4C, for_coefficient)
        descend(target, steps, S4B, for_bias)


@inner
def s2_backward(plan, w, target, steps, states, inputs, d, below, sums):
    """From the derivatives `d` in S2's states: descend, also in C1's biases; C1's derivatives.

    `sums` is room for three tiles of six vectors.

    Example:
        >>> from paper_lenet.engine import layout, state
        >>> from paper_lenet.engine.kernel import kernel
        >>> from paper_lenet.network.recipe import Recipe
        >>> p, x, d = state.plan(Recipe()), state.states(Recipe()), state.states(Recipe())
        >>> w, steps = layout.room(layout.TOTAL), layout.room(layout.TOTAL)
        >>> w[S2C:S2B], steps[:], d.s2.reshape(6, 14, 16)[:, :, :14] = 4, 1, 1
        >>> kernel(s2_backward.py_func)(p, w, w, steps, x, x, d.s2, d.c1, layout.room(288))
        >>> print(d.c1[0].round(2), w[S2B].round(2))  # 4 / 4 f'(0)^2; -196 f'(0)
        1.31 -224.21
    """
    for unit in range(6):
        coefficient = splats(w, S2C + unit, 0, 1)[0]
        for_coefficient, for_bias, for_c1 = splat(0.0), splat(0.0), splat(0.0)
        for y in range(plan.s2):
            place = (unit * plan.s2 + y) * 16
            mine = load(d, place)
            if plan.pooling == TRAINABLE:
                mine = through(plan, load(states.s2, place), mine)
                for_coefficient = fma(mine, load(inputs.s2_average, place), for_coefficient)
                for_bias = for_bias + mine
                mine = coefficient * mine
            four = _s2_four(plan, states.c1, unit, y)
            parts = _spread(plan, four, load(states.s2_average, place), mine)
            a, b = through(plan, four[0], parts[0]), through(plan, four[1], parts[1])
            c, e = through(plan, four[2], parts[2]), through(plan, four[3], parts[3])
            for_c1 = for_c1 + ((a + b) + (c + e))
            place = (unit * plan.c1 + 2 * y) * 32
            store_tile(below, place, 16, interleave(a, b))
            store_tile(below, place + 32, 16, interleave(c, e))
        store(sums, 16 * unit, for_coefficient)
        store(sums, 16 * unit + 96, for_bias)
        store(sums, 16 * unit + 192, for_c1)
    if plan.pooling == TRAINABLE:
        descend(target, steps, S2C, sum_rows(load_tile(sums, 0, 16, 6)))
        descend(target, steps, S2B, sum_rows(load_tile(sums, 96, 16, 6)))
    descend(target, steps, C1B, sum_rows(load_tile(sums, 192, 16, 6)))
