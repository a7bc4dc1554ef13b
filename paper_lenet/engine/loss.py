"""The output: penalties (eq. 7), the losses (eq. 8 and eq. 9), and where derivatives start.

With ten linear outputs a_i in place of the distances, y_i = -a_i; then eq. 9 with an infinite j is
cross-entropy. The padding of the biases, -1e30, keeps lanes beyond the ten classes out of it all.
"""

from __future__ import annotations

import numpy as np

from paper_lenet.engine.across import sum_rows
from paper_lenet.engine.convolutions import descend
from paper_lenet.engine.functions import exp, log
from paper_lenet.engine.kernel import inlined, inner
from paper_lenet.engine.layout import CODES, OUTB, UNITS_F6
from paper_lenet.engine.simd import fma, load, splat, store
from paper_lenet.engine.tiles import load_tile


@inlined
def _code(w, unit, k):
    """Sixteen components of the code, or of the weights, of class `unit`."""
    return load(w, CODES + unit * UNITS_F6 + k)


@inner
def penalties(plan, w, x, y, sums):
    """The ten penalties `y` of the states `x` of F6.

    Example:
        >>> from paper_lenet.engine.kernel import kernel
        >>> from paper_lenet.engine.layout import TOTAL, room
        >>> from paper_lenet.engine.state import plan
        >>> from paper_lenet.network.architecture import codes
        >>> from paper_lenet.network.recipe import Recipe
        >>> w, x, y = room(TOTAL), room(UNITS_F6), room(16)
        >>> w[CODES:OUTB].reshape(10, UNITS_F6)[:, :84], x[:84] = codes(), codes()[6]
        >>> kernel(penalties.py_func)(plan(Recipe()), w, x, y, room(160))
        >>> float(y[6]), float(y[8])  # 12 pixels of the two pictures differ, half 2^2 each
        (0.0, 24.0)
    """
    for unit in range(10):
        total = splat(0.0)
        for k in range(0, UNITS_F6, 16):
            if plan.linear:
                total = fma(_code(w, unit, k), load(x, k), total)
            else:
                off = load(x, k) - _code(w, unit, k)
                total = fma(off, off, total)
        store(sums, 16 * unit, total)
    factor = -1.0 if plan.linear else plan.half
    store(y, 0, splat(factor) * sum_rows(load_tile(sums, 0, 16, 10)) - load(w, OUTB))


@inlined
def nearest(y):
    """The class of the smallest penalty; of equal ones the first.

    Example:
        >>> int(nearest(np.array([9, 5, 7, 5, 8, 8, 8, 8, 8, 8], np.float32)))
        1
    """
    best = 0
    for unit in range(1, 10):
        if y[unit] < y[best]:
            best = unit
    return best


@inner
def _posteriors(plan, y, p):
    """Posterior of each class into `p`; returns that of the rubbish class, and eq. 9's logarithm.

    All terms are divided by the greatest, so that none overflows.
    """
    least = np.float32(min(plan.rubbish, y[nearest(y)]))
    store(p, 0, exp(splat(least - plan.rubbish)))
    rubbish = np.float64(p[0])
    store(p, 0, exp(splat(least) - load(y, 0)))
    total = rubbish
    for unit in range(10):
        total += p[unit]
    for unit in range(10):
        p[unit] = np.float32(p[unit] / total)
    return rubbish / total, log(total) - least


@inlined
def _inward(plan, w, twice, state, unit, k):
    """The derivative of the penalty of class `unit` in sixteen states; `twice` is 2 half."""
    if plan.linear:
        return splat(-1.0) * _code(w, unit, k)
    return twice * (state - _code(w, unit, k))


