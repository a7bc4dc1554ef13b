"""The LLVM instructions that `simd`, `choices`, `tiles`, `products` and `across` write.

Everything here runs when a kernel is compiled; `builder` writes the instructions, and the values
are LLVM's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from llvmlite import ir
from numba.core import cgutils

LANES = 16
VECTOR = ir.VectorType(ir.FloatType(), LANES)

# From context, builder, signature and arguments to what an intrinsic gives.
Emit = Callable[[Any, Any, Any, Any], Any]


def address(context: Any, builder: Any, kind: Any, array: Any, offset: Any) -> Any:
    """The address of the element of `array`, of Numba's type `kind`, at `offset`.

    Example:
        >>> from numba import float32
        >>> from numba.core.registry import cpu_target
        >>> context, kind = cpu_target.target_context, float32[::1]
        >>> takes = ir.FunctionType(ir.VoidType(), [context.get_value_type(kind)])
        >>> function = ir.Function(ir.Module(), takes, "f")
        >>> builder = ir.IRBuilder(function.append_basic_block())
        >>> place = address(context, builder, kind, function.args[0], ir.IntType(64)(3))
        >>> place.opname, place.indices[0].constant
        ('getelementptr', 3)
    """
    data = context.make_array(kind)(context, builder, array).data
    return builder.gep(data, [offset])


def vector_at(builder: Any, place: Any) -> Any:
    """The address of the vector that begins at the address `place`.

    Example:
        >>> takes = ir.FunctionType(VECTOR, [ir.FloatType().as_pointer()])
        >>> function = ir.Function(ir.Module(), takes, "f")
        >>> builder = ir.IRBuilder(function.append_basic_block())
        >>> str(builder.load(vector_at(builder, function.args[0])).type)
        '<16 x float>'
    """
    return builder.bitcast(place, VECTOR.as_pointer())


def repeated(builder: Any, scalar: Any) -> Any:
    """Sixteen times the scalar.

    Example:
        >>> function = ir.Function(ir.Module(), ir.FunctionType(VECTOR, [ir.FloatType()]), "f")
        >>> builder = ir.IRBuilder(function.append_basic_block())
        >>> found = repeated(builder, function.args[0])
        >>> found.opname, str(found.type)
        ('shufflevector', '<16 x float>')
    """
    one = builder.insert_element(ir.Constant(VECTOR, ir.Undefined), scalar, ir.IntType(32)(0))
    mask = ir.Constant(ir.VectorType(ir.IntType(32), LANES), [0] * LANES)
    return builder.shuffle_vector(one, ir.Constant(VECTOR, ir.Undefined), mask)


def shuffle(builder: Any, a: Any, b: Any, order: list[int]) -> Any:
    """The lanes that `order` names: 0 to 15 of `a`, 16 to 31 of `b`.

    Example:
        >>> function = ir.Function(ir.Module(), ir.FunctionType(VECTOR, [VECTOR] * 2), "f")
        >>> builder = ir.IRBuilder(function.append_basic_block())
        >>> found = shuffle(builder, *function.args, list(range(0, 32, 2)))
        >>> found.opname, str(found.type)
        ('shufflevector', '<16 x float>')
    """
    kind = ir.VectorType(ir.IntType(32), LANES)
    return builder.shuffle_vector(a, b, ir.Constant(kind, order))


def fused(builder: Any, a: Any, b: Any, c: Any) -> Any:
    """a * b + c with one rounding.

    Example:
        >>> function = ir.Function(ir.Module(), ir.FunctionType(VECTOR, [VECTOR] * 3), "f")
        >>> builder = ir.IRBuilder(function.append_basic_block())
        >>> fused(builder, *function.args).callee.name
        'llvm.fma.v16f32'
    """
    kind = ir.FunctionType(VECTOR, [VECTOR] * 3)
    function = cgutils.get_or_insert_function(builder.module, kind, "llvm.fma.v16f32")
    return builder.call(function, [a, b, c])


def parts(builder: Any, tile: Any) -> list[Any]:
    """The vectors of a tile, which is an array of them.

    Example:
        >>> takes = ir.FunctionType(VECTOR, [ir.ArrayType(VECTOR, 3)])
        >>> function = ir.Function(ir.Module(), takes, "f")
        >>> builder = ir.IRBuilder(function.append_basic_block())
        >>> [str(part.type) for part in parts(builder, function.args[0])]
        ['<16 x float>', '<16 x float>', '<16 x float>']
    """
    return [builder.extract_value(tile, i) for i in range(tile.type.count)]


def joined(builder: Any, vectors: Sequence[Any]) -> Any:
    """The tile of these vectors.

    Example:
        >>> function = ir.Function(ir.Module(), ir.FunctionType(VECTOR, [VECTOR] * 2), "f")
        >>> builder = ir.IRBuilder(function.append_basic_block())
        >>> str(joined(builder, function.args).type)
        '[2 x <16 x float>]'
    """
    tile = ir.Constant(ir.ArrayType(VECTOR, len(vectors)), ir.Undefined)
    for i, vector in enumerate(vectors):
        tile = builder.insert_value(tile, vector, i)
    return tile
