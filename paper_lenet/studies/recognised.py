"""How far digits are recognised (Section III-E), from the errors that ``curves.csv`` counts.

The paper calls it correct recognition and names no rate. One in ten misread, ten times the error of
undistorted digits, is a wide reading of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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


class Edge(NamedTuple):
    """Where recognition ends on one side.

    Attributes:
        last: the last amount up to which it holds; `None` if it does not even without alteration.
        beyond: the first amount at which it does not; `None` if none was measured.
    """

    last: float | None
    beyond: float | None


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
        key: {amount: over_seeds(part) for amount, part in curve.items()}
        for key, curve in values.items()
    }


def edge(curve: Curve, neutral: float, side: int) -> Edge:
    """How far from `neutral`, which alters nothing, no mean error is beyond `WRONG`.

    Args:
        curve: the error in percent by amount; `neutral` is one of them.
        neutral: where to begin.
        side: 1 towards greater amounts, -1 towards smaller ones.
    """
    last = None
    for amount in sorted(curve, key=lambda amount: side * amount):
        if side * amount >= side * neutral:
            if curve[amount].mean > WRONG:
                return Edge(last, amount)
            last = amount
    return Edge(last, None)
