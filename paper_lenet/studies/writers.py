"""The study ``writers``: who wrote the patterns, and whose our networks misread.

It trains nothing and asks no network: it lays the labels of QMNIST (`digits.writers`) beside what
the networks of the pipeline misread, as the record has it. Without the label files, which are no
part of the repository, it says so in one line, and what it wrote before stays.

Two things vary, and each error rate has an interval for both: other seeds on these patterns (a t
interval over the networks), and other writers for these networks. The second takes a writer's
patterns together: they are alike, and tell less than as many by different hands.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import special

from paper_lenet.base.files import fixed, write_csv, write_json
from paper_lenet.base.statistics import (
    LEVEL,
    Interval,
    Summary,
    around,
    over_seeds,
    wilson_percent,
)
from paper_lenet.digits.dataset import QMNIST
from paper_lenet.digits.writers import Writers, load
from paper_lenet.figures import draw, writers
from paper_lenet.figures.writers import Hand
from paper_lenet.results.trainings import read_study
from paper_lenet.studies.study import PAPER, Folders, Study

SERIES = {"employees": False, "students": True}
COLUMNS = ("series", "patterns", "writers", "error", "low", "high", "writers_low", "writers_high")
HANDS = ("series", "writer", "patterns", "errors", "error", "low", "high")


class Part(NamedTuple):
    """The test patterns of one series, or all of them.

    Attributes:
        name: of the series.
        writers: how many there are.
        patterns: how many each wrote, (W,).
        errors: how many of them each network misreads, (networks, W).
    """

    name: str
    writers: NDArray[np.int64]
    patterns: NDArray[np.int64]
    errors: NDArray[np.int64]

    @property
    def over_seeds(self) -> Summary:
        """The error in percent of these patterns over the networks."""
        return over_seeds((100 * self.errors.sum(axis=1) / self.patterns.sum()).tolist(), floor=0)

    @property
    def over_writers(self) -> Interval:
        """The interval for the mean network's error, in percent, on other writers' patterns."""
        half = (
            float(special.stdtrit(len(self.patterns) - 1, (1 + LEVEL) / 2)) * self.error_of_writers
        )
        return around(self.over_seeds.mean, half, floor=0)

    @property
    def error_of_writers(self) -> float:
        """The standard error in percent of a rate over writers who wrote unequally many."""
        count, total = len(self.patterns), self.patterns.sum()
        mean = self.errors.mean(axis=0)
        apart = mean - mean.sum() / total * self.patterns
        return 100 * math.sqrt(count / (count - 1) * math.fsum(apart**2)) / int(total)


def analyse(folders: Folders) -> None:
    """Write ``writers.json``, ``series.csv`` and ``writers.csv``, and draw.

    Raises:
        WritersError: the label files are not there, or are of other patterns.
    """
    train, test, whole = load(folders.raw(QMNIST.name))
    misread = read_study(folders.trained(PAPER))[PAPER].misread
    parts = {
        name: part(name, test, np.flatnonzero(test.students == wanted), misread)
        for name, wanted in SERIES.items()
    }
    everyone = part("all", test, np.arange(len(test.writer)), misread)
    results = folders.results()
    rows = [_row(each) for each in (*parts.values(), everyone)]
    write_csv(results / "series.csv", COLUMNS, rows)
    hands = {name: _hands(each) for name, each in parts.items()}
    write_csv(
        results / "writers.csv", HANDS, [row for each in parts.values() for row in _cells(each)]
    )
    tree = {
        "sides": {"train": side(train), "test": side(test), "test_whole": side(whole)},
        "shared": {"test": shared(train, test), "test_whole": shared(train, whole)},
        "seeds": len(misread),
        "difference": _difference(parts["students"], parts["employees"]),
        "students_percent_of_errors": round(
            100 * float(parts["students"].errors.sum() / everyone.errors.sum()), 1
        ),
        "spread": {name: _spread(each) for name, each in parts.items()},
    }
    write_json(results / "writers.json", tree)
    summaries = [
        (each.name, each.over_seeds, each.over_writers) for each in (*parts.values(), everyone)
    ]
    drawings = {
        "series": partial(writers.series, summaries),
        "hands": partial(writers.hands, hands),
    }
    draw.write(folders.figures, drawings)


def part(
    name: str, test: Writers, chosen: NDArray[np.intp], misread: Sequence[dict[int, int]]
) -> Part:
    """The `chosen` test patterns by their writers, and whose each network misreads."""
    found, place = np.unique(test.writer[chosen], return_inverse=True)
    of = dict(zip(chosen.tolist(), place.tolist(), strict=True))
    errors = np.zeros((len(misread), len(found)), np.int64)
    for row, network in zip(errors, misread, strict=True):
        for index, count in Counter(of[index] for index in network if index in of).items():
            row[index] = count
    return Part(name, found, np.bincount(place), errors)


def side(patterns: Writers) -> dict[str, dict[str, int]]:
    """How many patterns and writers of each series there are on one side."""
    result = {}
    for name, wanted in SERIES.items():
        mine = patterns.writer[patterns.students == wanted]
        result[name] = {"patterns": len(mine), "writers": len(np.unique(mine))}
    return result


def shared(one: Writers, other: Writers) -> int:
    """How many writers have patterns in both."""
    return len(np.intersect1d(one.writer, other.writer))


def _row(part: Part) -> tuple[object, ...]:
    seeds, beside = part.over_seeds, part.over_writers
    numbers = (seeds.mean, seeds.low, seeds.high, beside.low, beside.high)
    return (part.name, int(part.patterns.sum()), len(part.patterns), *map(fixed, numbers))


def _hands(part: Part) -> list[Hand]:
    """Each writer's error with Wilson's interval, in percent; the mean network's."""
    errors = part.errors.mean(axis=0)
    rates = [(100 * wrong / of, int(of)) for wrong, of in zip(errors, part.patterns, strict=True)]
    return [Hand(rate, *wilson_percent(rate, of)) for rate, of in rates]


def _cells(part: Part) -> list[tuple[object, ...]]:
    errors = part.errors.mean(axis=0)
    return [
        (part.name, int(writer), int(of), fixed(wrong, 2), *(fixed(cell, 2) for cell in hand))
        for writer, of, wrong, hand in zip(
            part.writers, part.patterns, errors, _hands(part), strict=True
        )
    ]


def _difference(one: Part, other: Part) -> dict[str, float]:
    """Of the errors on two series, in points: over the networks, and over writers."""
    rates = [100 * each.errors.sum(axis=1) / each.patterns.sum() for each in (one, other)]
    found = over_seeds((rates[0] - rates[1]).tolist())
    error = math.hypot(one.error_of_writers, other.error_of_writers)
    half = float(special.ndtri((1 + LEVEL) / 2)) * error
    numbers = {
        "mean": found.mean,
        "low": found.low,
        "high": found.high,
        "writers_low": found.mean - half,
        "writers_high": found.mean + half,
    }
    return {name: round(value, 4) for name, value in numbers.items()}


def _spread(part: Part) -> dict[str, Any]:
    """How unevenly the errors lie: whose patterns nobody misreads, and who has half of them."""
    errors = np.sort(part.errors.sum(axis=0))[::-1]
    half = int(np.searchsorted(np.cumsum(errors), errors.sum() / 2)) + 1
    return {
        "writers": len(errors),
        "never_misread": int((errors == 0).sum()),
        "half_of_errors": half,
    }


STUDY = Study(analyse=analyse)
