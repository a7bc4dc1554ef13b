"""Convolutions and subsampling of any network: the maps of a layer share a vector.

A row of eight units of a convolution stays in registers, each a vector over the maps.
"""

from __future__ import annotations

from paper_lenet.engine.across import sum_rows
from paper_lenet.engine.convolutions import descend
from paper_lenet.engine.functions import squash, squash_slope
from paper_lenet.engine.general_layout import (
    AVERAGES,
    BELOW,
    BIASES,
    HERE,
    MAPS,
    PITCH,
    ROW,
    SIDE,
    SIDE_BELOW,
    SIZE,
    SOURCES,
    WEIGHTS,
)
from paper_lenet.engine.kernel import inlined, inner
from paper_lenet.engine.products import row_backward, row_forward, row_kernel
from paper_lenet.engine.simd import fma, load, splat, store
from paper_lenet.engine.tiles import load_tile, splats, store_tile, zeros


@inner
def squash_layer(plan, layer, x):
    """The states of a layer, from its total inputs, where they stand.

    Example:
        >>> from paper_lenet.engine.general_layout import plan, state_room
        >>> from paper_lenet.engine.kernel import kernel
        >>> from paper_lenet.network.lenets import lenet_1
        >>> p = plan(lenet_1())
        >>> x = state_room(p) + 2
        >>> kernel(squash_layer.py_func)(p, p.layers[0], x)
        >>> print(x[0].round(3), x[p.layers[0, HERE]].round(3))  # the input stays
        2.0 1.493
    """
    for k in range(layer[HERE], layer[HERE] + layer[SIZE], 16):
        store(x, k, squash(load(x, k), plan.amplitude, plan.slope, False))


@inner
def through_layer(plan, layer, x, d):
    """The derivatives in a layer's total inputs, from those in its states, where they stand.

    Example:
        >>> from paper_lenet.engine.general_layout import plan, state_room
        >>> from paper_lenet.engine.kernel import kernel
        >>> from paper_lenet.network.lenets import lenet_1
        >>> x = state_room(plan(lenet_1()))
        >>> for p in (plan(lenet_1()), plan(lenet_1(), second=True)):
        ...     d = x + 1
        ...     kernel(through_layer.py_func)(p, p.layers[0], x, d)
        ...     print(d[p.layers[0, HERE]].round(2))  # f'(0), and its square
        1.14
        1.31
    """
    for k in range(layer[HERE], layer[HERE] + layer[SIZE], 16):
        slope = squash_slope(load(x, k), plan.steepest, plan.bend, False)
        mine = load(d, k) * slope
        store(d, k, mine * slope if plan.second else mine)


@inlined
def _window(layer, source, y, x):
    """Where the state below lies that the unit at row y, column x sees first of map `source`."""
    return layer[BELOW] + (y * layer[SIDE_BELOW] + x) * layer[PITCH] + source


@inlined
def _taps(layer, source, dy):
    """Where the five weights lie, each a vector, that a row of a window meets."""
    return layer[WEIGHTS] + (source * 5 + dy) * 80


@inlined
def _unit(layer, y, x):
    """Where the states of all maps lie at row y, column x."""
    return layer[HERE] + (y * layer[SIDE] + x) * 16


@inner
def convolution_forward(layer, w, x):
    """Total inputs of a convolution, from the states `x` below.

    Example:
        >>> from paper_lenet.engine.general_layout import parameter_room, plan, state_room
        >>> from paper_lenet.engine.kernel import kernel
        >>> from paper_lenet.network.lenets import lenet_1
        >>> p = plan(lenet_1())
        >>> layer, w, x = p.layers[0], parameter_room(p), state_room(p)
        >>> w[:], x[:] = 1, 2
        >>> kernel(convolution_forward.py_func)(layer, w, x)
        >>> float(x[layer[HERE]])  # 25 weights on inputs of 2, and a bias
        51.0
    """
    bias = load_tile(w, layer[BIASES], 0, 8)
    for y in range(layer[SIDE]):
        for start in range(0, layer[SIDE], ROW):
            row = bias
            for source in range(layer[SOURCES]):
                for dy in range(5):
                    below = splats(x, _window(layer, source, y + dy, start), layer[PITCH], 12)
                    row = row_forward(row, load_tile(w, _taps(layer, source, dy), 16, 5), below)
            store_tile(x, _unit(layer, y, start), 16, row)


