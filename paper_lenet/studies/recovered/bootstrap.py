"""A second opinion on the intervals: refits on resampled units.

Two bootstraps, for neighbouring units share pixels and a panel has a hand of its own: over the
units of each map, and over whole panels. The states below are held.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from paper_lenet.base import streams
from paper_lenet.studies.recovered import probit
from paper_lenet.studies.recovered.drawing import Ends
from paper_lenet.studies.recovered.recover import LAYERS, RecoveredLayer, priors, units

Array = NDArray[np.float64]
TIMES = 20
# Resamples are drawn from the streams for subsets, numbered apart from those that trainings use.
FIRST = 2**40
KINDS = ("units", "panels")


def deviations(name: str, layer: RecoveredLayer, interval: Ends, kind: str) -> list[Array]:
    """The standard deviation of each map's parameters over `TIMES` resamples, (k,) each.

    Args:
        name: the layer's.
        layer: as recovered.
        interval: what is drawn.
        kind: one of `KINDS`.
    """
    panels = len(interval.low)
    result = []
    for place, (fit, seen) in enumerate(zip(layer.fits, layer.sources, strict=True)):
        whole = units(name, layer.below, interval, seen, place)
        each = np.repeat(np.arange(panels), len(whole.x) // panels)
        part, rows = probit.distinct_rows(whole)
        found = []
        for time in range(TIMES):
            number = (place * TIMES + time) * len(KINDS) + KINDS.index(kind)
            stream = streams.key(LAYERS.index(name), "subset", FIRST + number)
            weight = _weights(stream, each[rows], panels, kind)
            some = weight > 0
            prior = priors(part, layer.prior)
            again = probit.fit(part.some(some), prior, fit.w, fit.tau, weight[some])
            found.append(again.w)
        result.append(np.std(found, axis=0, ddof=1))
    return result


def _weights(stream: int, panel: NDArray[np.int64], panels: int, kind: str) -> Array:
    """How often each unit is drawn, (n,)."""
    count = panels if kind == "panels" else len(panel)
    drawn = np.floor(count * streams.uniform(stream, count)).astype(np.int64)
    often = np.bincount(drawn, minlength=count).astype(np.float64)
    return often[panel] if kind == "panels" else often
