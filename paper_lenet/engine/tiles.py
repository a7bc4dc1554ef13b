"""Tiles: several vectors held in registers, as tuples, and what the layers do with them.

An operation on a tile is written out for each of its vectors when it is compiled: this is the only
unrolling in the engine. The sums that cross lanes follow one fixed tree.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from paper_lenet.engine.emit import LANES, VECTOR, address, fused, repeated, shuffle, vector_at
from paper_lenet.engine.simd import lanes

Emit = Callable[[Any, Any, Any, Any], Any]


def _tile_of(count: int) -> Any:
    """Numba's type of a tile of `count` vectors."""
    return types.UniTuple(lanes, count)


def _parts(builder: Any, tile: Any) -> list[Any]:
    return [builder.extract_value(tile, i) for i in range(tile.type.count)]


def _joined(builder: Any, parts: list[Any]) -> Any:
    tile = ir.Constant(ir.ArrayType(VECTOR, len(parts)), ir.Undefined)
    for i, part in enumerate(parts):
        tile = builder.insert_value(tile, part, i)
    return tile


def _places(context: Any, builder: Any, kind: Any, args: Any, count: int) -> Iterator[Any]:
    """Addresses in array `args[0]` at offset `args[1]` plus 0, 1, ... times stride `args[2]`."""
    array, offset, stride = args[:3]
    for i in range(count):
        step = builder.mul(stride, ir.Constant(stride.type, i))
        yield address(context, builder, kind, array, builder.add(offset, step))


@intrinsic(prefer_literal=True)
def zeros(typing: Any, count: Any) -> Any:
    """A tile of `count` vectors of zeros.

    Example:
        >>> import numpy as np
        >>> from paper_lenet.engine.kernel import kernel
        >>> out = np.ones(48, np.float32)
        >>> kernel(lambda out: store_tile(out, 0, 16, zeros(2)))(out)
        >>> np.flatnonzero(out).tolist() == list(range(32, 48))
        True
    """
    number = count.literal_value

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return _joined(builder, [ir.Constant(VECTOR, [0.0] * LANES)] * number)

    return _tile_of(number)(count), emit


def _load_tile(count: int) -> Emit:
    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        places = _places(context, builder, signature.args[0], args, count)
        pointers = [vector_at(builder, place) for place in places]
        return _joined(builder, [builder.load(pointer, align=4) for pointer in pointers])

    return emit


@intrinsic(prefer_literal=True)
def load_tile(typing: Any, array: Any, offset: Any, stride: Any, count: Any) -> Any:
    """`count` vectors, the first at `offset`, each next one `stride` elements on.

    Example:
        >>> import numpy as np
        >>> from paper_lenet.engine.kernel import kernel
        >>> x, out = np.arange(32, dtype=np.float32), np.empty((3, 16), np.float32)
        >>> kernel(lambda x, out: store_tile(out, 0, 16, load_tile(x, 4, 2, 3)))(x, out.ravel())
        >>> out[:, :4].tolist()
        [[4.0, 5.0, 6.0, 7.0], [6.0, 7.0, 8.0, 9.0], [8.0, 9.0, 10.0, 11.0]]
    """
    number = count.literal_value
    return _tile_of(number)(array, types.intp, types.intp, count), _load_tile(number)


@intrinsic
def load_like(typing: Any, array: Any, offset: Any, stride: Any, tile: Any) -> Any:
    """As `load_tile`, as many vectors as `tile` has.

    Example:
        >>> import numpy as np
        >>> from paper_lenet.engine.kernel import kernel
        >>> x, out = np.arange(32, dtype=np.float32), np.zeros((3, 16), np.float32)
        >>> @kernel
        ... def run(x, out):
        ...     store_tile(out, 0, 16, load_like(x, 0, 16, zeros(2)))
        >>> run(x, out.ravel())
        >>> out[:, 0].tolist()
        [0.0, 16.0, 0.0]
    """
    return tile(array, types.intp, types.intp, tile), _load_tile(len(tile))


