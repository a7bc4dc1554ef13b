"""Maximum likelihood for units of which only an interval is known.

A unit's total input is linear in the parameters of its map, a = x w, and drawn states say between
which ends it lies. What is read of the states below has an error, so the total input is taken as
normal around x w with a variance of

    tau^2 + sum of w_k^2 var(x_k),

var(x_k) from what is known of each state below, tau the rest, the same for the whole map. Then

    P(drawn) = Phi((high - a) / sd) - Phi((low - a) / sd),

an ordered probit with known thresholds. For given deviations its logarithm is concave in w, and
Newton's method finds the maximum; deviations and maximum are found in turn. Weights have a normal
prior, so that what the data leave open stays finite; it may be wide.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, optimize, special

Array = NDArray[np.float64]
TAU = (1e-3, 10.0)  # the least and the greatest that is tried
ROUNDS, STEPS = 4, 40
ENOUGH = 1e-7  # gain of the log posterior at which Newton's method stops


class Units(NamedTuple):
    """The drawn units of one map.

    Attributes:
        x: (n, k), states below, and ones for the bias.
        variance: (n, k), theirs.
        low: (n,), of the total input.
        high: (n,).
    """

    x: Array
    variance: Array
    low: Array
    high: Array

    def some(self, rows: NDArray[np.bool_] | NDArray[np.int64]) -> Units:
        """Only these units."""
        return Units(*(part[rows] for part in self))


class Fit(NamedTuple):
    """The most probable parameters of one map.

    Attributes:
        w: (k,), the last one the bias.
        covariance: (k, k), the inverse of the curvature of the log posterior (Laplace).
        tau: what is not explained by the states below, in total inputs.
        likelihood: the logarithm, at `w`.
        evidence: the logarithm of the marginal likelihood, by Laplace's method, tau held.
    """

    w: Array
    covariance: Array
    tau: float
    likelihood: float
    evidence: float

    @property
    def sd(self) -> Array:
        """Standard deviation of each parameter, (k,)."""
        return np.sqrt(np.diag(self.covariance))


def log_probability(a: Array, low: Array, high: Array, sd: Array) -> tuple[Array, Array, Array]:
    """The logarithm of P(low < a + noise < high), with its first and second derivative in a."""
    up, down = (high - a) / sd, (low - a) / sd
    # The same interval in the lower tail, where the logarithm of Phi loses no digits.
    flip = down > 0
    above, below = np.where(flip, -down, up), np.where(flip, -up, down)
    top, bottom = special.log_ndtr(above), special.log_ndtr(below)
    value = top + np.log1p(-np.exp(np.minimum(bottom - top, -1e-12)))
    density_up, density_down = (
        np.exp(-0.5 * z**2 - 0.5 * np.log(2 * np.pi) - value) for z in (up, down)
    )
    first = density_down - density_up
    up, down = (np.where(np.isfinite(z), z, 0.0) for z in (up, down))
    second = -(first**2) - density_up * up + density_down * down
    return value, first / sd, np.minimum(second, -1e-12) / sd**2


def deviations(units: Units, w: Array, tau: float) -> Array:
    """Standard deviation of each total input, (n,)."""
    return np.sqrt(tau**2 + units.variance @ w**2)


def fit(
    units: Units,
    prior: Array,
    start: Array | None = None,
    tau: float | None = None,
    weight: Array | None = None,
) -> Fit:
    """The most probable parameters.

    Args:
        units: what is drawn; equal ones should be there once (`distinct`), for they share their
            error.
        prior: (k,), standard deviations of the parameters around zero.
        start: (k,), where to begin.
        tau: held, if given; else fitted.
        weight: (n,), how often each unit counts, as the bootstrap has it.
    """
    weight = np.ones(len(units.x)) if weight is None else weight
    w = np.zeros(units.x.shape[1]) if start is None else start
    found = 0.3 if tau is None else tau
    precision = prior**-2
    for round_ in range(ROUNDS):
        if tau is None and (round_ or start is not None):
            found = _tau(units, w, weight)
        sd = deviations(units, w, found)
        w, posterior, curvature = _newton(units, sd, w, precision, weight)
    likelihood = posterior + 0.5 * float(precision @ w**2)
    factor = linalg.cholesky(curvature, lower=True)
    covariance = linalg.cho_solve((factor, True), np.eye(len(w)))
    volume = 0.5 * float(np.log(precision).sum()) - float(np.log(np.diag(factor)).sum())
    return Fit(w, covariance, found, likelihood, posterior + volume)


def distinct(units: Units) -> Units:
    """Each kind of unit once: a background's are all alike, and tell no more than one does."""
    return distinct_rows(units)[0]


def distinct_rows(units: Units) -> tuple[Units, NDArray[np.int64]]:
    """`distinct`, and which rows they are."""
    table = np.column_stack([units.x, units.low, units.high])
    _, rows = np.unique(np.round(table, 6), axis=0, return_index=True)
    rows = np.sort(rows)
    return units.some(rows), rows


def _tau(units: Units, w: Array, weight: Array) -> float:
    a, below = units.x @ w, units.variance @ w**2

    def loss(logarithm: float) -> float:
        sd = np.sqrt(np.exp(2 * logarithm) + below)
        return -float(weight @ log_probability(a, units.low, units.high, sd)[0])

    low, high = np.log(TAU)
    options = {"xatol": 1e-4}
    best = optimize.minimize_scalar(loss, bounds=(low, high), method="bounded", options=options)
    return float(np.exp(best.x))


def maximum(units: Units, sd: Array, start: Array, prior: Array) -> float:
    """The greatest log posterior under the deviations `sd`, (n,), and the `prior`, (k,)."""
    return _newton(units, sd, start, prior**-2, np.ones(len(sd)))[1]


def _newton(
    units: Units, sd: Array, w: Array, precision: Array, weight: Array
) -> tuple[Array, float, Array]:
    """The maximum for given deviations, the log posterior there, and its curvature."""

    def posterior(w: Array) -> tuple[float, Array, Array]:
        value, first, second = log_probability(units.x @ w, units.low, units.high, sd)
        return float(weight @ value - 0.5 * precision @ w**2), weight * first, weight * second

    value, first, second = posterior(w)
    for _ in range(STEPS):
        gradient = units.x.T @ first - precision * w
        curvature = (units.x.T * -second) @ units.x + np.diag(precision)
        step, scale = linalg.solve(curvature, gradient, assume_a="pos"), 1.0
        while True:
            new, *derivatives = posterior(w + scale * step)
            if new >= value or scale < 1e-6:
                break
            scale /= 2
        gain, value = new - value, max(new, value)
        if gain > 0:
            w, (first, second) = w + scale * step, derivatives
        if gain < ENOUGH:
            break
    curvature = (units.x.T * -second) @ units.x + np.diag(precision)
    return w, value, curvature
