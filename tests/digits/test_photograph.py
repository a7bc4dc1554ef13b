"""Light, noise and rules are taken away, and ink stays as strong as it was drawn."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from paper_lenet.digits.image import ImageError
from paper_lenet.digits.photograph import SIDE, contrast, despeckled, reduced, smoothed

ROWS, COLUMNS = 240, 320
SLOPE = np.linspace(60.0, 240.0, COLUMNS, dtype=np.float32)[None].repeat(ROWS, 0)


def strokes() -> np.ndarray:
    """Two strokes, one at either side of the picture."""
    mask = np.zeros((ROWS, COLUMNS), bool)
    mask[80:160, 50:62] = mask[80:160, 210:222] = True
    return mask


@given(st.integers(2, 3000), st.integers(2, 3000))
def test_reduced_picture_has_at_most_so_many_pixels_a_side(rows: int, columns: int) -> None:
    grey = np.broadcast_to(np.uint8(77), (rows, columns))
    try:
        small = reduced(grey)
    except ImageError as error:
        assert max(grey.shape) > 300 * min(grey.shape)
        assert str(error).startswith(f"{columns} x {rows} pixels are too narrow a strip")
        return
    assert max(small.shape) <= SIDE and min(small.shape) >= 2
    assert (small == 77).all()
    if max(rows, columns) <= SIDE:
        assert small.shape == grey.shape


def test_reduced_levels_are_means_of_blocks() -> None:
    grey = np.random.default_rng(0).uniform(0, 255, (2 * SIDE, 300))
    blocks = [[grey[i : i + 2, j : j + 2].mean() for j in range(0, 300, 2)] for i in (0, 2, 638)]
    assert reduced(grey)[[0, 1, 319]] == pytest.approx(np.array(blocks), rel=1e-5)


def test_specks_of_one_pixel_are_gone() -> None:
    grey = np.full((ROWS, COLUMNS), 200, np.float32)
    grey[3::7, 4::9] = 0
    assert despeckled(grey) == pytest.approx(200)


def test_a_line_of_one_pixel_stays() -> None:
    grey = np.full((ROWS, COLUMNS), 200, np.float32)
    grey[40, 20:200] = grey[10:100, 60] = 0
    grey[range(20, 90), range(120, 190)] = 0
    clean = despeckled(grey)
    assert np.count_nonzero(clean == 0) >= np.count_nonzero(grey == 0) - 6  # but for its ends


def test_a_noisier_picture_is_smoothed_more() -> None:
    noise = np.random.default_rng(0).normal(0, 1, (ROWS, COLUMNS)).astype(np.float32)
    noisy = [(s, (200 + s * noise).astype(np.float32)) for s in (3.0, 20.0)]
    little, much = (float(smoothed(each, despeckled(each)).std()) / s for s, each in noisy)
    assert much < 0.6 * little


@pytest.mark.parametrize("level", [20, 80, 200, 240])
def test_dots_that_are_the_picture_are_smoothed_to_its_grey_levels(level: int) -> None:
    paper = Image.new("L", (COLUMNS, ROWS), level).convert("1")
    dots = np.asarray(paper, np.float32) * 255
    smooth = smoothed(dots, despeckled(dots))
    assert float(smooth.mean()) == pytest.approx(level, abs=3)
    assert float(smooth[10:-10, 10:-10].std()) < 0.15 * float(dots.std())


@pytest.mark.parametrize("dark", [True, False])
def test_light_from_one_side_leaves_nothing_on_a_blank_sheet(dark: bool) -> None:
    assert float(contrast(SLOPE, dark).max()) < 0.02


def test_ink_stands_out_as_much_in_the_dark_as_in_the_light() -> None:
    mask = strokes()
    found = contrast(np.where(mask, 0.4 * SLOPE, SLOPE).astype(np.float32), dark=True)
    left, right = (float(half[mask[:, :160]].mean()) for half in (found[:, :160], found[:, 160:]))
    assert left == pytest.approx(right, rel=0.15)
    assert left > 0.4
    assert float(found[~mask].mean()) < 0.1 * left


def test_chalk_is_light_ink_and_no_dark_one() -> None:
    mask = strokes()
    board = (40 + SLOPE / 10 + 150 * mask).astype(np.float32)
    light, dark = contrast(board, dark=False), contrast(board, dark=True)
    assert float(light[mask].min()) > 0.4 > 0.1 > float(light[~mask].max())
    assert float(dark[mask].max()) < 0.05


@pytest.mark.parametrize("along", [0, 1])
def test_rules_are_taken_away_and_wide_strokes_stay(along: int) -> None:
    grey = np.full((ROWS, COLUMNS), 220, np.float32)
    rules, mask = np.zeros(grey.shape, bool), strokes()
    np.moveaxis(rules, along, 0)[:, 20::50] = True
    rules &= ~mask
    found = contrast(np.where(mask, 40, np.where(rules, 120, grey)).astype(np.float32), dark=True)
    clear = rules & ~np.pad(mask, 1)[:-2, 1:-1] & ~np.pad(mask, 1)[2:, 1:-1]
    assert float(np.median(found[clear])) < 0.02
    assert float(np.median(found[mask])) > 0.6


@given(st.integers(2, 40), st.integers(2, 40), st.booleans(), st.integers(0, 2**32 - 1))
def test_any_picture_has_a_finite_contrast(rows: int, columns: int, dark: bool, seed: int) -> None:
    grey = np.random.default_rng(seed).uniform(0, 255, (rows, columns)).astype(np.float32)
    found = contrast(smoothed(grey, despeckled(grey)), dark)
    assert found.shape == grey.shape and found.dtype == np.float32
    assert np.isfinite(found).all() and found.min() >= 0 and found.max() <= 1