@intrinsic(prefer_literal=True)
def splats(typing: Any, array: Any, offset: Any, stride: Any, count: Any) -> Any:
    """`count` scalars, placed as in `load_tile`, each in all lanes of its vector.

    Example:
        >>> import numpy as np
        >>> from paper_lenet.engine.kernel import kernel
        >>> x, out = np.arange(5, dtype=np.float32), np.empty((3, 16), np.float32)
        >>> kernel(lambda x, out: store_tile(out, 0, 16, splats(x, 0, 2, 3)))(x, out.ravel())
        >>> out[:, 0].tolist(), (out == out[:, :1]).all().item()
        ([0.0, 2.0, 4.0], True)
    """
    number = count.literal_value

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        places = _places(context, builder, signature.args[0], args, number)
        return _joined(builder, [repeated(builder, builder.load(place)) for place in places])

    return _tile_of(number)(array, types.intp, types.intp, count), emit


@intrinsic
def store_tile(typing: Any, array: Any, offset: Any, stride: Any, tile: Any) -> Any:
    """Write the vectors of `tile` to places as in `load_tile`.

    Example:
        >>> import numpy as np
        >>> from paper_lenet.engine.kernel import kernel
        >>> out = np.ones((2, 20), np.float32)
        >>> kernel(lambda out: store_tile(out, 0, 20, zeros(2)))(out.ravel())
        >>> out.sum(1).tolist()
        [4.0, 4.0]
    """

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        parts = _parts(builder, args[3])
        places = _places(context, builder, signature.args[0], args, len(parts))
        for place, part in zip(places, parts, strict=True):
            builder.store(part, vector_at(builder, place), align=4)
        return context.get_dummy_value()

    return types.void(array, types.intp, types.intp, tile), emit


def _accumulator(pairs: Callable[[int, int, int], Iterator[tuple[int, int, int]]]) -> Emit:
    """acc[i] += a[j] * b[k] for every (i, j, k) that `pairs` gives for the three lengths."""

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        acc, a, b = (_parts(builder, tile) for tile in args)
        for i, j, k in pairs(len(acc), len(a), len(b)):
            acc[i] = fused(builder, a[j], b[k], acc[i])
        return _joined(builder, acc)

    return emit


@intrinsic
def outer(typing: Any, acc: Any, a: Any, b: Any) -> Any:
    """acc[i * len(b) + j] + a[i] * b[j].

    Example:
        >>> import numpy as np
        >>> from paper_lenet.engine.kernel import kernel
        >>> @kernel
        ... def run(x, out):
        ...     tile = outer(zeros(6), splats(x, 0, 1, 2), splats(x, 2, 1, 3))
        ...     store_tile(out, 0, 16, tile)
        >>> x, out = np.array([1, 2, 10, 20, 30], np.float32), np.empty((6, 16), np.float32)
        >>> run(x, out.ravel())
        >>> out[:, 0].tolist()
        [10.0, 20.0, 30.0, 20.0, 40.0, 60.0]
    """

    def pairs(_: int, rows: int, columns: int) -> Iterator[tuple[int, int, int]]:
        return ((i * columns + j, i, j) for i in range(rows) for j in range(columns))

    return acc(acc, a, b), _accumulator(pairs)


@intrinsic
def row_forward(typing: Any, out: Any, kernel: Any, row: Any) -> Any:
    """One row of a convolution: out[x] + sum over d of kernel[d] * row[x + d].

    Example:
        >>> import numpy as np
        >>> from paper_lenet.engine.kernel import kernel
        >>> @kernel
        ... def run(x, out):
        ...     tile = row_forward(zeros(2), splats(x, 0, 1, 2), splats(x, 2, 1, 3))
        ...     store_tile(out, 0, 16, tile)
        >>> x, out = np.array([1, 10, 1, 2, 3], np.float32), np.empty((2, 16), np.float32)
        >>> run(x, out.ravel())
        >>> out[:, 0].tolist(), np.correlate(x[2:], x[:2]).tolist()
        ([21.0, 32.0], [21.0, 32.0])
    """

    def pairs(width: int, kernel: int, _: int) -> Iterator[tuple[int, int, int]]:
        return ((x, d, x + d) for d in range(kernel) for x in range(width))

    return out(out, kernel, row), _accumulator(pairs)


