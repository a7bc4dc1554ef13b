"""Affine maps of patterns, against the distortions in training and by hand."""

from __future__ import annotations

import math

import numpy as np

from paper_lenet.digits.affine import Map, bilinear, mapped


def grey_at(image: np.ndarray, y: float, x: float) -> float:
    """The mean of the four pixels around a place, each by its nearness; nothing lies outside."""
    total = 0.0
    for row in (math.floor(y), math.floor(y) + 1):
        for column in (math.floor(x), math.floor(x) + 1):
            if 0 <= row < image.shape[0] and 0 <= column < image.shape[1]:
                total += (1 - abs(y - row)) * (1 - abs(x - column)) * image[row, column]
    return total


def test_bilinear_is_that_of_a_loop():
    draw = np.random.default_rng(2)
    grey = draw.integers(0, 256, (1, 32, 32), np.uint8)
    rows, columns = draw.uniform(-40, 70, (2, 32, 32))
    found = bilinear(grey, rows, columns)[0]
    for row in range(32):
        for column in range(32):
            level = grey_at(grey[0], rows[row, column], columns[row, column])
            assert found[row, column] == np.uint8(level + 0.5)


def test_maps_move_what_they_say():
    grey = np.zeros((1, 32, 32), np.uint8)
    grey[0, 10, 20] = 200
    assert (mapped(grey, Map()) == grey).all()
    assert mapped(grey, Map(right=3, down=-2))[0, 8, 23] == 200
    # A quarter turn about 15.5: (x, y) from the centre goes to (-y, x).
    turned = mapped(grey, Map(a=0.0, b=-1.0, c=1.0, d=0.0))
    assert np.argwhere(turned[0]).tolist() == [[20, 21]]
    wide = mapped(np.full((1, 32, 32), 100, np.uint8), Map(a=0.5))[0]
    assert (wide[:, 9:23] == 100).all()
    assert not wide[:, :7].any()
