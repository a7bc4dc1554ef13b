"""What is clean comes out as it always did, and of any picture something is said."""

from __future__ import annotations

import numpy as np
import pictured
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from paper_lenet.digits.frame import field
from paper_lenet.digits.image import ImageError
from paper_lenet.digits.patterns import Patterns
from paper_lenet.digits.seen import SMALL, seen


@pytest.fixture(scope="module")
def digits(mnist: tuple[Patterns, Patterns]) -> NDArray[np.uint8]:
    """Test digits as MNIST has them."""
    return mnist[1].grey[:500, 2:30, 2:30]


def same(grey: NDArray[np.uint8]) -> bool:
    """Whether the likeliest digit is framed as a clean one is."""
    return np.array_equal(seen(grey.astype(float))[0].field, field(grey.astype(float)))


@pytest.mark.parametrize("dark", [False, True])
def test_mnists_own_digits_are_framed_as_they_were(dark: bool, digits: NDArray[np.uint8]) -> None:
    assert all(same(255 - digit if dark else digit) for digit in digits)


@pytest.mark.parametrize("count", [40, pytest.param(300, marks=pytest.mark.slow)])
@pytest.mark.parametrize("dark", [False, True])
def test_large_drawings_on_an_even_ground_are_framed_as_they_were(
    dark: bool, count: int, digits: NDArray[np.uint8]
) -> None:
    """All but a few: digits that are broken are put together of pieces."""
    large = [pictured.enlarged(digit, 5 + n % 6) for n, digit in enumerate(digits[:count])]
    agree = [same(255 - grey if dark else grey) for grey in large]
    assert np.mean(agree) >= 0.985


def test_a_grey_ground_is_as_even_as_a_white_one(digits: NDArray[np.uint8]) -> None:
    for number, digit in enumerate(digits[:20]):
        large = pictured.enlarged(digit, 6)
        assert same((180 - large * 0.5).astype(np.uint8)), number


def test_polarity_of_a_drawing_does_not_matter(digits: NDArray[np.uint8]) -> None:
    places = pictured.ROW
    image, _ = pictured.several([*digits[:5]], places)
    grey = np.asarray(image.convert("L"), float)
    for dark, light in zip(seen(grey), seen(255 - grey), strict=True):
        assert dark.dark and not light.dark
        assert dark.box == light.box and np.array_equal(dark.field, light.field)


KINDS = {
    "noise": lambda random, shape: random.integers(0, 256, shape),
    "constant": lambda random, shape: np.full(shape, random.integers(0, 256)),
    "faint": lambda random, shape: random.integers(100, 104, shape),
    "dots": lambda random, shape: 255 * (random.random(shape) < 0.01),
    "walk": lambda random, shape: random.integers(-3, 4, shape).cumsum(0).cumsum(1) % 256,
    "slope": lambda random, shape: np.add.outer(*map(np.arange, shape)) // 3 % 256,
}


@settings(max_examples=20)
@given(
    kind=st.sampled_from(list(KINDS)),
    shape=st.tuples(*[st.integers(2, 700)] * 2) | st.tuples(*[st.integers(2, SMALL + 2)] * 2),
    one=st.booleans(),
    seed=st.integers(0, 2**32 - 1),
)
@example("noise", (2, 700), False, 0)
@example("dots", (700, 2), True, 0)
@example("constant", (2, 2), True, 0)
@example("walk", (700, 700), True, 0)
@example("noise", (3, 2500), False, 0)
@example("dots", (2500, 3), True, 0)
def test_any_picture_shows_something_or_is_refused(
    kind: str, shape: tuple[int, int], one: bool, seed: int
) -> None:
    grey = KINDS[kind](np.random.default_rng(seed), shape).astype(np.uint8)
    if one:  # a pixel that differs
        grey[shape[0] // 2, shape[1] // 2] ^= 255
    try:
        found = seen(grey.astype(float))
    except ImageError as error:
        assert str(error) and "\n" not in str(error)
        return
    assert found
    weights = [each.weight for each in found]
    assert np.isfinite(weights).all() and weights == sorted(weights)[::-1]
    for each in found:
        left, top, right, bottom = each.box
        assert 0 <= left < right <= shape[1] and 0 <= top < bottom <= shape[0]
        assert each.field.shape == (28, 28) and each.field.max() == 255
