"""Full layers of any width: every unit sees every unit below.

Units share vectors; a row of the weights belongs to one unit below. Up to eight vectors of total
inputs stay in registers while the rows pass by.
"""

from __future__ import annotations

from paper_lenet.engine.across import sum_rows
from paper_lenet.engine.convolutions import descend
from paper_lenet.engine.general_layout import BELOW, BIASES, COUNT, HERE, WEIGHTS, WIDTH
from paper_lenet.engine.kernel import inner
from paper_lenet.engine.products import outer
from paper_lenet.engine.simd import fma, load, splat, store
from paper_lenet.engine.tiles import load_like, load_tile, splats, store_tile


@inner
def _some(layer, w, x, first, total):
    """Total inputs of the units from `first` on, as many as the tile `total` of biases has."""
    for i in range(layer[COUNT]):
        row = load_like(w, layer[WEIGHTS] + i * layer[WIDTH] + first, 16, total)
        total = outer(total, splats(x, layer[BELOW] + i, 0, 1), row)
    store_tile(x, layer[HERE] + first, 16, total)


@inner
def full_forward(layer, w, x):
    """Total inputs of all units, from the states `x` below.

    Example:
        >>> from paper_lenet.engine.general_layout import parameter_room, plan, state_room
        >>> from paper_lenet.engine.kernel import kernel
        >>> from paper_lenet.network.lenets import fully_connected
        >>> p = plan(fully_connected(28, [300]))
        >>> layer, w, x = p.layers[1], parameter_room(p) + 1, state_room(p)
        >>> x[layer[BELOW] : layer[BELOW] + 300] = 1
        >>> kernel(full_forward.py_func)(layer, w, x)
        >>> float(x[layer[HERE]])  # 300 units and a bias
        301.0
    """
    first, width, biases = 0, layer[WIDTH], layer[BIASES]
    for _ in range(width // 128):
        _some(layer, w, x, first, load_tile(w, biases + first, 16, 8))
        first += 128
    if width & 64:
        _some(layer, w, x, first, load_tile(w, biases + first, 16, 4))
        first += 64
    if width & 32:
        _some(layer, w, x, first, load_tile(w, biases + first, 16, 2))
        first += 32
    if width & 16:
        _some(layer, w, x, first, load_tile(w, biases + first, 16, 1))


@inner
def full_backward(layer, w, target, steps, x, d, sums):
    """From the derivatives `d` in total inputs: those in the states `x` below; descend.

    The derivatives take the weights as they were: row by row, both are done while a row is there.
    `sums` is room for sixteen vectors, whose lanes are added together.

    Example:
        >>> from paper_lenet.engine.general_layout import parameter_room, plan
        >>> from paper_lenet.engine.general_state import work
        >>> from paper_lenet.engine.kernel import kernel
        >>> from paper_lenet.network.lenets import fully_connected
        >>> p = plan(fully_connected(28, [300]))
        >>> layer, w, steps, r = p.layers[1], parameter_room(p) + 1, parameter_room(p) + 1, work(p)
        >>> r.x[:], r.d[layer[HERE] : layer[HERE] + 10] = 3, 1
        >>> kernel(full_backward.py_func)(layer, w, w, steps, r.x, r.d, r.sums)
        >>> float(r.d[layer[BELOW]])  # through ten weights, as they were
        10.0
        >>> w[[layer[WEIGHTS], layer[BIASES]]].tolist()  # 1 - 3 and 1 - 1
        [-2.0, 0.0]
    """
    here, width = layer[HERE], layer[WIDTH]
    for first in range(0, layer[COUNT], 16):
        for i in range(16):
            row = layer[WEIGHTS] + (first + i) * width
            state = splats(x, layer[BELOW] + first + i, 0, 1)[0]
            total = splat(0.0)
            for k in range(0, width, 16):
                mine = load(d, here + k)
                total = fma(load(w, row + k), mine, total)
                descend(target, steps, row + k, state * mine)
            store(sums, 16 * i, total)
        store(d, layer[BELOW] + first, sum_rows(load_tile(sums, 0, 16, 16)))
    for k in range(0, width, 16):
        descend(target, steps, layer[BIASES] + k, load(d, here + k))
