"""Tiles are read and written where they say."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from lane_numbers import FEW, numbers
from numba import njit

from paper_lenet.engine.tiles import load_like, load_tile, splats, store_tile, zeros


@njit
def memory(x, start, stride, loaded, spread, copied):
    five = load_tile(x, start, stride, 5)
    store_tile(loaded, 0, 16, five)
    store_tile(spread, 0, 16, splats(x, start, stride, 5))
    like = load_like(x, start, stride, zeros(3))
    store_tile(copied, 7, 19, like)


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
