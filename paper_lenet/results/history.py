"""The record that the stage ``train`` keeps of every pass, ``passes.csv``, as percentages."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from paper_lenet.base.statistics import Summary, over_seeds
from paper_lenet.paper.numbers import UNCERTAINTY


class HistoryError(ValueError):
    """``passes.csv`` is missing, incomplete or not one of ours."""


class Pass(NamedTuple):
    """One pass of one seed.

    Attributes:
        number: from 1.
        on_the_fly: training error in percent, each pattern judged before its own update (Fig. 5).
        after: training error in percent after the pass.
        test: test error in percent after the pass.
        test_errors: the same as a count.
        smallest_step: the smallest epsilon_k of the pass.
        largest_step: the largest one.
    """

    number: int
    on_the_fly: float
    after: float
    test: float
    test_errors: int
    smallest_step: float
    largest_step: float


class History(NamedTuple):
    """The passes of every seed, 1 to the last.

    Attributes:
        seeds: by seed, in increasing order; all of the same length.
        patterns: training patterns shown in a pass.
        test_patterns: test patterns.
    """

    seeds: dict[int, tuple[Pass, ...]]
    patterns: int
    test_patterns: int

    @property
    def passes(self) -> int:
        """Number of passes."""
        return len(next(iter(self.seeds.values())))

    def over_seeds(self, number: int, quantity: Callable[[Pass], float]) -> Summary:
        """`quantity` of pass `number`, counted from 1, over the seeds."""
        return over_seeds([quantity(passes[number - 1]) for passes in self.seeds.values()])


def settling_pass(test_errors: list[float]) -> int:
    """The first pass from which the test error stays near that of the last one.

    Near is within the paper's own uncertainty, 0.1 points. The paper says "about ten" and not how
    it judged: by this rule its own curve, Fig. 5, settles at pass 9.

    Args:
        test_errors: in percent, one a pass.

    Returns:
        The pass, counted from 1.
    """
    last = test_errors[-1]
    number = len(test_errors)
    # 1e-9: a difference of exactly 0.1 points counts as near, whatever the rounding.
    while number > 1 and abs(test_errors[number - 2] - last) <= UNCERTAINTY.value + 1e-9:
        number -= 1
    return number


def read_history(path: Path) -> History:
    """The history that the stage ``train`` wrote to `path`.

    Raises:
        HistoryError: the file is missing, has other columns, or passes are missing from it.
    """
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        seeds: dict[int, list[Pass]] = {}
        for row in rows:
            seeds.setdefault(int(row["seed"]), []).append(_pass(row))
        totals = {(int(row["patterns"]), int(row["test_patterns"])) for row in rows}
    except FileNotFoundError:
        raise HistoryError(f"{path}: there is no such file; run the stage train first") from None
    except (KeyError, TypeError, ValueError, ZeroDivisionError) as error:
        raise HistoryError(f"{path}: not a record of passes ({error})") from None
    numbers = [[each.number for each in passes] for passes in seeds.values()]
    if not rows or any(found != list(range(1, len(numbers[0]) + 1)) for found in numbers):
        raise HistoryError(f"{path}: not every seed has the same passes, 1 to the last")
    if len(totals) != 1:
        raise HistoryError(f"{path}: the number of patterns changes between passes")
    return History({seed: tuple(seeds[seed]) for seed in sorted(seeds)}, *totals.pop())


def _pass(row: dict[str, str]) -> Pass:
    patterns, test_patterns = int(row["patterns"]), int(row["test_patterns"])
    return Pass(
        number=int(row["pass"]),
        on_the_fly=100 * int(row["errors_on_the_fly"]) / patterns,
        after=100 * int(row["errors_after_pass"]) / patterns,
        test=100 * int(row["test_errors"]) / test_patterns,
        test_errors=int(row["test_errors"]),
        smallest_step=float(row["smallest_step"]),
        largest_step=float(row["largest_step"]),
    )