@inner
def convolution_inputs(layer, w, d, sums):
    """Derivatives in the states below, from those in the total inputs; both in `d`.

    A row of the layer below is summed in `sums`, [x][map below] of vectors whose lanes are added
    at the end.

    Example:
        >>> from paper_lenet.engine.general_layout import parameter_room, plan
        >>> from paper_lenet.engine.general_state import work
        >>> from paper_lenet.engine.kernel import kernel
        >>> from paper_lenet.network.lenets import lenet_1
        >>> p = plan(lenet_1())
        >>> layer, w, r = p.layers[2], parameter_room(p), work(p)
        >>> w[:], r.d[layer[HERE]] = 1, 1
        >>> kernel(convolution_inputs.py_func)(layer, w, r.d, r.sums)
        >>> int(r.d[layer[BELOW] : layer[HERE]].sum())  # 25 weights to each of four maps
        100
    """
    for y in range(layer[SIDE_BELOW]):
        for k in range(0, layer[SIDE_BELOW] * 256, 16):
            store(sums, k, splat(0.0))
        for source in range(layer[SOURCES]):
            for start in range(0, layer[SIDE], ROW):
                place = start * 256 + source * 16
                row = load_tile(sums, place, 256, 12)
                for dy in range(max(0, y - layer[SIDE] + 1), min(5, y + 1)):
                    above = load_tile(d, _unit(layer, y - dy, start), 16, 8)
                    row = row_backward(row, load_tile(w, _taps(layer, source, dy), 16, 5), above)
                store_tile(sums, place, 256, row)
        for x in range(layer[SIDE_BELOW]):
            maps = sum_rows(load_tile(sums, x * 256, 16, 16))
            store(d, layer[BELOW] + (y * layer[SIDE_BELOW] + x) * 16, maps)


@inner
def convolution_kernels(layer, target, steps, x, d):
    """Descend in the weights and biases, from the derivatives `d` in the total inputs.

    Example:
        >>> from paper_lenet.engine.general_layout import parameter_room, plan
        >>> from paper_lenet.engine.general_state import work
        >>> from paper_lenet.engine.kernel import kernel
        >>> from paper_lenet.network.lenets import lenet_1
        >>> p = plan(lenet_1())
        >>> w, steps, r = parameter_room(p), parameter_room(p) + 1, work(p)
        >>> r.x[:], r.d[:] = 2, 1
        >>> kernel(convolution_kernels.py_func)(p.layers[0], w, steps, r.x, r.d)
        >>> float(w[0]) == -2 * 24**2, float(w[p.layers[0, BIASES]]) == -(24**2)  # of all units
        (True, True)
    """
    for source in range(layer[SOURCES]):
        for dy in range(5):
            gradient = zeros(5)
            for y in range(layer[SIDE]):
                for start in range(0, layer[SIDE], ROW):
                    below = splats(x, _window(layer, source, y + dy, start), layer[PITCH], 12)
                    gradient = row_kernel(
                        gradient, below, load_tile(d, _unit(layer, y, start), 16, 8)
                    )
            for dx in range(5):
                descend(target, steps, _taps(layer, source, dy) + 16 * dx, gradient[dx])
    total = splat(0.0)
    for k in range(layer[HERE], layer[HERE] + layer[SIZE], 16):
        total = total + load(d, k)
    descend(target, steps, layer[BIASES], total)


@inlined
def _first_of_four(layer, y, x):
    """Where the first of the four units below lies that a subsampling unit sees."""
    return layer[BELOW] + (2 * y * layer[SIDE_BELOW] + 2 * x) * 16


