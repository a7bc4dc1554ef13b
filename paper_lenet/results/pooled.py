"""The spread between seeds, pooled over runs: a few seeds give a poor one by themselves."""

from __future__ import annotations

import math
from collections.abc import Mapping

from scipy import special

from paper_lenet.base.statistics import LEVEL, Interval, around
from paper_lenet.results.summary import error
from paper_lenet.results.trainings import Run


def spread(runs: Mapping[str, Run]) -> tuple[float, int]:
    """The standard deviation between seeds within all `runs` together, and its degrees of freedom.

    It is of the test errors, in percent. Single seeds alone have no spread: then it is 0, with no
    degree of freedom.

    Example:
        >>> from paper_lenet.results.trainings import made
        >>> run = made(10, 14)
        >>> sd, freedom = spread({"run": run})
        >>> round(sd, 4), freedom
        (0.2828, 1)
    """
    squares, freedom = 0.0, 0
    for run in runs.values():
        errors = run.values(lambda each: each.test)
        centre = math.fsum(errors) / len(errors)
        squares += math.fsum((value - centre) ** 2 for value in errors)
        freedom += len(errors) - 1
    return (math.sqrt(squares / freedom) if freedom else 0.0), freedom


def standard_error(runs: Mapping[str, Run], seeds: int) -> float:
    """Of a mean over `seeds`, from the `spread` within `runs`.

    Example:
        >>> from paper_lenet.results.trainings import made
        >>> run = made(10, 14)
        >>> round(standard_error({"run": run}, seeds=4), 4)
        0.1414
    """
    return spread(runs)[0] / math.sqrt(seeds)


def interval(run: Run, runs: Mapping[str, Run]) -> Interval:
    """The 95% interval for the mean error of `run`, from the spread within `runs`; NaN for none.

    It begins at 0 where it would reach below.

    Example:
        >>> from paper_lenet.results.trainings import made
        >>> run = made(10, 14)
        >>> found = interval(run, {"run": run, "again": run})
        >>> round(found.low, 2), round(found.high, 2)
        (0.34, 2.06)
    """
    sd, freedom = spread(runs)
    if not freedom:
        return Interval(math.nan, math.nan)
    half = float(special.stdtrit(freedom, (1 + LEVEL) / 2)) * sd / math.sqrt(len(run.seeds))
    return around(error(run).mean, half, floor=0)
