"""Weighing a sample of the prior by any choice of the paper's summary statistics."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from paper_lenet.studies.posterior.emulator import Predicted
from paper_lenet.studies.posterior.features import Matrix, Readings, matrix
from paper_lenet.studies.posterior.likelihood import Error, Likelihood
from paper_lenet.studies.posterior.marginals import normalised
from paper_lenet.studies.posterior.predictive import trainings
from paper_lenet.studies.posterior.sampling import Sample, aimed, sample
from paper_lenet.studies.posterior.summaries import GROUPS, Vector, columns
from paper_lenet.studies.prior import Prior

AIMED = 5  # samples, each aimed at where the one before it has its weight


class Part(NamedTuple):
    """One kind of statistics, and what its emulator says of the sample.

    Attributes:
        name: ``curve``, ``steps`` or ``noise``.
        likelihood: with its runs and its emulator.
        predicted: statistics of the sample.
        learns: logarithm of the probability to learn, (m,).
        error: the covariance near the paper.
    """

    name: str
    likelihood: Likelihood
    predicted: Predicted
    learns: Vector
    error: Error


class Posterior:
    """A weighted sample of the prior, for any choice of statistics.

    Attributes:
        prior: as the grid file states it.
        readings: the sample, by axis.
        before: the weights that stand for the prior, (m,).
        parts: the kinds of statistics there are.
        groups: the groups of statistics there are.
    """

    def __init__(self, prior: Prior, likelihoods: dict[str, Likelihood], count: int) -> None:
        """Weigh `count` readings of the prior by the `likelihoods`, by name of the part."""
        self.prior = prior
        self.groups = tuple(
            group
            for group in GROUPS
            if any(columns(each.observed.names, (group,)) for each in likelihoods.values())
        )
        self._weigh(sample(prior, count // 2), likelihoods)
        for number in range(AIMED):
            many = count if number == AIMED - 1 else count // 2
            self._weigh(aimed(prior, self.readings, self.weights(), many, number), likelihoods)

    def _weigh(self, drawn: Sample, likelihoods: dict[str, Likelihood]) -> None:
        self.readings: Readings = drawn.readings
        self.before = normalised(drawn.before)
        self._known: dict[tuple[str, ...], Vector] = {}
        features = matrix(drawn.readings, self.prior)
        self.parts = [
            Part(
                name,
                each,
                each.emulator.predict(features),
                each.learns.logarithm(features),
                each.error(each.observed.values),
            )
            for name, each in likelihoods.items()
        ]

    def weights(self, groups: Sequence[str] | None = None) -> Vector:
        """Weights, (m,), by the statistics in `groups`; `None` for all there are."""
        chosen = self.groups if groups is None else tuple(groups)
        if chosen not in self._known:
            self._known[chosen] = normalised(self._logarithm(chosen))
        return self._known[chosen]

    def _logarithm(self, groups: tuple[str, ...]) -> Vector:
        total = np.log(self.before)
        for part in self.parts:
            observed = part.likelihood.observed
            if columns(observed.names, groups):
                total += part.learns
                total += part.likelihood.logarithm(
                    part.predicted, observed.values, part.error, groups
                )
        return total

    def without(self, group: str) -> Vector:
        """Weights, (m,), by all statistics but those of `group`."""
        return self.weights([each for each in self.groups if each != group])


class Expected(NamedTuple):
    """Made-up trainings of the readings that fit: `trainings`.

    Attributes:
        every: by all statistics, (trainings, p).
        others: each group by all groups but itself, (trainings, p); `None` if there is one group.
    """

    every: Matrix
    others: Matrix | None


def expected(posterior: Posterior, part: Part) -> Expected:
    """What the posterior expects of the statistics of `part`."""
    total, names = part.error.total, part.likelihood.observed.names
    purpose = 10 * (1 + posterior.parts.index(part))
    every = trainings(part.predicted, posterior.weights(), total, purpose)
    if len(posterior.groups) < 2:
        return Expected(every, None)
    others = np.empty_like(every)
    for number, group in enumerate(posterior.groups):
        some = columns(names, (group,))
        weights = posterior.without(group)
        made = trainings(part.predicted, weights, total, purpose + 1 + number)
        others[:, some] = made[:, some]
    return Expected(every, others)
