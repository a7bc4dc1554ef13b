"""Choices in each lane, and powers of two: what `functions` needs beside arithmetic."""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba.extending import intrinsic

from paper_lenet.engine.emit import LANES, VECTOR
from paper_lenet.engine.simd import lanes


def _choice(name: str, text: str, order: str) -> Any:
    """An intrinsic on two vectors: a in the lanes where the order holds, b in the others."""

    def choose(typing: Any, a: Any, b: Any) -> Any:
        def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            return builder.select(builder.fcmp_ordered(order, *args), *args)

        return lanes(lanes, lanes), emit

    choose.__name__, choose.__doc__ = name, text
    return intrinsic(choose)


larger = _choice(
    "larger",
    """The larger of a and b in each lane; b where either is not a number.

    Example:
        >>> import numpy as np
        >>> from paper_lenet.engine.kernel import kernel
        >>> from paper_lenet.engine.simd import load, splat, store
        >>> x = np.arange(16, dtype=np.float32) - 2
        >>> x[4] = np.nan
        >>> kernel(lambda x: store(x, 0, larger(load(x, 0), splat(0.0))))(x)
        >>> x[:6].tolist()
        [0.0, 0.0, 0.0, 1.0, 0.0, 3.0]
    """,
    ">",
)
smaller = _choice(
    "smaller",
    """The smaller of a and b in each lane; b where either is not a number.

    Example:
        >>> import numpy as np
        >>> from paper_lenet.engine.kernel import kernel
        >>> from paper_lenet.engine.simd import load, splat, store
        >>> x = np.arange(16, dtype=np.float32) - 2
        >>> x[1] = np.nan
        >>> kernel(lambda x: store(x, 0, smaller(load(x, 0), splat(0.0))))(x)
        >>> x[:6].tolist()
        [-2.0, 0.0, 0.0, 0.0, 0.0, 0.0]
    """,
    "<",
)


@intrinsic
def where_equal(typing: Any, a: Any, b: Any, yes: Any, no: Any) -> Any:
    """`yes` in the lanes where a equals b, `no` in the others.

    Example:
        >>> import numpy as np
        >>> from paper_lenet.engine.kernel import kernel
        >>> from paper_lenet.engine.simd import load, splat, store
        >>> @kernel
        ... def fill(x):
        ...     store(x, 0, where_equal(load(x, 0), splat(0.0), splat(7.0), load(x, 0)))
        >>> x = np.arange(16, dtype=np.float32) % 3
        >>> fill(x)
        >>> x[:6].tolist()
        [7.0, 1.0, 2.0, 7.0, 1.0, 2.0]
    """

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.select(builder.fcmp_ordered("==", *args[:2]), *args[2:])

    return lanes(lanes, lanes, lanes, lanes), emit


@intrinsic
def power_of_two(typing: Any, exponent: Any) -> Any:
    """2 to the `exponent`, a whole number from -126 to 127 in each lane: its bits are set.

    Example:
        >>> import numpy as np
        >>> from paper_lenet.engine.kernel import kernel
        >>> from paper_lenet.engine.simd import load, store
        >>> x = np.arange(-3, 13, dtype=np.float32)
        >>> kernel(lambda x: store(x, 0, power_of_two(load(x, 0))))(x)
        >>> x[:5].tolist()
        [0.125, 0.25, 0.5, 1.0, 2.0]
    """

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        integers = ir.VectorType(ir.IntType(32), LANES)
        whole = builder.add(builder.fptosi(args[0], integers), ir.Constant(integers, [127] * LANES))
        return builder.bitcast(builder.shl(whole, ir.Constant(integers, [23] * LANES)), VECTOR)

    return lanes(lanes), emit
