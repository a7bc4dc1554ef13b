"""What a page of a PDF draws, against small PDFs of known pictures and paths."""

from __future__ import annotations

import numpy as np
import pytest
from drawn_pdf import drawn

from paper_lenet.paper.preprint.axis import Axis, ticks
from paper_lenet.paper.preprint.document import PreprintError
from paper_lenet.paper.preprint.page import expect

GREY = np.arange(84, dtype=np.uint8).reshape(12, 7)
CIRCLE = "3 2 m 3 3 2 3 2 3 c 1 3 1 2 1 2 c 1 1 2 1 2 1 c 3 1 3 2 3 2 c"


def test_a_picture_has_its_grey_levels_its_place_and_its_label() -> None:
    page = drawn(
        "q 2 0 0 2 100 50 cm q 3 0 0 3 10 20 cm /A Do Q BT (4->6) Tj (not this) Tj ET "
        "3 0 0 3 0 0 cm /B Do Q q 5 0 0 5 1 1 cm /A Do Q",
        {"A": GREY, "B": GREY[::-1]},
    )
    assert [(p.left, p.bottom, p.label) for p in page.pictures] == [
        (120, 90, "4->6"),
        (100, 50, ""),
        (1, 1, ""),
    ]
    assert np.array_equal(page.pictures[0].grey, GREY)
    assert np.array_equal(page.pictures[1].grey, GREY[::-1])
    assert len(page.pictures_of(12, 7)) == 3 and page.pictures_of(7, 12) == []


def test_a_label_in_pieces_is_put_together() -> None:
    (picture,) = drawn("/A Do BT [(8) -20 (->) 5 (2)] TJ ET", {"A": GREY}).pictures
    assert picture.label == "8->2"


def test_a_picture_with_too_few_pixels_is_refused() -> None:
    with pytest.raises(PreprintError, match="a picture of 7 x 12 has 83 pixels only"):
        drawn("/A Do", {"A": GREY}, cut=1)


def test_paths_are_outlines_with_the_corners_that_the_page_shows() -> None:
    page = drawn(
        f"1 0 0 1 10 0 cm {CIRCLE} f* 5 5 4 -2 re f 0 0 m 0 7 l 1 1 m 9 1 l S 0 0 m 5 5 l n"
    )
    circle, square, upright, level = page.outlines
    assert (circle.middle, circle.size) == ((12, 2), (2, 2))
    assert circle.filled and circle.curved
    assert (square.middle, square.size) == ((17, 4), (4, 2))
    assert square.filled and not square.curved
    assert upright.corners.tolist() == [[10, 0], [10, 7]] and not upright.filled
    assert level.corners.tolist() == [[11, 1], [19, 1]]
    assert page.within(10, 0, 14, 4) == [circle]


def test_a_point_that_is_only_begun_is_no_outline() -> None:
    (square,) = drawn("5 5 2 2 re 9 9 m b*").outlines
    assert square.filled


def test_a_page_that_draws_nothing_has_nothing() -> None:
    assert drawn("") == ((), ())


def test_ticks_are_short_strokes_in_order() -> None:
    page = drawn(
        "0 5 m 2 5 l 0 1 m 2 1 l 7 0 m 7 2 l 3 0 m 3 2 l 0 0 m 50 0 l S 0 0 m 2 0 l 1 1 l S"
    )
    level, upright = ticks(list(page.outlines))
    assert [tick.middle[1] for tick in level] == [1, 5]
    assert [tick.middle[0] for tick in upright] == [3, 7]


def test_an_axis_is_straight_between_its_marks() -> None:
    axis = Axis(10, 20, 0, 5)
    assert [axis(10), axis(14), axis(24)] == [0, 2, 7]
    assert axis.farthest([10, 12, 14, 16.5, 18, 20]) == pytest.approx(0.25)


def test_parts_are_counted() -> None:
    expect("ab", 2, "letters")
    with pytest.raises(PreprintError, match="letters: 2 are drawn, not 3"):
        expect("ab", 3, "letters")
