"""How many seeds tell two recipes apart, and whether a printed number could be one of ours.

A difference is looked for by a two-sided t test at the level 0.05, and is to be found with
probability 0.8. Unpaired are two recipes with n seeds each; paired is one recipe less the other
within n seeds, whose spread is measured on runs of the study ``readings``, each less its base run.
Power is exact, by the noncentral t distribution.

A printed number, the result of one run, is set against the t interval for one further run of ours.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from scipy import special

from paper_lenet.base.statistics import over_seeds
from paper_lenet.results.paired import difference
from paper_lenet.results.trainings import Run

LEVEL, POWER = 0.05, 0.8
MOST = 100_000


class Draw(NamedTuple):
    """A printed number against the distribution of ours.

    Attributes:
        low: lower end of the 95% interval for one further run.
        high: upper end.
        t: the printed number less our mean, over the standard error of one further run.
        p: two-sided; how often a further run would lie as far from our mean, or farther.

    Example:
        >>> end = one_of_ours(0.95, [0.9, 1.0, 1.1]).high
        >>> round(one_of_ours(end, [0.9, 1.0, 1.1]).p, 4)  # what lies at an end of the 95% interval
        0.05
    """

    low: float
    high: float
    t: float
    p: float


def power(seeds: int, effect: float, paired: bool) -> float:
    """The probability that the t test finds a difference.

    Args:
        seeds: of each recipe, at least 2.
        effect: the difference over the standard deviation: between seeds of one recipe, or, if
            `paired`, of the differences within seeds.
        paired: whether the seeds are paired.

    Example:
        >>> round(power(10, 1.0, paired=False), 2), round(power(10, 1.0, paired=True), 2)
        (0.56, 0.8)
    """
    freedom = seeds - 1 if paired else 2 * seeds - 2
    shift = abs(effect) * math.sqrt(seeds if paired else seeds / 2)
    limit = float(special.stdtrit(freedom, 1 - LEVEL / 2))
    # The square of a noncentral t is a noncentral F: both sides of the test at once.
    return 1 - float(special.ncfdtr(1, freedom, shift * shift, limit * limit))


def seeds_needed(points: float, sd: float, paired: bool) -> int:
    """The least number of seeds, of each recipe, to find a difference of so many points.

    Raises:
        ValueError: there is no spread, or no number up to `MOST` is enough.

    Example:
        >>> seeds_needed(0.1, 0.1, paired=False), seeds_needed(0.1, 0.1, paired=True)
        (17, 10)
    """
    if not sd > 0:
        raise ValueError(f"a spread of {sd} between seeds is none")
    for seeds in range(2, MOST):
        if power(seeds, points / sd, paired) >= POWER:
            return seeds
    raise ValueError(f"{points} points against a spread of {sd} need more than {MOST} seeds")


def one_of_ours(printed: float, values: Sequence[float]) -> Draw:
    """Whether `printed` is a draw from the normal law of `values`, two or more.

    Raises:
        ValueError: the values have no spread.

    Example:
        >>> found = one_of_ours(0.95, [0.9, 1.0, 1.1])
        >>> round(found.low, 2), round(found.high, 2), round(found.p, 2)
        (0.5, 1.5, 0.71)
    """
    ours = over_seeds(values)
    if not ours.sd > 0:
        raise ValueError(f"a spread of {ours.sd} between seeds is none")
    scale = ours.sd * math.sqrt(1 + 1 / ours.n)
    t = (printed - ours.mean) / scale
    return Draw(ours.run_low, ours.run_high, t, 2 * float(special.stdtr(ours.n - 1, -abs(t))))


def paired_sd(runs: Mapping[str, Run], base: str) -> float | None:
    """The spread within seeds of a run less the base, in points: the median over the runs.

    Runs of which a training collapsed or diverged are left out, and single seeds; `None` if none
    is left.

    Example:
        >>> from paper_lenet.results.trainings import made
        >>> run, base = made(10, 14), made(10, 10)
        >>> round(paired_sd({"run": run, "base": base}, "base"), 2)
        0.28
    """
    found = []
    for name, run in runs.items():
        if name == base or run.collapsed or run.diverged:
            continue
        apart = difference(run, runs[base])
        if apart and apart.n > 1:
            found.append(apart.sd)
    return statistics.median(found) if found else None


def tree(values: Sequence[float], points: float, within: float | None) -> dict[str, Any]:
    """The content of ``statistics.json`` under ``power``.

    Args:
        values: test errors of one recipe, in percent.
        points: the difference to be found.
        within: the spread within seeds of one recipe less another, if it is known.

    Example:
        >>> tree([0.9, 1.0, 1.1], points=0.1, within=None)["seeds_unpaired"]
        17
    """
    sd = over_seeds(values).sd
    return {
        "points": points,
        "level": LEVEL,
        "power": POWER,
        "sd": round(sd, 4),
        "seeds_unpaired": seeds_needed(points, sd, paired=False),
        "sd_paired": None if within is None else round(within, 4),
        "seeds_paired": None if within is None else seeds_needed(points, within, paired=True),
        "power_of_ten_unpaired": round(power(10, points / sd, paired=False), 4),
    }


def draw_tree(printed: float, values: Sequence[float]) -> dict[str, Any]:
    """`one_of_ours` for JSON, with the mean of ours and its interval.

    Example:
        >>> draw_tree(0.95, [0.9, 1.0, 1.1])["p"]
        0.7072
    """
    ours, found = over_seeds(values), one_of_ours(printed, values)
    numbers = {
        "paper": printed,
        "mean": ours.mean,
        "sd": ours.sd,
        "low": ours.low,
        "high": ours.high,
        "run_low": found.low,
        "run_high": found.high,
        "p": found.p,
    }
    return {name: round(value, 4) for name, value in numbers.items()}
