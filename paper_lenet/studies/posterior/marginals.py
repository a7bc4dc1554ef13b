"""What a weighted sample of the prior says: marginals, Bayes factors, the likeliest combinations.

A Bayes factor of an option is how much the statistics raise its odds against all other options
of its axis together: posterior odds over prior odds.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from paper_lenet.base import streams
from paper_lenet.studies.laws import ends, is_continuous, options, shares
from paper_lenet.studies.posterior.features import Readings
from paper_lenet.studies.posterior.sampling import NUMBER
from paper_lenet.studies.prior import Prior

Vector = NDArray[np.float64]
LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
PARTS = 3  # equally likely parts of a range


class Option(NamedTuple):
    """One option of an axis, or one part of its range.

    Attributes:
        axis: dotted key.
        label: the option; a part of a range as ``1 to 1.53``.
        chosen: which of the sample have it, (m,).
        before: the prior's probability of it.
    """

    axis: str
    label: str
    chosen: NDArray[np.bool_]
    before: float


def normalised(logarithms: Vector) -> Vector:
    """Weights that add up to 1 from log likelihoods, (m,)."""
    weights = np.exp(logarithms - logarithms.max())
    return np.asarray(weights / weights.sum())


def effective(weights: Vector) -> float:
    """The effective sample size: how many equal weights would say as much."""
    return float(1 / np.sum(weights**2))


def drawn(weights: Vector, count: int) -> NDArray[np.int64]:
    """`count` indices, each as often as its weight says, but for rounding (systematic)."""
    places = (np.arange(count) + 0.5) / count
    edges = np.cumsum(weights)
    return np.searchsorted(edges / edges[-1], places)


def normal(shape: tuple[int, int], purpose: int) -> Vector:
    """Standard normal numbers, the same each time."""
    from scipy import special

    stream = streams.key(NUMBER, "prior", 1000 + purpose)
    return np.asarray(special.ndtri(streams.uniform(stream, shape[0] * shape[1])).reshape(shape))


def every_option(readings: Readings, prior: Prior) -> list[Option]:
    """All options of all axes, and the parts of ranges."""
    result = []
    for key, law in prior.items():
        values = readings[key]
        if not is_continuous(law):
            result += [
                Option(key, text(each), values == each, float(share))
                for each, share in zip(options(law), shares(law), strict=True)
            ]
            continue
        edges = parts(law)
        for low, high in itertools.pairwise(edges):
            inside = (values >= low) & (values < high)
            result.append(Option(key, f"{low:.3g} to {high:.3g}", inside, 1 / PARTS))
    return result


def parts(law: Any) -> list[float]:
    """The edges of the equally likely parts of a range."""
    kind, low, high = ends(law)
    fractions = np.arange(PARTS + 1) / PARTS
    if kind == "logarithmic":
        return [float(low * (high / low) ** part) for part in fractions]
    return [float(low + (high - low) * part) for part in fractions]


def text(option: Any) -> str:
    """An option as a recipe file has it."""
    return str(option).lower() if isinstance(option, bool) else str(option)


def bayes_factor(before: float, after: float) -> float:
    """How much the odds of an option rose from probability `before` to `after`."""
    if after in (0.0, 1.0):
        return math.inf if after else 0.0
    return after / (1 - after) / (before / (1 - before))


def quantiles(values: Vector, weights: Vector, levels: Sequence[float] = LEVELS) -> list[float]:
    """Weighted quantiles of `values`, (m,)."""
    order = np.argsort(values, kind="stable")
    below = np.cumsum(weights[order])
    places = np.searchsorted(below / below[-1], levels)
    return [float(values[order[place]]) for place in places]


class Combination(NamedTuple):
    """One choice of all discrete axes, its probability, and the medians of the others under it."""

    choice: dict[str, str]
    before: float
    after: float
    medians: dict[str, float]


def combinations(
    readings: Readings, before: Vector, weights: Vector, prior: Prior, count: int
) -> list[Combination]:
    """The `count` likeliest choices of all discrete axes together, by `weights`, (m,)."""
    discrete = [key for key, law in prior.items() if not is_continuous(law)]
    labels = np.column_stack([[text(each) for each in readings[key]] for key in discrete])
    distinct, which = np.unique(labels, axis=0, return_inverse=True)
    which = which.ravel()
    after = np.bincount(which, weights, len(distinct))
    already = np.bincount(which, before, len(distinct))
    result = []
    for place in np.argsort(-after, kind="stable")[:count]:
        inside = which == place
        medians = {
            key: quantiles(readings[key][inside], weights[inside], (0.5,))[0]
            for key, law in prior.items()
            if is_continuous(law)
        }
        choice = dict(zip(discrete, map(str, distinct[place]), strict=True))
        result.append(Combination(choice, float(already[place]), float(after[place]), medians))
    return result
