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
from typing import Annotated

import numpy as np

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


def fit(settings: Settings, sets: Sets, seed: int) -> Scored:
    """Fit axes and units to the training patterns; nothing is drawn."""
    training = squares.flat(sets.training)
    mean = training.mean(axis=0)
    axes = principal(training - mean, settings.components)
    inputs, test = (
        expanded((part - mean) @ axes, settings.linear_terms)
        for part in (training, squares.flat(sets.test))
    )
    weights = squares.fitted(inputs, sets.labels, settings.decay)
    scores = squares.outputs(test, weights).astype(np.float32)
    operations = axes.size + weights.size
    return Scored(scores, operations, operations + mean.size)


def principal(centred: Array, count: int) -> Array:
    """The axes of greatest variance of patterns (N, n) without their mean: (n, count)."""
    axes: Array = np.linalg.eigh(centred.T @ centred)[1][:, : -count - 1 : -1]
    return axes


def expanded(components: Array, linear_terms: bool) -> Array:
    """All products of two of the components (N, c), and maybe these: (N, c (c + 1) / 2 [+ c])."""
    one, other = np.triu_indices(components.shape[1])
    parts = [components[:, one] * components[:, other]]
    return np.concatenate(parts + [components] * linear_terms, axis=1)
