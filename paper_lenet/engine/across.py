"""What crosses lanes: picking them, and the sums of rows, by one fixed tree."""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba.extending import intrinsic

from paper_lenet.engine.emit import LANES, VECTOR, joined, parts, shuffle
from paper_lenet.engine.simd import lanes
from paper_lenet.engine.tiles import tile_of


def _pick(name: str, text: str, orders: list[list[int]]) -> Any:
    """An intrinsic on two vectors that picks lanes; 16 to 31 are those of the second."""

    def pick(typing: Any, a: Any, b: Any) -> Any:
        def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            picked = [shuffle(builder, args[0], args[1], order) for order in orders]
            return picked[0] if len(picked) == 1 else joined(builder, picked)

        return (lanes if len(orders) == 1 else tile_of(len(orders)))(lanes, lanes), emit

    pick.__name__, pick.__doc__ = name, text
    return intrinsic(pick)


_PAIRS = [place for i in range(LANES) for place in (i, i + LANES)]
evens = _pick(
    "evens",
    """Lanes 0, 2, 4, ... of a, then of b.

    Example:
        >>> import numpy as np
        >>> from paper_lenet.engine.kernel import kernel
        >>> from paper_lenet.engine.simd import load, store
        >>> x, out = np.arange(32, dtype=np.float32), np.empty(16, np.float32)
        >>> kernel(lambda x, out: store(out, 0, evens(load(x, 0), load(x, 16))))(x, out)
        >>> out[:3].tolist(), int(out[-1])
        ([0.0, 2.0, 4.0], 30)
    """,
    [list(range(0, 2 * LANES, 2))],
)
odds = _pick(
    "odds",
    """Lanes 1, 3, 5, ... of a, then of b.

    Example:
        >>> import numpy as np
        >>> from paper_lenet.engine.kernel import kernel
        >>> from paper_lenet.engine.simd import load, store
        >>> x, out = np.arange(32, dtype=np.float32), np.empty(16, np.float32)
        >>> kernel(lambda x, out: store(out, 0, odds(load(x, 0), load(x, 16))))(x, out)
        >>> out[:3].tolist(), int(out[-1])
        ([1.0, 3.0, 5.0], 31)
    """,
    [list(range(1, 2 * LANES, 2))],
)
interleave = _pick(
    "interleave",
    """A tile of two: a0, b0, a1, b1, ...

    Example:
        >>> import numpy as np
        >>> from paper_lenet.engine.kernel import kernel
        >>> from paper_lenet.engine.simd import load
        >>> from paper_lenet.engine.tiles import store_tile
        >>> @kernel
        ... def run(x, out):
        ...     store_tile(out, 0, 16, interleave(load(x, 0), load(x, 16)))
        >>> x, out = np.arange(32, dtype=np.float32), np.empty(32, np.float32)
        >>> run(x, out)
        >>> out[:4].tolist(), out[-2:].tolist()
        ([0.0, 16.0, 1.0, 17.0], [15.0, 31.0])
    """,
    [_PAIRS[:LANES], _PAIRS[LANES:]],
)


@intrinsic
def sum_rows(typing: Any, tile: Any) -> Any:
    """A vector whose lane i is the sum of the lanes of tile[i]; 0 in lanes beyond the tile.

    The tree: lanes are halved four times, each time adding the upper half of every group of lanes
    to the lower one, while two vectors are packed into one.

    Example:
        >>> import numpy as np
        >>> from paper_lenet.engine.kernel import kernel
        >>> from paper_lenet.engine.simd import store
        >>> from paper_lenet.engine.tiles import load_tile
        >>> x, out = np.arange(32, dtype=np.float32), np.empty(16, np.float32)
        >>> kernel(lambda x, out: store(out, 0, sum_rows(load_tile(x, 0, 16, 2))))(x, out)
        >>> out[:3].tolist(), x.reshape(2, 16).sum(1).tolist()
        ([120.0, 376.0, 0.0], [120.0, 376.0])
    """

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        zero = ir.Constant(VECTOR, [0.0] * LANES)
        rows = parts(builder, args[0])
        rows += [zero] * (LANES - len(rows))
        half = LANES // 2
        while half:
            # Lanes whose number has the bit `half` come from the second vector of a pair.
            own = [i + LANES * bool(i & half) for i in range(LANES)]
            other = [i ^ half for i in own]
            pairs = zip(rows[: len(rows) // 2], rows[len(rows) // 2 :], strict=True)
            rows = [
                builder.fadd(shuffle(builder, a, b, own), shuffle(builder, a, b, other))
                for a, b in pairs
            ]
            half //= 2
        return rows[0]

    return lanes(tile), emit
