"""What networks misread together: counts for two networks, and for the 82 patterns of Fig. 8.

A network is given by its misread test patterns, a mapping of index to answer. Networks that err
more share more, so counts are set against the totals: Jaccard's index is the number of patterns
that both misread over the number that either does.

"One more seed?" is asked by a test of exchangeability. If the paper's network were drawn like our
n, each of the n + 1 would be equally likely to be the one that is least like the others. A
network's likeness is the mean of its index with the n others. The paper's rank among the n + 1,
counted from the least alike, over n + 1 is an exact p-value, one-sided, that it is one of them.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

from paper_lenet.base.statistics import mcnemar
from paper_lenet.paper import numbers

Misread = Mapping[int, int]


class Shared(NamedTuple):
    """Two networks.

    Attributes:
        both: patterns that both misread.
        same: those of them with the same answer.
        either: patterns that one of them misreads, or both.

    Example:
        >>> Shared(both=2, same=1, either=4).jaccard
        0.5
        >>> Shared(both=2, same=1, either=4).jaccard_same
        0.25
    """

    both: int
    same: int
    either: int

    @property
    def jaccard(self) -> float:
        """`both` over `either`; 0 if neither errs."""
        return self.both / self.either if self.either else 0.0

    @property
    def jaccard_same(self) -> float:
        """`same` over `either`; 0 if neither errs."""
        return self.same / self.either if self.either else 0.0


class Rank(NamedTuple):
    """Where the paper's network stands among ours and itself.

    Attributes:
        likeness: each network's mean index with all others, the paper's last.
        rank: the paper's, 1 for the least alike; ties count against it.
        p: `rank` over the number of networks.

    Example:
        >>> found = rank([{0: 1}, {0: 1}, {0: 1}])  # Fig. 8 has no pattern 0
        >>> found.rank, found.p, found.likeness[-1]
        (1, 0.25, 0.0)
    """

    likeness: tuple[float, ...]
    rank: int
    p: float


def fig8() -> dict[int, int]:
    """The misread patterns of the paper's network, with its answers.

    Example:
        >>> len(fig8())
        82
    """
    return {pattern.test_index: pattern.answer for pattern in numbers.fig8()}


def times_misread(networks: Sequence[Misread]) -> dict[int, int]:
    """By index, how many of `networks` misread a pattern; only those that some misread.

    Example:
        >>> times_misread([{8: 6, 15: 3}, {8: 5}])
        {8: 2, 15: 1}
    """
    return dict(sorted(Counter(index for network in networks for index in network).items()))


def shared(one: Misread, other: Misread) -> Shared:
    """What two networks share.

    Example:
        >>> shared({8: 6, 15: 3}, {8: 5, 18: 2})
        Shared(both=1, same=0, either=3)
    """
    both = one.keys() & other.keys()
    same = sum(one[index] == other[index] for index in both)
    return Shared(len(both), same, len(one.keys() | other.keys()))


def pairs(networks: Sequence[Misread]) -> list[Shared]:
    """All pairs of networks.

    Example:
        >>> len(pairs([{8: 6}, {8: 5}, {}]))
        3
    """
    return [shared(one, other) for one, other in combinations(networks, 2)]


def shared_with_others(networks: Sequence[Misread]) -> list[float]:
    """For each network, how many patterns it shares with another one, on average.

    Example:
        >>> shared_with_others([{8: 6, 15: 3}, {8: 5}, {15: 3}])
        [1.0, 0.5, 0.5]
    """
    return [
        math.fsum(shared(one, other).both for other in networks if other is not one)
        / max(1, len(networks) - 1)
        for one in networks
    ]


def err_equally(one: Misread, other: Misread) -> float:
    """The exact p-value of McNemar's test that two networks have the same error rate.

    Example:
        >>> err_equally({8: 6, 15: 3}, {8: 5, 18: 2})
        1.0
    """
    return mcnemar(len(one.keys() - other.keys()), len(other.keys() - one.keys()))


def rank(networks: Sequence[Misread], same_answer: bool = False) -> Rank:
    """Fig. 8 among `networks`, at least two, by Jaccard's index.

    Args:
        networks: ours.
        same_answer: whether only patterns with the same answer count as shared.

    Example:
        >>> found = rank([{8: 6, 15: 3}, {8: 6}])
        >>> found.rank, len(found.likeness)
        (1, 3)
    """
    everyone = [*networks, fig8()]
    likeness = []
    for place, one in enumerate(everyone):
        found = [shared(one, other) for other in everyone[:place] + everyone[place + 1 :]]
        values = [each.jaccard_same if same_answer else each.jaccard for each in found]
        likeness.append(math.fsum(values) / len(values))
    found_rank = sum(value <= likeness[-1] for value in likeness)
    return Rank(tuple(likeness), found_rank, found_rank / len(everyone))
