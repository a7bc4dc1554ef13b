"""What the kernels are handed: how the network computes, and the states of its units.

    input   [side][side] + 64
    C1      [map 6][y][x 32]         28 (24) columns count
    S2      [map 6][y][x 16]         14 (12) columns count
    C3      [y][x 10][map 16]        10 (8) columns count
    S4      [y][x][map 16]
    C5      [unit 128]
    F6      [unit 96]

In brackets: for 28 x 28 inputs. Up to S2 neighbouring positions share a vector; from C3 on the
sixteen maps do. Columns that do not count hold finite numbers that nobody uses, and their
derivatives are zero. `average` holds what a subsampling's coefficient multiplies.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from paper_lenet.engine.layout import room
from paper_lenet.network.architecture import SQUASHING_AMPLITUDE, SQUASHING_SLOPE
from paper_lenet.network.recipe import Recipe

TRAINABLE, AVERAGE, MAX = 0, 1, 2


class Plan(NamedTuple):
    """How the network computes: numbers, so that one compiled engine serves every variant.

    Attributes:
        side: of the input. `c1`, `s2`, `c3`, `s4`: of the layers.
        amplitude, slope, rectify: of the squashing function; `steepest` and `bend` are the product
            and the quotient slope / amplitude.
        pooling: TRAINABLE, AVERAGE or MAX.
        share: what each of four inputs contributes: 1/4 to an average, 1 to a sum.
        linear: whether the outputs are linear (``softmax``) and not distances to codes.
        half: 1/2 or 1, the factor of the squared distance.
        competition: whether the loss is eq. 9; `rubbish` is its j.
        connections: whether h_kk counts the four connections of a subsampling coefficient apart.
        exact: whether curvature starts from the loss's own second derivative.
        trained_codes: whether the codes, or the linear outputs, are trained.

    Example:
        >>> from paper_lenet.network.recipe import Loss
        >>> plan(Recipe()).rubbish, plan(Recipe(loss=Loss(equation=8))).competition
        (2.0, False)
    """

    side: int
    c1: int
    s2: int
    c3: int
    s4: int
    amplitude: float
    slope: float
    steepest: float
    bend: float
    rectify: bool
    pooling: int
    share: float
    linear: bool
    half: float
    competition: bool
    rubbish: float
    connections: bool
    exact: bool
    trained_codes: bool
    second: bool


class States(NamedTuple):
    """States of all units, or their squares, or derivatives in them, laid out as above.

    Example:
        >>> found = states(Recipe())
        >>> len(found.c3) == 10 * 10 * 16, len(found.s4) == 5 * 5 * 16  # S4 halves both sides
        (True, True)
    """

    input: NDArray[np.float32]
    c1: NDArray[np.float32]
    s2_average: NDArray[np.float32]
    s2: NDArray[np.float32]
    c3: NDArray[np.float32]
    s4_average: NDArray[np.float32]
    s4: NDArray[np.float32]
    c5: NDArray[np.float32]
    f6: NDArray[np.float32]
    penalties: NDArray[np.float32]


def plan(recipe: Recipe, second: bool = False) -> Plan:
    """The plan of `recipe`; with `second`, that of the second derivatives (eq. 27).

    Second derivatives travel back as first ones do, but every weight, and every slope of the
    squashing function, is squared.

    Example:
        >>> plan(Recipe()).side, plan(Recipe()).c3, plan(Recipe()).half
        (32, 10, 0.5)
    """
    network, loss = recipe.network, recipe.loss
    c1 = network.input - 4
    c3 = c1 // 2 - 4
    share = 1.0 if network.subsampling == "sum" else 0.25
    scaled = network.squashing == "scaled_tanh"
    amplitude, slope = (SQUASHING_AMPLITUDE, SQUASHING_SLOPE) if scaled else (1.0, 1.0)
    return Plan(
        side=network.input,
        c1=c1,
        s2=c1 // 2,
        c3=c3,
        s4=c3 // 2,
        amplitude=amplitude,
        slope=slope,
        steepest=slope * amplitude,
        bend=slope / amplitude,
        rectify=network.squashing == "relu",
        pooling={"fixed_average": AVERAGE, "max": MAX}.get(network.subsampling, TRAINABLE),
        share=share**2 if second else share,
        linear=network.output == "softmax",
        half=0.5 if loss.half else 1.0,
        competition=loss.equation == 9,
        rubbish=loss.j,
        connections=recipe.step.coefficient == "connections",
        exact=recipe.step.output == "exact",
        trained_codes=network.output in ("softmax", "trainable_rbf"),
        second=second,
    )


def states(recipe: Recipe) -> States:
    """Room for one pattern's states, all zero.

    Example:
        >>> [part.shape for part in states(Recipe())][:2]
        [(1088,), (5376,)]
    """
    p = plan(recipe)
    sizes = (
        p.side * p.side + 64,
        6 * p.c1 * 32,
        6 * p.s2 * 16,
        6 * p.s2 * 16,
        p.c3 * 160,
        p.s4 * p.s4 * 16,
        p.s4 * p.s4 * 16,
        128,
        96,
        16,
    )
    return States(*(room(size) for size in sizes))
