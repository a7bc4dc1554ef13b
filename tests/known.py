"""A network whose parameters are known, drawn as Fig. 13 is, and what is recovered of it."""

from __future__ import annotations

from functools import cache

import numpy as np
from scipy import special

from paper_lenet.base import streams
from paper_lenet.network.recipe import Recipe
from paper_lenet.network.weights import initial_parameters
from paper_lenet.paper import fig13
from paper_lenet.studies.recovered import network, palette, recover, truth
from paper_lenet.studies.recovered.calibrate import START
from paper_lenet.studies.recovered.drawing import Ends

EVEN = np.tile(palette.even(), (9, 1))


def normal(number: int, *shape: int) -> np.ndarray:
    stream = streams.key(number, "noise", 2**60)
    count = int(np.prod(shape))
    return np.array(special.ndtri(streams.uniform(stream, count))).reshape(shape)


@cache
def rows() -> network.Rows:
    """A network with kernels as large as trained ones, and subsampling of its own in each map."""
    found = network.rows(initial_parameters(Recipe(), 3), Recipe())
    found["C1"] = [6 * row + 0.3 * normal(k, 26) for k, row in enumerate(found["C1"])]
    found["C3"] = [5 * row for row in found["C3"]]
    for name, size in (("S2", 0.25), ("S4", 0.06)):
        found[name] = [
            np.array([size * (1 + 0.3 * normal(50 + k, 1)[0]), 0.3 * normal(90 + k, 1)[0]])
            for k in range(len(found[name]))
        ]
    return found


@cache
def drawn() -> dict[str, np.ndarray]:
    """Its grey levels."""
    return truth.drawn(rows(), fig13.drawn("input"), 1)


def levels() -> dict[str, palette.Drawn]:
    return {name: palette.read(drawn()[name], EVEN) for name in recover.LAYERS}


def interval(name: str) -> Ends:
    return START.interval(levels()[name])


@cache
def layers() -> dict[str, recover.RecoveredLayer]:
    """What is recovered, with the true scale and edges."""
    return recover.recover(levels(), START.inputs(fig13.drawn("input")), START)
