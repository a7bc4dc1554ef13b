"""The emulator: summary statistics of any reading, learned from the readings that were trained.

Trainings are too few to meet the paper by chance on a dozen axes. The statistics, in units of
their spread over the runs, are reduced to a few principal components, and each is a Gaussian
process of the features: a smooth part with one length for each feature, and noise.
A reading with several seeds counts with their mean and the smaller noise of a mean. A feature that
is the same in all runs is taken to have no effect.

How sure it is differs from reading to reading: far from all runs a process says little, and its
variance says so. What a prediction misses is measured on runs that the emulator was not given: with
the lengths as they are, the prediction for each run from all others has a closed form (Rasmussen
and Williams, 2006, 5.4.2), mean and variance.
"""

from __future__ import annotations

import warnings
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import linalg
from sklearn.covariance import OAS
from sklearn.decomposition import PCA
from sklearn.exceptions import ConvergenceWarning
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import RBF, ConstantKernel, WhiteKernel
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict

Matrix = NDArray[np.float64]
Vector = NDArray[np.float64]

MOST = 6  # components kept
CHUNK = 20_000  # readings predicted at once
FOLDS = 5


class Data(NamedTuple):
    """Readings that trained: features (n, d), mean statistics (n, p), number of seeds (n,)."""

    features: Matrix
    targets: Matrix
    seeds: NDArray[np.int64]


class Predicted(NamedTuple):
    """What an emulator says of readings.

    Attributes:
        means: of the statistics, (m, p).
        variances: of the scores of its components, (m, k): how little it knows of a reading's mean.
        loadings: (k, p), what a component's score does to each statistic.
    """

    means: Matrix
    variances: Matrix
    loadings: Matrix


class Component(NamedTuple):
    """One principal component's Gaussian process.

    Attributes:
        process: as fitted.
        inverse: of the covariance matrix of the data, (n, n).
        weights: of the data's kernels in a prediction, (n,).
        noise: variance of each of the data, (n,).
    """

    process: GaussianProcessRegressor
    inverse: Matrix
    weights: Vector
    noise: Vector

    @property
    def amplitude(self) -> float:
        """The variance of a reading's mean before any data."""
        return float(self.process.kernel_.k1.k1.constant_value)


class Asked(NamedTuple):
    """Readings that an emulator is asked of, without some run as well as with all.

    Attributes:
        kernels: for each component, their covariance with the data, (m, n).
        solved: the same times the inverse of the data's, (m, n).
    """

    kernels: list[Matrix]
    solved: list[Matrix]


class Emulator:
    """Predicts the mean statistics of readings.

    Attributes:
        data: what it was given.
        components: by principal component.
    """

    def __init__(self, data: Data, spread: Matrix | None = None) -> None:
        """Fit to `data`; `spread` is the covariance between seeds (p, p), if it was measured."""
        self.data = data
        self._varying = data.features.std(0) > 0
        self._features = data.features[:, self._varying]
        self._centre, self._scale = data.targets.mean(0), data.targets.std(0)
        standard = (data.targets - self._centre) / self._scale
        self._reduction = PCA(min(MOST, *standard.shape), svd_solver="full").fit(standard)
        scores = self._reduction.transform(standard)
        seeds = np.zeros(scores.shape[1])
        if spread is not None:
            axes = self._reduction.components_ / self._scale
            seeds = np.einsum("kp,pq,kq->k", axes, spread, axes)
        self._units = scores.std(0)
        self._middle = self._reduction.mean_ * self._scale + self._centre
        self.components = [
            _component(self._features, score / unit, 1e-6 + variance / unit**2 / data.seeds)
            for score, unit, variance in zip(scores.T, self._units, seeds, strict=True)
        ]

    @property
    def loadings(self) -> Matrix:
        """What the score of each component does to each statistic, (k, p)."""
        return np.asarray(self._reduction.components_ * self._units[:, None] * self._scale)

    def predict(self, features: Matrix) -> Predicted:
        """Of the readings with these features, (m, d)."""
        chunks = (features[start : start + CHUNK] for start in range(0, len(features), CHUNK))
        parts = [self.without(self.ask(chunk), None) for chunk in chunks]
        means, variances = (np.vstack([part[place] for part in parts]) for place in (0, 1))
        return Predicted(means, variances, self.loadings)

    def ask(self, features: Matrix) -> Asked:
        """What predictions for (m, d) need, whichever run they are to do without."""
        some = features[:, self._varying]
        kernels = [each.process.kernel_(some, self._features) for each in self.components]
        return Asked(
            kernels, [k @ c.inverse for k, c in zip(kernels, self.components, strict=True)]
        )

    def without(self, asked: Asked, index: int | None) -> Predicted:
        """The prediction, had the reading `index` not been there; `None` leaves out none."""
        scores, variances = [], []
        for kernels, solved, each in zip(*asked, self.components, strict=True):
            score = kernels @ each.weights
            variance = each.amplitude - np.einsum("mn,mn->m", solved, kernels)
            if index is not None:
                own = each.inverse[index, index]
                score = score - solved[:, index] * each.weights[index] / own
                variance = variance + solved[:, index] ** 2 / own
            scores.append(score)
            variances.append(np.clip(variance, 0, None))
        return Predicted(self._assembled(scores), np.column_stack(variances), self.loadings)

    def left_out(self) -> Predicted:
        """The prediction for each of the data's readings from all others."""
        scores, variances = [], []
        for each in self.components:
            own = np.diag(each.inverse)
            scores.append(each.process.y_train_ - each.weights / own)
            variances.append(np.clip(1 / own - each.noise, 0, None))
        return Predicted(self._assembled(scores), np.column_stack(variances), self.loadings)

    def _assembled(self, scores: list[Vector]) -> Matrix:
        """Statistics from the components' scores in units of their spread."""
        return np.asarray(np.column_stack(scores) @ self.loadings + self._middle)


