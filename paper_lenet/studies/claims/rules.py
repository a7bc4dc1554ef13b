"""The rules by which claims are judged, by the names that ``claims.yaml`` calls them.

A rule takes what is ours and what it needs beside: the printed numbers, the tolerance's limit, the
difference that matters. Its first line says whether it looks at one number or at one a seed. Where
chance has a part, `power` has the rule for tests that see too little.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from paper_lenet.base.statistics import LEVEL, over_seeds
from paper_lenet.paper.numbers import Published
from paper_lenet.studies.claims.model import Finding, Ours, Verdict
from paper_lenet.studies.claims.power import (
    FEWEST,
    of_every,
    of_further_run,
    of_mean,
    of_two_means,
)

Printed = Sequence[Published]


def equal(ours: Ours, printed: Printed) -> Finding:
    """A number: equal to the printed one."""
    return _number(ours, ours.number == printed[0].value)


def rounded(ours: Ours, printed: Printed) -> Finding:
    """A number: within half a unit of the last printed digit."""
    # A part of a billion of the unit more, for a number just between two.
    half = printed[0].unit * (0.5 + 1e-9)
    return _number(ours, abs(ours.number - printed[0].value) <= half)


def near(ours: Ours, printed: Printed, limit: float) -> Finding:
    """A number: within `limit` of the printed one."""
    # A part of a billion more, for a number that is just as far.
    return _number(ours, abs(ours.number - printed[0].value) <= limit + 1e-9)


def small(ours: Ours, limit: float) -> Finding:
    """A number of some seeds, a difference from the printed ones: at most `limit` either way."""
    return _of_seeds(ours, abs(ours.number) <= limit)


def at_least(ours: Ours, printed: Printed) -> Finding:
    """A number of some seeds: the printed one or more."""
    return _of_seeds(ours, ours.number >= printed[0].value)


def at_most(ours: Ours, printed: Printed) -> Finding:
    """A number: the printed one or less, to its rounding."""
    return _number(ours, ours.number <= printed[0].value + printed[0].unit / 2)


def order(ours: Ours) -> Finding:
    """A number: less than another one of ours."""
    return _number(ours, ours.number < ours.other[0])


def count(ours: Ours, matters: float) -> Finding:
    """A 1 or 0 for each case: so in every one, and how many those are."""
    seeds = len(ours.values) if ours.n is None else ours.n
    if seeds < FEWEST:
        return _too_few(seeds)
    shown = of_every(seeds) if math.isnan(ours.power) else ours.power
    verdict = _unless_shown(all(ours.values), shown, matters)
    return Finding(verdict, sum(ours.values), n=seeds, note=ours.note, power=shown)


def one_run(ours: Ours, printed: Printed, matters: float) -> Finding:
    """A number a seed: the interval for one further run meets the printed number or range.

    If every one diverged there is no such number.
    """
    if len(ours.values) < FEWEST:
        return _lost(ours)
    half = printed[0].unit / 2
    found = over_seeds(ours.values)
    meets = found.run_low <= printed[-1].value + half and printed[0].value - half <= found.run_high
    note = "; ".join(part for part in (_diverged(ours), ours.note) if part)
    shown = of_further_run(found.sd, found.n) + half
    verdict = _unless_shown(meets, shown, matters)
    return Finding(verdict, found.mean, found.run_low, found.run_high, found.n, note, shown)


def below(ours: Ours, limit: float, matters: float) -> Finding:
    """A number a seed: the interval of the mean lies below `limit`."""
    return _interval(ours, -math.inf, limit, matters)


def above(ours: Ours, limit: float, matters: float) -> Finding:
    """A number a seed: the interval of the mean lies above `limit`."""
    return _interval(ours, limit, math.inf, matters)


def within(ours: Ours, limit: float, matters: float) -> Finding:
    """A number a seed: the interval of the mean lies between minus `limit` and `limit`."""
    return _interval(ours, -limit, limit, matters)


def higher(ours: Ours, matters: float) -> Finding:
    """A number a seed: the interval of the mean lies above that of another sample of ours."""
    fewest = min(len(ours.values), len(ours.other))
    if fewest < FEWEST:
        return _too_few(fewest)
    one, other = over_seeds(ours.values), over_seeds(ours.other)
    shown = of_two_means(one.sd, one.n, other.sd, other.n)
    verdict = _if_shown(one.low > other.high, one.high < other.low, shown, matters)
    return Finding(verdict, one.mean, one.low, one.high, one.n, ours.note, shown)


def one_of_ours(ours: Ours, matters: float) -> Finding:
    """A number a seed: its p is not among the smallest.

    The smallest p of n seeds is 1 / (n + 1). With so few that even this is no sign of anything,
    the test could never fail, and decides nothing.
    """
    if len(ours.values) < FEWEST:
        return _lost(ours)
    found = over_seeds(ours.values)
    fewest = math.ceil(1 / (1 - LEVEL)) - 1
    if found.n < fewest:
        note = f"{ours.note}; with fewer than {fewest} seeds this test cannot say no"
        return Finding(Verdict.NOT_MEASURED, found.mean, found.low, found.high, found.n, note)
    verdict = _unless_shown(ours.p > 1 - LEVEL, ours.power, matters)
    return Finding(verdict, found.mean, found.low, found.high, found.n, ours.note, ours.power)


def undecided(ours: Ours) -> Finding:
    """Anything or nothing: it cannot be decided, and our own number only stands beside it."""
    mean = over_seeds(ours.values).mean if ours.values else None
    return Finding(Verdict.NOT_TESTABLE, mean, n=len(ours.values) or None, note=ours.note)


def _holds(condition: bool) -> Verdict:
    return Verdict.REPRODUCED if condition else Verdict.NOT_REPRODUCED


def _unless_shown(holds: bool, shown: float, matters: float) -> Verdict:
    """It holds because no difference was shown: `shown` is the least that would have been."""
    if not holds:
        return Verdict.NOT_REPRODUCED
    return Verdict.REPRODUCED if shown <= matters else Verdict.COMPATIBLE


def _if_shown(holds: bool, contrary: bool, shown: float, matters: float) -> Verdict:
    """It holds because something was shown."""
    if holds:
        return Verdict.REPRODUCED
    return Verdict.NOT_REPRODUCED if contrary or shown <= matters else Verdict.COMPATIBLE


def _number(ours: Ours, condition: bool) -> Finding:
    return Finding(_holds(condition), ours.number, n=ours.n, note=ours.note)


def _of_seeds(ours: Ours, condition: bool) -> Finding:
    few = ours.n is not None and ours.n < FEWEST
    return _too_few(ours.n or 0, ours.number) if few else _number(ours, condition)


def _interval(ours: Ours, least: float, most: float, matters: float) -> Finding:
    if len(ours.values) < FEWEST:
        return _too_few(len(ours.values))
    found = over_seeds(ours.values)
    inside, outside = (
        least < found.low and found.high < most,
        found.high < least or most < found.low,
    )
    shown = of_mean(found.sd, found.n)
    verdict = _if_shown(inside, outside, shown, matters)
    return Finding(verdict, found.mean, found.low, found.high, found.n, ours.note, shown)


def _lost(ours: Ours) -> Finding:
    """Few trainings ended: if the others diverged, and none ended, this is a result."""
    if ours.values or ours.diverged < FEWEST:
        mean = over_seeds(ours.values).mean if ours.values else None
        return _too_few(len(ours.values), mean)
    return Finding(Verdict.NOT_REPRODUCED, n=0, note=_diverged(ours))


def _too_few(seeds: int, ours: float | None = None) -> Finding:
    note = f"too few seeds: {seeds}, and it takes {FEWEST}"
    return Finding(Verdict.NOT_MEASURED, ours, n=seeds, note=note)


def _diverged(ours: Ours) -> str:
    total = ours.diverged + len(ours.values)
    return f"{ours.diverged} of {total} trainings diverged" if ours.diverged else ""
