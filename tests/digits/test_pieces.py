"""Pieces of ink, and those taken together, against their definitions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from skimage import measure

from paper_lenet.digits.pieces import LEAST_PIXELS, Piece, groups, hull, pieces

SHAPE = (60, 80)


@st.composite
def some(draw: st.DrawFn) -> list[Piece]:
    """Pieces anywhere in a picture of `SHAPE`, the largest first."""
    found = []
    for label in range(1, draw(st.integers(1, 8)) + 1):
        top, left = draw(st.integers(0, SHAPE[0] - 1)), draw(st.integers(0, SHAPE[1] - 1))
        bottom = draw(st.integers(top + 1, SHAPE[0]))
        right = draw(st.integers(left + 1, SHAPE[1]))
        pixels = draw(st.integers(1, (bottom - top) * (right - left)))
        found.append(Piece(label, pixels, top, left, bottom, right))
    return sorted(found, key=lambda each: -each.pixels)


def inked(*boxes: tuple[int, int, int, int], shape: tuple[int, int] = SHAPE) -> list[Piece]:
    """The pieces of a picture with these rectangles of ink: top, left, bottom, right."""
    mask = np.zeros(shape, bool)
    for top, left, bottom, right in boxes:
        mask[top:bottom, left:right] = True
    return pieces(measure.label(mask, connectivity=2))


def apart(found: list[Piece], shape: tuple[int, int] | None = None) -> int:
    return len(groups(found, shape))


@given(some(), st.sampled_from([None, SHAPE]))
def test_each_piece_is_in_exactly_one_group(
    found: list[Piece], shape: tuple[int, int] | None
) -> None:
    together = groups(found, shape)
    assert sorted(each for group in together for each in group) == sorted(found)
    assert all(group[0].pixels == max(each.pixels for each in group) for group in together)


@given(some())
def test_hull_holds_all_and_no_more(found: list[Piece]) -> None:
    whole = hull(found)
    assert all(whole.holds(each) for each in found)
    assert whole.pixels == sum(each.pixels for each in found)
    edges = np.array([each[2:] for each in found])
    assert whole[2:] == (*edges[:, :2].min(0), *edges[:, 2:].max(0))


@given(st.integers(0, 2**32 - 1))
def test_pieces_are_the_labels_with_enough_pixels(seed: int) -> None:
    labels = measure.label(np.random.default_rng(seed).random(SHAPE) < 0.45, connectivity=1)
    found = pieces(labels)
    assert [each.pixels for each in found] == sorted(each.pixels for each in found)[::-1]
    expected = {n for n in range(1, labels.max() + 1) if (labels == n).sum() >= LEAST_PIXELS}
    assert {each.label for each in found} == expected
    for each in found:
        rows, columns = np.nonzero(labels == each.label)
        assert each.pixels == rows.size
        assert each[2:] == (rows.min(), columns.min(), rows.max() + 1, columns.max() + 1)


def test_no_ink_has_no_pieces() -> None:
    assert inked() == [] and groups([], SHAPE) == []


def test_a_broken_stroke_is_one_digit_and_two_digits_are_two() -> None:
    assert apart(inked((5, 30, 25, 36), (27, 30, 50, 36))) == 1
    assert apart(inked((5, 10, 50, 20), (5, 60, 50, 70))) == 2


def test_near_pieces_that_are_wider_than_a_digit_together_stay_apart() -> None:
    assert apart(inked((10, 10, 40, 36), (10, 38, 40, 64))) == 2


def test_dirt_is_no_part_of_a_digit_unless_it_touches() -> None:
    assert apart(inked((5, 30, 50, 36), (52, 42, 56, 46))) == 2


def test_a_frame_and_a_line_are_none_of_a_digits_pieces() -> None:
    frame = (5, 5, 55, 7), (53, 5, 55, 75), (5, 5, 55, 7), (5, 73, 55, 75), (5, 5, 7, 75)
    found = inked(*frame, (15, 30, 45, 40))
    assert apart(found) == 2
    assert found[0].frames(found[1]) and not found[1].frames(found[0])
    assert apart(inked((5, 35, 40, 45), (42, 10, 45, 70))) == 2  # underlined


def test_a_line_below_is_no_piece_of_what_it_is_wider_than() -> None:
    digit, close = (10, 30, 40, 40), (42, 25, 44, 46)
    assert apart(inked(digit, close)) == 2
    assert apart(inked(digit, (42, 31, 44, 40))) == 1  # its foot
    assert apart(inked(digit, (6, 25, 8, 46))) == 1  # the bar of a 5


def test_what_the_edge_cuts_is_apart_only_where_edges_matter() -> None:
    found = inked((20, 40, 50, 48), (52, 40, 60, 48))
    assert (apart(found), apart(found, SHAPE)) == (1, 2)


@pytest.mark.parametrize(
    ("box", "thin", "spans", "on_edge"),
    [
        ((10, 10, 50, 13), True, False, False),
        ((0, 30, 60, 40), False, True, True),
        ((20, 0, 40, 20), False, False, True),
        ((20, 70, 40, 80), False, False, True),
        ((20, 20, 40, 40), False, False, False),
    ],
)
def test_shape_of_a_piece(
    box: tuple[int, int, int, int], thin: bool, spans: bool, on_edge: bool
) -> None:
    (piece,) = inked(box)
    assert (piece.thin, piece.spans(SHAPE), piece.on_edge(SHAPE)) == (thin, spans, on_edge)
    assert not piece.hollow
