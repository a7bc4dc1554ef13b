"""The drawing's scale and each panel's palette, from the figure itself.

The three lengths of `Drawing` are those under which C1's states are likeliest, given the inputs.
Then, panel by panel, each edge between two levels is put where the states that the recovered layers
compute say that it is (`own_edges`), if the even one is much less likely.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import optimize

from paper_lenet.studies.recovered import palette, probit
from paper_lenet.studies.recovered.drawing import Drawing, Known
from paper_lenet.studies.recovered.palette import Grey
from paper_lenet.studies.recovered.recover import LAYERS, RecoveredLayer, fit_layer, known, recover

Array = NDArray[np.float64]
START = Drawing(step=0.0553, input_step=0.0235, dim=1.16)
AROUND = Drawing(step=0.0003, input_step=0.0001, dim=0.01)  # first steps of the search
TRIED = 60  # points of the search
GAIN = 6.0  # in the logarithm of the likelihood, that an edge of a panel's own must bring
REACH = 2.5  # steps that an edge may be away from the even one
SHARP = 0.5  # steps: states that are computed less surely do not tell of edges
ROUNDS = 2


class Calibrated(NamedTuple):
    """How the figure was drawn, and what it shows.

    Attributes:
        drawing: the scale.
        edges: (panels, levels + 1), in steps below the state zero.
        layers: recovered with both.
    """

    drawing: Drawing
    edges: Array
    layers: dict[str, RecoveredLayer]


def calibrate(inputs: Grey, grey: Mapping[str, Grey]) -> Calibrated:
    """Scale, edges and layers, in turn.

    Args:
        inputs: (9, 32, 32), as drawn.
        grey: of each layer of `LAYERS`, as drawn.
    """
    edges = np.tile(palette.even(), (len(inputs), 1))
    drawing = lengths(inputs, grey["C1"], edges)
    layers = _recover(inputs, grey, drawing, edges)
    for _ in range(ROUNDS):
        edges = own_edges(grey, drawing, layers)
        layers = _recover(inputs, grey, drawing, edges)
    return Calibrated(drawing, edges, layers)


def _recover(
    inputs: Grey, grey: Mapping[str, Grey], drawing: Drawing, edges: Array
) -> dict[str, RecoveredLayer]:
    drawn = {name: palette.read(grey[name], edges) for name in LAYERS}
    return recover(drawn, drawing.inputs(inputs), drawing)


def lengths(inputs: Grey, c1: Grey, edges: Array, start: Drawing = START) -> Drawing:
    """The lengths under which C1 is likeliest, by Nelder and Mead's search from `start`."""
    drawn = palette.read(c1, edges)
    layer = _c1(inputs, drawn, start)

    def loss(point: Array) -> float:
        drawing = _moved(start, point)
        return -sum(fit.likelihood for fit in _c1(inputs, drawn, drawing, layer).fits)

    simplex = np.vstack([np.zeros(3), np.eye(3)])
    options = {"initial_simplex": simplex, "maxfev": TRIED, "xatol": 1e-2, "fatol": 1e-2}
    found = optimize.minimize(loss, np.zeros(3), method="Nelder-Mead", options=options)
    return _moved(start, found.x)


def _moved(start: Drawing, point: Array) -> Drawing:
    return Drawing(*(a + b * float(c) for a, b, c in zip(start, AROUND, point, strict=True)))


def _c1(
    inputs: Grey, drawn: palette.Drawn, drawing: Drawing, start: RecoveredLayer | None = None
) -> RecoveredLayer:
    seen = Known(*(part[:, None] for part in drawing.inputs(inputs)))
    return fit_layer("C1", seen, drawing.interval(drawn), start)


def own_edges(
    grey: Mapping[str, Grey], drawing: Drawing, layers: Mapping[str, RecoveredLayer]
) -> Array:
    """The edges of each panel, (panels, levels + 1), in steps.

    A level that a panel lacks has no width there: its neighbours meet.
    """
    computed = {name: _steps(name, drawing, layer) for name, layer in layers.items()}
    panels = len(grey["C1"])
    parts = []
    for name, found in computed.items():
        drawn = palette.places(grey[name])
        where = np.broadcast_to(np.arange(panels).reshape(-1, 1, 1, 1), drawn.shape)
        columns = (drawn, where, found.mean, np.sqrt(found.variance))
        table = np.column_stack([each.ravel() for each in columns])
        # Background is the same unit over and over, and is to count once.
        _, rows = np.unique(np.round(table[:, 2], 4), return_index=True)
        parts.append(table[rows])
    table = np.concatenate(parts)
    table = table[table[:, 3] < SHARP]
    common = _moved_edges(palette.even(), range(len(palette.LEVELS)), table)
    result = np.tile(common, (panels, 1))
    for panel in range(panels):
        own = np.concatenate([palette.places(grey[name][panel]).ravel() for name in LAYERS])
        result[panel] = _moved_edges(common, np.unique(own), table[table[:, 1] == panel])
    return result


def _steps(name: str, drawing: Drawing, layer: RecoveredLayer) -> Known:
    """The states that a layer computes from those below, in steps, without looking at its own."""
    shape = layer.states.mean.shape
    free = palette.Drawn(np.full(shape, -np.inf), np.full(shape, np.inf))
    states = known(name, layer.below, drawing.interval(free), layer.fits, "forward", layer.states)
    return Known(-states.mean / drawing.step, states.variance / drawing.step**2)


def _moved_edges(start: Array, present: Sequence[int] | NDArray[np.int64], table: Array) -> Array:
    """`start` with the edges moved that units gainsay.

    Args:
        start: (levels + 1,).
        present: the levels that occur; others get no width.
        table: (units, 4), the drawn level, the panel, the computed steps, their deviation.
    """
    result = start.copy()
    for upper, lower in pairwise([int(place) for place in present]):
        some = table[np.isin(table[:, 0], (upper, lower))]
        mean, sd, above = some[:, 2], np.maximum(some[:, 3], 0.02), some[:, 0] == upper
        top, bottom = result[upper], start[lower + 1]

        def misfit(edge: float, mean: Array, sd: Array, above: Array, ends: Array) -> float:
            low, high = np.where(above, ends[0], edge), np.where(above, edge, ends[1])
            return -float(np.maximum(probit.log_probability(mean, low, high, sd)[0], -20.0).sum())

        arguments = mean, sd, above, np.array([top, bottom])
        middle = (start[upper + 1] + start[lower]) / 2
        tried = np.arange(max(middle - REACH, top + 0.1), min(middle + REACH, bottom - 0.1), 0.05)
        losses = [misfit(edge, *arguments) for edge in tried]
        best = int(np.argmin(losses))
        gained = misfit(middle, *arguments) - losses[best]
        result[upper + 1 : lower + 1] = tried[best] if gained > GAIN else middle
    return result