@inner
def subsampling_forward(layer, table, w, x, sums):
    """Total inputs of a subsampling layer, and the averages that its coefficients multiply.

    `sums` is room for the averages of the maps below, of which the maps here take theirs.

    Example:
        >>> from paper_lenet.engine.general_layout import parameter_room, plan
        >>> from paper_lenet.engine.general_state import work
        >>> from paper_lenet.engine.kernel import kernel
        >>> from paper_lenet.network.lenets import lenet_4
        >>> p = plan(lenet_4())
        >>> layer, w, r = p.layers[1], parameter_room(p), work(p)
        >>> w[layer[WEIGHTS] :] = 1
        >>> r.x[layer[BELOW] : layer[HERE]].reshape(-1, 16)[:] = range(16)
        >>> kernel(subsampling_forward.py_func)(layer, p.tables[1], w, r.x, r.sums)
        >>> (r.x[layer[HERE] :][:8] - 1).tolist()  # two maps for each map below
        [0.0, 0.0, 1.0, 1.0, 2.0, 2.0, 3.0, 3.0]
    """
    line = layer[SIDE_BELOW] * 16
    for row in range(layer[SIDE]):
        for column in range(layer[SIDE]):
            four = _first_of_four(layer, row, column)
            upper, lower = load_tile(x, four, 16, 2), load_tile(x, four + line, 16, 2)
            total = (upper[0] + upper[1]) + (lower[0] + lower[1])
            store(sums, (row * layer[SIDE] + column) * 16, splat(0.25) * total)
    for k in range(0, layer[SIZE], 16):
        for m in range(layer[MAPS]):
            x[layer[AVERAGES] + k + m] = sums[k + table[m]]
    coefficient, bias = load(w, layer[WEIGHTS]), load(w, layer[BIASES])
    for k in range(0, layer[SIZE], 16):
        store(x, layer[HERE] + k, fma(coefficient, load(x, layer[AVERAGES] + k), bias))


@inner
def subsampling_backward(layer, table, second, w, target, steps, x, d, sums):
    """From the derivatives `d` in total inputs: those in the states below; descend.

    Each of four units has a quarter of its average; for second derivatives its square.

    Example:
        >>> from paper_lenet.engine.general_layout import parameter_room, plan
        >>> from paper_lenet.engine.general_state import work
        >>> from paper_lenet.engine.kernel import kernel
        >>> from paper_lenet.network.lenets import lenet_4
        >>> p = plan(lenet_4())
        >>> layer, w, steps, r = p.layers[1], parameter_room(p) + 8, parameter_room(p) + 1, work(p)
        >>> r.d[layer[HERE] : layer[AVERAGES]] = 1
        >>> run = kernel(subsampling_backward.py_func)
        >>> run(layer, p.tables[1], False, w, w, steps, r.x, r.d, r.sums)
        >>> float(r.d[layer[BELOW]]), float(w[layer[BIASES]])  # 8 / 4 by each of two maps; 8 - 12^2
        (4.0, -136.0)
    """
    for_coefficient, for_bias = splat(0.0), splat(0.0)
    share = splat(0.0625) if second else splat(0.25)
    coefficient = share * load(w, layer[WEIGHTS])
    for k in range(0, layer[SIZE], 16):
        mine = load(d, layer[HERE] + k)
        for_coefficient = fma(mine, load(x, layer[AVERAGES] + k), for_coefficient)
        for_bias = for_bias + mine
        store(d, layer[AVERAGES] + k, coefficient * mine)
        store(sums, k, splat(0.0))
    for k in range(0, layer[SIZE], 16):
        for m in range(layer[MAPS]):
            sums[k + table[m]] += d[layer[AVERAGES] + k + m]
    line = layer[SIDE_BELOW] * 16
    for row in range(layer[SIDE]):
        for column in range(layer[SIDE]):
            part = load(sums, (row * layer[SIDE] + column) * 16)
            four = _first_of_four(layer, row, column)
            store_tile(d, four, 16, (part, part))
            store_tile(d, four + line, 16, (part, part))
    descend(target, steps, layer[WEIGHTS], for_coefficient)
    descend(target, steps, layer[BIASES], for_bias)
