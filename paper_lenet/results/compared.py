"""What two runs say beside each other: parameters, error rates, and who misreads what.

Both were tested on the same patterns. Their difference is taken as in
`paper_lenet.results.paired`, within the seeds that they have in common.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from paper_lenet.base.errors import PaperLenetError, joined
from paper_lenet.base.statistics import Summary, over_seeds
from paper_lenet.results import paired
from paper_lenet.results.mistakes import times_misread
from paper_lenet.results.trainings import Run, Training

QUANTITIES: dict[str, Callable[[Training], float]] = {
    "test error": paired.test,
    "training error on the fly": lambda each: each.last.on_the_fly,
    "training error after the last pass": lambda each: each.last.after,
}


class ComparisonError(PaperLenetError, ValueError):
    """There is nothing to compare, or it cannot be compared."""


@dataclass(frozen=True)
class Side:
    """One of the two.

    Attributes:
        name: as the user named it.
        place: what that is, as in ``commit 1a2b3c4``.
        run: its trainings, at least one network among them.
        truth: the label of each test pattern that some network misreads, by index.
        settings: its parameters beside the recipe, by path; empty if they are not known.

    Example:
        >>> from dataclasses import replace
        >>> run, before = Run({}, {}, {"step": {"mu": 0.02}}), {"train.seeds": "20"}
        >>> ours = Side("ours", "commit 1a2b3c4", run, truth={}, settings=before)
        >>> theirs = replace(ours, name="theirs", settings={"train.seeds": "5"})
        >>> parameters(ours, theirs)
        [('train.seeds', '20', '5')]
    """

    name: str
    place: str
    run: Run
    truth: dict[int, int]
    settings: dict[str, str]


class Quantity(NamedTuple):
    """An error rate after the last pass, in percent.

    Attributes:
        name: which one.
        first: over the seeds of the first side.
        second: over those of the second.
        difference: second less first, within the seeds in common; `None` if there are none.

    Example:
        >>> from paper_lenet.results.trainings import made
        >>> first, second = Side("a", "", made(10, 14), {}, {}), Side("b", "", made(11, 15), {}, {})
        >>> test, *_ = quantities(first, second)
        >>> test.name, test.difference.sd < test.second.sd  # what is of the seed alone falls out
        ('test error', True)
    """

    name: str
    first: Summary
    second: Summary
    difference: Summary | None


class Pattern(NamedTuple):
    """A test pattern that one side misreads more often than the other.

    Attributes:
        number: its index in the test set, from 0.
        truth: its label.
        answer: the wrong answer that is given most, of equals the smallest.
        first: how many networks of the first side misread it.
        second: how many of the second.

    Example:
        >>> Pattern(number=8, truth=5, answer=6, first=20, second=12)
        Pattern(number=8, truth=5, answer=6, first=20, second=12)
    """

    number: int
    truth: int
    answer: int
    first: int
    second: int


def check(first: Side, second: Side) -> None:
    """See that both were tested on the same patterns.

    Raises:
        ComparisonError: there are more of one, or they have other labels.

    Example:
        >>> from paper_lenet.results.trainings import made
        >>> first = Side("a", "", made(1), {0: 5}, {})
        >>> second = Side("b", "", made(1), {0: 3}, {})
        >>> check(first, second)  # doctest: +ELLIPSIS
        Traceback (most recent call last):
            ...
        paper_lenet.results.compared.ComparisonError: a and b were not tested on the same ...
    """
    counts = [side.run.last.test_patterns for side in (first, second)]
    common = first.truth.keys() & second.truth.keys()
    if len(set(counts)) > 1 or any(first.truth[index] != second.truth[index] for index in common):
        names = f"{first.name} and {second.name}"
        raise ComparisonError(
            f"{names} were not tested on the same patterns ({counts[0]} and {counts[1]})"
        )


def flat(tree: Mapping[str, Any], place: str = "") -> dict[str, str]:
    """The values of a tree as JSON, by the path of each, as in ``step.mu``.

    Example:
        >>> flat({"step": {"mu": 0.02}, "loss": {"j": 2.0}})
        {'step.mu': '0.02', 'loss.j': '2.0'}
    """
    found: dict[str, str] = {}
    for key, value in tree.items():
        path = joined(place, key)
        found |= flat(value, path) if isinstance(value, dict) else {path: json.dumps(value)}
    return found


def parameters(first: Side, second: Side) -> list[tuple[str, str, str]]:
    """What differs: its path and the value on each side, empty where there is none.

    Example:
        >>> first = Side("a", "", Run({}, {}, {"step": {"mu": 0.02}}), {}, {})
        >>> second = Side("b", "", Run({}, {}, {"step": {"mu": 0.1}}), {}, {})
        >>> parameters(first, second)
        [('step.mu', '0.02', '0.1')]
    """
    both = [(flat(first.run.recipe), flat(second.run.recipe))]
    if first.settings and second.settings:
        both.append((first.settings, second.settings))
    return [
        (path, one.get(path, ""), other.get(path, ""))
        for one, other in both
        for path in one | other
        if one.get(path) != other.get(path)
    ]


def quantities(first: Side, second: Side) -> list[Quantity]:
    """Each error rate on both sides.

    Example:
        >>> from paper_lenet.results.trainings import made
        >>> side = Side("a", "", made(10), {}, {})
        >>> [(each.first.mean, each.difference.mean) for each in quantities(side, side)]
        [(1.0, 0.0), (4.0, 0.0), (3.0, 0.0)]
    """
    return [
        Quantity(
            name,
            over_seeds(first.run.values(quantity), floor=0),
            over_seeds(second.run.values(quantity), floor=0),
            paired.difference(second.run, first.run, quantity),
        )
        for name, quantity in QUANTITIES.items()
    ]


def apart(first: Side, second: Side) -> tuple[list[Pattern], list[Pattern]]:
    """The patterns that the first side misreads more often, and those that the second does.

    By share of its networks; those come first that the two are furthest apart on.

    Example:
        >>> run, other = ({0: Training((), misread, {})} for misread in ({8: 6, 18: 3}, {18: 3}))
        >>> first = Side("a", "", Run(run, {}, {}), {8: 5, 18: 8}, {})
        >>> second = Side("b", "", Run(other, {}, {}), {18: 8}, {})
        >>> [[pattern.number for pattern in more] for more in apart(first, second)]
        [[8], []]
    """
    times = [times_misread(side.run.misread) for side in (first, second)]
    seeds = [len(side.run.seeds) for side in (first, second)]
    found: tuple[list[tuple[float, Pattern]], ...] = ([], [])
    for index in times[0].keys() | times[1].keys():
        counts = times[0].get(index, 0), times[1].get(index, 0)
        gap = counts[0] / seeds[0] - counts[1] / seeds[1]
        if gap:
            more = first if gap > 0 else second
            pattern = Pattern(index, more.truth[index], _answer(more.run, index), *counts)
            found[gap < 0].append((-abs(gap), pattern))
    ours, theirs = ([pattern for _, pattern in sorted(part)] for part in found)
    return ours, theirs


def upshot(first: Side, second: Side) -> str:
    """The test error of both, and whether they differ, in one line.

    Example:
        >>> from paper_lenet.results.trainings import made
        >>> run, base = made(10, 14), made(10, 10)
        >>> first, second = Side("one", "", base, {}, {}), Side("other", "", run, {}, {})
        >>> check(first, second)
        >>> parameters(first, second)
        []
        >>> upshot(first, second).rpartition(": ")[2]
        'no difference is shown'
    """
    error = quantities(first, second)[0]
    said = (
        f"test error {error.first.mean:.2f}% ({first.name}, n = {error.first.n}), "
        f"{error.second.mean:.2f}% ({second.name}, n = {error.second.n}): "
    )
    points, patterns = error.difference, paired.on_patterns(second.run, first.run)
    if points is None:
        return said + "no seed in common, so the difference is not tested"
    if points.n == 1:
        p = f", McNemar's p = {patterns.median:.2g}" if patterns else ""
        return f"{said}{points.mean:+.2f} with one seed in common{p}; one seed says little"
    apart = "no difference is shown" if points.low <= 0 <= points.high else "they differ"
    interval = f"{points.low:+.2f} to {points.high:+.2f}"
    return f"{said}{points.mean:+.2f} ({interval}, {points.n} seeds in common): {apart}"


def _answer(run: Run, index: int) -> int:
    given = Counter(network[index] for network in run.misread if index in network)
    return min(given, key=lambda answer: (-given[answer], answer))
