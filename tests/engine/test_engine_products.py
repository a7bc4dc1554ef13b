"""Products of tiles against NumPy."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from lane_numbers import FEW, numbers
from numba import njit

from paper_lenet.engine.products import dot, outer, row_backward, row_forward, row_kernel
from paper_lenet.engine.simd import store
from paper_lenet.engine.tiles import load_tile, store_tile


@njit
def both(acc, a, b, result):
    tile = load_tile(acc, 0, 16, 6)
    left, right = load_tile(a, 0, 16, 2), load_tile(b, 0, 16, 3)
    store_tile(result, 0, 16, outer(tile, left, right))
    store(result, 96, dot(load_tile(a, 0, 16, 2), load_tile(b, 0, 16, 2)))


@FEW
@given(numbers(6, 16), numbers(2, 16), numbers(3, 16))
def test_outer_and_dot_are_sums_of_products_in_each_lane(acc, a, b):
    result = np.empty((7, 16), np.float32)
    both(acc.ravel(), a.ravel(), b.ravel(), result.ravel())
    expected = acc + (a[:, None] * b[None]).reshape(6, 16)
    assert np.array_equal(result[:6], expected)
    assert np.array_equal(result[6], a[0] * b[0] + a[1] * b[1])


@njit
def rows(out, kernel, row, forward, backward, gradient):
    ten, five = load_tile(out, 0, 16, 10), load_tile(kernel, 0, 16, 5)
    fourteen = load_tile(row, 0, 16, 14)
    store_tile(forward, 0, 16, row_forward(ten, five, fourteen))
    store_tile(backward, 0, 16, row_backward(fourteen, five, ten))
    store_tile(gradient, 0, 16, row_kernel(five, fourteen, ten))


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
    both = load_tile(rows, 0, 16, 14) + load_tile(rows, 14 * 16, 16, 14)
    ten = load_tile(out, 0, 16, 10)
    sums = row_kernel(load_tile(kernels, 0, 16, 10), both, ten)
    store_tile(gradients, 0, 16, sums)


@FEW
@given(numbers(10, 16), numbers(2, 5, 16), numbers(2, 14, 16))
def test_kernels_of_two_rows_are_those_of_each(out, kernels, rows):
    found = np.empty_like(kernels)
    pair_of_kernels(*(part.ravel() for part in (out, kernels, rows, found)))
    for which in range(2):
        for lane in range(16):
            k, x, y = kernels[which, :, lane], rows[which, :, lane], out[:, lane]
            assert np.array_equal(found[which, :, lane], k + np.correlate(x, y, "valid"))
