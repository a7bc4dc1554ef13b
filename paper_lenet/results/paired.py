"""Two runs beside each other: the same seeds and the same test patterns, so everything is paired.

Seeds are paired: two runs with seed s start from the same random words and see patterns in the same
order, and the difference is taken within each seed. Its t interval is over the seeds in common.

Patterns are paired in McNemar's exact test, once for each seed in common. Over seeds its p-values
are not pooled: a pattern that is hard for one seed is hard for all, so counts added over seeds
would count the same pattern many times. What is given is the median of the p-values and how many
lie below 0.05. They ask whether two single networks differ; the interval asks whether the recipes
do.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable
from typing import NamedTuple

from paper_lenet.base.files import fixed, significant
from paper_lenet.base.statistics import Summary, over_seeds
from paper_lenet.results.mistakes import err_equally
from paper_lenet.results.trainings import Run, Training

LEVEL = 0.05
HEADING = (
    "pairs",
    "difference",
    "difference_low",
    "difference_high",
    "differs",
    "mcnemar_median",
    "mcnemar_below",
)


class OnPatterns(NamedTuple):
    """McNemar's test for each seed in common.

    Attributes:
        pairs: number of seeds in common.
        median: median of the exact p-values.
        below: how many of them are below 0.05.

    Example:
        >>> from paper_lenet.results.trainings import made
        >>> found = on_patterns(made(10), made(0))
        >>> found.median == 2 * 0.5**10, found.below
        (True, 1)
    """

    pairs: int
    median: float
    below: int


def test(training: Training) -> float:
    """The test error after the last pass, in percent.

    Example:
        >>> from paper_lenet.results.trainings import made
        >>> [test(network) for network in made(10, 14).seeds.values()]
        [1.0, 1.4]
    """
    return training.test


def difference(run: Run, base: Run, quantity: Callable[[Training], float] = test) -> Summary | None:
    """`quantity` of `run` less that of `base`, within seeds; `None` if there are none in common.

    Example:
        >>> from paper_lenet.results.trainings import made
        >>> difference(made(10, 14), made(10, 10, 10)).n, difference(made(10), made())
        (2, None)
    """
    found = differences(run, base, quantity)
    return over_seeds(found) if found else None


def differences(run: Run, base: Run, quantity: Callable[[Training], float] = test) -> list[float]:
    """`quantity` of `run` less that of `base`, of each seed in common, by seed.

    Example:
        >>> from paper_lenet.results.trainings import made
        >>> run, base = made(10, 14), made(10, 10)
        >>> [round(each, 2) for each in differences(run, base)]
        [0.0, 0.4]
        >>> round(difference(run, base).mean, 2)
        0.2
    """
    common = sorted(run.seeds.keys() & base.seeds.keys())
    return [quantity(run.seeds[seed]) - quantity(base.seeds[seed]) for seed in common]


def on_patterns(run: Run, base: Run) -> OnPatterns | None:
    """McNemar's test within seeds; `None` if none in common has its misread patterns recorded.

    Example:
        >>> from paper_lenet.results.trainings import made
        >>> on_patterns(made(10), made(10))
        OnPatterns(pairs=1, median=1.0, below=0)
    """
    found = []
    for seed in sorted(run.seeds.keys() & base.seeds.keys()):
        both = run.seeds[seed], base.seeds[seed]
        if any(len(each.misread) != each.last.test_errors for each in both):
            continue
        found.append(err_equally(*(each.misread for each in both)))
    if not found:
        return None
    return OnPatterns(len(found), statistics.median(found), sum(p < LEVEL for p in found))


def fields(run: Run, base: Run) -> list[str]:
    """The cells of `HEADING`: the test error of `run` against that of `base`.

    Example:
        >>> from paper_lenet.results.trainings import made
        >>> run, base = made(10, 14), made(10, 10)
        >>> fields(run, base)[:2]
        ['2', '0.2000']
    """
    points, patterns = difference(run, base), on_patterns(run, base)
    if points is None:
        return ["0"] + [""] * (len(HEADING) - 1)
    apart = "" if points.n == 1 else "no" if points.low <= 0 <= points.high else "yes"
    return [
        str(points.n),
        *(fixed(value) for value in (points.mean, points.low, points.high)),
        apart,
        *((significant(patterns.median, 3), str(patterns.below)) if patterns else ("", "")),
    ]
