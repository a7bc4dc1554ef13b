"""How far digits are recognised (Section III-E), from the errors that ``curves.csv`` counts.

The paper calls it correct recognition and names no rate. One in ten misread, ten times the error of
undistorted digits, is a wide reading of it. `limit` is where that is reached: for the study's table
and figure, and for the claims.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import NamedTuple

from paper_lenet.base.statistics import Summary, over_seeds

WRONG = 10.0  # percent: up to it, digits count as recognised

Curve = Mapping[float, Summary]


class Counted(NamedTuple):
    """The errors of one network on the patterns altered in one way."""

    network: str
    seed: int
    transformation: str
    amount: float
    errors: int
    patterns: int


def counted(row: Mapping[str, str]) -> Counted:
    """A row of ``curves.csv``.

    Raises:
        KeyError: a cell is missing.
        ValueError: one is not what belongs there.
    """
    errors, patterns = int(row["errors"]), int(row["patterns"])
    if not 0 <= errors <= patterns or patterns < 1:
        raise ValueError(f"{errors} errors of {patterns} patterns")
    return Counted(
        row["network"],
        int(row["seed"]),
        row["transformation"],
        float(row["amount"]),
        errors,
        patterns,
    )


def means(rows: Iterable[Counted]) -> dict[tuple[str, str], Curve]:
    """By transformation and network, the error in percent at each amount over the seeds."""
    values: dict[tuple[str, str], dict[float, list[float]]] = {}
    for row in rows:
        curve = values.setdefault((row.transformation, row.network), {})
        curve.setdefault(row.amount, []).append(100 * row.errors / row.patterns)
    return {
        key: {amount: over_seeds(part, floor=0) for amount, part in curve.items()}
        for key, curve in values.items()
    }


def limit(curve: Curve, neutral: float, side: int) -> float:
    """Where recognition ends on one side: there the mean error first exceeds `WRONG`.

    The error is linear between the amounts that were measured. The limit is the last of these if
    it does not come to that, and `neutral` if it is beyond even there.

    Args:
        curve: the error in percent by amount; `neutral` is one of them.
        neutral: the amount that alters nothing.
        side: 1 towards greater amounts, -1 towards smaller ones.
    """
    if curve[neutral].mean > WRONG:
        return neutral
    outwards = [amount for amount in curve if side * amount >= side * neutral]
    outwards.sort(key=lambda amount: side * amount)
    for last, beyond in pairwise(outwards):
        below, above = curve[last].mean, curve[beyond].mean
        if above > WRONG:
            return last + (beyond - last) * (WRONG - below) / (above - below)
    return outwards[-1]
