"""What networks misread together, counted by hand."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from paper_lenet.base.statistics import mcnemar
from paper_lenet.paper import numbers
from paper_lenet.results import mistakes

FIG8 = mistakes.fig8()
MISREAD = st.dictionaries(st.integers(0, 30), st.integers(0, 9))


def test_fig8_is_the_paper_s():
    printed = {(each.test_index, each.answer) for each in numbers.fig8()}
    assert set(FIG8.items()) == printed


def test_shared_patterns_are_counted():
    found = mistakes.shared({1: 5, 2: 6, 3: 7}, {2: 6, 3: 8, 4: 9})
    assert found == (2, 1, 4)
    assert (found.jaccard, found.jaccard_same) == (0.5, 0.25)
    assert mistakes.shared({}, {}).jaccard == 0.0


def test_rank_of_fig8_is_exact():
    twins = [dict(FIG8) for _ in range(3)]
    assert mistakes.rank(twins)[1:] == (4, 1.0)
    strangers = [{9990 + place: 1 for place in range(5)} for _ in range(4)]
    found = mistakes.rank(strangers)
    assert (found.rank, found.p) == (1, 0.2)
    assert found.likeness == (0.75, 0.75, 0.75, 0.75, 0.0)


def test_rank_with_the_same_answer_asks_for_it():
    other = {index: (answer + 1) % 10 for index, answer in FIG8.items()}
    networks = [other, dict(other)]
    assert mistakes.rank(networks).rank == 3
    assert mistakes.rank(networks, same_answer=True).rank == 1


def test_times_are_over_the_networks():
    networks = [{1: 0, 2: 0}, {2: 5}, {2: 1, 9: 1}]
    assert mistakes.times_misread(networks) == {1: 1, 2: 3, 9: 1}
    assert len(mistakes.pairs(networks)) == len(list(combinations(networks, 2)))


def test_what_a_network_shares_with_the_others_is_a_mean():
    networks = [{1: 0, 2: 0, 3: 0}, {1: 5, 2: 0}, {3: 0}]
    assert mistakes.shared_with_others(networks) == [1.5, 1.0, 0.5]
    assert mistakes.shared_with_others(networks[:1]) == [0.0]


@given(MISREAD, MISREAD)
def test_shared_patterns_are_those_of_every_index(one, other):
    """Index by index, and the same whichever comes first."""
    everywhere = range(31)
    found = mistakes.shared(one, other)
    assert found.both == sum(index in one and index in other for index in everywhere)
    assert found.either == sum(index in one or index in other for index in everywhere)
    assert found.same == sum(
        one[index] == other[index] for index in everywhere if index in one and index in other
    )
    assert found == mistakes.shared(other, one)
    only = [
        sum(index in a and index not in b for index in everywhere)
        for a, b in ((one, other), (other, one))
    ]
    assert mistakes.err_equally(one, other) == mcnemar(*only)
