"""Which of what is seen is the digit, in which order, and how sure that is."""

from __future__ import annotations

import csv
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pictured
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from paper_lenet.digits import image as image_module
from paper_lenet.digits.image import ImageError, Picture
from paper_lenet.digits.patterns import Patterns
from paper_lenet.network import weights
from paper_lenet.network.architecture import Network
from paper_lenet.network.recipe import Loss, Recipe, Step
from paper_lenet.results import reading
from paper_lenet.results.reading import FAR, LIKE_A_DIGIT, UNSURE, Prediction, Reader, overlap

ROOT = Path(__file__).parents[2]
SIDES = st.tuples(*[st.integers(0, 60)] * 2, *[st.integers(1, 40)] * 2)


@pytest.fixture(scope="module")
def shipped() -> Reader:
    return Reader(weights.load(weights.PRETRAINED))


@pytest.fixture(scope="module")
def digits(mnist: tuple[Patterns, Patterns]) -> NDArray[np.uint8]:
    """The test digits as MNIST has them."""
    return mnist[1].grey[:, 2:30, 2:30]


def pictures(digits: NDArray[np.uint8]) -> list[Picture]:
    return [Picture(digit.astype(float), 1.0) for digit in digits]


def placed(left: int, top: int, width: int, height: int) -> Prediction:
    """A digit at a place; nothing else of it matters."""
    box = left, top, left + width, top + height
    return Prediction(0, np.zeros(10, "f4"), 0.1, 0.1, 0.0, False, box, True, np.zeros((28, 28)))


def test_shares_are_those_of_the_ten_classes_and_rubbish(
    shipped: Reader, digits: NDArray[np.uint8]
) -> None:
    j = shipped.trained.recipe.loss.j
    for picture in pictures(digits[:100]):
        ((digit,), likeliest, sure) = shipped.read(picture)
        assert likeliest is digit and sure == 1
        terms = [math.exp(-float(each)) for each in digit.penalties]
        total = math.fsum([math.exp(-j), *terms])
        assert digit.rubbish == pytest.approx(math.exp(-j) / total, abs=1e-9)
        assert digit.confidence == pytest.approx(max(terms) / total, rel=1e-9)
        assert digit.among_digits == pytest.approx(max(terms) / math.fsum(terms), rel=1e-6)
        assert 0.1 <= digit.among_digits <= 1
        assert digit.confidence <= 1 / (1 + math.exp(-j))


def test_a_prediction_unpacks_in_three(shipped: Reader, digits: NDArray[np.uint8]) -> None:
    digit = shipped.read(pictures(digits[:1])[0]).likeliest
    answer, penalties, confidence = digit
    assert (answer, confidence) == (digit.answer, digit.confidence)
    assert penalties is digit.penalties and answer == penalties.argmin()


def test_unsure_is_a_small_gap_of_the_papers_penalties(
    shipped: Reader, digits: NDArray[np.uint8]
) -> None:
    gaps = np.diff(np.sort(shipped.penalties(digits).astype(float)))[:, 0]
    doubtful, clear = np.flatnonzero(gaps < UNSURE)[:20], np.flatnonzero(gaps >= UNSURE)[:20]
    for numbers, expected in ((doubtful, True), (clear, False)):
        for picture in pictures(digits[numbers]):
            digit = shipped.read(picture).likeliest
            best, second = np.sort(digit.penalties.astype(float))[:2]
            assert digit.unsure == (second - best < UNSURE or best > FAR)
        assert [shipped.read(each).likeliest.unsure for each in pictures(digits[numbers])].count(
            expected
        ) > 15  # framing may change a gap a little


SOFTMAX = Recipe(
    network=Network(output="softmax"), loss=Loss(j=math.inf), step=replace(Step(), output="exact")
)


@pytest.mark.parametrize(
    "recipe",
    [Recipe(loss=Loss(equation=8)), Recipe(loss=Loss(half=False)), SOFTMAX],
    ids=["no rubbish class", "not halved", "softmax"],
)
def test_gaps_on_another_scale_are_never_unsure(recipe: Recipe, digits: NDArray[np.uint8]) -> None:
    trained = weights.Trained(weights.initial_parameters(recipe, 0), recipe, 0)
    found = [Reader(trained, "reference").read(each).likeliest for each in pictures(digits[:10])]
    gaps = [np.diff(np.sort(each.penalties.astype(float)))[0] for each in found]
    assert min(gaps) < UNSURE and not any(each.unsure for each in found)


def test_rubbish_has_no_share_where_there_is_no_such_class(digits: NDArray[np.uint8]) -> None:
    recipe = replace(Recipe(), loss=Loss(equation=8))
    trained = weights.Trained(weights.initial_parameters(recipe, 0), recipe, 0)
    digit = Reader(trained, "reference").read(pictures(digits[:1])[0]).likeliest
    assert digit.rubbish == pytest.approx(0, abs=1e-9)
    assert digit.confidence == pytest.approx(digit.among_digits, rel=1e-6)


