"""The verdict on each place, by a strict rule that was fixed before the rounds were read.

An option is **decided** only if all of these hold:

- its probability by all evidence is at least `DECIDED`, and so it is with any one group of
  statistics left out;
- the second method, which has no emulator (`population`), gives it at least as much;
- the place is within the calibration: its ranks are uniform (`calibration_check`).

It is **favoured** if both methods raise its odds at least `FAVOURED`-fold, and the place is within
the calibration. If the posterior does so and the population lowers them, **the methods differ**.
Else the place is **open**. A range is **narrowed** if the central interval of nine tenths is less
than half of the prior's, in the scale of its law, and if it is within the calibration; where the
population's median lies outside of the interval, **the methods differ**.

The population counts the prior as one draw more (`Population.probability`). So what all of its
draws have gets no more than `most`, and with few draws nothing of even odds can be decided.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from paper_lenet.base.files import fixed, significant
from paper_lenet.studies.laws import is_continuous
from paper_lenet.studies.posterior import labels
from paper_lenet.studies.posterior.features import Readings, asked
from paper_lenet.studies.posterior.marginals import Option, bayes_factor, every_option, quantiles
from paper_lenet.studies.posterior.population import Population
from paper_lenet.studies.posterior.summaries import Vector
from paper_lenet.studies.posterior.weighing import Posterior

DECIDED, FAVOURED = 0.95, 3.0
ENDS = (0.05, 0.95)
HEADING = (
    *("axis", "key", "likeliest", "before", "after", "bayes_factor", "least", "without"),
    *("population", "calibrated", "verdict"),
)


class Evidence(NamedTuple):
    """What speaks for the likeliest option of a place.

    Attributes:
        label: of the option.
        before: the prior's probability.
        after: by all evidence.
        least: the smallest with one group of statistics left out.
        without: that group.
        population: by the second method.
    """

    label: str
    before: float
    after: float
    least: float
    without: str
    population: float


def verdict(evidence: Evidence, calibrated: bool) -> str:
    """The word for the likeliest option of a place; see this module's text."""
    rose = bayes_factor(evidence.before, evidence.after)
    by_runs = bayes_factor(evidence.before, evidence.population)
    if rose >= FAVOURED and by_runs < 1:
        return "the methods differ"
    if not calibrated:
        return "open"
    if min(evidence.after, evidence.least, evidence.population) >= DECIDED:
        return "decided"
    return "favoured" if min(rose, by_runs) >= FAVOURED else "open"


def evidence(posterior: Posterior, population: Population, key: str) -> Evidence:
    """That for the likeliest option of the axis `key`."""
    axis = {key: posterior.prior[key]}
    both = zip(
        every_option(posterior.readings, axis), every_option(population.readings, axis), strict=True
    )
    option, own = max(both, key=lambda pair: _share(posterior.weights(), pair[0]))
    without = {group: _share(posterior.without(group), option) for group in posterior.groups}
    group = min(without, key=lambda name: without[name])
    by_runs = population.probability(key, own.chosen, option.before)
    after = _share(posterior.weights(), option)
    return Evidence(option.label, option.before, after, without[group], group, by_runs)


def _share(weights: Vector, option: Option) -> float:
    return float(weights[option.chosen].sum())


def rows(
    posterior: Posterior, population: Population, calibrated: Mapping[str, bool]
) -> Iterator[tuple[str, ...]]:
    """The cells of `HEADING`, a row for each axis."""
    for key, law in posterior.prior.items():
        good = calibrated.get(key, False)
        word = "yes" if good else "no"
        if is_continuous(law):
            found = of_range(posterior, population, key, good)
            label = f"{found.low:.2f} to {found.high:.2f}"
            middle = f"{found.population:.2f}"
            yield labels.axis(key), key, label, *[""] * 5, middle, word, found.verdict
            continue
        told = evidence(posterior, population, key)
        factor = bayes_factor(told.before, told.after)
        numbers = fixed(told.before, 2), fixed(told.after, 3), significant(factor, 2)
        least = fixed(told.least, 3), labels.group(told.without), fixed(told.population, 3)
        yield labels.axis(key), key, told.label, *numbers, *least, word, verdict(told, good)


class Range(NamedTuple):
    """What is said of a range.

    Attributes:
        low: of the central nine tenths by all evidence.
        high: of the same.
        population: the median by the second method.
        verdict: the word.
    """

    low: float
    high: float
    population: float
    verdict: str


def of_range(posterior: Posterior, population: Population, key: str, calibrated: bool) -> Range:
    """What is said of the range `key`; see this module's text."""
    (low, high), before = (
        _quantiles(posterior.readings, weights, key, ENDS)
        for weights in (posterior.weights(), posterior.before)
    )
    (middle,) = _quantiles(population.readings, population.weights, key, (0.5,))
    if not low <= middle <= high:
        return Range(low, high, middle, "the methods differ")
    short = narrowed(posterior.prior[key], (low, high), (before[0], before[1]))
    return Range(low, high, middle, "narrowed" if short and calibrated else "open")


def _quantiles(
    readings: Readings, weights: Vector, key: str, levels: Sequence[float]
) -> list[float]:
    some = asked(key, readings)
    return quantiles(readings[key][some].astype(float), weights[some], levels)


def narrowed(
    law: Mapping[str, Any], after: tuple[float, float], before: tuple[float, float]
) -> bool:
    """Whether an interval is less than half of the one before, in the scale of the law."""
    scale = math.log if "logarithmic" in law else float
    now, then = (scale(high) - scale(low) for low, high in (after, before))
    return now < then / 2
