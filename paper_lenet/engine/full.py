"""C5 and F6: layers in which every unit sees every input.

Units share vectors, eight for C5's 120 and six for F6's 84; a row of the weights belongs to one
input. The number of vectors is that of the tile that the caller hands over.
"""

from __future__ import annotations

from paper_lenet.engine.across import sum_rows
from paper_lenet.engine.kernel import inner
from paper_lenet.engine.products import dot, outer
from paper_lenet.engine.simd import fma_less, load, store
from paper_lenet.engine.tiles import load_like, load_tile, splats


@inner
def full_forward(w, place, bias, x, count):
    """Total inputs: `bias` plus x[i] times the row i of the weights at `place`, for all inputs.

    Example:
        >>> import numpy as np
        >>> from paper_lenet.engine.kernel import kernel
        >>> from paper_lenet.engine.tiles import store_tile
        >>> @kernel
        ... def run(w, x, a):
        ...     store_tile(a, 0, 16, full_forward(w, 16, load_tile(w, 0, 16, 1), x, 3))
        >>> w, x, a = (np.ones(size, np.float32) for size in (64, 3, 16))
        >>> w[:16] = range(16)  # the biases; then a row of weights for each of three inputs
        >>> run(w, x, a)
        >>> np.array_equal(a, w[:16] + 3)
        True
    """
    total = bias
    for i in range(count):
        row = load_like(w, place + i * 16 * len(bias), 16, bias)
        total = outer(total, splats(x, i, 0, 1), row)
    return total


@inner
def full_backward(w, target, steps, place, d, x, count, below, sums):
    """From the tile `d` of derivatives in total inputs: those in the inputs `x`; descend.

    The derivatives take the weights as they were: row by row, both are done while a row is there.
    `sums` is room for sixteen vectors, whose lanes are added together; `count` is a multiple of
    sixteen.

    Example:
        >>> import numpy as np
        >>> from paper_lenet.engine.kernel import kernel
        >>> @kernel
        ... def run(w, steps, d, x, below, sums):
        ...     full_backward(w, w, steps, 0, load_tile(d, 0, 16, 1), x, 16, below, sums)
        >>> w, steps, sums = (np.ones(256, np.float32) for _ in range(3))
        >>> d, x, below = (np.full(16, value, np.float32) for value in (1, 3, 0))
        >>> run(w, steps, d, x, below, sums)
        >>> float(w[0]), float(below[0])  # 1 - 3 * 1, and 16 times 1 through weights as they were
        (-2.0, 16.0)
    """
    width = 16 * len(d)
    for first in range(0, count, 16):
        for i in range(16):
            row = place + (first + i) * width
            store(sums, 16 * i, dot(load_like(w, row, 16, d), d))
            state = splats(x, first + i, 0, 1)[0]
            for k in range(len(d)):
                at = row + 16 * k
                store(target, at, fma_less(load(steps, at), state * d[k], load(target, at)))
        store(below, first, sum_rows(load_tile(sums, 0, 16, 16)))
