"""Intervals over seeds and over patterns.

Two things vary, and are kept apart: the seed (another network from the same recipe) and the sample
of test patterns (another test set from the same source). `over_seeds` answers for the first,
`wilson` for the second. The paper gives neither: one run, and "about 0.1%" in a caption.

Sums are `math.fsum`, rounded once, so that the same numbers give the same bits in any order.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from scipy import special

LEVEL = 0.95


class Summary(NamedTuple):
    """A quantity over n seeds, in its own unit.

    Attributes:
        n: number of values.
        mean: arithmetic mean.
        sd: sample standard deviation, over n - 1; NaN for one value.
        low: lower end of the t interval for the mean; NaN for one value.
        high: upper end of it.
        run_low: lower end of the t interval for one further value (a prediction interval).
        run_high: upper end of it.
        least: the smallest value.
        greatest: the greatest value.

    Example:
        >>> paper = over_seeds([0.95])
        >>> paper.n, paper.mean, paper.sd
        (1, 0.95, nan)
        >>> ours = over_seeds([0.9, 1.0, 1.1])
        >>> ours.run_low < ours.low < ours.mean, ours.least, ours.greatest
        (True, 0.9, 1.1)
    """

    n: int
    mean: float
    sd: float
    low: float
    high: float
    run_low: float
    run_high: float
    least: float
    greatest: float


class Interval(NamedTuple):
    """The two ends of an interval.

    Example:
        >>> low, high = wilson(0, 100)
        >>> low, round(high, 3)
        (0.0, 0.037)
    """

    low: float
    high: float


def around(middle: float, half: float, floor: float = -math.inf) -> Interval:
    """From `half` below `middle` to as much above; it begins at `floor` if it would reach below.

    Example:
        >>> around(1.0, 0.25)
        Interval(low=0.75, high=1.25)
        >>> around(0.1, 0.25, floor=0)
        Interval(low=0.0, high=0.35)
    """
    low = middle - half
    # A NaN stays one: it is not below the floor.
    return Interval(float(floor) if low < floor else low, middle + half)


def over_seeds(
    values: Sequence[float], level: float = LEVEL, *, floor: float = -math.inf
) -> Summary:
    """Mean, spread and t intervals of one value a seed, taken as drawn from one normal law.

    The interval for the mean says where the recipe's mean lies. The wider one, for one further
    run, says where a single run like the paper's would be expected.

    Args:
        values: one a seed.
        level: how often such intervals hold what they are for.
        floor: what no value can be below: 0 for a rate of errors, a count or a step. An interval
            that would reach below it begins there, and holds as often.

    Raises:
        ValueError: no values.

    Example:
        >>> found = over_seeds([0.9, 1.0, 1.1])
        >>> found.n, round(found.mean, 3), round(found.sd, 3)
        (3, 1.0, 0.1)
        >>> round(found.low, 3), round(found.high, 3)
        (0.752, 1.248)
    """
    if not values:
        raise ValueError("there are no values to summarise")
    n = len(values)
    mean = math.fsum(values) / n
    if n == 1:
        sd = half = run = math.nan
    else:
        sd = math.sqrt(math.fsum((value - mean) ** 2 for value in values) / (n - 1))
        t = float(special.stdtrit(n - 1, (1 + level) / 2))
        half = t * sd / math.sqrt(n)
        run = t * sd * math.sqrt(1 + 1 / n)
    ends = (*around(mean, half, floor), *around(mean, run, floor))
    return Summary(n, mean, sd, *ends, min(values), max(values))


def wilson(errors: float, patterns: int, level: float = LEVEL) -> Interval:
    """Wilson's score interval for an error rate: fractions from 0 to 1.

    `errors` of `patterns` were misread by one network. For a mean over seeds `errors` need not be
    whole (which is why SciPy's own, for whole numbers, is not used): the interval is then that of
    one network with the mean error, and says nothing of the spread over seeds.

    Raises:
        ValueError: no patterns, or errors not between 0 and their number.

    Example:
        >>> [round(end, 4) for end in wilson(95, 10_000)]
        [0.0078, 0.0116]
    """
    if patterns < 1 or not 0 <= errors <= patterns:
        raise ValueError(f"{errors} errors of {patterns} patterns are not an error rate")
    z = float(special.ndtri((1 + level) / 2))
    rate, spread = errors / patterns, z * z / patterns
    centre = (rate + spread / 2) / (1 + spread)
    half = math.sqrt(rate * (1 - rate) * spread + spread * spread / 4) / (1 + spread)
    # At the ends of the range the exact bound is the end itself; rounding would miss it.
    low = 0.0 if errors == 0 else centre - half
    high = 1.0 if errors == patterns else centre + half
    return Interval(low, high)


def wilson_percent(percent: float, patterns: int, level: float = LEVEL) -> Interval:
    """`wilson` in percent: the interval of one network with the mean error of several, `percent`.

    It is what another sample of test patterns would change, and says nothing of the seeds.

    Example:
        >>> [round(end, 2) for end in wilson_percent(0.95, 10_000)]
        [0.78, 1.16]
    """
    low, high = wilson(percent * patterns / 100, patterns, level)
    return Interval(100 * low, 100 * high)


def mcnemar(only_first: int, only_second: int) -> float:
    """The exact two-sided p-value that two networks err equally often on the same patterns.

    Given are the patterns that only the first, and only the second, misread; those that both or
    neither misread say nothing. Under equal error rates each is a fair coin.

    Raises:
        ValueError: a negative count.

    Example:
        >>> mcnemar(3, 3), mcnemar(0, 4)
        (1.0, 0.125)
    """
    if only_first < 0 or only_second < 0:
        raise ValueError(f"{only_first} and {only_second} are not counts of patterns")
    if only_first == only_second:
        return 1.0
    total = only_first + only_second
    return 2.0 * float(special.bdtr(min(only_first, only_second), total, 0.5))
