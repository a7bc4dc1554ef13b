"""Gaussian units and a linear classifier (Section III-C): 1,000 units over the pixels, then ten.

The units are ten groups of 100, each found by K-means on the patterns of one class, begun at
patterns drawn at random. The paper does not give their widths. Here all have one: `width` times
the mean distance of the training patterns from the nearest unit of their class. The ten units
above are least squares (`squares`), by the "regularized pseudo-inverse" that the paper names.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import KMeans

from paper_lenet.base import streams
from paper_lenet.base.declared import Between, Declared
from paper_lenet.base.errors import expect
from paper_lenet.network.architecture import CLASSES
from paper_lenet.studies.fig9 import squares
from paper_lenet.studies.fig9.classifier import Scored, Sets
from paper_lenet.studies.fig9.neighbours import distances
from paper_lenet.studies.fig9.squares import Array, Decay

FIRST = 2**43  # of the streams that draw subsets: those of the ten classes begin here


@dataclass(frozen=True)
class Settings(Declared):
    """What the paper leaves open, and how many units it took.

    Attributes:
        units: of each class.
        width: the standard deviation of the Gaussians, in mean distances.
        decay: of the least squares.
    """

    units: Annotated[int, Between(1, 10_000)] = 100
    width: Annotated[float, Between(0.01, 100.0)] = 1.0
    decay: Decay = 0.0


def fit(settings: Settings, sets: Sets, seed: int) -> Scored:
    """Fit units and weights to the training patterns; `seed` draws where the units begin.

    Raises:
        RecipeError: a class has fewer patterns than units.
    """
    training = squares.flat(sets.training)
    parts = [training[sets.labels == each] for each in range(CLASSES)]
    found = [units(part, settings.units, seed, each) for each, part in enumerate(parts)]
    apart = sum(
        np.sqrt(square.min(axis=1)).sum()
        for part, own in zip(parts, found, strict=True)
        for square in distances(part, own)
    )
    centres, width = np.concatenate(found), settings.width * apart / len(training)
    weights = squares.fitted(states(training, centres, width), sets.labels, settings.decay)
    scores = squares.outputs(states(squares.flat(sets.test), centres, width), weights)
    operations = centres.size + weights.size
    return Scored(scores.astype(np.float32), operations, operations + 1)


def units(patterns: Array, count: int, seed: int, label: int) -> Array:
    """The centres of the units of one class, (count, n), by its patterns, (N, n)."""
    expect(count <= len(patterns), count, f"at most the {len(patterns)} of class {label}", "units")
    order = streams.permutation(streams.key(seed, "subset", FIRST + label), len(patterns))
    means = KMeans(count, init=patterns[order[:count]], n_init=1).fit(patterns)
    centres: Array = means.cluster_centers_
    return centres


def states(patterns: Array, centres: Array, width: float) -> NDArray[np.float64]:
    """The states of the units on patterns (N, n): (N, units), 1 at the centre."""
    return np.concatenate(
        [np.exp(square / (-2 * width**2)) for square in distances(patterns, centres)]
    )
