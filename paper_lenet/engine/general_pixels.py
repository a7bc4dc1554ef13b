"""A full layer over pixels costs its ink: most pixels show background, and are not looked at.

With s the input of background, x_i = s + l_i, where l_i is 0 but for the ink. The total input of
unit j is b_j + s sum_i w_ij + sum over the ink of l_i w_ij, and eq. 18 moves every weight by
-epsilon_ij d_j s, those of the ink by -epsilon_ij d_j l_i more. As long as the steps epsilon_ij
stay, what the background moved is the same for the whole column but for them. So the array holds

    v_ij = w_ij + epsilon_ij D_j,  D_j the sum of s d_j over the updates,

of which an update moves the ink's rows alone. Beside it stand D_j and the sums W_j of the weights'
columns, which an update moves by -d_j (s E_j + Q_j), where E_j sums the column of steps and Q_j is
the sum over the ink of l_i epsilon_ij. The total input is b_j + s W_j + sum l_i v_ij - D_j Q_j.

This is eq. 18 itself: only the roundings differ from those of the plain sums. Those of W_j add up
over the updates, until new steps begin with sums that are made anew.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from paper_lenet.engine.convolutions import descend
from paper_lenet.engine.general_layout import (
    BIASES,
    COUNT,
    HERE,
    WEIGHTS,
    WIDTH,
    LayeredPlan,
    padded,
)
from paper_lenet.engine.kernel import inner, kernel
from paper_lenet.engine.layout import room
from paper_lenet.engine.products import outer
from paper_lenet.engine.simd import fma, fma_less, load, splat, store
from paper_lenet.engine.tiles import load_like, splats, store_tile


class Pixels(NamedTuple):
    """What the first layer needs beside its weights, if it is a full one; a number for each unit.

    Attributes:
        ink: (side * side,), int64: the pixels of a pattern that are not background.
        less: what their inputs are more than the background's, l_i.
        held: D_j, the sums of s d_j.
        columns: W_j, of the weights.
        step_columns: E_j, of the steps.
        inked: Q_j, over the ink of the pattern.

    Example:
        >>> from paper_lenet.engine.general_layout import plan
        >>> from paper_lenet.network.lenets import fully_connected
        >>> found = pixels(plan(fully_connected(28, [300])))
        >>> len(found.ink), len(found.held)  # a pixel each; a unit each, and padding
        (784, 304)
    """

    ink: NDArray[np.int64]
    less: NDArray[np.float32]
    held: NDArray[np.float32]
    columns: NDArray[np.float32]
    step_columns: NDArray[np.float32]
    inked: NDArray[np.float32]


def pixels(plan: LayeredPlan) -> Pixels:
    """Room for the first layer of a network.

    Example:
        >>> from paper_lenet.engine.general_layout import plan
        >>> from paper_lenet.network.lenets import fully_connected
        >>> found = pixels(plan(fully_connected(20, [300])))
        >>> len(found.ink), any(part.any() for part in found)
        (400, False)
    """
    layer = plan.layers[0]
    rows = [room(padded(int(layer[WIDTH]))) for _ in range(4)]
    return Pixels(np.zeros(layer[COUNT], np.int64), room(int(layer[COUNT])), *rows)


@inner
def find_ink(grey, levels, p):
    """List the ink of a pattern; returns how many pixels it is.

    Example:
        >>> from paper_lenet.digits.patterns import grey_scale
        >>> from paper_lenet.engine.general_layout import plan
        >>> from paper_lenet.network.lenets import fully_connected
        >>> p, grey = pixels(plan(fully_connected(28, [300]))), np.zeros(784, np.uint8)
        >>> grey[[5, 9]] = 255
        >>> count = kernel(find_ink.py_func)(grey, grey_scale(-0.1, 1.175), p)
        >>> print(p.ink[:count], p.less[:count])
        [5 9] [1.275 1.275]
    """
    count = 0
    for i in range(len(grey)):
        if grey[i]:
            p.ink[count] = i
            p.less[count] = levels[grey[i]] - levels[0]
            count += 1
    return count


@kernel
def column_sums(layer, values, sums):
    """The sums of the columns of the first layer's `values`, weights or steps, row after row.

    Example:
        >>> from paper_lenet.engine.general_layout import parameter_room, plan
        >>> from paper_lenet.network.lenets import fully_connected
        >>> found = plan(fully_connected(28, [300]))
        >>> w, sums = parameter_room(found) + 1, room(304)
        >>> column_sums(found.layers[0], w, sums)
        >>> float(sums[0])  # a row for each pixel
        784.0
    """
    for k in range(0, layer[WIDTH], 16):
        total = splat(0.0)
        for i in range(layer[COUNT]):
            total = total + load(values, layer[WEIGHTS] + i * layer[WIDTH] + k)
        store(sums, k, total)


@inner
def _some(layer, values, p, count, first, sums, total):
    """`ink_sums` of the units from `first` on, as many as the tile `total` of zeros has."""
    for i in range(count):
        row = load_like(values, layer[WEIGHTS] + p.ink[i] * layer[WIDTH] + first, 16, total)
        total = outer(total, splats(p.less, i, 0, 1), row)
    store_tile(sums, first, 16, total)


@inner
def ink_sums(layer, values, p, count, sums):
    """The sum over the ink of l_i times the row i of `values`, weights or steps.

    Example:
        >>> from paper_lenet.engine.general_layout import parameter_room, plan
        >>> from paper_lenet.network.lenets import fully_connected
        >>> found = plan(fully_connected(28, [300]))
        >>> w, p, sums = parameter_room(found) + 2, pixels(found), room(304)
        >>> p.ink[:2], p.less[:2] = [5, 9], [1, 0.5]
        >>> kernel(ink_sums.py_func)(found.layers[0], w, p, 2, sums)
        >>> float(sums[0])  # 2 (1 + 0.5)
        3.0
    """
    first, width = 0, layer[WIDTH]
    zero = splat(0.0)
    four = (zero, zero, zero, zero)
    for _ in range(width // 128):
        _some(layer, values, p, count, first, sums, four + four)
        first += 128
    if width & 64:
        _some(layer, values, p, count, first, sums, four)
        first += 64
    if width & 32:
        _some(layer, values, p, count, first, sums, (zero, zero))
        first += 32
    if width & 16:
        _some(layer, values, p, count, first, sums, (zero,))


@inner
def pixels_forward(layer, w, background, p, x):
    """Complete the total inputs in `x`, which are `ink_sums` of the array v as yet.

    Example:
        >>> from paper_lenet.engine.general_layout import parameter_room, plan, state_room
        >>> from paper_lenet.network.lenets import fully_connected
        >>> found = plan(fully_connected(28, [300]))
        >>> layer, p = found.layers[0], pixels(found)
        >>> w, x = parameter_room(found), state_room(found)
        >>> w[layer[BIASES] :], p.columns[:], x[layer[HERE] :] = 1, 10, 4  # b, W and the ink's sum
        >>> kernel(pixels_forward.py_func)(layer, w, 0.5, p, x)
        >>> float(x[layer[HERE]])  # b + s W + 4
        10.0
    """
    s = splat(background)
    for k in range(0, layer[WIDTH], 16):
        total = fma(s, load(p.columns, k), load(w, layer[BIASES] + k))
        total = total + load(x, layer[HERE] + k)
        store(x, layer[HERE] + k, fma_less(load(p.held, k), load(p.inked, k), total))


@inner
def pixels_descend(layer, w, steps, background, p, count, d):
    """One update of the first layer, from the derivatives `d` in its total inputs.

    Example:
        >>> from paper_lenet.engine.general_layout import parameter_room, plan, state_room
        >>> from paper_lenet.network.lenets import fully_connected
        >>> found = plan(fully_connected(28, [300]))
        >>> p, w, steps = pixels(found), parameter_room(found), parameter_room(found) + 1
        >>> d = state_room(found) + 1
        >>> kernel(pixels_descend.py_func)(found.layers[0], w, steps, 0.5, p, 0, d)
        >>> bool(w[: found.layers[0, BIASES]].any()), float(p.held[0])  # no ink: s d is held back
        (False, 0.5)
    """
    s, here = splat(background), layer[HERE]
    for i in range(count):
        less = splats(p.less, i, 0, 1)[0]
        row = layer[WEIGHTS] + p.ink[i] * layer[WIDTH]
        for k in range(0, layer[WIDTH], 16):
            descend(w, steps, row + k, less * load(d, here + k))
    for k in range(0, layer[WIDTH], 16):
        mine = load(d, here + k)
        store(p.held, k, fma(s, mine, load(p.held, k)))
        moved = fma(s, load(p.step_columns, k), load(p.inked, k))
        store(p.columns, k, fma_less(mine, moved, load(p.columns, k)))
        descend(w, steps, layer[BIASES] + k, mine)


def settled(
    plan: LayeredPlan, w: NDArray[np.float32], steps: NDArray[np.float32], p: Pixels
) -> NDArray[np.float32]:
    """The weights themselves, w_ij = v_ij - epsilon_ij D_j, in a new array.

    Example:
        >>> from paper_lenet.engine.general_layout import parameter_room, plan
        >>> from paper_lenet.network.lenets import fully_connected
        >>> found = plan(fully_connected(28, [300]))
        >>> p, w, steps = pixels(found), parameter_room(found), parameter_room(found)
        >>> steps[:], p.held[:] = 0.5, 3
        >>> float(settled(found, w, steps, p)[0])
        -1.5
    """
    layer = plan.layers[0]
    result = room(len(w))
    result[:] = w
    rows = slice(layer[WEIGHTS], layer[BIASES])
    shape = layer[COUNT], layer[WIDTH]
    result[rows] -= (steps[rows].reshape(shape) * p.held).ravel()
    return result