def test_unsure_is_what_the_study_of_rejection_rejects(
    shipped: Reader, digits: NDArray[np.uint8]
) -> None:
    """The shipped network's share of rejected patterns, in % to two places, gives the gap."""
    with (ROOT / "data/trainings/invariance/needed.csv").open(encoding="utf-8") as file:
        rejected = {int(row["seed"]): float(row["rejected"]) for row in csv.DictReader(file)}
    gaps = np.diff(np.sort(shipped.penalties(digits).astype(float)))[:, 0]
    count = round(rejected[shipped.trained.seed] / 100 * len(digits))
    assert round(float(np.sort(gaps)[count]), 1) == UNSURE
    assert int((gaps < UNSURE).sum()) == count


def test_a_thousandth_of_the_training_patterns_is_less_like_a_digit(
    shipped: Reader, mnist: tuple[Patterns, Patterns]
) -> None:
    least = shipped.penalties(mnist[0].grey[:, 2:30, 2:30]).min(1)
    assert round(float(np.quantile(least, 0.999)), 1) == LIKE_A_DIGIT
    assert round(float(np.quantile(least, 0.99)), 1) == FAR


def test_the_shipped_network_is_known_by_its_digest() -> None:
    trained = weights.load(weights.PRETRAINED)
    assert weights.digest(trained.parameters) == weights.SHIPPED and trained.shipped
    other = {name: part.copy() for name, part in trained.parameters.items()}
    next(iter(other.values())).flat[0] += np.float32(1e-3)
    assert not trained._replace(parameters=other).shipped


@given(SIDES, SIDES)
def test_overlap_is_symmetric_and_a_share(
    one: tuple[int, int, int, int], other: tuple[int, int, int, int]
) -> None:
    boxes = [placed(*each).box for each in (one, other)]
    share = overlap(*boxes)
    assert share == overlap(*reversed(boxes))
    assert share == pytest.approx(pictured.overlap(*boxes))
    assert overlap(boxes[0], boxes[0]) == 1


@given(st.lists(SIDES, max_size=12))
def test_reading_order_is_a_permutation(sides: list[tuple[int, int, int, int]]) -> None:
    found = [placed(*each) for each in sides]
    ordered = reading._in_order(found)
    assert sorted(map(id, ordered)) == sorted(map(id, found))


@given(st.permutations(range(6)), st.lists(st.integers(-4, 4), min_size=6, max_size=6))
def test_lines_are_read_from_the_top_and_each_from_the_left(
    order: list[int], shaken: list[int]
) -> None:
    """Three digits on each of two lines, none quite level."""
    found = [
        placed(60 * (n % 3), 20 + 80 * (n // 3) + down, 30, 50) for n, down in enumerate(shaken)
    ]
    ordered = reading._in_order([found[n] for n in order])
    assert [id(each) for each in ordered] == [id(each) for each in found]


def test_polarity_of_a_drawing_changes_no_answer(
    shipped: Reader, digits: NDArray[np.uint8]
) -> None:
    for digit in digits[:8]:
        grey = pictured.enlarged(digit, 6).astype(float)
        light, dark = (shipped.read(Picture(each, 1.0)).likeliest for each in (grey, 255 - grey))
        assert (light.dark, dark.dark) == (False, True)
        assert light.box == dark.box and np.array_equal(light.field, dark.field)
        assert np.array_equal(light.penalties, dark.penalties)


def test_boxes_are_those_of_the_image_before_it_was_made_smaller(
    shipped: Reader, digits: NDArray[np.uint8]
) -> None:
    grey = pictured.enlarged(digits[0], 6).astype(float)
    one, three = (shipped.read(Picture(grey, scale)).likeliest for scale in (1.0, 3.0))
    assert three.box == tuple(3 * each for each in one.box)
    assert np.array_equal(one.field, three.field)


def test_a_structure_all_over_is_refused(shipped: Reader) -> None:
    """A sheet full of scribbles: many pieces, some of them nearly digits."""
    image, chance = Image.new("L", (640, 480), 210), np.random.default_rng(0)
    pen = ImageDraw.Draw(image)
    for left in range(10, 600, 90):
        for top in range(10, 440, 90):
            corners = np.add(chance.integers(0, 60, (5, 2)), (left, top))
            pen.line([tuple(corner) for corner in corners.tolist()], fill=60, width=8)
    uneven = np.asarray(image) * np.linspace(1, 0.7, 640)
    with pytest.raises(ImageError, match="a structure all over"):
        shipped.read(image_module.picture(uneven.astype(np.uint8)))


def test_a_star_beside_a_digit_is_no_second_digit(shipped: Reader) -> None:
    image = Image.new("L", (640, 480), 210)
    pen = ImageDraw.Draw(image)
    pen.line([(100, 150), (240, 150), (160, 380)], fill=40, width=14, joint="curve")
    for angle in np.linspace(0, np.pi, 6, endpoint=False):
        across, down = 110 * np.cos(angle), 110 * np.sin(angle)
        pen.line((450 - across, 260 - down, 450 + across, 260 + down), fill=40, width=10)
    uneven = np.asarray(image) * np.linspace(1, 0.7, 640)
    read = shipped.read(image_module.picture(uneven.astype(np.uint8)))
    assert (read.likeliest.answer, read.likeliest.unsure, read.sure) == (7, False, 1)
    assert [digit.unsure for digit in read.digits] == [False, True]
