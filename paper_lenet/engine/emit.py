"""The LLVM instructions that `simd`, `choices` and `tiles` write.

Everything here runs when a kernel is compiled; `builder` writes the instructions, and the values
are LLVM's.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba.core import cgutils

LANES = 16
VECTOR = ir.VectorType(ir.FloatType(), LANES)


def address(context: Any, builder: Any, kind: Any, array: Any, offset: Any) -> Any:
    """The address of the element of `array`, of Numba's type `kind`, at `offset`."""
    data = context.make_array(kind)(context, builder, array).data
    return builder.gep(data, [offset])


def vector_at(builder: Any, place: Any) -> Any:
    """The address of the vector that begins at the address `place`."""
    return builder.bitcast(place, VECTOR.as_pointer())


def repeated(builder: Any, scalar: Any) -> Any:
    """Sixteen times the scalar."""
    one = builder.insert_element(ir.Constant(VECTOR, ir.Undefined), scalar, ir.IntType(32)(0))
    mask = ir.Constant(ir.VectorType(ir.IntType(32), LANES), [0] * LANES)
    return builder.shuffle_vector(one, ir.Constant(VECTOR, ir.Undefined), mask)


def shuffle(builder: Any, a: Any, b: Any, order: list[int]) -> Any:
    """The lanes that `order` names: 0 to 15 of `a`, 16 to 31 of `b`."""
    kind = ir.VectorType(ir.IntType(32), LANES)
    return builder.shuffle_vector(a, b, ir.Constant(kind, order))


def fused(builder: Any, a: Any, b: Any, c: Any) -> Any:
    """a * b + c with one rounding."""
    kind = ir.FunctionType(VECTOR, [VECTOR] * 3)
    function = cgutils.get_or_insert_function(builder.module, kind, "llvm.fma.v16f32")
    return builder.call(function, [a, b, c])
