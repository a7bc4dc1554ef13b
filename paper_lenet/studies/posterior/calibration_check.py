"""The check of the method: is it right about trainings of our own, whose reading is known?

Each draw of the prior that learned takes the paper's place once. Its statistics get the errors
that reading them off the paper would give; the emulator's weights and the covariance are those
without it (its lengths, and the probability to learn, keep what little they learned from it). Its
true reading came from the prior, so over many draws

- the posterior's share below the true value of a range is uniform from 0 to 1;
- the true option gets a higher probability than the prior gave it, in the mean of its logarithm,
  if the statistics tell anything of that axis, and no lower one if they do not.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from paper_lenet.studies.posterior.features import (
    SILENT_UNDER_8,
    Matrix,
    Readings,
    is_continuous,
    matrix,
    options,
)
from paper_lenet.studies.posterior.likelihood import Likelihood
from paper_lenet.studies.posterior.marginals import effective, normal, normalised, text
from paper_lenet.studies.posterior.sampling import sample
from paper_lenet.studies.posterior.summaries import Summarised, Vector
from paper_lenet.studies.prior import Prior

INTERVALS = (0.5, 0.9)


class Judged(NamedTuple):
    """One axis of one draw.

    Attributes:
        run: the draw.
        axis: dotted key.
        truth: its value.
        before: the prior's probability of it, NaN for a range.
        after: the posterior's, or the posterior's share below it for a range.
        right: whether the likeliest option is the true one.
        first: whether the prior's likeliest option is.
    """

    run: str
    axis: str
    truth: str
    before: float
    after: float
    right: bool
    first: bool


class Axis(NamedTuple):
    """How well the method does on one axis, over draws; NaN where it does not apply.

    Attributes:
        axis: dotted key.
        draws: how many.
        uniform: p of a Kolmogorov-Smirnov test that the shares below are uniform.
        within: shares of true values within the central intervals `INTERVALS`.
        gain: mean logarithm of posterior over prior probability of the truth.
        error: standard error of `gain`.
        right: share of draws whose likeliest option is the true one.
        first: the same for the prior.
    """

    axis: str
    draws: int
    uniform: float
    within: tuple[float, ...]
    gain: float
    error: float
    right: float
    first: float


class _Left(NamedTuple):
    """A likelihood, ready to be asked without one of its runs."""

    likelihood: Likelihood
    kernels: list[Matrix]
    learns: Vector
    targets: Matrix
    places: dict[tuple[str, int], int]

    def logarithm(self, run: Summarised) -> Vector:
        """Log likelihood of each reading, (m,), if `run` stands for the paper; 0 without it."""
        index = self.places.get((run.run, run.seed))
        if index is None:
            return np.zeros(len(self.learns))
        emulator, target = self.likelihood.emulator, self.targets[index]
        predicted = emulator.weighted(self.kernels, emulator.weights_without(index))
        error = self.likelihood.error(target, index)
        return self.learns + self.likelihood.logarithm(predicted, target, error)


def recover(
    likelihoods: Sequence[Likelihood], prior: Prior, law: Prior, count: int
) -> list[Judged]:
    """The posterior of each run of the first likelihood, by all that have it.

    Args:
        likelihoods: of kinds of statistics of the same trainings.
        prior: over readings, to which the emulators were fitted.
        law: what the runs were drawn from, which is their prior here: the same, or another on the
            same axes.
        count: how many readings drawn from it are weighed.
    """
    readings = sample(law, count).readings
    features = matrix(readings, prior)
    kinds = [_left(each, features, number) for number, each in enumerate(likelihoods)]
    result: list[Judged] = []
    for index, run in enumerate(likelihoods[0].runs):
        logarithm = np.sum([kind.logarithm(run) for kind in kinds], 0)
        result += _judged(likelihoods[0], index, readings, logarithm, law)
    return result


def _left(likelihood: Likelihood, features: Matrix, number: int) -> _Left:
    noise = normal(likelihood.own.shape, 1 + number)
    return _Left(
        likelihood,
        likelihood.emulator.kernels(features),
        likelihood.learns.logarithm(features),
        likelihood.own + likelihood.observed.reading * noise,
        {(run.run, run.seed): index for index, run in enumerate(likelihood.runs)},
    )


def _judged(
    likelihood: Likelihood, index: int, readings: Readings, logarithm: Vector, law: Prior
) -> Iterable[Judged]:
    run = likelihood.runs[index].run
    truth = {key: values[index] for key, values in likelihood.readings.items()}
    silent = truth.get("loss.equation") == 8
    for key, each in law.items():
        if (silent and key in SILENT_UNDER_8) or (
            not is_continuous(each) and len(options(each)) < 2
        ):
            continue
        some = normalised(logarithm)
        if key in SILENT_UNDER_8 and "loss.equation" in law:
            some = normalised(np.where(readings["loss.equation"] == 9, logarithm, -np.inf))
        if is_continuous(each):
            below = float(some[readings[key] < truth[key]].sum())
            yield Judged(run, key, f"{truth[key]:.4g}", math.nan, below, False, False)
            continue
        shares = np.array([some[readings[key] == option].sum() for option in options(each)])
        before = np.array(list(each["choice"].values()), float)
        before = before / before.sum()
        # A sample of so many says no more than this about what it does not contain.
        size = effective(some)
        after = (size * shares + before) / (size + 1)
        place = options(each).index(truth[key])
        yield Judged(
            run,
            key,
            text(truth[key]),
            float(before[place]),
            float(after[place]),
            int(after.argmax()) == place,
            int(before.argmax()) == place,
        )


def by_axis(judged: list[Judged], prior: Prior) -> list[Axis]:
    """The check's outcome for each axis."""
    result = []
    for key, law in prior.items():
        mine = [each for each in judged if each.axis == key]
        if len(mine) < 2:
            continue
        after = np.array([each.after for each in mine])
        if is_continuous(law):
            within = tuple(float(np.mean(np.abs(after - 0.5) <= part / 2)) for part in INTERVALS)
            p = float(stats.kstest(after, "uniform").pvalue)
            result.append(Axis(key, len(mine), p, within, *(math.nan,) * 4))
            continue
        gains = np.log(after / np.array([each.before for each in mine]))
        result.append(
            Axis(
                key,
                len(mine),
                math.nan,
                (math.nan,) * len(INTERVALS),
                float(gains.mean()),
                float(gains.std(ddof=1) / math.sqrt(len(mine))),
                float(np.mean([each.right for each in mine])),
                float(np.mean([each.first for each in mine])),
            )
        )
    return result


def shares_below(judged: list[Judged], prior: Prior) -> dict[str, NDArray[np.float64]]:
    """For each axis with a range the posterior's shares below the true values, sorted."""
    return {
        key: np.sort([each.after for each in judged if each.axis == key])
        for key, law in prior.items()
        if is_continuous(law)
    }
