"""What may be a digit among ink: boxes, polarity, strokes made as wide as MNIST's."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from paper_lenet.digits.found import Found, found, without_grounds
from paper_lenet.digits.photograph import contrast, despeckled, smoothed

SHAPE = (240, 320)


def sheet(*boxes: tuple[int, int, int, int], noise: float = 1.0) -> NDArray[np.float32]:
    """Dark rectangles (left, top, right, bottom) on light paper, with some noise."""
    grey = np.full(SHAPE, 220.0)
    for left, top, right, bottom in boxes:
        grey[top:bottom, left:right] = 40
    grey += np.random.default_rng(0).normal(0, noise, SHAPE)
    return grey.astype(np.float32)


def looked(grey: NDArray[np.float32], dark: bool = True) -> list[Found]:
    smooth = smoothed(grey, despeckled(grey))
    return found(smooth, contrast(smooth, dark), dark)


def near(box: tuple[int, ...], expected: tuple[int, ...]) -> bool:
    return all(abs(a - b) <= 3 for a, b in zip(box, expected, strict=True))


def test_each_stroke_is_found_with_its_box_and_the_largest_first() -> None:
    one, two = (40, 60, 56, 160), (200, 40, 224, 200)
    boxes = [each.box for each in looked(sheet(one, two)) if each.sound]
    assert near(boxes[0], two)
    assert {near(box, one) or near(box, two) for box in boxes} == {True}
    assert any(near(box, one) for box in boxes)


def test_light_ink_is_found_as_light_and_dark_as_dark() -> None:
    grey = sheet((150, 60, 166, 160))
    for levels, dark in ((grey, True), (255 - grey, False)):
        right, wrong = looked(levels, dark), looked(levels, not dark)
        assert all(each.dark == dark for each in right)
        assert max((each.weight for each in wrong), default=0) < 0.2 * right[0].weight


@pytest.mark.parametrize("noise", [0.5, 5.0, 30.0])
def test_nothing_is_found_in_noise(noise: float) -> None:
    for dark in (True, False):
        assert looked(sheet(noise=noise), dark) == []


def test_what_the_edge_cuts_is_less_likely_unless_edges_are_left_alone() -> None:
    inside, cut = (100, 70, 116, 170), (200, 140, 216, 240)
    rough = sheet(inside, cut)
    grey = smoothed(rough, despeckled(rough))
    levels = contrast(grey, True)
    first = found(grey, levels, True)
    assert near(first[0].box, inside)
    assert not any(each.sound for each in first if near(each.box, cut))
    second = found(grey, levels, True, edges=False)
    assert any(each.sound for each in second if near(each.box, cut))


def test_what_spans_the_picture_is_none() -> None:
    boxes = [each.box for each in looked(sheet((0, 100, 320, 160), (100, 20, 112, 80)))]
    assert boxes and all(right - left < 320 for left, _, right, _ in boxes)


def test_thin_strokes_are_made_as_wide_as_a_pens() -> None:
    """A stroke of a fortieth of the digit would be half a pixel in the box of 20."""
    away = np.hypot(*(np.indices(SHAPE) - np.array([120, 160])[:, None, None]))
    inks = []
    for width in (4, 18):
        ring = np.where(abs(away - 80) < width / 2, 40.0, 220.0).astype(np.float32)
        inks.append(float(looked(ring)[0].field[14].sum()) / 255 / 2)  # two strokes are crossed
    assert all(1.5 < ink < 3.0 for ink in inks), inks


@given(
    st.tuples(*[st.integers(0, 50)] * 2, *[st.integers(51, 99)] * 2),
    st.tuples(*[st.integers(0, 50)] * 2, *[st.integers(51, 99)] * 2),
    st.floats(1, 9),
)
def test_boxes_are_held_and_enlarged_as_sets_of_pixels_are(
    one: tuple[int, int, int, int], other: tuple[int, int, int, int], factor: float
) -> None:
    first, second = (Found(box, np.ones((2, 2)), True, 1.0) for box in (one, other))
    pixels = [
        {(x, y) for x in range(box[0], box[2]) for y in range(box[1], box[3])}
        for box in (one, other)
    ]
    assert first.holds(second) == (pixels[0] >= pixels[1])
    assert first.size == max(one[2] - one[0], one[3] - one[1])
    large = first.enlarged(factor)
    assert large.box == pytest.approx([factor * each for each in one], abs=0.5)
    # As dictionaries, which take the same array for equal; == of arrays is no single answer.
    assert vars(large) | {"box": one} == vars(first)


def test_a_sheet_on_which_a_digit_is_drawn_is_less_likely_than_the_digit() -> None:
    ink = np.ones((4, 4))
    paper = Found((50, 50, 250, 200), ink, False, 1000.0, bulk=0.7)
    digit = Found((120, 80, 160, 160), ink, True, 400.0, bulk=0.1)
    assert without_grounds([paper, digit])[0] == digit
    outside = replace(digit, box=(10, 80, 49, 160))
    assert without_grounds([paper, outside]) == [paper, outside]
    assert without_grounds([paper, replace(digit, dark=False)])[0] == paper
