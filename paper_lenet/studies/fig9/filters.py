"""The filters of boosting (Section III-C): which distorted copies a later network is trained on."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from paper_lenet.base.errors import PaperLenetError
from paper_lenet.digits.distort import Presentation, shown
from paper_lenet.digits.patterns import Patterns
from paper_lenet.engine.general_trainer import General

AT_ONCE = 5000  # copies that are looked at together, and of which a filter picks
ROUNDS = 100  # copies of each pattern that are looked at, at most


class FilterError(PaperLenetError, RuntimeError):
    """No pattern passes the filter."""


def picked(
    members: Sequence[General], training: Patterns, first: int, wanted: int, seed: int
) -> NDArray[np.int64]:
    """The items that pass the filter of `members`, one or two, in the order of their numbers.

    Items are numbered as in `digits.distort`. Blocks of `AT_ONCE` are filtered one by one, until
    there are enough.

    Args:
        members: the networks that are trained.
        training: the patterns, undistorted.
        first: the first item that is looked at.
        wanted: how many; fewer if `ROUNDS` copies of each pattern have no more.
        seed: of the distortions.

    Raises:
        FilterError: none does.
    """
    chosen = FILTERS[len(members)]
    found: list[NDArray[np.int64]] = []
    for start in range(first, first + ROUNDS * len(training), AT_ONCE):
        items = np.arange(start, start + AT_ONCE)
        patterns = copies(training, items, seed)
        answers = np.stack([member.outputs(patterns).argmax(axis=1) for member in members])
        found.append(items[chosen(answers, patterns.labels)])
        if sum(map(len, found)) >= wanted:
            break
    result = np.concatenate(found)[:wanted]
    if not len(result):
        raise FilterError("boosting: no distorted pattern passes the filter")
    return result


def copies(training: Patterns, items: NDArray[np.int64], seed: int) -> Patterns:
    """The items as they are shown, distorted."""
    return shown(training, items, seed, 0, Presentation(distorted=1))


def half_wrong(answers: NDArray[np.intp], labels: NDArray[np.uint8]) -> NDArray[np.intp]:
    """The patterns that the first member misreads, and as many, the first, that it reads.

    Args:
        answers: (1, N).
        labels: (N,).
    """
    right = answers[0] == labels
    wrong = np.flatnonzero(~right)
    return np.sort(np.concatenate([wrong, np.flatnonzero(right)[: len(wrong)]]))


def disagreed(answers: NDArray[np.intp], labels: NDArray[np.uint8]) -> NDArray[np.intp]:
    """The patterns about which the first two members disagree; `answers` is (2, N)."""
    return np.flatnonzero(answers[0] != answers[1])


# By the number of members that there are.
FILTERS: dict[int, Callable[[NDArray[np.intp], NDArray[np.uint8]], NDArray[np.intp]]] = {
    1: half_wrong,
    2: disagreed,
}
