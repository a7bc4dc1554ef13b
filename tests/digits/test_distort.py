"""Distorted and noisy patterns: scipy's transformation, the documented streams, the old bits.

Beside them the interpolation that they share with the affine maps, pixel by pixel.
"""

from __future__ import annotations

import hashlib

import numpy as np
import pytest
from drawn import digits as drawn_digits
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.ndimage import affine_transform

from paper_lenet.base import streams
from paper_lenet.digits.affine import bilinear
from paper_lenet.digits.distort import Presentation, shown


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


def grey_at(image, y: float, x: float) -> int:
    """Grey level between the pixels of one image, pixel by pixel, in Python's own arithmetic."""
    top, left = int(y + 64.0) - 64, int(x + 64.0) - 64
    total = 0.0
    for row in (top, top + 1):
        for column in (left, left + 1):
            if 0 <= row < len(image) and 0 <= column < len(image):
                total += (1.0 - abs(y - row)) * (1.0 - abs(x - column)) * int(image[row, column])
    return int(total + 0.5)


def one_by_one(image, key: int, how: Presentation):
    """The distortion of one image, number by number: the loops that trainings first ran."""
    margin = (32 - len(image)) / 2
    draws = [float(draw) for draw in streams.uniform(key, 10)]
    sides = [2.0 * draw - 1.0 for draw in draws]
    inverse = -0.23 + (0.40 - -0.23) * draws[0]
    if how.law == "triangular":
        sides = [draws[i] + draws[i + 5] - 1.0 for i in range(5)]
        inverse = sides[0] * (0.40 if sides[0] > 0.0 else 0.23)
    inverse = 1.0 + how.strength * inverse
    squeeze = 1.0 + how.strength * 0.10 * sides[1]
    shear, right, down = (
        how.strength * greatest * side
        for greatest, side in zip((0.14, 2.0, 2.0), sides[2:5], strict=True)
    )
    centre, line = 15.5 - margin, 18.9 - margin
    base = (26.0 if how.fixed == "base_line" else 15.5) - margin
    result = np.zeros_like(image)
    for row in range(len(image)):
        y = base + (row - base) * inverse * squeeze
        for column in range(len(image)):
            x = centre + (column - centre) * inverse / squeeze - shear * (y - line)
            result[row, column] = grey_at(image, y + down, x + right)
    return result


@pytest.mark.parametrize("side", [28, 32])
@pytest.mark.parametrize(
    "how",
    [
        Presentation(distorted=1),
        Presentation(distorted=1, law="triangular", strength=0.7),
        Presentation(distorted=1, fixed="centre", strength=3.0),
        Presentation(distorted=1, strength=10.0),
    ],
    ids=str,
)
def test_every_copy_has_the_bits_of_the_distortion_computed_one_by_one(side, how):
    draw = np.random.default_rng(4)
    digits = drawn_digits(side)
    noisy = draw.integers(0, 256, digits.grey.shape, np.uint8) * (
        draw.random(digits.grey.shape) < 0.3
    )
    patterns = type(digits)(
        np.concatenate([digits.grey, noisy]).astype(np.uint8),
        np.tile(np.arange(10, dtype=np.uint8), 2),
        digits.levels,
    )
    found = shown(patterns, np.arange(20, 40), 6, 0, how).grey
    for i, grey in enumerate(found):
        key = streams.key(6, "distortion", 20 + i)
        assert np.array_equal(grey, one_by_one(patterns.grey[i], key, how))


# SHA-256 of what the kernels showed that the committed trainings were made with.
BITS = {
    Presentation(distorted=20): (
        "d71ade84b40b2dfecc9c135d1c6f8645f927ca0842f11acb8c76000c36b7f69a",
        "64a6678cf08d8016cafb246cb6fa93f63d6e87270bee85f8d055d245561d027c",
    ),
    Presentation(distorted=20, law="triangular"): (
        "8002c884d63bc61eda854702735255cbb0e03725090e7a3bed48fef5e2f8b9d3",
        "9c7948468d962c9e0b043442a8106d6482be2653f2d074216c1297079231f8b6",
    ),
    Presentation(distorted=20, fixed="centre", strength=2.0, inverted=0.1): (
        "c986519a53618b62df4e6ea85e23012b0ae9e8653ff844ff1df11da515748d92",
        "9cf83924fa04ce39bd7f52f3ff56c03ba5926db2f13e7233eda34e760f6e94ce",
    ),
    Presentation(distorted=20, strength=10.0): (
        "8ac822eee6fc1a13ecde9360e919f96df81a5763efb5cb2bddb9449f3d78ba89",
        "d09c1c4f5d02e73b6f7b32a344c1409d8fbf82152c533af0800e60ae1ab55fe3",
    ),
}


@pytest.mark.parametrize(("how", "expected"), BITS.items(), ids=str)
def test_patterns_are_shown_as_in_the_committed_trainings(how, expected):
    for side, digest in zip((32, 28), expected, strict=True):
        grey = shown(drawn_digits(side), np.arange(210), 7, 5, how).grey
        assert hashlib.sha256(grey.tobytes()).hexdigest() == digest


@given(st.data())
def test_interpolation_has_the_bits_of_a_loop_over_pixels(data):
    side = data.draw(st.integers(1, 9))
    grey = data.draw(arrays(np.uint8, (2, side, side)))
    # Places between pixels, on them, and just off them, where a sum rounds onto the next.
    place = st.floats(-80, 80) | st.integers(-3, 12).map(float) | st.sampled_from([-1e-17, -1e-15])
    shapes = data.draw(
        st.sampled_from(
            [
                [(side, side), (side, side)],
                [(2, side, side), (2, side, side)],
                [(2, side, 1), (2, side, side)],
                [(side, 1), (1, side)],
            ]
        )
    )
    rows, columns = (data.draw(arrays(np.float64, shape, elements=place)) for shape in shapes)
    found = bilinear(grey, rows, columns)
    rows, columns = (np.broadcast_to(part, grey.shape) for part in (rows, columns))
    for i, row, column in np.ndindex(grey.shape):
        expected = grey_at(grey[i], rows[i, row, column], columns[i, row, column])
        assert found[i, row, column] == expected


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
