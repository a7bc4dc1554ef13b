"""All that was found of the network of 1998, before it is written (`record`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from paper_lenet.studies.recovered.calibrate import Calibrated
from paper_lenet.studies.recovered.heldout import Residual
from paper_lenet.studies.recovered.table_one import Connected, Order

Array = NDArray[np.float64]


class Recovered(NamedTuple):
    """All that was found of the network of 1998.

    Attributes:
        calibrated: scale, edges and layers.
        widened: of each layer, by how much its deviations are widened (`truth`).
        bootstraps: of each layer and kind, the deviations of each map's parameters.
        heldout: the panels, each predicted by the others.
        connected: Table I from the data.
        orders: of S2's maps, the likeliest first.
        falls: of each layer, the fall of the profile at ends of intervals (`profile`).
        change: of each layer, by how many percent the weights grow with a longer step (`panels`).
    """

    calibrated: Calibrated
    widened: Mapping[str, float]
    bootstraps: Mapping[str, Mapping[str, list[Array]]]
    heldout: Sequence[Residual]
    connected: Sequence[Connected]
    orders: Sequence[Order]
    falls: Mapping[str, Sequence[float]]
    change: Mapping[str, float]

    def deviations(self, name: str) -> list[Array]:
        """The standard deviations of each map's parameters, widened."""
        return [self.widened[name] * fit.sd for fit in self.calibrated.layers[name].fits]

    def size(self, name: str) -> float:
        """The root mean square of a layer's parameters."""
        fits = self.calibrated.layers[name].fits
        return float(np.sqrt(np.mean(np.concatenate([fit.w for fit in fits]) ** 2)))
