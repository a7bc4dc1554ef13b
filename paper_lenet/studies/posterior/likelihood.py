"""The synthetic likelihood: how likely the paper's summary statistics are under a reading.

Under one reading the statistics are taken as normal around the emulator's mean. Their covariance
adds up three parts: the reading's own variance by the emulator, what its predictions miss beyond
that, and the reading of the paper. The second is measured on runs that the emulator was not given,
one seed each; where runs of several seeds show a greater spread in some direction, theirs is taken.
For the size of the error only the half of the runs that the emulator puts nearest to the paper
count: far from it, where trainings nearly break, the emulator is worse. For the correlations all
runs count, and all seeds of readings with several: twenty passes have too many for a few runs.

A covariance measured on n runs makes the likelihood a t law (Sellentin and Heavens, 2016). How well
all this holds is measured, see `calibration_check`.
"""

from __future__ import annotations

import json
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import linalg

from paper_lenet.base.errors import PaperLenetError
from paper_lenet.studies.posterior import features as points
from paper_lenet.studies.posterior.emulator import (
    Data,
    Emulator,
    Learns,
    Predicted,
    correlation,
    size,
)
from paper_lenet.studies.posterior.predictive import distance
from paper_lenet.studies.posterior.summaries import Observed, Summarised, Vector, columns
from paper_lenet.studies.prior import Prior

Matrix = NDArray[np.float64]
FEWEST = 20  # readings that an emulator needs, and residuals that a covariance needs
LEAST = 0.25  # of what predictions miss, in variance, at least is none of the emulator's own


class Error(NamedTuple):
    """How far a training may lie from a reading's true mean, and from the paper's numbers.

    Attributes:
        total: covariance (p, p), without the emulator's own variance.
        seeds: its part that runs of several seeds show; zero where there are none.
        reading: its part from reading the paper.
        runs: how many it was measured on.
    """

    total: Matrix
    seeds: Matrix
    reading: Matrix
    runs: int


