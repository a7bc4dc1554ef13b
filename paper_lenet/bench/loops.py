"""Two compiled loops that show what the machine can do: bytes moved alone, additions one by one."""

from __future__ import annotations

from paper_lenet.engine.kernel import kernel
from paper_lenet.engine.products import outer
from paper_lenet.engine.simd import load, splat, store
from paper_lenet.engine.tiles import load_tile, store_tile

CHAIN = 16  # operations of one step of `chain`


@kernel
def chain(x, a, b, steps):
    """`CHAIN` operations a step, each of which waits for the one before; int64."""
    for _ in range(steps):
        x = ((((x + a) ^ b) + a) ^ b) + a
        x = (((((x ^ b) + a) ^ b) + a) ^ b) + a
        x = ((((x ^ b) + a) ^ b) + a) ^ b
    return x


@kernel
def move(array, seen, changed, made, times):
    """Read `seen` floats, add to the next `changed`, write the next `made`; so many times.

    What is read is added to what changes, vector by vector side by side, as a step to a weight;
    where more is read, to the last 128 floats, which are room for eight sums.

    Args:
        array: float32, (seen + changed + made + 128,).
        seen, changed, made: multiples of 16.
        times: how often.
    """
    one, both, end = (splat(1.0),), min(seen, changed), seen + changed + made
    whole = both + (seen - both) // 128 * 128
    sums, rest = load_tile(array, end, 16, 8), splat(0.0)
    for _ in range(times):
        for place in range(0, both, 16):
            at = seen + place
            store(array, at, load(array, at) + load(array, place))
        for place in range(both, whole, 128):
            sums = outer(sums, one, load_tile(array, place, 16, 8))
        for place in range(whole, seen, 16):
            rest = rest + load(array, place)
        for place in range(seen + both, seen + changed, 16):
            store(array, place, load(array, place) + one[0])
        for place in range(seen + changed, end, 16):
            store(array, place, one[0])
    store_tile(array, end, 16, sums)
    store(array, end, load(array, end) + rest)
