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

from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic, lower_builtin, models, register_model, type_callable

LANES = 16
SCALAR = ir.FloatType()
VECTOR = ir.VectorType(SCALAR, LANES)


class Lanes(types.Type):
    """Numba's type of a vector."""

    def __init__(self) -> None:
        super().__init__(name="lanes16xfloat32")


lanes = Lanes()


@register_model(Lanes)
class LanesModel(models.PrimitiveModel):
    """A vector lives in one LLVM vector value."""

    def __init__(self, manager: Any, kind: Lanes) -> None:
        super().__init__(manager, kind, VECTOR)


def _operator(function: Any, emit: str) -> None:
    @type_callable(function)
    def _type(_: Any) -> Callable[..., Any]:
        return lambda a, b: lanes if (a, b) == (lanes, lanes) else None

    @lower_builtin(function, Lanes, Lanes)
    def _lower(_: Any, builder: Any, __: Any, values: Any) -> Any:
        return getattr(builder, emit)(*values)


for _function, _emit in (
    (operator.add, "fadd"),
    (operator.sub, "fsub"),
    (operator.mul, "fmul"),
    (operator.truediv, "fdiv"),
):
    _operator(_function, _emit)


def address(context: Any, builder: Any, kind: Any, array: Any, offset: Any) -> Any:
    data = context.make_array(kind)(context, builder, array).data
    return builder.gep(data, [offset])


def _vector_at(builder: Any, address: Any) -> Any:
    return builder.bitcast(address, VECTOR.as_pointer())


def emit_splat(builder: Any, scalar: Any) -> Any:
    one = builder.insert_element(ir.Constant(VECTOR, ir.Undefined), scalar, ir.IntType(32)(0))
    mask = ir.Constant(ir.VectorType(ir.IntType(32), LANES), [0] * LANES)
    return builder.shuffle_vector(one, ir.Constant(VECTOR, ir.Undefined), mask)


def shuffle(builder: Any, a: Any, b: Any, order: list[int]) -> Any:
    kind = ir.VectorType(ir.IntType(32), LANES)
    return builder.shuffle_vector(a, b, ir.Constant(kind, order))


def emit_fma(builder: Any, a: Any, b: Any, c: Any) -> Any:
    kind = ir.FunctionType(VECTOR, [VECTOR] * 3)
    function = cgutils.get_or_insert_function(builder.module, kind, "llvm.fma.v16f32")
    return builder.call(function, [a, b, c])


@intrinsic
def load(typing: Any, array: Any, offset: Any) -> Any:
    """The 16 elements from `offset` on."""

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        place = address(context, builder, signature.args[0], *args)
        return builder.load(_vector_at(builder, place), align=4)

    return lanes(array, types.intp), emit


@intrinsic
def store(typing: Any, array: Any, offset: Any, value: Any) -> Any:
    """Write `value` to the 16 elements from `offset` on."""

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        place = address(context, builder, signature.args[0], *args[:2])
        builder.store(args[2], _vector_at(builder, place), align=4)
        return context.get_dummy_value()

    return types.void(array, types.intp, lanes), emit


@intrinsic
def splat(typing: Any, scalar: Any) -> Any:
    """The scalar in every lane."""

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return emit_splat(builder, args[0])

    return lanes(types.float32), emit


@intrinsic
def fma(typing: Any, a: Any, b: Any, c: Any) -> Any:
    """a * b + c, rounded once."""

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return emit_fma(builder, *args)

    return lanes(lanes, lanes, lanes), emit


@intrinsic
def fma_less(typing: Any, a: Any, b: Any, c: Any) -> Any:
    """c - a * b, rounded once."""

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return emit_fma(builder, builder.fneg(args[0]), *args[1:])

    return lanes(lanes, lanes, lanes), emit


def _choice(order: str) -> Any:
    def choose(typing: Any, a: Any, b: Any) -> Any:
        def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            return builder.select(builder.fcmp_ordered(order, *args), *args)

        return lanes(lanes, lanes), emit

    return intrinsic(choose)


# The larger and the smaller of a and b in each lane; b where either is not a number.
larger = _choice(">")
smaller = _choice("<")


@intrinsic
def where_equal(typing: Any, a: Any, b: Any, yes: Any, no: Any) -> Any:
    """`yes` in the lanes where a equals b, `no` in the others."""

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.select(builder.fcmp_ordered("==", *args[:2]), *args[2:])

    return lanes(lanes, lanes, lanes, lanes), emit


@intrinsic
def power_of_two(typing: Any, exponent: Any) -> Any:
    """2 to the `exponent`, a whole number from -126 to 127 in each lane: its bits are set."""

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        integers = ir.VectorType(ir.IntType(32), LANES)
        whole = builder.add(builder.fptosi(args[0], integers), ir.Constant(integers, [127] * LANES))
        return builder.bitcast(builder.shl(whole, ir.Constant(integers, [23] * LANES)), VECTOR)

    return lanes(lanes), emit
