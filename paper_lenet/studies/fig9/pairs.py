"""Two classifiers beside each other, on the same test patterns.

- The ranking: bars that are neighbours by their printed error. Does their order hold, and do the
  two err unequally, by McNemar's exact test on one training of each?
- The overlap: which share of one's errors another makes too.
- The halves of the test set, which have different writers: the first is the harder one.

Of each classifier the training with the smallest seed is taken, which is seed 0. The p-values are
those of single tests: of as many as there are neighbours, one in twenty is below 0.05 by chance.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from scipy import stats

from paper_lenet.base.files import fixed, significant
from paper_lenet.base.statistics import over_seeds
from paper_lenet.results.mistakes import Misread, err_equally
from paper_lenet.results.paired import LEVEL
from paper_lenet.studies.fig9.bars import Placed
from paper_lenet.studies.fig9.reading import Trials
from paper_lenet.studies.overlap import HALF

HOLDS, REVERSED, TIED = "holds", "reversed", "tied"
ORDER = (
    *("first", "second", "first_printed", "second_printed", "first_ours", "second_ours"),
    *("order", "only_first", "only_second", "p"),
)
OVERLAP = ("of", "also", "share")
HALVES = ("classifier", "first_errors", "second_errors", "first_error", "second_error", "ratio")


class Neighbours(NamedTuple):
    """Two bars, of which the first has the greater printed error, or the same.

    Attributes:
        first: with its name and printed error.
        second: the next one.
        order: whether ours stand as printed; `TIED` where the printed errors are equal.
        only_first: test patterns that only the first misreads.
        only_second: those that only the second does.
        p: of McNemar's test.
    """

    first: Placed
    second: Placed
    order: str
    only_first: int
    only_second: int
    p: float


def neighbours(tried: Sequence[Placed]) -> list[Neighbours]:
    """The bars that were tried, from the greatest printed error down, two by two."""
    ranked = sorted(tried, key=lambda each: -_printed(each))
    return [_beside(first, second) for first, second in pairwise(ranked)]


def _printed(each: Placed) -> float:
    assert each.bar is not None
    return each.bar.error


def _ours(each: Placed) -> Trials:
    assert each.outcome is not None
    return each.outcome


def _beside(first: Placed, second: Placed) -> Neighbours:
    one, other = (_ours(each).first.misread for each in (first, second))
    order = HOLDS if _ours(first).error.mean > _ours(second).error.mean else REVERSED
    if _printed(first) == _printed(second):
        order = TIED
    counts = len(one.keys() - other.keys()), len(other.keys() - one.keys())
    return Neighbours(first, second, order, *counts, err_equally(one, other))


def order_row(found: Neighbours) -> list[object]:
    """The cells of `ORDER`; ours are means over the seeds, in percent."""
    both = found.first, found.second
    names = [each.bar.name for each in both if each.bar]
    ours = [fixed(_ours(each).error.mean) for each in both]
    counts = found.only_first, found.only_second
    return [*names, *map(_printed, both), *ours, found.order, *counts, significant(found.p, 3)]


def order_tree(found: Sequence[Neighbours], tried: Sequence[Placed]) -> dict[str, Any]:
    """How many neighbours stand as printed, and how many of each the test tells apart.

    ``kendall`` is Kendall's tau-b of printed and own errors over all bars that were tried.
    """
    result: dict[str, Any] = {"neighbours": len(found)}
    for order in (HOLDS, REVERSED, TIED):
        mine = [each for each in found if each.order == order]
        result[order] = len(mine)
        result[f"{order}_apart"] = sum(each.p < LEVEL for each in mine)
    printed, ours = map(_printed, tried), (_ours(each).error.mean for each in tried)
    tau = float(stats.kendalltau([*printed], [*ours]).statistic) if found else None
    return result | {"kendall": None if tau is None else round(tau, 3)}


def share(of: Misread, also: Misread) -> float:
    """The part of the patterns that `of` misreads, which `also` misreads too; 0 if there are none.

    The answers may differ.
    """
    return len(of.keys() & also.keys()) / len(of) if of else 0.0


def shares(tried: Sequence[Placed]) -> list[list[float]]:
    """Square: each one's errors by row, who makes them too by column."""
    misread = [_ours(each).first.misread for each in tried]
    return [[share(of, also) for also in misread] for of in misread]


def overlap_rows(tried: Sequence[Placed]) -> list[list[object]]:
    """The cells of `OVERLAP` for every two bars."""
    names = [each.bar.name for each in tried if each.bar]
    return [
        [of, also, fixed(part)]
        for of, line in zip(names, shares(tried), strict=True)
        for also, part in zip(names, line, strict=True)
        if of != also
    ]


def halves_row(each: Placed) -> list[object]:
    """The cells of `HALVES`: errors in percent of each half, means over the seeds."""
    outcome = _ours(each)
    sizes = HALF, outcome.patterns - HALF
    firsts = [sum(index < HALF for index in fit.misread) for fit in outcome.seeds.values()]
    seconds = [
        fit.errors - first for fit, first in zip(outcome.seeds.values(), firsts, strict=True)
    ]
    means = [over_seeds(counts).mean for counts in (firsts, seconds)]
    rates = [100 * mean / size for mean, size in zip(means, sizes, strict=True)]
    ratio = fixed(rates[0] / rates[1], 2) if rates[1] else ""
    return [each.name, *(fixed(mean, 1) for mean in means), *map(fixed, rates), ratio]
