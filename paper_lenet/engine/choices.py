"""Choices in each lane, and powers of two: what `functions` needs beside arithmetic."""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba.extending import intrinsic

from paper_lenet.engine.emit import LANES, VECTOR
from paper_lenet.engine.simd import lanes


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
