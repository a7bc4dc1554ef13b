"""Tension: could the paper's summary statistics be one more training of the readings that fit them?

Trainings are made up from the posterior: a reading by its weight, a mean as likely as the emulator
has it, and an error. Each statistic of the paper has a place among them; its p is twice the smaller
tail. A group of statistics is judged together, by its distance from the made-up trainings' mean,
and by the posterior of all other groups alone: a small p says that the group conflicts with the
rest.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import linalg

from paper_lenet.studies.posterior.emulator import Predicted
from paper_lenet.studies.posterior.marginals import drawn, normal

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
TRAININGS = 4000


def trainings(predicted: Predicted, weights: Vector, total: Matrix, purpose: int) -> Matrix:
    """Made-up statistics, (`TRAININGS`, p), of readings with these weights, (m,)."""
    chosen = drawn(weights, TRAININGS)
    means, deviations = predicted.means[chosen], np.sqrt(predicted.variances[chosen])
    lower = linalg.cholesky(total, lower=True)
    own, error = normal(deviations.shape, 500 + purpose), normal(means.shape, purpose)
    return np.asarray(means + (deviations * own) @ predicted.loadings + error @ lower.T)


def tail(made: Matrix, observed: Vector) -> Vector:
    """Two-sided p of each statistic, (p,): 1 in the middle, never quite 0."""
    below = (np.sum(made <= observed, 0) + 1) / (len(made) + 2)
    return np.asarray(2 * np.minimum(below, 1 - below))


def together(made: Matrix, observed: Vector) -> float:
    """p of all statistics together, by the squared Mahalanobis distance from the mean."""
    centre, total = made.mean(0), np.atleast_2d(np.cov(made.T))
    farther = distance(made, centre, total) >= distance(observed[None], centre, total)
    return float((np.sum(farther) + 1) / (len(made) + 1))


def distance(rows: Matrix, target: Vector, total: Matrix) -> Vector:
    """Squared Mahalanobis distance of each row from `target`, with covariance `total`."""
    lower = linalg.cholesky(total, lower=True)
    return np.asarray(np.sum(linalg.solve_triangular(lower, (rows - target).T, lower=True) ** 2, 0))
