"""A digit that stands out clearly is brought into the field as MNIST's digits were."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sketched import drawing

from paper_lenet.digits.frame import field
from paper_lenet.digits.image import picture


def centre_of_mass(digit: np.ndarray) -> tuple[float, float]:
    mass = digit.astype(float)
    index = np.arange(28)
    return float(mass.sum(1) @ index / mass.sum()), float(mass.sum(0) @ index / mass.sum())


inks = arrays(np.uint8, st.tuples(st.integers(3, 50), st.integers(3, 50)))


def framed(ink: np.ndarray) -> np.ndarray:
    """`ink` with one pixel at full strength, in a frame of background."""
    ink = ink.copy()
    ink[ink.shape[0] // 2, ink.shape[1] // 2] = 255
    return np.pad(ink, 5 + max(ink.shape) // 2)


@settings(max_examples=40, deadline=None)
@given(inks)
def test_polarity_does_not_matter(ink: np.ndarray) -> None:
    grey = framed(ink)
    assert np.array_equal(field(picture(grey).grey), field(picture(255 - grey).grey))


@settings(max_examples=40, deadline=None)
@given(inks, st.integers(0, 30), st.integers(0, 30))
def test_place_in_the_image_does_not_matter(ink: np.ndarray, down: int, right: int) -> None:
    grey = framed(ink)
    moved = np.pad(grey, ((down, 0), (right, 0)))
    assert np.array_equal(field(picture(grey).grey), field(picture(moved).grey))


@settings(max_examples=40, deadline=None)
@given(inks)
def test_digit_is_centred_by_mass_in_a_box_of_twenty(ink: np.ndarray) -> None:
    digit = field(picture(framed(ink)).grey)
    rows, columns = (np.flatnonzero(digit.any(axis)) for axis in (1, 0))
    assert digit.shape == (28, 28)
    assert digit.max() == 255
    assert max(np.ptp(rows), np.ptp(columns)) < 20
    for centre, used in zip(centre_of_mass(digit), (rows, columns), strict=True):
        # Half a pixel, as in MNIST, unless the box would leave the field.
        assert abs(centre - 14) <= 0.5 + 1e-9 or used[0] == 0 or used[-1] == 27


def test_longer_side_becomes_twenty_and_the_aspect_ratio_is_kept() -> None:
    grey = np.zeros((200, 200))
    grey[50:150, 80:130] = 255.0  # 100 x 50
    digit = field(grey)
    assert np.flatnonzero(digit.any(1)).size == 20
    assert np.flatnonzero(digit.any(0)).size == 10


def test_mnist_like_digit_comes_back_unchanged() -> None:
    """A box of 20 at its place in a field of 28 is not resampled and not moved."""
    grey = np.zeros((28, 28), np.uint8)
    grey[4:24, 9:19] = np.random.default_rng(0).integers(100, 256, (20, 10))
    grey[4, 9] = 255
    digit = field(picture(grey).grey)
    down, right = (int(np.flatnonzero(digit.any(axis))[0]) for axis in (1, 0))
    assert np.array_equal(digit[down : down + 20, right : right + 10], grey[4:24, 9:19])


def test_scaling_up_changes_little() -> None:
    large = np.kron(drawing(), np.ones((5, 5), np.uint8))
    ours, theirs = (field(picture(part).grey).astype(float) for part in (drawing(), large))
    assert np.abs(ours - theirs).mean() < 2.0


def test_background_noise_is_not_taken_for_ink() -> None:
    noise = np.random.default_rng(1).integers(0, 30, (60, 90))
    noisy = np.clip(drawing().astype(int) + noise, 0, 255)
    difference = field(noisy.astype(float)).astype(float) - field(drawing().astype(float))
    assert np.abs(difference).mean() < 8.0
