"""Sums of products of tiles: an outer product, one row of a convolution and its derivatives."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from numba.extending import intrinsic

from paper_lenet.engine.emit import Emit, fused, joined, parts
from paper_lenet.engine.simd import lanes


def _accumulator(pairs: Callable[[int, int, int], Iterator[tuple[int, int, int]]]) -> Emit:
    """acc[i] += a[j] * b[k] for every (i, j, k) that `pairs` gives for the three lengths."""

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        acc, a, b = (parts(builder, tile) for tile in args)
        for i, j, k in pairs(len(acc), len(a), len(b)):
            acc[i] = fused(builder, a[j], b[k], acc[i])
        return joined(builder, acc)

    return emit


@intrinsic
def outer(typing: Any, acc: Any, a: Any, b: Any) -> Any:
    """acc[i * len(b) + j] + a[i] * b[j].

    Example:
        >>> import numpy as np
        >>> from paper_lenet.engine.kernel import kernel
        >>> from paper_lenet.engine.tiles import splats, store_tile, zeros
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
        >>> from paper_lenet.engine.tiles import splats, store_tile, zeros
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
        >>> from paper_lenet.engine.tiles import splats, store_tile, zeros
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
        >>> from paper_lenet.engine.tiles import splats, store_tile, zeros
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
        >>> from paper_lenet.engine.tiles import splats
        >>> @kernel
        ... def run(x, out):
        ...     store(out, 0, dot(splats(x, 0, 1, 2), splats(x, 2, 1, 2)))
        >>> x, out = np.array([1, 2, 10, 100], np.float32), np.empty(16, np.float32)
        >>> run(x, out)
        >>> out[0].item()
        210.0
    """

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        left, right = (parts(builder, tile) for tile in args)
        total = builder.fmul(left[0], right[0])
        for x, y in zip(left[1:], right[1:], strict=True):
            total = fused(builder, x, y, total)
        return total

    return lanes(a, b), emit
