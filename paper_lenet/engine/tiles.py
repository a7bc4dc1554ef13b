"""Tiles: several vectors held in registers, as tuples. How they are loaded and stored.

An operation on a tile is written out for each of its vectors when it is compiled: this is the only
unrolling in the engine. `products` and `across` have what the layers do with tiles.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from paper_lenet.engine.emit import (
    LANES,
    VECTOR,
    Emit,
    address,
    joined,
    parts,
    repeated,
    vector_at,
)
from paper_lenet.engine.simd import lanes


def tile_of(count: int) -> Any:
    """Numba's type of a tile of `count` vectors.

    Example:
        >>> print(tile_of(3))
        UniTuple(lanes16xfloat32 x 3)
    """
    return types.UniTuple(lanes, count)


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
        return joined(builder, [ir.Constant(VECTOR, [0.0] * LANES)] * number)

    return tile_of(number)(count), emit


def _load_tile(count: int) -> Emit:
    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        places = _places(context, builder, signature.args[0], args, count)
        pointers = [vector_at(builder, place) for place in places]
        return joined(builder, [builder.load(pointer, align=4) for pointer in pointers])

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
    return tile_of(number)(array, types.intp, types.intp, count), _load_tile(number)


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
        return joined(builder, [repeated(builder, builder.load(place)) for place in places])

    return tile_of(number)(array, types.intp, types.intp, count), emit


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
        vectors = parts(builder, args[3])
        places = _places(context, builder, signature.args[0], args, len(vectors))
        for place, vector in zip(places, vectors, strict=True):
            builder.store(vector, vector_at(builder, place), align=4)
        return context.get_dummy_value()

    return types.void(array, types.intp, types.intp, tile), emit