@intrinsic
def row_backward(typing: Any, row: Any, kernel: Any, out: Any) -> Any:
    """Its derivative in the row: row[x + d] + kernel[d] * out[x] over all x and d.

    Example:
        >>> import numpy as np
        >>> from paper_lenet.engine.kernel import kernel
        >>> @kernel
        ... def run(x, row):
        ...     tile = row_backward(zeros(3), splats(x, 0, 1, 2), splats(x, 2, 1, 2))
        ...     store_tile(row, 0, 16, tile)
        >>> x, row = np.array([1, 10, 1, 2], np.float32), np.empty((3, 16), np.float32)
        >>> run(x, row.ravel())
        >>> row[:, 0].tolist(), np.convolve(x[2:], x[:2]).tolist()
        ([1.0, 12.0, 20.0], [1.0, 12.0, 20.0])
    """

    def pairs(_: int, kernel: int, width: int) -> Iterator[tuple[int, int, int]]:
        return ((x + d, d, x) for d in range(kernel) for x in range(width))

    return row(row, kernel, out), _accumulator(pairs)


@intrinsic
def row_kernel(typing: Any, kernel: Any, row: Any, out: Any) -> Any:
    """Its derivative in the kernel: kernel[d] + sum over x of row[x + d] * out[x].

    For several rows at once, end to end, and as many kernels: their sums take turns, so that none
    waits for itself.

    Example:
        >>> import numpy as np
        >>> from paper_lenet.engine.kernel import kernel
        >>> @kernel
        ... def run(x, taps):
        ...     tile = row_kernel(zeros(2), splats(x, 0, 1, 3), splats(x, 3, 1, 2))
        ...     store_tile(taps, 0, 16, tile)
        >>> x, taps = np.array([1, 2, 3, 1, 10], np.float32), np.empty((2, 16), np.float32)
        >>> run(x, taps.ravel())
        >>> taps[:, 0].tolist(), np.correlate(x[:3], x[3:]).tolist()
        ([21.0, 32.0], [21.0, 32.0])
    """

    def pairs(kernels: int, rows: int, width: int) -> Iterator[tuple[int, int, int]]:
        count = (rows - kernels) // (width - 1)
        taps, length = kernels // count, rows // count
        return (
            (r * taps + d, r * length + x + d, x)
            for x in range(width)
            for d in range(taps)
            for r in range(count)
        )

    return kernel(kernel, row, out), _accumulator(pairs)


@intrinsic
def dot(typing: Any, a: Any, b: Any) -> Any:
    """The vector sum of a[i] * b[i], in order of i.

    Example:
        >>> import numpy as np
        >>> from paper_lenet.engine.kernel import kernel
        >>> from paper_lenet.engine.simd import store
        >>> @kernel
        ... def run(x, out):
        ...     store(out, 0, dot(splats(x, 0, 1, 2), splats(x, 2, 1, 2)))
        >>> x, out = np.array([1, 2, 10, 100], np.float32), np.empty(16, np.float32)
        >>> run(x, out)
        >>> out[0].item()
        210.0
    """

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        left, right = (_parts(builder, tile) for tile in args)
        total = builder.fmul(left[0], right[0])
        for x, y in zip(left[1:], right[1:], strict=True):
            total = fused(builder, x, y, total)
        return total

    return lanes(a, b), emit


def _pick(name: str, text: str, orders: list[list[int]]) -> Any:
    """An intrinsic on two vectors that picks lanes; 16 to 31 are those of the second."""

    def pick(typing: Any, a: Any, b: Any) -> Any:
        def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            parts = [shuffle(builder, args[0], args[1], order) for order in orders]
            return parts[0] if len(parts) == 1 else _joined(builder, parts)

        return (lanes if len(orders) == 1 else _tile_of(len(orders)))(lanes, lanes), emit

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
        >>> x, out = np.arange(32, dtype=np.float32), np.empty(16, np.float32)
        >>> kernel(lambda x, out: store(out, 0, sum_rows(load_tile(x, 0, 16, 2))))(x, out)
        >>> out[:3].tolist(), x.reshape(2, 16).sum(1).tolist()
        ([120.0, 376.0, 0.0], [120.0, 376.0])
    """

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        zero = ir.Constant(VECTOR, [0.0] * LANES)
        rows = _parts(builder, args[0])
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
