"""Each kind of picture: its size, the same bytes twice, and the digit where it is said to be."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from pictured import KINDS
from PIL import Image

from paper_lenet.digits.patterns import Patterns
from paper_lenet.studies.photos.sheet import HEIGHT, WIDTH, Chance, Mark, kept, paper, stroke, white

FEW = ("typical", "webcam", "dithered", "turned", "squared", "circled")
SOME = [each if each in FEW else pytest.param(each, marks=pytest.mark.slow) for each in KINDS]


@pytest.fixture(scope="module")
def digits(mnist: tuple[Patterns, Patterns]) -> NDArray[np.uint8]:
    """Test digits as MNIST has them."""
    return mnist[1].grey[:20, 2:30, 2:30]


def test_there_are_kinds_and_each_has_a_name_of_its_own() -> None:
    names = [kind.__doc__ for kind in KINDS.values()]
    assert len(names) > 30
    assert all(name and "\n" not in name and not name.endswith(".") for name in names)
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("kind", SOME)
def test_a_picture_has_its_size_and_is_the_same_twice(kind: str, digits: NDArray[np.uint8]) -> None:
    (one, mark), (same, _), (other, _) = (
        KINDS[kind](digits[3], Chance(0, number)) for number in (5, 5, 6)
    )
    expected = (160, 120) if kind == "webcam" else (WIDTH, HEIGHT)
    assert one.size == same.size == other.size == expected
    assert one.tobytes() == same.tobytes() != other.tobytes()
    left, top, right, bottom = mark.box
    assert 0 <= left < right <= one.width and 0 <= top < bottom <= one.height


@pytest.mark.parametrize("kind", SOME)
def test_all_ink_of_the_digit_is_in_its_box(kind: str, digits: NDArray[np.uint8]) -> None:
    image, mark = KINDS[kind](digits[7], Chance(0, 7))
    factor = mark.ink.shape[1] / image.width
    rows, columns = (np.flatnonzero(mark.ink.any(axis)) / factor for axis in (1, 0))
    left, top, right, bottom = mark.box
    assert left - 1 <= columns[0] and columns[-1] <= right
    assert top - 1 <= rows[0] and rows[-1] <= bottom
    assert rows.size and columns.size


def test_every_pattern_and_size_fits_on_the_sheet(digits: NDArray[np.uint8]) -> None:
    for number, digit in enumerate(digits):
        for smallest, largest in ((30.0, 45.0), (400.0, 415.0)):
            mark = stroke(digit, Chance(1, number), smallest, largest)
            left, top, right, bottom = mark.box
            assert 0 < left < right <= WIDTH and 0 < top < bottom <= HEIGHT
            assert mark.ink.shape == (HEIGHT, WIDTH)
            assert mark.ink.min() == 0 and mark.ink.max() == 1
            # One pixel of MNIST's is added to each side.
            assert max(mark.width, mark.height) <= largest * 22 / 20 + 1


def test_a_wider_stroke_covers_more(digits: NDArray[np.uint8]) -> None:
    thin, thick = (stroke(digits[0], Chance(0, 0), wider=each) for each in (0.0, 0.04))
    assert thin.box == thick.box
    assert (thick.ink >= thin.ink).all() and thick.ink.sum() > 1.2 * thin.ink.sum()


def test_chance_is_the_same_for_the_same_picture_alone() -> None:
    def drawn(seed: int, pattern: int) -> list[float]:
        chance = Chance(seed, pattern)
        return [chance.between(-2, 3), chance.whole(4, 9), *chance.noise(2, 3).ravel().tolist()]

    assert drawn(0, 1) == drawn(0, 1)
    assert len({tuple(drawn(*each)) for each in ((0, 1), (0, 2), (1, 1))}) == 3


def test_chance_keeps_its_bounds_and_its_noise_is_normal() -> None:
    chance = Chance(0, 0)
    whole = [chance.whole(4, 9) for _ in range(500)]
    assert set(whole) == {4, 5, 6, 7, 8}
    assert chance.whole(7, 3) == 7  # a sheet with no room left
    assert all(-1 <= chance.between(-1, 2) < 2 for _ in range(500))
    noise = chance.noise(300, 300)
    assert noise.shape == (300, 300) and np.isfinite(noise).all()
    assert abs(noise.mean()) < 0.02 and abs(noise.std() - 1) < 0.02


@pytest.mark.parametrize("falloff", [0.0, 0.2, 0.8])
def test_a_sheet_is_darker_at_one_side_by_as_much_as_asked(falloff: float) -> None:
    sheet = paper(Chance(0, 0), 200, falloff)
    assert sheet.max() == pytest.approx(200) and sheet.min() == pytest.approx(200 * (1 - falloff))
    kept_sheet = kept(white(sheet), 95)
    assert isinstance(kept_sheet, Image.Image) and kept_sheet.size == (WIDTH, HEIGHT)
    assert np.abs(np.asarray(kept_sheet, float) - sheet[..., None]).mean() < 3


def test_a_mark_says_where_it_is() -> None:
    assert Mark(np.zeros((2, 2)), 10, 20, 30, 40).box == (20, 10, 60, 40)
