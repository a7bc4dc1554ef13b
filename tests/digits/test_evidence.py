"""What speaks for ink: an edge all around, narrow strokes, paper on both sides."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import ndimage
from skimage import measure

from paper_lenet.digits.evidence import Evidence, evidence, failures
from paper_lenet.digits.pieces import groups, pieces

SHAPE = (200, 240)
ROWS, COLUMNS = np.indices(SHAPE)
AWAY = np.hypot(ROWS - 100, COLUMNS - 120)
RING = (AWAY < 60) & (AWAY > 48)
DISC = AWAY < 60
BAR = (abs(ROWS - 100) < 60) & (abs(COLUMNS - 120) < 8)


def said(mask: NDArray[np.bool_], grey: NDArray[np.floating], dark: bool = True) -> Evidence:
    labels = measure.label(mask, connectivity=2)
    (group,) = groups(pieces(labels), None)
    return evidence(group, labels, grey.astype(np.float32), dark)


def drawn(mask: NDArray[np.bool_], blur: float = 1.0) -> NDArray[np.float64]:
    """Dark ink on light paper."""
    return 220 - 180 * ndimage.gaussian_filter(mask.astype(float), blur)


@pytest.mark.parametrize("mask", [RING, BAR], ids=["ring", "bar"])
def test_a_stroke_is_surely_ink_in_both_polarities(mask: NDArray[np.bool_]) -> None:
    dark, light = said(mask, drawn(mask)), said(mask, 255 - drawn(mask), dark=False)
    assert dark.ink > 0.9 and dark.bulk < 0.33
    assert light == pytest.approx(dark, rel=1e-4)


def test_the_wrong_polarity_is_no_ink() -> None:
    assert said(BAR, drawn(BAR), dark=False).ink < 0.1


def test_ink_has_an_edge_all_around() -> None:
    """A piece of which a half has no edge in the picture is a threshold's doing."""
    half = drawn(BAR & (ROWS < 100))
    assert said(BAR, half).ink < 0.3 < said(BAR, drawn(BAR)).ink


def test_what_is_too_wide_for_a_stroke_is_unlikely() -> None:
    found = said(DISC, drawn(DISC))
    assert found.ink < 0.2 and found.bulk == pytest.approx(1.0, abs=0.05)


def test_a_hole_in_a_digit_is_no_ink() -> None:
    """The paper in a ring is lighter than the ring, but not than the paper around it."""
    hole = AWAY < 30
    ring = (AWAY < 42) & ~hole
    assert said(hole, drawn(ring), dark=False).ink < 0.2


def test_the_edge_of_a_sheet_has_paper_on_one_side_alone() -> None:
    line = abs(AWAY - 60) < 5
    table = np.where(AWAY < 55, 220.0, 40.0) + np.where(line, 180.0, 0.0).clip(0, 180) * (
        AWAY >= 55
    )
    assert said(line, table, dark=False).ink < 0.3


def test_what_fills_the_picture_has_no_paper_beside_it() -> None:
    assert said(np.ones(SHAPE, bool), np.full(SHAPE, 30.0)) == Evidence(0.0, 1.0, 1.0)


@pytest.mark.parametrize(
    ("box", "against"),
    [
        ((60, 100, 140, 150), 0),
        ((0, 100, 80, 150), 1),  # cut
        ((60, 20, 110, 140), 1),  # too wide
        ((98, 20, 102, 200), 2),  # a line, and too wide
        ((0, 20, 40, 200), 2),  # cut, and too wide
    ],
)
def test_what_speaks_against_a_digit_is_counted(
    box: tuple[int, int, int, int], against: int
) -> None:
    top, left, bottom, right = box
    mask = np.zeros(SHAPE, bool)
    mask[top:bottom, left:right] = True
    found = pieces(measure.label(mask))
    assert failures(found, found, SHAPE) == against
    assert failures(found, found, None) == against - (top == 0)


def test_a_frame_counts_against_itself_and_not_against_what_it_frames() -> None:
    inner = (abs(ROWS - 100) < 25) & (abs(COLUMNS - 120) < 15)
    found = pieces(measure.label(RING | inner))
    ring, digit = sorted(found, key=lambda each: -each.size)
    assert failures([ring], found, SHAPE) == 1
    assert failures([digit], found, SHAPE) == 0
