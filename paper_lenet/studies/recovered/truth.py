"""Is the method right? Networks of ours, drawn as Fig. 13 is, and recovered as it is.

A network is shown the figure's own nine inputs, each pixel put somewhere in its drawn level, so
that the recovery knows as little of the inputs as it does in the figure. Its states become grey
levels with the even palette. Then everything is found from the drawing alone, its scale and edges
too. The search for the scale begins at the true one, `START`; a unit test draws with another. The
recovery is compared with the parameters that were there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from paper_lenet.base import streams
from paper_lenet.studies.recovered import calibrate, network, palette
from paper_lenet.studies.recovered.calibrate import START, Calibrated
from paper_lenet.studies.recovered.network import Rows
from paper_lenet.studies.recovered.palette import Grey
from paper_lenet.studies.recovered.recover import LAYERS, RecoveredLayer, recover

WAYS = ("restored", "forward", "drawn")
WITHIN = 1.959964  # standard deviations, of 95%
BELIEVED, COVERED = 0.25, 0.85  # `known_truth`: the greatest error, the least share in intervals
APART = 2**50  # numbers the streams apart from those of trainings

Array = NDArray[np.float64]


class Missed(NamedTuple):
    """How well one layer of one network is recovered.

    Attributes:
        size: root mean square of the true parameters.
        rms: root mean square error.
        median: of the absolute errors.
        correlation: between true and recovered parameters.
        covered: share of parameters in their interval of 95%.
        spread: root mean square of the errors in standard deviations.
    """

    size: float
    rms: float
    median: float
    correlation: float
    covered: float
    spread: float

    @property
    def relative(self) -> float:
        """The error as a share of the size."""
        return self.rms / self.size


def drawn(rows: Rows, inputs: Grey, seed: int) -> dict[str, Grey]:
    """The grey levels of a network's states on the figure's inputs, (9, maps, rows, columns).

    Args:
        rows: its parameters.
        inputs: (9, 32, 32), the figure's.
        seed: of where in its level each pixel lies.
    """
    known = START.inputs(inputs)
    uniform = streams.uniform(streams.key(seed, "noise", APART), known.mean.size)
    apart = (uniform.reshape(known.mean.shape) - 0.5) * np.sqrt(12 * known.variance)
    states = network.states(rows, known.mean + apart)
    return {name: START.levels(states[name]) for name in LAYERS}


def recovered(
    grey: Mapping[str, Grey], inputs: Grey
) -> Iterator[tuple[str, dict[str, RecoveredLayer]]]:
    """The layers by each of `WAYS`, from the drawing alone."""
    found = calibrate.calibrate(inputs, grey)
    for way in WAYS:
        yield way, found.layers if way == WAYS[0] else _again(found, grey, inputs, way)


def _again(
    found: Calibrated, grey: Mapping[str, Grey], inputs: Grey, way: str
) -> dict[str, RecoveredLayer]:
    levels = {name: palette.read(grey[name], found.edges) for name in LAYERS}
    return recover(levels, found.drawing.inputs(inputs), found.drawing, way)


def error(layer: RecoveredLayer, rows: list[Array]) -> Missed:
    """A recovered layer beside the truth."""
    found = np.concatenate([fit.w for fit in layer.fits])
    sd = np.concatenate([fit.sd for fit in layer.fits])
    true = np.concatenate(rows)
    left = found - true
    return Missed(
        size=float(np.sqrt(np.mean(true**2))),
        rms=float(np.sqrt(np.mean(left**2))),
        median=float(np.median(np.abs(left))),
        correlation=float(np.corrcoef(found, true)[0, 1]),
        covered=float(np.mean(np.abs(left) < WITHIN * sd)),
        spread=float(np.sqrt(np.mean((left / sd) ** 2))),
    )
