"""The penalties of many patterns: sixteen at a time, one in each lane.

    input  [y][x]                          [pattern 16]
    C1     [map/3 2][x 14][map%3 3][2][2]  [pattern 16]  what a row of S2 sees
    S2     [map 6][y 14][x 14]             [pattern 16]  12 columns count for 28 x 28 inputs
    C3     [map 16][y 2][x 10]             [pattern 16]  what a row of S4 sees; 10 (8) columns
    S4     [y][x][map 16]                  [pattern 16]
    C5     [unit 120]                      [pattern 16]
    F6     [unit 84 + 12]                  [pattern 16]

So every weight is read once for sixteen patterns, no lane is spare, none is picked or added to
another, and kernels of C3 that Table I leaves out are left out.

The bits are those of one pattern by itself (`network.forward`): every sum is the same in the same
order, and where lanes are added together there, vectors are added here by the same tree. What is
left out would add 0 times a state: no bit of a penalty, as long as the state is finite.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from paper_lenet.engine.emit import LANES
from paper_lenet.engine.kernel import inner, kernel
from paper_lenet.engine.layout import C5B, C5W, CODES, F6B, F6W, UNITS_F6, room
from paper_lenet.engine.many_layers import full_states, penalty, s2_states, s4_states
from paper_lenet.engine.simd import splat, store
from paper_lenet.engine.state import Plan
from paper_lenet.network.architecture import Network


class Group(NamedTuple):
    """Room for the states of sixteen patterns, laid out as above.

    Attributes:
        connected: whether a map of S2 (row) has a kernel to a map of C3 (column), (6, 16).
        ink: the grey levels of all patterns together, one a pixel: 0 where all show background.
        sums: of which a penalty is made.

    Example:
        >>> from paper_lenet.engine.state import plan
        >>> from paper_lenet.network.recipe import Recipe
        >>> found = group(Network(), plan(Recipe()))
        >>> found.connected.sum(axis=0).tolist()  # Table I
        [3, 3, 3, 3, 3, 3, 4, 4, 4, 4, 4, 4, 4, 4, 4, 6]
        >>> len(found.input) == 32 * 32 * LANES, len(found.c5) == 120 * LANES
        (True, True)
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
    """Room for sixteen patterns' states in `network`, all zero.

    Example:
        >>> from paper_lenet.engine.state import plan
        >>> from paper_lenet.network.recipe import Recipe
        >>> p = plan(Recipe())
        >>> [int(group(Network(c3=c3), p).connected.sum()) for c3 in ("table", "full")]
        [60, 96]
    """
    connected = np.zeros((6, 16), np.bool_)
    for unit, source in network.kernels:
        connected[source, unit] = True
    vectors = 32 * 32, 6 * 2 * 28, 6 * 14 * 14, 16 * 2 * 10, 16 * plan.s4**2, 120, UNITS_F6, LANES
    return Group(connected, np.zeros(1024, np.uint8), *(room(LANES * count) for count in vectors))


@inner
def _present(grey, levels, ink, x):
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


@kernel
def answer(plan, w, grey, levels, group, result):
    """The penalties of each pattern into the rows of `result`, (N, 10).

    Example:
        >>> from paper_lenet.digits.patterns import grey_scale
        >>> from paper_lenet.engine import Engine
        >>> from paper_lenet.network.weights import pretrained
        >>> e = Engine(pretrained().recipe, pretrained().parameters, learns=False)
        >>> grey, levels = np.zeros((17, 32 * 32), np.uint8), grey_scale(-0.1, 1.175)
        >>> result = np.empty((17, 10), np.float32)
        >>> answer(e.plan, e.weights, grey, levels, e.group, result)
        >>> alone = e.activations(np.full((1, 32, 32), levels[0]))["output"]
        >>> bool((result == alone).all())  # bit by bit
        True
    """
    for first in range(0, len(grey), LANES):
        shown = grey[first : first + LANES]
        _present(shown, levels, group.ink, group.input)
        s2_states(plan, w, group.input, group.c1, group.s2)
        s4_states(plan, w, group.connected, group.s2, group.c3, group.s4)
        full_states(plan, w[C5W:C5B], w[C5B:F6W], group.s4, group.c5)
        full_states(plan, w[F6W:F6B], w[F6B:CODES], group.c5, group.f6)
        for unit in range(10):
            store(group.sums, 0, penalty(plan, w, group.f6, unit, group.sums))
            for lane in range(len(shown)):
                result[first + lane, unit] = group.sums[lane]
