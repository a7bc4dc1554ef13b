"""The penalties of many patterns: sixteen at a time, one in each lane.

    input   [y][x]                          [pattern 16]
    C1      [map/3 2][x 14][map%3 3][2][2]  [pattern 16]    what a row of S2 sees
    S2      [map 6][y 14][x 14]             [pattern 16]    12 columns count for 28 x 28 inputs
    C3      [map 16][y 2][x 10]             [pattern 16]    what a row of S4 sees; 10 (8) columns
    S4      [y][x][map 16]                  [pattern 16]
    C5      [unit 120]                      [pattern 16]
    F6      [unit 84 + 12]                  [pattern 16]

So every weight is read once for sixteen patterns, no lane is spare, none is picked or added to
another, and kernels of C3 that Table I leaves out are left out.

The bits are those of one pattern by itself (`network.forward`): every sum is the same in the same
order, and where lanes are added together there, vectors are added here by the same tree. What is
left out would add 0 times a state: nothing, as long as the state is finite.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from paper_lenet.engine.emit import LANES
from paper_lenet.engine.kernel import inlined, inner, kernel
from paper_lenet.engine.layout import (
    C1B,
    C1W,
    C3B,
    C3W,
    C5B,
    C5W,
    CODES,
    F6B,
    F6W,
    OUTB,
    S2B,
    S2C,
    S4B,
    S4C,
    UNITS_F6,
    room,
)
from paper_lenet.engine.simd import fma, load, splat, store
from paper_lenet.engine.state import TRAINABLE, Plan
from paper_lenet.engine.subsampling import gather, squash_all, squashed
from paper_lenet.engine.tiles import load_tile, outer, row_forward, splats, store_tile, zeros
from paper_lenet.network.architecture import Network


class Group(NamedTuple):
    """Room for the states of sixteen patterns, laid out as above.

    Attributes:
        connected: whether a map of S2 (row) has a kernel to a map of C3 (column), (6, 16).
        ink: the grey levels of all patterns together, one a pixel: 0 where all show background.
        sums: of which a penalty is made.
    """

    connected: NDArray[np.bool_]
    ink: NDArray[np.uint8]
    input: NDArray[np.float32]
    c1: NDArray[np.float32]
    s2: NDArray[np.float32]
    c3: NDArray[np.float32]
    s4: NDArray[np.float32]
    c5: NDArray[np.float32]
    f6: NDArray[np.float32]
    sums: NDArray[np.float32]


def group(network: Network, plan: Plan) -> Group:
    """Room for sixteen patterns' states in `network`, all zero."""
    connected = np.zeros((6, 16), np.bool_)
    for unit, source in network.kernels:
        connected[source, unit] = True
    vectors = 32 * 32, 6 * 2 * 28, 6 * 14 * 14, 16 * 2 * 10, 16 * plan.s4**2, 120, UNITS_F6, LANES
    return Group(connected, np.zeros(1024, np.uint8), *(room(LANES * count) for count in vectors))


@inner
def present(grey, levels, ink, x):
    """Put up to sixteen patterns into the input field on the paper's scale.

    Most pixels show background in all of them: one vector, written at once.
    """
    ink[:] = 0
    for lane in range(len(grey)):
        for i in range(grey.shape[1]):
            ink[i] |= grey[lane, i]
    for i in range(grey.shape[1]):
        if ink[i]:
            for lane in range(len(grey)):
                x[i * LANES + lane] = levels[grey[lane, i]]
        else:
            store(x, i * LANES, splat(levels[0]))


@inner
def c1_rows(plan, w, x, y, c1):
    """Total inputs `c1` of two rows of C1, 2 y and 2 y + 1.

    Twelve sums (three maps, the four units that a unit of S2 sees) stay in registers.
    """
    one = splat(1.0)
    for half in range(2):
        for column in range(plan.s2):
            four = outer(zeros(12), splats(w, C1B + 3 * half, 1, 3), (one, one, one, one))
            for dy in range(5):
                for dx in range(5):
                    place = ((2 * y + dy) * plan.side + 2 * column + dx) * LANES
                    upper = load_tile(x, place, LANES, 2)
                    lower = load_tile(x, place + plan.side * LANES, LANES, 2)
                    kernel = splats(w, C1W + dy * 32 + half * 16 + dx, 5, 3)
                    four = outer(four, kernel, (upper[0], upper[1], lower[0], lower[1]))
            store_tile(c1, (half * 14 + column) * 12 * LANES, LANES, four)


