"""The emulator: summary statistics of any reading, learned from the readings that were trained.

Trainings are too few to meet the paper by chance on a dozen axes. The statistics, in units of
their spread over the runs, are reduced to a few principal components, and each is a Gaussian
process of the features: a smooth part with one length for each feature, and noise.
A reading with several seeds counts with their mean and the smaller noise of a mean. A feature that
is the same in all runs is taken to have no effect.

The error is measured on runs that the emulator was not given: with the lengths as they are, the
prediction for each run from all others has a closed form (Rasmussen and Williams, 2006, 5.4.2).
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


class Component(NamedTuple):
    """One principal component's Gaussian process, with the inverse of its covariance matrix."""

    process: GaussianProcessRegressor
    inverse: Matrix
    weights: Vector


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
        self.components = [
            _component(self._features, score / unit, 1e-6 + variance / unit**2 / data.seeds)
            for score, unit, variance in zip(scores.T, self._units, seeds, strict=True)
        ]

    def predict(self, features: Matrix) -> Matrix:
        """Mean statistics, (m, p), of the readings with these features, (m, d)."""
        weights = [each.weights for each in self.components]
        chunks = (features[start : start + CHUNK] for start in range(0, len(features), CHUNK))
        return np.vstack([self.weighted(self.kernels(chunk), weights) for chunk in chunks])

    def kernels(self, features: Matrix) -> list[Matrix]:
        """For each component the covariance of (m, d) with the data, (m, n)."""
        some = features[:, self._varying]
        return [each.process.kernel_(some, self._features) for each in self.components]

    def weighted(self, kernels: list[Matrix], weights: list[Vector]) -> Matrix:
        """Statistics, (m, p), from `kernels` and each component's weights, (n,)."""
        return self.assembled([k @ w for k, w in zip(kernels, weights, strict=True)])

    def assembled(self, scores: list[Vector]) -> Matrix:
        """Statistics from the components' scores in units of their spread."""
        standard = self._reduction.inverse_transform(np.column_stack(scores) * self._units)
        return np.asarray(standard * self._scale + self._centre)

    def weights_without(self, index: int) -> list[Vector]:
        """Each component's weights, had the reading `index` not been there: its own is zero."""
        return [
            each.weights - each.inverse[:, index] * each.weights[index] / each.inverse[index, index]
            for each in self.components
        ]

    def left_out(self) -> Matrix:
        """The prediction for each of the data's readings from all others, (n, p)."""
        scores = []
        for each in self.components:
            target = each.process.y_train_
            scores.append(target - each.weights / np.diag(each.inverse))
        return self.assembled(scores)


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
    return Component(process, inverse, np.asarray(process.alpha_))


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
