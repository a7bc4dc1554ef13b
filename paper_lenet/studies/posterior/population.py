"""The second method, which shares no emulator: the runs themselves, weighted and compared.

Approximate Bayesian computation by a population (Beaumont and others, 2009): the rounds are a
population of real trainings, each aimed at where the ones before it pointed. A draw carries how
much likelier the prior makes its reading than the rounds together did (the mixture of their laws),
and is accepted if its statistics are among the nearest to the paper's, `ACCEPTED` of all draws.
Nearness is Mahalanobis' distance by the spread between seeds and the reading of the paper alone, so
no emulator has a part in it. What is left out are draws that did not learn: their distance is
infinite.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp

from paper_lenet.studies.posterior.features import Reading, Readings, asked, gather, reading
from paper_lenet.studies.posterior.likelihood import Likelihood
from paper_lenet.studies.posterior.marginals import effective, normalised
from paper_lenet.studies.posterior.predictive import distance
from paper_lenet.studies.posterior.rounds import Round
from paper_lenet.studies.posterior.sampling import density
from paper_lenet.studies.posterior.summaries import Vector
from paper_lenet.studies.prior import Prior

ACCEPTED = 0.15


class Population(NamedTuple):
    """The draws of all rounds.

    Attributes:
        names: of the draws, (n,).
        readings: by axis, (n,) each.
        distances: squared, of each draw's statistics from the paper's, (n,); infinite if it has
            none.
        weights: of the accepted, which add up to 1, (n,); zero for the others.
    """

    names: list[str]
    readings: Readings
    distances: Vector
    weights: Vector

    @property
    def effective(self) -> float:
        """How many equally weighted draws would say as much."""
        return effective(self.weights)

    @property
    def most(self) -> float:
        """What an option of even odds gets at most: if all that was accepted has it."""
        return (self.effective + 0.5) / (self.effective + 1)

    def probability(self, key: str, chosen: NDArray[np.bool_], before: float) -> float:
        """Of the readings `chosen`, (n,): their share, and the prior's word as one draw more."""
        some = asked(key, self.readings)
        weights = self.weights[some]
        if weights.sum() == 0:
            return before
        weights = weights / weights.sum()
        size = effective(weights)
        return (size * float(weights[chosen[some]].sum()) + before) / (size + 1)


def population(prior: Prior, rounds: Sequence[Round], parts: Sequence[Likelihood]) -> Population:
    """The draws of `rounds`, weighed by the statistics of all `parts`."""
    found: dict[str, Reading] = {}
    for each in rounds:
        for name, run in each.clean.items():
            own = reading(run.recipe, prior)
            if own is not None:
                found[name] = own
    readings = gather(list(found.values()))
    apart = np.array([math.fsum(_distance(name, part) for part in parts) for name in found])
    count = max(1, round(ACCEPTED * len(found)))
    nearest = np.argsort(apart, kind="stable")[:count]
    accepted = np.zeros(len(found), bool)
    accepted[nearest[np.isfinite(apart[nearest])]] = True
    counts = np.array([len(each.clean) for each in rounds], float)
    laws = np.array([density(each.law, readings) for each in rounds])
    mixture = logsumexp(laws, axis=0, b=(counts / counts.sum())[:, None])
    weights = normalised(np.where(accepted, density(prior, readings) - mixture, -np.inf))
    return Population(list(found), readings, apart, weights)


def _distance(name: str, part: Likelihood) -> float:
    """The squared distance of a draw's statistics of one kind from the paper's."""
    values = next((run.values for run in part.runs if run.run == name), None)
    if values is None:
        return math.inf
    spread = np.diag(part.observed.reading**2) + part.scatter
    return float(distance(values[None], part.observed.values, spread)[0])
