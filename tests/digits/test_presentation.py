"""Distorted and noisy patterns: against scipy's transformation, and the documented streams."""

from __future__ import annotations

import numpy as np
import pytest
from drawn import digits as drawn_digits
from scipy.ndimage import affine_transform

from paper_lenet.base import streams
from paper_lenet.digits.distort import shown
from paper_lenet.network.recipe import Presentation


@pytest.fixture
def digits():
    return drawn_digits()


def transformed(image, draws, how):
    """The documented distortion, by matrices: (x, y) from the field's corner."""
    strength, sides = how.strength, 2 * draws[:5] - 1
    inverse = 1 + strength * (-0.23 + 0.63 * draws[0])
    if how.law == "triangular":
        sides = draws[:5] + draws[5:] - 1
        inverse = 1 + strength * sides[0] * (0.40 if sides[0] > 0 else 0.23)
    squeeze = 1 + strength * 0.10 * sides[1]
    shear = strength * 0.14 * sides[2]
    shift = strength * 2.0 * sides[3:]
    forward_scale = np.diag([squeeze / inverse, 1 / (inverse * squeeze)])
    base = np.array([15.5, 26.0 if how.fixed == "base_line" else 15.5])
    line = np.array([15.5, 18.9])
    sheared = np.array([[1, shear], [0, 1]])
    # Sheared about its line, then scaled about the base line; inverted, and moved.
    matrix = np.linalg.inv(forward_scale @ sheared)
    fixed = forward_scale @ (sheared @ (base * 0 - line) + line - base) + base
    offset = shift - matrix @ fixed
    swap = np.array([[0, 1], [1, 0]])
    exact = affine_transform(
        image.astype(float), swap @ matrix @ swap, swap @ offset, order=1, mode="grid-constant"
    )
    return np.floor(exact + 0.5)


@pytest.mark.parametrize(
    "how",
    [
        Presentation(distorted=5, strength=0.0),
        Presentation(distorted=5, strength=0.4),
        Presentation(distorted=5),
        Presentation(distorted=5, law="triangular"),
        Presentation(distorted=5, fixed="centre"),
    ],
    ids=str,
)
def test_distortion_is_the_documented_transformation(digits, how):
    count = len(digits)
    items = np.arange(count, 6 * count)
    result = shown(digits, items, 3, 0, how)
    for item, grey in zip(items, result.grey, strict=True):
        draws = streams.uniform(streams.key(3, "distortion", int(item)), 10)
        expected = transformed(digits.grey[item % count], draws, how)
        # Interpolated values that lie at a half may fall to either side.
        assert np.abs(grey - expected).max() <= 1
        assert np.mean(grey != expected) < 0.002
    assert np.array_equal(result.labels, digits.labels[items % count])


def test_the_digit_stands_on_its_base_line(digits):
    """Scaling alone moves no pixel of row 26."""
    tall = np.zeros_like(digits.grey)
    tall[:, 26, 10:22] = 255
    result = shown(
        type(digits)(tall, digits.labels, digits.levels),
        np.arange(len(digits), 2 * len(digits)),
        0,
        0,
        Presentation(distorted=1, strength=0.3),
    )
    rows = result.grey.astype(float).sum(axis=2)
    centre = rows @ np.arange(32) / rows.sum(axis=1)
    # Shifts reach 0.6 of a pixel at this strength.
    assert np.all(np.abs(centre - 26) < 1.0)


def test_originals_are_shown_as_they_are(digits):
    items = np.arange(len(digits))[::-1].copy()
    result = shown(digits, items, 0, 0, Presentation(distorted=9))
    assert np.array_equal(result.grey, digits.grey[items])


def test_copies_are_fixed_and_differ(digits):
    how = Presentation(distorted=2)
    items = np.array([len(digits), 2 * len(digits)])
    once, again = (shown(digits, items, 5, first, how).grey for first in (0, 900))
    assert np.array_equal(once, again)
    assert not np.array_equal(once[0], once[1])
    assert not np.array_equal(once, shown(digits, items, 6, 0, how).grey)


def test_pixels_are_inverted_by_the_noise_stream(digits):
    items = np.arange(len(digits))
    result = shown(digits, items, 2, 1000, Presentation(inverted=0.1))
    for i, grey in enumerate(result.grey):
        draws = streams.uniform(streams.key(2, "noise", 1000 + i), 1024).reshape(32, 32)
        expected = np.where(draws < 0.1, 255 - digits.grey[i], digits.grey[i])
        assert np.array_equal(grey, expected)
    share = np.mean(result.grey != digits.grey)
    assert 0.08 < share < 0.12


def test_noise_is_drawn_anew_at_each_presentation(digits):
    how = Presentation(inverted=0.1)
    items = np.zeros(2, np.int64)
    one, two = shown(digits, items, 0, 0, how).grey
    assert not np.array_equal(one, two)
