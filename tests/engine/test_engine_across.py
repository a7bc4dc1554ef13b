"""What crosses lanes, against NumPy: which lanes are picked, and in which order sums are made."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis.extra.numpy import arrays
from lane_numbers import FEW, REAL, numbers
from numba import njit

from paper_lenet.engine.across import evens, interleave, odds, sum_rows
from paper_lenet.engine.simd import load, store
from paper_lenet.engine.tiles import load_tile, store_tile


@njit
def picks(a, b, result):
    x, y = load(a, 0), load(b, 0)
    store(result, 0, evens(x, y))
    store(result, 16, odds(x, y))
    store_tile(result, 32, 16, interleave(x, y))


@FEW
@given(numbers(16), numbers(16))
def test_evens_odds_and_interleave_pick_lanes(a, b):
    result = np.empty((4, 16), np.float32)
    picks(a, b, result.ravel())
    both = np.concatenate([a, b])
    assert np.array_equal(result[0], both[::2])
    assert np.array_equal(result[1], both[1::2])
    assert np.array_equal(result[2:].ravel(), np.stack([a, b], 1).ravel())


@njit
def sums(x, result):
    store(result, 0, sum_rows(load_tile(x, 0, 16, 1)))
    store(result, 16, sum_rows(load_tile(x, 0, 16, 6)))
    store(result, 32, sum_rows(load_tile(x, 0, 16, 10)))
    store(result, 48, sum_rows(load_tile(x, 0, 16, 15)))
    store(result, 64, sum_rows(load_tile(x, 0, 16, 16)))


COUNTS = (1, 6, 10, 15, 16)


@FEW
@given(numbers(16, 16))
def test_sum_rows_adds_the_lanes_of_each_vector(x):
    result = np.empty((5, 16), np.float32)
    sums(x.ravel(), result.ravel())
    for count, found in zip(COUNTS, result, strict=True):
        assert np.array_equal(found[:count], x[:count].sum(1))
        assert not found[count:].any()


def tree(lanes: np.ndarray) -> np.float32:
    """The documented order: the upper half of the lanes is added to the lower, four times."""
    while len(lanes) > 1:
        lower, upper = np.split(lanes, 2)
        lanes = lower + upper
    return lanes[0]


@FEW
@given(arrays(np.float32, (16, 16), elements=REAL))
def test_sum_rows_follows_its_tree_to_the_last_bit(x):
    result = np.empty((5, 16), np.float32)
    sums(x.ravel(), result.ravel())
    expected = np.array([tree(row) for row in x])
    for count, found in zip(COUNTS, result, strict=True):
        assert np.array_equal(found[:count], expected[:count])


def test_sum_rows_does_not_add_from_the_left():
    """Two ones, eight lanes apart, meet before they meet 2^24, which would swallow each alone."""
    x = np.zeros((16, 16), np.float32)
    x[:, [0, 1, 9]] = 2.0**24, 1, 1
    result = np.empty((5, 16), np.float32)
    sums(x.ravel(), result.ravel())
    assert (result[-1] == 2.0**24 + 2).all()
    assert np.add.accumulate(x[0])[-1] == 2.0**24