class Likelihood:
    """That of one kind of statistics: the runs that it was learned from, and the paper's values.

    Attributes:
        observed: the paper's statistics.
        runs: the single trainings that the emulator was given, each in `places` of its data.
        readings: by axis, of `runs`.
        own: their statistics, (runs, p).
        emulator: fitted to all of them and to readings of several seeds.
        learns: fitted to all draws.
        residuals: of `runs`, what the emulator misses without them, (runs, p).
        expected: the emulator's means for `runs` without them, (runs, p).
        unsure: its own variances of these, (runs, p).
        spread: covariance between seeds (p, p); `None` where too few readings have several.
        freedom: the degrees of freedom of `spread`.
    """

    def __init__(self, observed: Observed, prior: Prior, trainings: list[Summarised]) -> None:
        """Fit to `trainings`, of draws of the prior and of readings of several seeds.

        Raises:
            TooFewError: too few draws learned.
        """
        self.observed = observed
        single, several = sorted_out(trainings, prior)
        learned = np.array([one.values is not None for one, _ in single], bool)
        if learned.sum() < FEWEST:
            raise TooFewError(f"{learned.sum()} draws learned; at least {FEWEST} are needed")
        features = points.matrix(points.gather([reading for _, reading in single]), prior)
        self.learns = Learns(features, learned)
        self.runs = [one for one, _ in single if one.values is not None]
        self.readings = points.gather(
            [reading for one, reading in single if one.values is not None]
        )
        self.own = np.array([one.values for one in self.runs], float)
        deviations = _deviations([values for _, values in several], self.own.shape[1])
        self.freedom = len(deviations) - len(several)
        self.spread: Matrix | None = None
        if self.freedom >= deviations.shape[1]:
            self.spread = scaled(correlation(deviations), size(deviations))
            self._deviations = deviations / size(deviations)
        else:
            self._deviations = deviations[:0]
        targets, inputs, seeds = [self.own], [features[learned]], [1] * len(self.runs)
        for reading, values in several:
            inputs.append(points.matrix(points.gather([reading]), prior))
            targets.append(values.mean(0, keepdims=True))
            seeds.append(len(values))
        data = Data(np.vstack(inputs), np.vstack(targets), np.array(seeds))
        self.emulator = Emulator(data, self.spread)
        left = self.emulator.left_out()
        self.expected = left.means[: len(self.runs)]
        self.unsure = left.variances[: len(self.runs)] @ left.loadings**2
        self.residuals = self.own - self.expected

    @property
    def scatter(self) -> Matrix:
        """The spread between seeds, (p, p), as it was measured.

        Raises:
            TooFewError: too few readings have several seeds.
        """
        if self.spread is None:
            raise TooFewError("too few readings have several seeds to tell how far seeds differ")
        return self.spread

    def error(self, target: Vector, without: int | None = None) -> Error:
        """The covariance near `target`, (p,), measured without the run `without`."""
        keep = np.arange(len(self.runs)) != (-1 if without is None else without)
        residuals, expected = self.residuals[keep], self.expected[keep]
        reading = np.diag(self.observed.reading**2)
        pattern = correlation(np.vstack([residuals / size(residuals), self._deviations]))
        rough = scaled(pattern, size(residuals)) + reading
        near = np.argsort(distance(expected, target, rough), kind="stable")
        near = near[: max(FEWEST - 1, len(near) // 2)]
        missed = np.mean(residuals[near] ** 2, 0)
        own = np.mean(self.unsure[keep][near], 0)
        sizes = np.sqrt(np.maximum(missed - own, LEAST * missed))
        total = scaled(pattern, sizes)
        seeds = np.zeros_like(total) if self.spread is None else self.spread
        total = total + scaled(_positive(scaled(seeds - total, 1 / sizes)), sizes)
        return Error(total + reading, seeds, reading, len(near))

    def logarithm(
        self,
        predicted: Predicted,
        target: Vector,
        error: Error,
        groups: tuple[str, ...] | None = None,
    ) -> Vector:
        """Log likelihood of the statistics in `groups`, or of all, for each prediction, (m,)."""
        names = self.observed.names
        some = columns(names, groups) if groups is not None else list(range(len(names)))
        if not some:
            return np.zeros(len(predicted.means))
        lower = linalg.cholesky(error.total[np.ix_(some, some)], lower=True)
        apart, loadings = (
            linalg.solve_triangular(lower, rows.T, lower=True).T
            for rows in (predicted.means[:, some] - target[some], predicted.loadings[:, some])
        )
        return _t(apart, loadings, np.sqrt(predicted.variances), error.runs)


def _t(apart: Matrix, loadings: Matrix, deviations: Matrix, runs: int) -> Vector:
    """Log density, up to a constant, of a t law at `apart`, (m, p).

    Its covariance is one, but for the components of an emulator: `loadings`, (k, p), times the
    `deviations` of each row, (m, k). So a matrix (k, k) of each row says all (Woodbury).
    """
    inner = deviations[:, :, None] * (loadings @ loadings.T) * deviations[:, None, :]
    lower = np.linalg.cholesky(inner + np.eye(len(loadings)))
    along = np.linalg.solve(lower, (deviations * (apart @ loadings.T))[:, :, None])[:, :, 0]
    squared = (apart**2).sum(1) - (along**2).sum(1)
    volume = np.log(np.diagonal(lower, axis1=1, axis2=2)).sum(1)
    return np.asarray(-volume - runs / 2 * np.log1p(squared / (runs - 1)))


class TooFewError(PaperLenetError, ValueError):
    """There are too few trainings for a posterior."""


def sorted_out(
    trainings: list[Summarised], prior: Prior
) -> tuple[list[tuple[Summarised, points.Reading]], list[tuple[points.Reading, Matrix]]]:
    """Single trainings with their readings, and readings of several seeds that all learned.

    Only what differs from the first training in nothing but the prior's axes, and lies in the
    prior's range. A training that two studies share counts once.
    """
    fixed = points.apart(trainings[0].recipe, prior) if trainings else {}
    runs: dict[str, dict[int, Summarised]] = {}
    for one in trainings:
        if points.apart(one.recipe, prior) == fixed:
            runs.setdefault(json.dumps(one.recipe, sort_keys=True), {})[one.seed] = one
    single, several = [], []
    for seeds in runs.values():
        first = next(iter(seeds.values()))
        reading = points.reading(first.recipe, prior)
        if reading is None:
            continue
        values = [one.values for one in seeds.values() if one.values is not None]
        if len(seeds) == 1:
            single.append((first, reading))
        elif len(values) == len(seeds):
            several.append((reading, np.array(values)))
    return single, several


def _deviations(groups: list[Matrix], count: int) -> Matrix:
    """Each seed's deviation from its reading's mean, as large as a single run's, (seeds, p)."""
    found = [
        (values - values.mean(0)) * np.sqrt(len(values) / (len(values) - 1)) for values in groups
    ]
    return np.vstack([np.zeros((0, count)), *found])


def scaled(matrix: Matrix, sizes: Vector) -> Matrix:
    """`matrix` (p, p) with row and column i times ``sizes[i]``."""
    return np.asarray(matrix * np.outer(sizes, sizes))


def _positive(matrix: Matrix) -> Matrix:
    """The part of a symmetric matrix with positive eigenvalues."""
    values, vectors = linalg.eigh(matrix)
    return np.asarray((vectors * np.clip(values, 0, None)) @ vectors.T)
