"""Fit on eight panels, predict the ninth: residuals in grey levels of 255.

A layer is predicted twice: from the states that are drawn below it (with what the recovered layer
below says of them), and from the input alone, through all recovered layers. No parameter has seen
the panel. The drawing's scale and edges have.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from paper_lenet.paper.fig13 import DRAWN, GREY
from paper_lenet.studies.recovered.drawing import Drawing, Ends, Known
from paper_lenet.studies.recovered.network import states
from paper_lenet.studies.recovered.palette import Drawn
from paper_lenet.studies.recovered.recover import LAYERS, RecoveredLayer, fit_layer, known

Array = NDArray[np.float64]
GREY_OF_STATE = GREY / (2 * DRAWN)


class Residual(NamedTuple):
    """How one layer of one panel is predicted.

    Attributes:
        panel, layer: which.
        rms: root mean square of what is left, in grey levels: to the middle of the drawn level, or
            to the edge of a level without end; 0 beyond that.
        inside: share of units predicted in their drawn level.
        near: share predicted in it or less than a step away.
        chained: `rms` from the input alone.
    """

    panel: int
    layer: str
    rms: float
    inside: float
    near: float
    chained: float


def leave_out(
    drawn: Mapping[str, Drawn],
    inputs: Known,
    drawing: Drawing,
    layers: Mapping[str, RecoveredLayer],
) -> list[Residual]:
    """Every panel left out in turn; `layers` are those of all panels, where fits begin."""
    result = []
    for panel in range(len(inputs.mean)):
        others = np.arange(len(inputs.mean)) != panel
        below = Known(*(part[:, None] for part in inputs))
        rows = {}
        predicted = {}
        for name in LAYERS:
            interval = drawing.interval(drawn[name])
            some = Ends(*(part[others] for part in interval))
            fits = fit_layer(name, Known(*(p[others] for p in below)), some, layers[name]).fits
            middle = drawing.middle(drawn[name])
            here = Known(*(part[panel : panel + 1] for part in below))
            predicted[name] = known(name, here, _one(interval, panel), fits, "forward", middle).mean
            below = known(name, below, interval, fits, "restored", middle)
            rows[name] = [fit.w for fit in fits]
        chain = states(rows, inputs.mean[panel : panel + 1])
        for name in LAYERS:
            own = Drawn(*(part[panel : panel + 1] for part in drawn[name]))
            left, inside, near = residual(predicted[name], own, drawing)
            chained = residual(chain[name], own, drawing)[0]
            result.append(Residual(panel, name, _rms(left), inside, near, _rms(chained)))
    return result


def residual(states: Array, drawn: Drawn, drawing: Drawing) -> tuple[Array, float, float]:
    """What is left of each unit, in grey levels, and the shares inside and near its level."""
    steps = -states / drawing.step
    open_ = np.isinf(drawn.first) | np.isinf(drawn.last)
    with np.errstate(invalid="ignore"):
        middle = np.where(open_, steps, (drawn.first + drawn.last) / 2)
    above, below = np.maximum(drawn.first - steps, 0), np.maximum(steps - drawn.last, 0)
    left = np.where(open_, above + below, steps - middle) * drawing.step * GREY_OF_STATE
    out = above + below
    return left, float(np.mean(out == 0)), float(np.mean(out < 1))


def _one(interval: Ends, panel: int) -> Ends:
    return Ends(*(part[panel : panel + 1] for part in interval))


def _rms(values: Array) -> float:
    return float(np.sqrt(np.mean(values**2)))
