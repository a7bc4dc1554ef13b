"""Photographs are read right, blank sheets are refused, several digits are read in order."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pictured
import pytest
from numpy.typing import NDArray
from pictured import BLANK
from PIL import Image

from paper_lenet.digits.image import ImageError, picture
from paper_lenet.digits.patterns import Patterns
from paper_lenet.network.weights import PRETRAINED
from paper_lenet.pipeline.predict import predict, predict_all, read, reader
from paper_lenet.results.reading import Reader
from paper_lenet.studies.photos.sheet import Chance

SOME = ("uneven", "ruled", "dithered", "blackboard", "framed", "scanned")
Digits = tuple[NDArray[np.uint8], NDArray[np.uint8]]


@pytest.fixture(scope="module")
def shipped() -> Reader:
    return reader(PRETRAINED)


@pytest.fixture(scope="module")
def digits(mnist: tuple[Patterns, Patterns]) -> Digits:
    """The test digits as MNIST has them, and their labels."""
    return mnist[1].grey[:, 2:30, 2:30], mnist[1].labels


def right(shipped: Reader, digits: Digits, kind: str, number: int) -> bool:
    """Whether a digit is read right in a picture of that kind."""
    image, _ = pictured.KINDS[kind](digits[0][number], Chance(0, number))
    try:
        return bool(shipped.read(picture(image)).likeliest.answer == digits[1][number])
    except ImageError:
        return False


def test_pictures_of_some_kinds_are_read_right(shipped: Reader, digits: Digits) -> None:
    wrong = [kind for number, kind in enumerate(SOME) if not right(shipped, digits, kind, number)]
    assert len(wrong) <= 1, wrong


@pytest.mark.slow
@pytest.mark.parametrize("kind", pictured.KINDS)
def test_pictures_of_each_kind_are_read_right(kind: str, shipped: Reader, digits: Digits) -> None:
    wrong = [number for number in range(6) if not right(shipped, digits, kind, number)]
    assert len(wrong) <= 1, wrong


QUICK = ("uneven", "noise", "dithered gradient", "white", "black")


@pytest.mark.parametrize(
    "shown",
    [each if each in QUICK else pytest.param(each, marks=pytest.mark.slow) for each in BLANK],
)
def test_a_picture_without_a_digit_is_refused_in_one_line(shown: str, shipped: Reader) -> None:
    for seed in (0,) if shown in QUICK else (0, 1, 2):
        image = BLANK[shown](Chance(seed, 2**20))
        for several in (False, True):
            with pytest.raises(ImageError, match="the image: no digit to be seen: ") as error:
                read(shipped, image, several)
            assert "\n" not in str(error.value)


@pytest.mark.parametrize("lit", [False, True], ids=["drawing", "photograph"])
@pytest.mark.parametrize("places", [pictured.ROW, pictured.TWO_LINES], ids=["row", "two lines"])
@pytest.mark.parametrize("first", [0, pytest.param(30, marks=pytest.mark.slow)])
def test_digits_are_read_in_order_each_with_its_box(
    lit: bool, places: list[tuple[int, int]], first: int, shipped: Reader, digits: Digits
) -> None:
    numbers = slice(first, first + len(places))
    image, boxes = pictured.several(digits[0][numbers], places, lit)
    found = read(shipped, image, several=True)[1]
    assert [each.answer for each in found] == digits[1][numbers].tolist()
    for each, box in zip(found, boxes, strict=True):
        assert pictured.overlap(each.box, box) > 0.5
        assert each.dark
    with pytest.raises(ImageError, match=r"5 digits are to be seen; .*--all.*predict_all$"):
        read(shipped, image, several=False)


def test_predict_all_and_predict_name_the_file(tmp_path: Path, digits: Digits) -> None:
    image, _ = pictured.several(digits[0][:5], pictured.ROW)
    image.save(tmp_path / "row.png")
    found = predict_all(tmp_path / "row.png", PRETRAINED)
    assert [each.answer for each in found] == digits[1][:5].tolist()
    with pytest.raises(ImageError, match=f"^{tmp_path}/row.png: 5 digits"):
        predict(tmp_path / "row.png", PRETRAINED)
    one = tmp_path / "one.png"
    image.crop((0, 150, 120, 300)).save(one)
    assert [each.answer for each in predict_all(one, PRETRAINED)] == [
        predict(one, PRETRAINED).answer
    ]


def large(digits: Digits, size: tuple[int, int]) -> tuple[Image.Image, pictured.Box]:
    """A seven on a sheet of that size, in its upper left part, on even ground; its box."""
    digit = digits[0][0]
    rows, columns = (np.flatnonzero(digit.any(axis)) for axis in (1, 0))
    cut = digit[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    ink = 255 - pictured.enlarged(cut, size[0] / 60)
    sheet = np.full(size[::-1], 255, np.uint8)
    left, top = size[0] // 10, size[1] // 8
    sheet[top : top + ink.shape[0], left : left + ink.shape[1]] = ink
    return Image.fromarray(sheet), (left, top, left + ink.shape[1], top + ink.shape[0])


def close(box: pictured.Box, expected: pictured.Box, size: tuple[int, int]) -> bool:
    """Whether all edges agree within 2% of the image's longer side."""
    return all(abs(a - b) <= 0.02 * max(size) for a, b in zip(box, expected, strict=True))


@pytest.mark.parametrize(
    ("orientation", "turn"),
    [
        (1, None),
        (3, Image.Transpose.ROTATE_180),
        (6, Image.Transpose.ROTATE_90),
        (8, Image.Transpose.ROTATE_270),
    ],
)
def test_the_box_is_in_pixels_of_the_image_upright(
    orientation: int,
    turn: Image.Transpose | None,
    shipped: Reader,
    digits: Digits,
    tmp_path: Path,
) -> None:
    upright, box = large(digits, (800, 600))
    exif = Image.Exif()
    exif[0x0112] = orientation
    kept = upright if turn is None else upright.transpose(turn)
    kept.save(tmp_path / "photo.jpg", exif=exif)
    (digit,) = read(shipped, tmp_path / "photo.jpg", several=False)[1]
    assert digit.answer == 7 and close(digit.box, box, upright.size)


@pytest.mark.parametrize("suffix", ["jpg", "png"])
def test_twelve_megapixels_are_read_and_the_box_is_theirs(
    suffix: str, shipped: Reader, digits: Digits, tmp_path: Path
) -> None:
    image, box = large(digits, (4000, 3000))
    image.convert("RGB").save(tmp_path / f"photo.{suffix}", compress_level=1)
    looked_at, (digit,) = read(shipped, tmp_path / f"photo.{suffix}", several=False)
    assert looked_at.grey.size < 4000 * 3000 / 2 and looked_at.scale >= 1.5
    assert digit.answer == 7 and close(digit.box, box, image.size)
