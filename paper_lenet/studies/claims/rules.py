"""Rules by which claims are judged, each with its reason."""

from __future__ import annotations

import math
from collections.abc import Sequence

from paper_lenet.base.statistics import LEVEL, over_seeds
from paper_lenet.paper.numbers import Published
from paper_lenet.studies.claims.model import Finding, Tolerance, Verdict

EXACT = Tolerance(
    "equal to the printed number",
    "a count is a whole number that the description determines; there is nothing to tolerate",
)
ROUNDED = Tolerance(
    "equal to the printed number when rounded like it",
    "it is computed from the description, so only the printed rounding can differ",
)
ONE_RUN = Tolerance(
    f"the {100 * LEVEL:g}% interval for one further run of ours contains the printed number, to "
    "its rounding",
    "the paper shows one run and no spread; if it was trained as ours were, its run is one more "
    "draw from the same distribution",
)
OPEN = Tolerance(
    "none: it cannot be decided",
    "no data, program or number that is public says it",
)


def holds(condition: bool) -> Verdict:
    """Reproduced or not."""
    return Verdict.REPRODUCED if condition else Verdict.NOT_REPRODUCED


def equal(ours: float, printed: Published, note: str = "") -> Finding:
    """`EXACT`."""
    return Finding(holds(ours == printed.value), ours, note=note)


def rounded(ours: float, printed: Published, note: str = "") -> Finding:
    """`ROUNDED`: within half a unit of the last printed digit."""
    # A part of a billion of the unit more, for a number just between two.
    inside = abs(ours - printed.value) <= printed.unit * (0.5 + 1e-9)
    return Finding(holds(inside), ours, note=note)


def one_run(
    values: Sequence[float], low: float, high: float, diverged: int = 0, note: str = ""
) -> Finding:
    """`ONE_RUN`: the interval for one further run meets `low` to `high`.

    A single seed gives no interval and decides nothing; none means that every one diverged.
    """
    lost = f"{diverged} of {diverged + len(values)} trainings diverged" if diverged else ""
    note = "; ".join(part for part in (lost, note) if part)
    if not values:
        return Finding(Verdict.NOT_REPRODUCED, n=0, note=note)
    if len(values) == 1:
        return Finding(Verdict.NOT_MEASURED, values[0], n=1, note="it takes two seeds or more")
    found = over_seeds(values)
    meets = found.run_low <= high and low <= found.run_high
    return Finding(holds(meets), found.mean, found.run_low, found.run_high, found.n, note)


def as_printed(
    values: Sequence[float], printed: Published, diverged: int = 0, note: str = ""
) -> Finding:
    """`ONE_RUN` for one printed number."""
    half = printed.unit / 2
    return one_run(values, printed.value - half, printed.value + half, diverged, note)


def below(values: Sequence[float], limit: float, note: str = "") -> Finding:
    """Reproduced if the interval of the mean lies below `limit`."""
    return _interval(values, -math.inf, limit, note)


def above(values: Sequence[float], limit: float, note: str = "") -> Finding:
    """Reproduced if the interval of the mean lies above `limit`."""
    return _interval(values, limit, math.inf, note)


def within(values: Sequence[float], limit: float, note: str = "") -> Finding:
    """Reproduced if the interval of the mean lies between minus `limit` and `limit`."""
    return _interval(values, -limit, limit, note)


def _interval(values: Sequence[float], least: float, most: float, note: str) -> Finding:
    if len(values) < 2:
        return Finding(Verdict.NOT_MEASURED, n=len(values), note="it takes two seeds or more")
    found = over_seeds(values)
    inside = least < found.low and found.high < most
    return Finding(holds(inside), found.mean, found.low, found.high, found.n, note)


def undecided(note: str, ours: float | None = None, n: int | None = None) -> Finding:
    """`OPEN`, with our own number where there is one."""
    return Finding(Verdict.NOT_TESTABLE, ours, n=n, note=note)
