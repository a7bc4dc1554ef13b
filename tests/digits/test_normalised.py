"""Deslanted and reduced digits, by what has to stay, by loops and by exact fractions."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from paper_lenet.digits.normalised import boxed, deslanted, reduced, upright


def moments(image: np.ndarray) -> tuple[float, float, float, float, float]:
    """Mass, the centre's row and column, mu_11 and mu_02 of one image, for a mass of 1."""
    mass = image / image.sum()
    y, x = np.indices(image.shape)
    row, column = (mass * y).sum(), (mass * x).sum()
    mixed = (mass * (y - row) * (x - column)).sum()
    return image.sum(), row, column, mixed, (mass * (y - row) ** 2).sum()


def bar(slope: float) -> np.ndarray:
    """A slanted bar, bright and 4 pixels wide, in the middle of 28 x 28."""
    rows, columns = np.indices((28, 28))
    near = np.clip(2.5 - np.abs(columns - 13.5 - slope * (rows - 13.5)), 0, 1)
    near[:5] = near[23:] = 0
    return np.rint(255 * near).astype(np.uint8)


@given(slope=st.floats(-0.6, 0.6))
def test_a_slanted_bar_is_upright_afterwards(slope):
    before, after = moments(bar(slope)), moments(upright(bar(slope)[None])[0])
    assert np.allclose(after[:3], before[:3], rtol=2e-3)  # levels are rounded
    assert abs(after[3]) < 0.02 * after[4]
    assert abs(before[3] - slope * before[4]) < 0.02 * before[4]


def test_real_digits_are_upright_afterwards(mnist):
    images = mnist[0].cropped(28).grey[:200]
    before = np.array([moments(image) for image in images])
    after = np.array([moments(image) for image in upright(images)])
    assert np.allclose(after[:, 0], before[:, 0], rtol=1e-2)
    assert np.allclose(after[:, 1:3], before[:, 1:3], atol=0.1)
    assert (np.abs(after[:, 3]) < 0.03 * after[:, 4]).all()


def test_what_is_upright_or_has_no_axis_stays():
    still = np.stack([bar(0.0), np.zeros((28, 28), np.uint8), np.zeros((28, 28), np.uint8)])
    still[2, 11, 6:20] = 99
    assert np.array_equal(upright(still), still)
    assert np.array_equal(deslanted(still), still[:, 4:24, 4:24])


@given(images=arrays(np.uint8, st.tuples(st.integers(1, 2), st.just(20), st.just(20))))
def test_reduced_pixels_are_means_of_their_squares(images):
    images[:, [0, -1], [0, -1]] = 255  # so that the box is the whole
    found = reduced(np.pad(images, ((0, 0), (5, 3), (0, 8))))
    for row, column in ((0, 0), (3, 7), (15, 2), (10, 15)):
        sums = [Fraction(0)] * len(images)
        for i in range(20):
            for j in range(20):
                area = covered(row, i) * covered(column, j)
                sums = [s + area * int(g) for s, g in zip(sums, images[:, i, j], strict=True)]
        means = [s / Fraction(5, 4) ** 2 for s in sums]
        assert [int(mean + Fraction(1, 2)) for mean in means] == found[:, row, column].tolist()


def covered(place: int, pixel: int) -> Fraction:
    """How much of the side of `pixel` lies in the reduced one at `place`."""
    begin = max(Fraction(5, 4) * place, Fraction(pixel))
    return max(Fraction(0), min(Fraction(5, 4) * (place + 1), Fraction(pixel + 1)) - begin)


def test_the_box_has_all_the_ink_of_a_digit_in_its_middle(mnist):
    images = mnist[0].cropped(28).grey[:200]
    found = boxed(images)
    assert found.shape == (200, 20, 20)
    assert np.array_equal(found.sum((1, 2), dtype=int), images.sum((1, 2), dtype=int))
    for axis in (1, 2):
        ink = found.any(axis)
        before, behind = ink.argmax(1), ink[:, ::-1].argmax(1)
        assert np.isin(before - behind, (0, 1)).all()
    assert not boxed(np.zeros((1, 28, 28), np.uint8)).any()
