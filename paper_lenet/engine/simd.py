"""Sixteen float32 lanes as a Numba type.

LLVM turns a vector of 16 lanes into what the processor has: one AVX-512 register, two of AVX2,
four of SSE or NEON. Every operation here rounds once, in each lane, in IEEE-754 arithmetic, and
none may be reordered; so the result is the same to the last bit on all of them. `fma` rounds
once where the processor has such an instruction, and also where it has not: LLVM then calls the C
library's ``fmaf``, which has to round correctly.

Arrays are flat and float32; an offset counts elements, and nothing checks bounds.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from numba import types
from numba.extending import intrinsic, lower_builtin, models, register_model, type_callable

from paper_lenet.engine.emit import VECTOR, address, fused, repeated, vector_at


class _Lanes(types.Type):
    """Numba's type of a vector."""

    def __init__(self) -> None:
        super().__init__(name="lanes16xfloat32")


lanes = _Lanes()


@register_model(_Lanes)
class _LanesModel(models.PrimitiveModel):
    """A vector lives in one LLVM vector value."""

    def __init__(self, manager: Any, kind: _Lanes) -> None:
        super().__init__(manager, kind, VECTOR)


def _operator(function: Any, emit: str) -> None:
    @type_callable(function)
    def _type(_: Any) -> Callable[..., Any]:
        return lambda a, b: lanes if (a, b) == (lanes, lanes) else None

    @lower_builtin(function, _Lanes, _Lanes)
    def _lower(_: Any, builder: Any, __: Any, values: Any) -> Any:
        return getattr(builder, emit)(*values)


for _function, _emit in (
    (operator.add, "fadd"),
    (operator.sub, "fsub"),
    (operator.mul, "fmul"),
    (operator.truediv, "fdiv"),
):
    _operator(_function, _emit)


@intrinsic
def load(typing: Any, array: Any, offset: Any) -> Any:
    """The 16 elements from `offset` on.

    Example:
        >>> import numpy as np
        >>> from paper_lenet.engine.kernel import kernel
        >>> x, out = np.arange(32, dtype=np.float32), np.zeros(16, np.float32)
        >>> kernel(lambda x, out: store(out, 0, load(x, 3)))(x, out)
        >>> out[:3].tolist(), int(out[-1])
        ([3.0, 4.0, 5.0], 18)
    """

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        place = address(context, builder, signature.args[0], *args)
        return builder.load(vector_at(builder, place), align=4)

    return lanes(array, types.intp), emit


@intrinsic
def store(typing: Any, array: Any, offset: Any, value: Any) -> Any:
    """Write `value` to the 16 elements from `offset` on.

    Example:
        >>> import numpy as np
        >>> from paper_lenet.engine.kernel import kernel
        >>> out = np.zeros(32, np.float32)
        >>> kernel(lambda out: store(out, 5, splat(1.0)))(out)
        >>> np.flatnonzero(out)[[0, -1]].tolist()
        [5, 20]
    """

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        place = address(context, builder, signature.args[0], *args[:2])
        builder.store(args[2], vector_at(builder, place), align=4)
        return context.get_dummy_value()

    return types.void(array, types.intp, lanes), emit


@intrinsic
def splat(typing: Any, scalar: Any) -> Any:
    """The scalar in every lane.

    Example:
        >>> import numpy as np
        >>> from paper_lenet.engine.kernel import kernel
        >>> out = np.zeros(16, np.float32)
        >>> kernel(lambda out: store(out, 0, splat(1.7159)))(out)
        >>> (out == np.float32(1.7159)).all().item()
        True
    """

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return repeated(builder, args[0])

    return lanes(types.float32), emit


@intrinsic
def fma(typing: Any, a: Any, b: Any, c: Any) -> Any:
    """a * b + c, rounded once.

    Example:
        What the rounding of a * a alone loses:

        >>> import numpy as np
        >>> from paper_lenet.engine.kernel import kernel
        >>> @kernel
        ... def lost(x):
        ...     a = load(x, 0)
        ...     store(x, 0, fma(a, a, splat(0.0) - a * a))
        >>> x = np.full(16, 1 + 2**-23, np.float32)
        >>> lost(x)
        >>> x[0].item() == 2**-46
        True
    """

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return fused(builder, *args)

    return lanes(lanes, lanes, lanes), emit


@intrinsic
def fma_less(typing: Any, a: Any, b: Any, c: Any) -> Any:
    """c - a * b, rounded once.

    Example:
        A weight of 1 after a step of 0.5 along a gradient of 3 (eq. 18):

        >>> import numpy as np
        >>> from paper_lenet.engine.kernel import kernel
        >>> w = np.ones(16, np.float32)
        >>> kernel(lambda w: store(w, 0, fma_less(splat(0.5), splat(3.0), load(w, 0))))(w)
        >>> w[0].item()
        -0.5
    """

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return fused(builder, builder.fneg(args[0]), *args[1:])

    return lanes(lanes, lanes, lanes), emit
