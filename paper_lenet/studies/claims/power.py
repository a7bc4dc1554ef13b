"""How much a test can see, and the rule for those that see too little.

The power of a test is told as one number: the smallest true difference that it would have shown in
`SHOWN` of all cases, with as many seeds and with the spread over seeds that ours have. It is in the
unit of the claim, and exact for normal values.

The rule: **a verdict that rests on not having shown something needs the power to have shown it.**
Each tolerance states the difference that matters, for which it would call the result another one,
and why. Then

- a claim that holds because no difference from the printed number was shown is reproduced only if
  the test would have shown a difference that matters; otherwise it is compatible, and no more;
- a claim that holds only if something is shown is reproduced if it is. If not, it is not
  reproduced where the test would have shown a difference that matters, or where the contrary is
  shown; otherwise it is compatible, and no more;
- fewer than `FEWEST` seeds decide nothing.

The reason: an interval that is wide enough contains every number. One that contains the paper's
error without distortions and the one with them reproduces neither. And an interval from few seeds
has a width that chance has made: `FEWEST` is the smallest number whose spread is known to within a
factor of three, at the level of our intervals.
"""

from __future__ import annotations

import math

import numpy as np
from scipy import optimize, special

from paper_lenet.base.statistics import LEVEL

SHOWN = 0.8
FEWEST = 5
GRID = 200  # quantiles of each spread
WIDEST = 60.0  # standard deviations, in which a solution is looked for


def of_further_run(sd: float, seeds: int, level: float = LEVEL) -> float:
    """For the t interval for one further run: how far off its recipe's mean must be.

    Args:
        sd: of the seeds.
        seeds: of which the interval is made.
        level: of the interval.
    """
    return _shift(seeds, level) * sd * math.sqrt(1 + 1 / seeds)


def of_mean(sd: float, seeds: int) -> float:
    """For the t interval of the mean: how far from a limit the true mean must be."""
    return _shift(seeds, LEVEL) * sd / math.sqrt(seeds)


def _shift(seeds: int, level: float) -> float:
    """The noncentrality at which Student's t exceeds its limit in `SHOWN` of all cases."""
    limit = special.stdtrit(seeds - 1, (1 + level) / 2)
    return float(special.nctdtrinc(seeds - 1, 1 - SHOWN, limit))


def of_every(cases: int) -> float:
    """For "so in every case": how great the part must be in which it is not so."""
    return float(1 - (1 - SHOWN) ** (1 / cases))


def of_rank(sd: float, seeds: int) -> float:
    """For the rank of one more among the seeds: how far below theirs its mean must be.

    Args:
        sd: of the seeds.
        seeds: beside which it is ranked; it is told apart among the 5% that are least.
    """
    allowed = math.floor((1 - LEVEL) * (seeds + 1) + 1e-9) - 1  # how many may be below it
    if allowed < 0:
        return math.inf
    nodes, weights = np.polynomial.hermite_e.hermegauss(GRID)

    def lacking(shift: float) -> float:
        below = special.bdtr(allowed, seeds, special.ndtr(nodes - shift))
        return float(weights @ below / weights.sum() - SHOWN)

    return sd * float(optimize.brentq(lacking, 0.0, WIDEST))


def of_two_means(sd: float, seeds: int, other_sd: float, others: int) -> float:
    """For two t intervals that do not overlap: how far apart the true means must be."""
    errors = [sd / math.sqrt(seeds), other_sd / math.sqrt(others)]
    shares = (np.arange(GRID) + 0.5) / GRID
    halves = [
        error
        * special.stdtrit(n - 1, (1 + LEVEL) / 2)
        * np.sqrt(special.chdtri(n - 1, shares))
        / math.sqrt(n - 1)
        for error, n in zip(errors, (seeds, others), strict=True)
    ]
    apart, error = np.add.outer(*halves), math.hypot(*errors)
    if not error:
        return 0.0

    def lacking(shift: float) -> float:
        return float(special.ndtr(shift - apart / error).mean() - SHOWN)

    return error * float(optimize.brentq(lacking, 0.0, WIDEST))
