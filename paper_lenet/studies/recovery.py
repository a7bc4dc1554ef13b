"""The check of the method: is it right about trainings of our own, whose reading is known?

Each draw of the prior that trained takes the paper's place once. Its fingerprints get the errors
that reading them off the paper would give; the emulator's weights and the covariance are those
without it (its lengths, and the probability to train, keep what little they learned from it). Its
true reading came from the prior, so over many draws

- the posterior's share below the true value of a range is uniform from 0 to 1;
- the true option gets a higher probability than the prior gave it, in the mean of its logarithm,
  if the fingerprints tell anything of that axis, and no lower one if they do not.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from paper_lenet.studies.evidence import effective, normal, normalised, text
from paper_lenet.studies.features import (
    SILENT_UNDER_8,
    Matrix,
    Readings,
    is_continuous,
    matrix,
    options,
)
from paper_lenet.studies.fingerprints import GROUPS, Vector
from paper_lenet.studies.likelihood import Evidence
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


def recover(evidence: Evidence, readings: Readings, prior: Prior) -> list[Judged]:
    """The posterior of each run of `evidence`, over `readings` drawn from the prior."""
    features = matrix(readings, prior)
    kernels = evidence.emulator.kernels(features)
    trains = evidence.trains.logarithm(features)
    targets = evidence.own + evidence.observed.reading * normal(evidence.own.shape, 1)
    result: list[Judged] = []
    for index, target in enumerate(targets):
        weights = _weights(evidence, kernels, trains, target, index)
        result += _judged(evidence, index, readings, weights, prior)
    return result


def _weights(
    evidence: Evidence, kernels: list[Matrix], trains: Vector, target: Vector, index: int
) -> Vector:
    predicted = evidence.emulator.weighted(kernels, evidence.emulator.weights_without(index))
    error = evidence.error(target, index)
    likelihood = evidence.logarithm(predicted, target, error, tuple(GROUPS))
    return normalised(trains + likelihood)


def _judged(
    evidence: Evidence, index: int, readings: Readings, weights: Vector, prior: Prior
) -> Iterable[Judged]:
    run = evidence.runs[index].run
    truth = {key: values[index] for key, values in evidence.readings.items()}
    silent = truth.get("loss.equation") == 8
    for key, law in prior.items():
        if silent and key in SILENT_UNDER_8:
            continue
        some = weights
        if key in SILENT_UNDER_8 and "loss.equation" in prior:
            some = weights * (readings["loss.equation"] == 9)
        some = some / some.sum()
        if is_continuous(law):
            below = float(some[readings[key] < truth[key]].sum())
            yield Judged(run, key, f"{truth[key]:.4g}", math.nan, below, False, False)
            continue
        shares = np.array([some[readings[key] == each].sum() for each in options(law)])
        before = np.array(list(law["choice"].values()), float)
        before = before / before.sum()
        # A sample of so many says no more than this about what it does not contain.
        size = effective(some)
        after = (size * shares + before) / (size + 1)
        place = options(law).index(truth[key])
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
