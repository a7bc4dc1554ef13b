"""Every operation on tiles against NumPy, in whole numbers small enough for float32 to be exact."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numba import njit

from paper_lenet.engine import tiles
from paper_lenet.engine.simd import load, store

whole = st.integers(-50, 50)
FEW = settings(max_examples=25)  # each holds hundreds of numbers
real = st.floats(-(2.0**30), 2.0**30, width=32)


def numbers(*shape: int) -> st.SearchStrategy[np.ndarray]:
    """Arrays of small whole numbers: sums of a few hundred products of two of them are exact."""
    return arrays(np.float32, shape, elements=whole.map(float))


@njit
def memory(x, start, stride, loaded, spread, copied):
    five = tiles.load_tile(x, start, stride, 5)
    tiles.store_tile(loaded, 0, 16, five)
    tiles.store_tile(spread, 0, 16, tiles.splats(x, start, stride, 5))
    like = tiles.load_like(x, start, stride, tiles.zeros(3))
    tiles.store_tile(copied, 7, 19, like)


@FEW
@given(numbers(400), st.integers(0, 100), st.integers(0, 40))
def test_tiles_are_read_and_written_where_they_say(x, start, stride):
    loaded, spread = np.empty((5, 16), np.float32), np.empty((5, 16), np.float32)
    copied = np.full(80, 99, np.float32)
    memory(x, start, stride, loaded.ravel(), spread.ravel(), copied)
    first = start + stride * np.arange(5)
    assert np.array_equal(loaded, x[first[:, None] + np.arange(16)])
    assert np.array_equal(spread, x[first].repeat(16).reshape(5, 16))
    expected = np.full(80, 99, np.float32)
    for i in range(3):
        expected[7 + 19 * i : 23 + 19 * i] = loaded[i]
    assert np.array_equal(copied, expected)


@njit
def products(acc, a, b, result):
    tile = tiles.load_tile(acc, 0, 16, 6)
    left, right = tiles.load_tile(a, 0, 16, 2), tiles.load_tile(b, 0, 16, 3)
    tiles.store_tile(result, 0, 16, tiles.outer(tile, left, right))
    store(result, 96, tiles.dot(tiles.load_tile(a, 0, 16, 2), tiles.load_tile(b, 0, 16, 2)))


@FEW
@given(numbers(6, 16), numbers(2, 16), numbers(3, 16))
def test_outer_and_dot_are_sums_of_products_in_each_lane(acc, a, b):
    result = np.empty((7, 16), np.float32)
    products(acc.ravel(), a.ravel(), b.ravel(), result.ravel())
    outer = acc + (a[:, None] * b[None]).reshape(6, 16)
    assert np.array_equal(result[:6], outer)
    assert np.array_equal(result[6], a[0] * b[0] + a[1] * b[1])


@njit
def rows(out, kernel, row, forward, backward, gradient):
    ten, five = tiles.load_tile(out, 0, 16, 10), tiles.load_tile(kernel, 0, 16, 5)
    fourteen = tiles.load_tile(row, 0, 16, 14)
    tiles.store_tile(forward, 0, 16, tiles.row_forward(ten, five, fourteen))
    tiles.store_tile(backward, 0, 16, tiles.row_backward(fourteen, five, ten))
    tiles.store_tile(gradient, 0, 16, tiles.row_kernel(five, fourteen, ten))


@FEW
@given(numbers(10, 16), numbers(5, 16), numbers(14, 16))
def test_rows_are_a_convolution_and_its_two_derivatives(out, kernel, row):
    forward, backward, gradient = out.copy(), row.copy(), kernel.copy()
    rows(
        *(part.ravel() for part in (out, kernel, row)),
        *(part.ravel() for part in (forward, backward, gradient)),
    )
    for lane in range(16):
        k, x, y = kernel[:, lane], row[:, lane], out[:, lane]
        assert np.array_equal(forward[:, lane], y + np.correlate(x, k, "valid"))
        assert np.array_equal(backward[:, lane], x + np.convolve(y, k))
        assert np.array_equal(gradient[:, lane], k + np.correlate(x, y, "valid"))


@njit
def pair_of_kernels(out, kernels, rows, gradients):
    both = tiles.load_tile(rows, 0, 16, 14) + tiles.load_tile(rows, 14 * 16, 16, 14)
    ten = tiles.load_tile(out, 0, 16, 10)
    sums = tiles.row_kernel(tiles.load_tile(kernels, 0, 16, 10), both, ten)
    tiles.store_tile(gradients, 0, 16, sums)


@FEW
@given(numbers(10, 16), numbers(2, 5, 16), numbers(2, 14, 16))
def test_kernels_of_two_rows_are_those_of_each(out, kernels, rows):
    found = np.empty_like(kernels)
    pair_of_kernels(*(part.ravel() for part in (out, kernels, rows, found)))
    for which in range(2):
        for lane in range(16):
            k, x, y = kernels[which, :, lane], rows[which, :, lane], out[:, lane]
            assert np.array_equal(found[which, :, lane], k + np.correlate(x, y, "valid"))


@njit
def picks(a, b, result):
    x, y = load(a, 0), load(b, 0)
    store(result, 0, tiles.evens(x, y))
    store(result, 16, tiles.odds(x, y))
    tiles.store_tile(result, 32, 16, tiles.interleave(x, y))


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
    store(result, 0, tiles.sum_rows(tiles.load_tile(x, 0, 16, 1)))
    store(result, 16, tiles.sum_rows(tiles.load_tile(x, 0, 16, 6)))
    store(result, 32, tiles.sum_rows(tiles.load_tile(x, 0, 16, 10)))
    store(result, 48, tiles.sum_rows(tiles.load_tile(x, 0, 16, 15)))
    store(result, 64, tiles.sum_rows(tiles.load_tile(x, 0, 16, 16)))


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
@given(arrays(np.float32, (16, 16), elements=real))
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
