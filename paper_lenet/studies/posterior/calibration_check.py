"""Simulation-based calibration: is the posterior right about trainings whose reading is known?

Each draw of the rounds that has all statistics takes the paper's place once (Talts and others,
2018). Its statistics get the errors that reading them off the paper would give; the emulators'
weights and the covariances are those without it (their lengths and components, the other runs'
predictions and the probability to learn keep what little they learned from it). The kinds of
statistics are taken as independent given the reading, here as for the paper. Its reading came from
the law of its round, which is the prior there. So over many draws

- the true value's rank in the posterior, from 0 to 1, is uniform: of a range the share below it; of
  an option the share of those before it and a random part of its own; and along a direction in the
  space of readings, on which several axes count at once, the share below;
- the true option gets a higher probability than before, in the mean of its logarithm, if the
  statistics tell anything of that axis, and no lower one if they do not.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from scipy import stats

from paper_lenet.studies.laws import is_continuous, options, shares
from paper_lenet.studies.posterior.directions import Direction
from paper_lenet.studies.posterior.emulator import Asked
from paper_lenet.studies.posterior.features import (
    SILENT_UNDER_8,
    Reading,
    Readings,
    asked,
    gather,
    matrix,
)
from paper_lenet.studies.posterior.likelihood import Likelihood
from paper_lenet.studies.posterior.marginals import effective, normal, normalised, text
from paper_lenet.studies.posterior.rounds import Round
from paper_lenet.studies.posterior.sampling import sample
from paper_lenet.studies.posterior.summaries import Vector
from paper_lenet.studies.prior import Prior

INTERVALS = (0.5, 0.9)
RIGHT = 0.01  # least p of uniform ranks: a smaller one says that the posterior is wrong there


class Judged(NamedTuple):
    """One axis, or direction, of one draw.

    Attributes:
        run: the draw.
        axis: dotted key, or the direction's title.
        truth: its value.
        before: the law's probability of it; NaN for what is no option.
        after: the posterior's.
        rank: of the true value in the posterior, from 0 to 1.
        size: how many equally weighted readings would say as much as those that were weighed.
        right: 1 if the likeliest option is the true one, else 0; NaN for what is no option.
        first: the same of the law's likeliest.
    """

    run: str
    axis: str
    truth: str
    before: float
    after: float
    rank: float
    size: float
    right: float = math.nan
    first: float = math.nan


class Axis(NamedTuple):
    """How well the method does on one axis, over draws; NaN where it does not apply.

    Attributes:
        axis: dotted key, or the direction's title.
        draws: how many.
        uniform: p of a Kolmogorov-Smirnov test that the ranks are uniform.
        within: shares of ranks within the central intervals `INTERVALS`.
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
    asked: Asked
    learns: Vector
    targets: Mapping[str, Vector]
    places: Mapping[str, int]

    def logarithm(self, run: str) -> Vector:
        """Log likelihood of each reading, (m,), if the draw `run` stands for the paper."""
        index, target = self.places[run], self.targets[run]
        predicted = self.likelihood.emulator.without(self.asked, index)
        error = self.likelihood.error(target, index)
        return self.learns + self.likelihood.logarithm(predicted, target, error)


def recover(
    likelihoods: Sequence[Likelihood],
    prior: Prior,
    rounds: Sequence[Round],
    directions: Sequence[Direction],
    count: int,
) -> list[Judged]:
    """The posterior of each draw of `rounds` that has the statistics of all `likelihoods`.

    Args:
        likelihoods: of all kinds of statistics.
        prior: over readings, to which the emulators were fitted.
        rounds: whose laws are the prior of their draws here.
        directions: in the space of readings, along which ranks are wanted too.
        count: how many readings drawn from each law are weighed.
    """
    places = [{run.run: i for i, run in enumerate(each.runs)} for each in likelihoods]
    result: list[Judged] = []
    for each in rounds:
        readings = sample(each.law, count).readings
        features = matrix(readings, prior)
        kinds = [
            _left(likelihood, features, found, number)
            for number, (likelihood, found) in enumerate(zip(likelihoods, places, strict=True))
        ]
        for run in each.clean:
            if all(run in found for found in places):
                logarithm = np.sum([kind.logarithm(run) for kind in kinds], 0)
                truth = {
                    key: values[places[0][run]] for key, values in likelihoods[0].readings.items()
                }
                result += _judged(run, truth, readings, logarithm, each.law)
                own = matrix(gather([truth]), prior)[0]
                weights = normalised(logarithm)
                size = effective(weights)
                for title, axis in directions:
                    below = float(weights[features @ axis < own @ axis].sum())
                    result.append(Judged(run, title, "", math.nan, math.nan, below, size))
    return result


def _left(
    likelihood: Likelihood, features: Vector, places: Mapping[str, int], number: int
) -> _Left:
    noise = normal(likelihood.own.shape, 1 + number)
    read = likelihood.own + likelihood.observed.reading * noise
    return _Left(
        likelihood,
        likelihood.emulator.ask(features),
        likelihood.learns.logarithm(features),
        {run: read[index] for run, index in places.items()},
        places,
    )


def _judged(
    run: str, truth: Reading, readings: Readings, logarithm: Vector, law: Prior
) -> list[Judged]:
    result = []
    parts = normal((1, len(law)), 2000 + int(run.split("-")[1]))[0]
    for (key, each), part in zip(law.items(), stats.norm.cdf(parts), strict=True):
        if truth.get("loss.equation") == 8 and key in SILENT_UNDER_8:
            continue
        some = normalised(np.where(asked(key, readings), logarithm, -np.inf))
        size = effective(some)
        if is_continuous(each):
            below = float(some[readings[key] < truth[key]].sum())
            result.append(Judged(run, key, f"{truth[key]:.4g}", math.nan, math.nan, below, size))
            continue
        found = np.array([some[readings[key] == option].sum() for option in options(each)])
        before = shares(each)
        # A sample of so many says no more than this about what it does not contain.
        after = (size * found + before) / (size + 1)
        place = options(each).index(truth[key])
        result.append(
            Judged(
                *(run, key, text(truth[key]), float(before[place]), float(after[place])),
                float(after[:place].sum() + part * after[place]),
                size,
                float(after.argmax() == place),
                float(before.argmax() == place),
            )
        )
    return result


def by_axis(judged: Sequence[Judged]) -> list[Axis]:
    """The check's outcome for each axis and direction, in the order in which they come."""
    result = []
    for key in dict.fromkeys(each.axis for each in judged):
        mine = [each for each in judged if each.axis == key]
        if len(mine) < 2:
            continue
        ranks = np.array([each.rank for each in mine])
        within = tuple(float(np.mean(np.abs(ranks - 0.5) <= part / 2)) for part in INTERVALS)
        p = float(stats.kstest(ranks, "uniform").pvalue)
        gains = np.log([each.after / each.before for each in mine])
        result.append(
            Axis(
                *(key, len(mine), p, within, float(gains.mean())),
                float(gains.std(ddof=1) / math.sqrt(len(mine))),
                float(np.mean([each.right for each in mine])),
                float(np.mean([each.first for each in mine])),
            )
        )
    return result


def calibrated(judged: Sequence[Judged]) -> dict[str, bool]:
    """Of each axis and direction, whether its ranks may be uniform."""
    return {each.axis: each.uniform >= RIGHT for each in by_axis(judged)}
