"""Local learning (Section III-C, "LeNet-4 with local learning"; Bottou and Vapnik 1992).

In place of the last layer, a linear classifier is fitted anew for each test pattern, to the
training patterns that are nearest to it, by the states of the layer below. The paper does not give
how many there are, nor how strongly weights are kept small: both are settings. Weights are least
squares with decay, by their dual form: as many equations as there are neighbours.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from paper_lenet.base.declared import Between, Declared
from paper_lenet.network.architecture import CLASSES
from paper_lenet.studies.fig9.classifier import Scored, Sets
from paper_lenet.studies.fig9.neighbours import distances
from paper_lenet.studies.fig9.squares import Array, flat, targets


@dataclass(frozen=True)
class Settings(Declared):
    """What the paper leaves open.

    Attributes:
        k: to how many neighbours the classifier is fitted.
        decay: the square that is added to every input's mean square.
    """

    k: Annotated[int, Between(2, 10_000)] = 200
    decay: Annotated[float, Between(1e-9, 1e6)] = 0.01


def fit(settings: Settings, sets: Sets, seed: int) -> Scored:
    """Fit a classifier to each test pattern's neighbours; nothing is drawn."""
    templates, patterns = flat(sets.training), flat(sets.test)
    k, wanted = min(settings.k, len(templates)), targets(sets.labels)
    found, first = np.empty((len(patterns), CLASSES), np.float32), 0
    for square in distances(patterns, templates):
        nearest = np.argpartition(square, k - 1, axis=1)[:, :k]
        for place, chosen in enumerate(nearest, first):
            part = patterns[place], templates[chosen], wanted[chosen]
            found[place] = local_outputs(*part, settings.decay)
        first += len(square)
    return Scored(found, templates.size + fitting(k, templates.shape[1]), templates.size)


def fitting(k: int, inputs: int) -> int:
    """Multiply-accumulates of a classifier fitted to `k` neighbours and asked once.

    Products of the neighbours, Cholesky's factors, two triangular systems for each class, and the
    pattern's products with the neighbours.
    """
    return k**2 * inputs + k**3 // 3 + CLASSES * k**2 + k * (inputs + CLASSES)


def local_outputs(
    pattern: Array, templates: Array, wanted: Array, decay: float
) -> NDArray[np.float64]:
    """What ten linear units, fitted to k neighbours, say of one pattern: (10,).

    Biases are free: means are taken off first.

    Args:
        pattern: (n,).
        templates: (k, n).
        wanted: (k, 10), the targets.
        decay: the square added to every input's mean square.
    """
    middle, mean = templates.mean(axis=0), wanted.mean(axis=0)
    inputs = templates - middle  # (k, n)
    products = inputs @ inputs.T  # (k, k)
    products.flat[:: len(products) + 1] += decay * len(products)
    weights = np.linalg.solve(products, wanted - mean)  # (k, 10), of each neighbour
    result: NDArray[np.float64] = mean + (inputs @ (pattern - middle)) @ weights
    return result
