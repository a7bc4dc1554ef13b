"""The rules by which claims are judged, by the names that ``claims.yaml`` calls them.

A rule takes what is ours and what it needs beside: the printed numbers, the tolerance's limit. Its
first line says whether it looks at one number or at one a seed.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from paper_lenet.base.statistics import LEVEL, over_seeds
from paper_lenet.paper.numbers import Published
from paper_lenet.studies.claims.model import Finding, Ours, Verdict

TWO = "it takes two seeds or more"
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
    return _number(ours, abs(ours.number - printed[0].value) <= limit)


def small(ours: Ours, limit: float) -> Finding:
    """A number that is a difference from the printed ones: at most `limit` either way."""
    return _number(ours, abs(ours.number) <= limit)


def at_least(ours: Ours, printed: Printed) -> Finding:
    """A number: the printed one or more."""
    return _number(ours, ours.number >= printed[0].value)


def at_most(ours: Ours, printed: Printed) -> Finding:
    """A number: the printed one or less, to its rounding."""
    return _number(ours, ours.number <= printed[0].value + printed[0].unit / 2)


def order(ours: Ours) -> Finding:
    """A number: less than another one of ours."""
    return _number(ours, ours.number < ours.other[0])


def count(ours: Ours) -> Finding:
    """A 1 or 0 for each case: so in every one, and how many those are."""
    every = bool(ours.values) and all(ours.values)
    n = len(ours.values) if ours.n is None else ours.n
    return Finding(_holds(every), sum(ours.values), n=n, note=ours.note)


def one_run(ours: Ours, printed: Printed) -> Finding:
    """A number a seed: the interval for one further run meets the printed number or range.

    A single seed gives no interval and decides nothing; none means that every one diverged.
    """
    if len(ours.values) < 2:
        return _too_few(ours)
    low, high = printed[0].value - printed[0].unit / 2, printed[-1].value + printed[-1].unit / 2
    found = over_seeds(ours.values)
    meets = found.run_low <= high and low <= found.run_high
    note = "; ".join(part for part in (_lost(ours), ours.note) if part)
    return Finding(_holds(meets), found.mean, found.run_low, found.run_high, found.n, note)


def below(ours: Ours, limit: float) -> Finding:
    """A number a seed: the interval of the mean lies below `limit`."""
    return _interval(ours, -math.inf, limit)


def above(ours: Ours, limit: float) -> Finding:
    """A number a seed: the interval of the mean lies above `limit`."""
    return _interval(ours, limit, math.inf)


def within(ours: Ours, limit: float) -> Finding:
    """A number a seed: the interval of the mean lies between minus `limit` and `limit`."""
    return _interval(ours, -limit, limit)


def higher(ours: Ours) -> Finding:
    """A number a seed: the interval of the mean lies above that of another sample of ours."""
    if min(len(ours.values), len(ours.other)) < 2:
        return Finding(Verdict.NOT_MEASURED, note=TWO)
    return _interval(ours, over_seeds(ours.other).high, math.inf)


def one_of_ours(ours: Ours) -> Finding:
    """A number a seed: its p is not among the smallest.

    The smallest p of n seeds is 1 / (n + 1). With so few that even this is no sign of anything,
    the test could never fail, and decides nothing.
    """
    n = len(ours.values)
    if n < 2:
        return _too_few(ours)
    found = over_seeds(ours.values)
    verdict, note = _holds(ours.p > 1 - LEVEL), ours.note
    fewest = math.ceil(1 / (1 - LEVEL)) - 1
    if n < fewest:
        verdict = Verdict.NOT_MEASURED
        note += f"; with fewer than {fewest} seeds this test cannot say no"
    return Finding(verdict, found.mean, found.low, found.high, n, note)


def undecided(ours: Ours) -> Finding:
    """Anything or nothing: it cannot be decided, and our own number only stands beside it."""
    mean = over_seeds(ours.values).mean if ours.values else None
    return Finding(Verdict.NOT_TESTABLE, mean, n=len(ours.values) or None, note=ours.note)


def _holds(condition: bool) -> Verdict:
    return Verdict.REPRODUCED if condition else Verdict.NOT_REPRODUCED


def _number(ours: Ours, condition: bool) -> Finding:
    return Finding(_holds(condition), ours.number, n=ours.n, note=ours.note)


def _interval(ours: Ours, least: float, most: float) -> Finding:
    if len(ours.values) < 2:
        return Finding(Verdict.NOT_MEASURED, n=len(ours.values), note=TWO)
    found = over_seeds(ours.values)
    inside = least < found.low and found.high < most
    return Finding(_holds(inside), found.mean, found.low, found.high, found.n, ours.note)


def _too_few(ours: Ours) -> Finding:
    if not ours.values:
        return Finding(Verdict.NOT_REPRODUCED, n=0, note=_lost(ours))
    return Finding(Verdict.NOT_MEASURED, ours.number, n=1, note=TWO)


def _lost(ours: Ours) -> str:
    total = ours.diverged + len(ours.values)
    return f"{ours.diverged} of {total} trainings diverged" if ours.diverged else ""