@inner
def loss_backward(plan, w, target, steps, x, y, label, d, p):
    """The loss; its derivatives `d` in the states `x` of F6; descend in what is trained.

    dE/dy_i is 1 for the right class under eq. 8, less the posterior of each class under eq. 9. If
    the loss is not finite, nothing is written.

    Example:
        >>> from paper_lenet.engine.kernel import kernel
        >>> from paper_lenet.engine.layout import TOTAL, room
        >>> from paper_lenet.engine.state import plan
        >>> from paper_lenet.network.recipe import Loss, Recipe
        >>> run, w, x = kernel(loss_backward.py_func), room(TOTAL), room(UNITS_F6)
        >>> y, d, p = np.full(16, 42, np.float32), room(UNITS_F6), room(16)
        >>> for recipe in (Recipe(loss=Loss(8)), Recipe(loss=Loss(9, j=2.0))):
        ...     print(round(run(plan(recipe), w, w, w, x, y, 0, d, p), 6))  # 42, and 42 - j
        42.0
        40.0
    """
    logarithm = 0.0
    if plan.competition:
        logarithm = _posteriors(plan, y, p)[1]
    loss = y[label] + logarithm
    if not np.isfinite(loss):
        return loss
    for unit in range(10):
        p[unit] = (1.0 if unit == label else 0.0) - (p[unit] if plan.competition else 0.0)
    twice = splat(2.0 * plan.half)
    for k in range(0, UNITS_F6, 16):
        state, total = load(x, k), splat(0.0)
        for unit in range(10):
            slope, factor = _inward(plan, w, twice, state, unit, k), splat(p[unit])
            total = fma(factor, slope, total)
            if plan.trained_codes:
                outward = splat(-1.0) * (state if plan.linear else slope)
                descend(target, steps, CODES + unit * UNITS_F6 + k, factor * outward)
        store(d, k, total)
    if plan.linear:
        descend(target, steps, OUTB, splat(-1.0) * load(p, 0))
    return loss


@inner
def curvature_start(plan, w, target, steps, x, y, label, d, p):
    """Second derivatives `d` in the states of F6; descend in what is trained above them.

    ``constant``: that of the right class's penalty, 2 half. ``exact``: with y'_i the derivative
    of y_i in a state and p_0 the rubbish class's posterior, 2 half p_0 + the variance of y'_i
    under the posteriors, summed so that it cannot be negative. Codes have p_i (1 - p_i) y'_i^2
    (Gauss-Newton).

    Example:
        >>> from paper_lenet.engine.kernel import kernel
        >>> from paper_lenet.engine.layout import TOTAL, room
        >>> from paper_lenet.engine.state import plan
        >>> from paper_lenet.network.recipe import Recipe, Step
        >>> run, w, x = kernel(curvature_start.py_func), room(TOTAL), room(UNITS_F6)
        >>> y, d, p = np.full(16, 42, np.float32), room(UNITS_F6), room(16)
        >>> y[0] = 0.0  # of the right class; only the rubbish class, with j = 2, is near
        >>> for recipe in (Recipe(), Recipe(step=Step(output="exact"))):
        ...     run(plan(recipe), w, w, w, x, y, 0, d, p)
        ...     print(d[0].round(3))  # 2 half, and that times e^-2 / (1 + e^-2)
        1.0
        0.119
    """
    exact = plan.exact and plan.competition
    rubbish = _posteriors(plan, y, p)[0] if exact else 1.0
    twice = splat(2.0 * plan.half)
    for k in range(0, UNITS_F6, 16):
        state, mean, linear = load(x, k), splat(0.0), splat(0.0)
        if exact:
            for unit in range(10):
                mean = fma(splat(p[unit]), _inward(plan, w, twice, state, unit, k), mean)
        variance = splat(rubbish) * mean * mean
        for unit in range(10):
            own = twice if unit == label else splat(0.0)
            if exact:
                slope = _inward(plan, w, twice, state, unit, k)
                off = slope - mean
                variance = fma(splat(p[unit]), off * off, variance)
                each = splat(p[unit] * (np.float32(1.0) - p[unit]))
                linear = fma(each, slope * slope, linear)
                own = each * (state * state if plan.linear else slope * slope)
            if plan.trained_codes:
                descend(target, steps, CODES + unit * UNITS_F6 + k, own)
        if plan.linear:
            store(d, k, linear)
        elif exact:
            store(d, k, fma(twice, splat(rubbish), variance))
        else:
            store(d, k, twice)
    if plan.linear:
        descend(target, steps, OUTB, load(p, 0) * (splat(1.0) - load(p, 0)))
