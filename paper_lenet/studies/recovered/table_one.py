"""Table I from the data: which maps of S2 does each map of C3 take its input from?

Each map of C3 is fitted with every choice of S2's maps, 63 of them, and the choices are compared by
their evidence: the marginal likelihood under the prior of the weights, which charges for kernels
that are not needed. The choices are equally probable before.

Fig. 13 could show S2's maps in another order than Table I has them. So the evidence of the whole
table is compared over all 720 orders of S2's maps, C3's held.
"""

from __future__ import annotations

from itertools import combinations, permutations
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from paper_lenet.network.architecture import TABLE_I
from paper_lenet.studies.recovered import probit
from paper_lenet.studies.recovered.drawing import Ends, Known
from paper_lenet.studies.recovered.recover import RecoveredLayer, priors, units

MAPS = range(6)
CHOICES = tuple(maps for size in range(1, 7) for maps in combinations(MAPS, size))

Array = NDArray[np.float64]


class Connected(NamedTuple):
    """What the data say of one map of C3.

    Attributes:
        place: which map.
        best: the likeliest choice of S2's maps.
        probability: of Table I's row among the 63 choices.
        margin: the logarithm of its evidence less that of the best other choice.
        missing: the logarithm of the evidence that a map of the row is used, against the row
            without it: the least over its maps.
        needless: that a further map is not used: the least over other maps.
    """

    place: int
    best: tuple[int, ...]
    probability: float
    margin: float
    missing: float
    needless: float


def evidences(below: Known, interval: Ends, layer: RecoveredLayer) -> Array:
    """The logarithm of the evidence of each of `CHOICES`, for each map of C3: (16, 63)."""
    result = np.empty((len(layer.fits), len(CHOICES)))
    for place, fit in enumerate(layer.fits):
        whole = units("C3", below, interval, tuple(MAPS), place)
        weights = np.zeros((6, 25))
        weights[list(layer.sources[place])] = fit.w[:-1].reshape(-1, 25)
        for number, maps in enumerate(CHOICES):
            columns = np.r_[np.ravel([25 * k + np.arange(25) for k in maps]), 150].astype(int)
            some = whole._replace(x=whole.x[:, columns], variance=whole.variance[:, columns])
            start = np.r_[weights[list(maps)].ravel(), fit.w[-1]]
            part = probit.distinct(some)
            found = probit.fit(part, priors(part, layer.prior), start)
            result[place, number] = found.evidence
    return result


def connected(evidence: Array) -> list[Connected]:
    """Each map's verdict, from `evidences`."""
    result = []
    for place, values in enumerate(evidence):
        row = TABLE_I[place]
        own = values[CHOICES.index(row)]
        others = np.delete(values, CHOICES.index(row))
        probability = float(np.exp(own - np.logaddexp.reduce(values)))
        fewer = [tuple(k for k in row if k != out) for out in row]
        more = [tuple(sorted((*row, new))) for new in MAPS if new not in row]
        missing, needless = (
            min((float(own - values[CHOICES.index(each)]) for each in some), default=float("nan"))
            for some in (fewer, more)
        )
        best = CHOICES[int(values.argmax())]
        margin = float(own - others.max())
        result.append(Connected(place, best, probability, margin, missing, needless))
    return result


class Order(NamedTuple):
    """An order of S2's maps, and the logarithm of the evidence of Table I under it."""

    maps: tuple[int, ...]
    evidence: float


def orders(evidence: Array) -> list[Order]:
    """All orders of S2's maps, the likeliest first."""
    found = []
    for maps in permutations(MAPS):
        rows = [tuple(sorted(maps[k] for k in row)) for row in TABLE_I]
        total = sum(evidence[place, CHOICES.index(row)] for place, row in enumerate(rows))
        found.append(Order(maps, float(total)))
    return sorted(found, key=lambda order: -order.evidence)
