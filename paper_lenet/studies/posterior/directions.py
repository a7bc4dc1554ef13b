"""Directions in the space of readings in which the posterior is narrowest beside the prior.

Several axes may trade against each other: larger first weights and a smaller gain give the same
steps. Then no axis by itself is narrow, but a direction across them is. These are the generalised
eigenvectors of the posterior's covariance of the features and the prior's.
"""

from __future__ import annotations

from itertools import compress
from typing import NamedTuple

import numpy as np
from scipy import linalg

from paper_lenet.studies.posterior import labels
from paper_lenet.studies.posterior.features import Matrix, columns_of, matrix
from paper_lenet.studies.posterior.weighing import Posterior

COUNT = 3
SHOWN = 3  # axes that a title names
RIDGE = 1e-6


class Direction(NamedTuple):
    """A direction: its title, and weights of the features, (d,)."""

    title: str
    axis: Matrix


class Narrow(NamedTuple):
    """A direction in which the posterior is narrow.

    Attributes:
        direction: itself.
        words: the axes that count most in it, each from -1 to 1.
        ratio: the posterior's standard deviation along it over the prior's.
    """

    direction: Direction
    words: str
    ratio: float


def narrowest(posterior: Posterior) -> list[Narrow]:
    """The `COUNT` directions, the narrowest first."""
    features = matrix(posterior.readings, posterior.prior)
    before, after = (
        np.atleast_2d(np.cov(features.T, aweights=weights))
        for weights in (posterior.before, posterior.weights())
    )
    varying = np.diag(before) > RIDGE
    some = np.ix_(varying, varying)
    values, vectors = linalg.eigh(after[some], before[some] + RIDGE * np.eye(varying.sum()))
    names = [_name(*each) for each in compress(columns_of(posterior.prior), varying)]
    result: list[Narrow] = []
    for value, vector in zip(values[:COUNT], vectors.T[:COUNT], strict=True):
        title = f"direction {len(result) + 1}"
        scaled = vector * np.sqrt(np.diag(before)[varying])
        scaled = scaled / np.abs(scaled).max() * np.sign(scaled[np.abs(scaled).argmax()])
        axis = np.zeros(len(varying))
        axis[varying] = vector * np.sign(vector @ scaled)
        largest = np.argsort(-np.abs(scaled), kind="stable")[:SHOWN]
        words = ", ".join(f"{scaled[i]:+.1f} {names[i]}" for i in largest).replace("-", "−")
        ratio = float(np.sqrt(max(value, 0)))
        result.append(Narrow(Direction(title, axis), words, ratio))
    return result


def _name(axis: str, option: str) -> str:
    name = labels.axis(axis)
    return f"{name}: {option}" if option else name