def _component(features: Matrix, target: Vector, noise: Vector) -> Component:
    count = features.shape[1]
    smooth = ConstantKernel(1.0, (1e-4, 1e3)) * RBF(np.full(count, 4.0), (0.5, 100.0))
    kernel = smooth + WhiteKernel(0.1, (1e-3, 1e1))
    process = GaussianProcessRegressor(kernel, alpha=noise)
    with warnings.catch_warnings():
        # A feature without effect has its length at the bound, which is as it should be.
        warnings.simplefilter("ignore", ConvergenceWarning)
        process.fit(features, target)
    inverse = linalg.cho_solve((process.L_, True), np.eye(len(target)))
    white = process.kernel_.k2.noise_level
    return Component(process, inverse, np.asarray(process.alpha_), noise + white)


class Learns:
    """How likely a reading learns at all: logistic regression on the features.

    Attributes:
        outcomes: which of the runs did, (n,).
        score: mean log score over the runs, each judged by a fit without its fold.
        base: that of saying the share of all runs.
    """

    def __init__(self, features: Matrix, learned: NDArray[np.bool_]) -> None:
        """Fit to runs with these features, (n, d), of which `learned`, (n,), did."""
        self.outcomes = learned
        self._share = (learned.sum() + 1) / (len(learned) + 2)
        self._model: LogisticRegression | None = None
        self.score = self.base = _score(np.full(len(learned), self._share), learned)
        if min(learned.sum(), (~learned).sum()) < FOLDS:
            return  # too few of one kind: the same for all readings
        model = LogisticRegression(C=1.0, max_iter=1000)
        folds = cross_val_predict(model, features, learned, cv=FOLDS, method="predict_proba")
        self.score = _score(folds[:, 1], learned)
        if self.score > self.base:  # else the features tell nothing: the same for all readings
            self._model = model.fit(features, learned)

    def logarithm(self, features: Matrix) -> Vector:
        """The logarithm of the probability, (m,)."""
        if self._model is None:
            return np.full(len(features), np.log(self._share))
        return np.asarray(self._model.predict_log_proba(features)[:, 1])


def _score(probability: Vector, learned: NDArray[np.bool_]) -> float:
    return float(np.mean(np.log(np.where(learned, probability, 1 - probability))))


def correlation(deviations: Matrix) -> Matrix:
    """The correlation of rows around zero, (p, p), shrunk a little (OAS, Chen and others 2010)."""
    shrunk = OAS(assume_centered=True).fit(deviations / size(deviations)).covariance_
    root = np.sqrt(np.diag(shrunk))
    return np.asarray(shrunk / np.outer(root, root))


def size(deviations: Matrix) -> Vector:
    """The root mean square of each column, (p,)."""
    return np.asarray(np.sqrt(np.mean(deviations**2, 0)))
