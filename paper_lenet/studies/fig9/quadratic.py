"""Principal components and a quadratic classifier (Section III-C).

The mean of the training patterns is taken off, the covariance diagonalised, and each pattern is its
40 components of greatest variance. Ten units are linear in all products of two of them, and a bias:
821 inputs. The paper does not say how they were trained: here they are the least squares
(`squares`). Its polynomial is one "of degree two", its count of inputs leaves no place for the
components themselves; `linear_terms` adds them. As mean and projection are one linear map, a
pattern costs 40 times its pixels and then the units; the products add nothing up, and the paper's
count has no place for them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, NamedTuple

import numpy as np
from numpy.typing import NDArray

from paper_lenet.base.declared import Between, Declared
from paper_lenet.studies.fig9 import squares
from paper_lenet.studies.fig9.classifier import Scored, Sets
from paper_lenet.studies.fig9.squares import Array, Decay


@dataclass(frozen=True)
class Settings(Declared):
    """What the paper leaves open, and how many components it took.

    Attributes:
        components: how many.
        linear_terms: whether they are inputs themselves, beside their products.
        decay: of the least squares.
    """

    components: Annotated[int, Between(1, 784)] = 40
    linear_terms: bool = False
    decay: Decay = 0.0


class Units(NamedTuple):
    """What is fitted.

    Attributes:
        mean: of the training patterns, (pixels,).
        axes: of greatest variance, (pixels, components).
        weights: of the ten units, (inputs + 1, 10), the biases the last row.
    """

    mean: Array
    axes: Array
    weights: Array


def fit(settings: Settings, sets: Sets, seed: int) -> Scored:
    """Fit axes and units to the training patterns; nothing is drawn."""
    found = units(settings, sets.training, sets.labels)
    operations = found.axes.size + found.weights.size
    return Scored(scores(settings, found, sets.test), operations, operations + found.mean.size)


def units(settings: Settings, images: NDArray[np.float32], labels: NDArray[np.uint8]) -> Units:
    """Axes and units for images (N, side, side) with these labels."""
    training = squares.flat(images)
    mean = training.mean(axis=0)
    axes = principal(training - mean, settings.components)
    inputs = expanded((training - mean) @ axes, settings.linear_terms)
    return Units(mean, axes, squares.fitted(inputs, labels, settings.decay))


def scores(settings: Settings, found: Units, images: NDArray[np.float32]) -> NDArray[np.float32]:
    """The outputs of the units for images (M, side, side): (M, 10)."""
    components = (squares.flat(images) - found.mean) @ found.axes
    inputs = expanded(components, settings.linear_terms)
    return squares.outputs(inputs, found.weights).astype(np.float32)


def principal(centred: Array, count: int) -> Array:
    """The axes of greatest variance of patterns (N, n) without their mean: (n, count)."""
    axes: Array = np.linalg.eigh(centred.T @ centred)[1][:, : -count - 1 : -1]
    return axes


def expanded(components: Array, linear_terms: bool) -> Array:
    """All products of two of the components (N, c), and maybe these: (N, c (c + 1) / 2 [+ c])."""
    one, other = np.triu_indices(components.shape[1])
    parts = [components[:, one] * components[:, other]]
    return np.concatenate(parts + [components] * linear_terms, axis=1)