@inner
def c3_rows(plan, w, connected, s2, y, c3):
    """Total inputs `c3` of two rows of C3, 2 y and 2 y + 1; a row of one map stays in registers."""
    for unit in range(16):
        for half in range(2):
            row = splats(w, C3B + unit, 0, 10)
            for source in range(6):
                if connected[source, unit]:
                    for dy in range(5):
                        kernel = splats(w, C3W + (source * 5 + dy) * 80 + unit, 16, 5)
                        place = (source * 14 + 2 * y + half + dy) * 14 * LANES
                        row = row_forward(row, kernel, load_tile(s2, place, LANES, 14))
            store_tile(c3, (2 * unit + half) * 10 * LANES, LANES, row)


@inlined
def pool(plan, coefficient, bias, upper, lower):
    """The state of a subsampling unit, from the four states that it sees."""
    pooled = gather(plan, (upper[0], upper[1], lower[0], lower[1]))
    if plan.pooling == TRAINABLE:
        pooled = squashed(plan, fma(coefficient, pooled, bias))
    return pooled


@inner
def s2_states(plan, w, x, c1, s2):
    """States of S2, a row of all maps at a time."""
    for y in range(plan.s2):
        c1_rows(plan, w, x, y, c1)
        squash_all(plan, c1)
        for unit in range(6):
            coefficient, bias = splats(w, S2C + unit, S2B - S2C, 2)
            for column in range(plan.s2):
                place = ((unit // 3 * 14 + column) * 3 + unit % 3) * 4 * LANES
                upper = load_tile(c1, place, LANES, 2)
                lower = load_tile(c1, place + 2 * LANES, LANES, 2)
                place = ((unit * 14 + y) * 14 + column) * LANES
                store(s2, place, pool(plan, coefficient, bias, upper, lower))


@inner
def s4_states(plan, w, connected, s2, c3, s4):
    """States of S4, a row of all maps at a time."""
    for y in range(plan.s4):
        c3_rows(plan, w, connected, s2, y, c3)
        squash_all(plan, c3)
        for unit in range(16):
            coefficient, bias = splats(w, S4C + unit, S4B - S4C, 2)
            for column in range(plan.s4):
                place = (unit * 20 + 2 * column) * LANES
                upper = load_tile(c3, place, LANES, 2)
                lower = load_tile(c3, place + 10 * LANES, LANES, 2)
                place = ((y * plan.s4 + column) * 16 + unit) * LANES
                store(s4, place, pool(plan, coefficient, bias, upper, lower))


@inner
def full_states(plan, weights, biases, x, states):
    """States of C5 or F6 from the states `x` below; twelve units stay in registers.

    Sixteen inputs are done with before the next, so that weights are read in their order.
    """
    inputs, units = len(x) // LANES, len(states) // LANES
    for unit in range(units):
        store(states, unit * LANES, splats(biases, unit, 0, 1)[0])
    for start in range(0, inputs, 16):
        for first in range(0, units, 12):
            total = load_tile(states, first * LANES, LANES, 12)
            for i in range(start, min(start + 16, inputs)):
                row = splats(weights, i * len(biases) + first, 1, 12)
                total = outer(total, row, load_tile(x, i * LANES, LANES, 1))
            store_tile(states, first * LANES, LANES, total)
    squash_all(plan, states)


@inner
def penalty(plan, w, x, unit, sums):
    """The penalty of class `unit` (eq. 7) in each lane, from the states `x` of F6.

    Sixteen sums, added by the tree of `tiles.sum_rows`: the bits of `loss.penalties`.
    """
    for lane in range(LANES):
        total = splat(0.0)
        for k in range(lane, UNITS_F6, LANES):
            code, state = splats(w, CODES + unit * UNITS_F6 + k, 0, 1)[0], load(x, k * LANES)
            if plan.linear:
                total = fma(code, state, total)
            else:
                off = state - code
                total = fma(off, off, total)
        store(sums, lane * LANES, total)
    half = LANES // 2
    while half:
        for lane in range(half):
            place = lane * LANES
            store(sums, place, load(sums, place) + load(sums, place + half * LANES))
        half //= 2
    factor = -1.0 if plan.linear else plan.half
    return splat(factor) * load(sums, 0) - splats(w, OUTB + unit, 0, 1)[0]


@kernel
def answer(plan, w, grey, levels, group, result):
    """The penalties of each pattern into the rows of `result`, (N, 10)."""
    for first in range(0, len(grey), LANES):
        shown = grey[first : first + LANES]
        present(shown, levels, group.ink, group.input)
        s2_states(plan, w, group.input, group.c1, group.s2)
        s4_states(plan, w, group.connected, group.s2, group.c3, group.s4)
        full_states(plan, w[C5W:C5B], w[C5B:F6W], group.s4, group.c5)
        full_states(plan, w[F6W:F6B], w[F6B:CODES], group.c5, group.f6)
        for unit in range(10):
            store(group.sums, 0, penalty(plan, w, group.f6, unit, group.sums))
            for lane in range(len(shown)):
                result[first + lane, unit] = group.sums[lane]
