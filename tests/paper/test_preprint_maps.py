"""Fig. 7: the originals of distorted digits, and the maps to them, against known distortions."""

from __future__ import annotations

import numpy as np
import pytest

from paper_lenet.digits.affine import Map, mapped
from paper_lenet.paper.preprint import fig7
from paper_lenet.paper.preprint.affine_fit import distorted, fit
from paper_lenet.paper.preprint.digits import field
from paper_lenet.paper.preprint.document import PreprintError
from paper_lenet.paper.preprint.normal_form import moments, normal_form
from paper_lenet.paper.preprint.page import Page, Picture

EVEN = np.array([1.0, 0.0, 0.0, 1.0, 0.0, 0.0])


def strokes(count: int) -> np.ndarray:
    """So many digits of soft random strokes: (N, 28, 28)."""
    draw, (rows, columns) = np.random.default_rng(7), np.indices((28, 28))
    ink = np.zeros((count, 28, 28))
    for start, end in zip(*draw.uniform(8, 20, (2, 5, count, 2)), strict=True):
        for along in np.linspace(0, 1, 12):
            y, x = ((1 - along) * start + along * end).T[:, :, None, None]
            ink = np.maximum(ink, 300 * np.exp(-((rows - y) ** 2 + (columns - x) ** 2) / 2))
    return np.minimum(ink, 255).astype(np.uint8)


def maps(count: int, vertical: float = 0.0) -> list[Map]:
    """So many random maps, the last number at most `vertical`."""
    high = np.array([1.25, 0.15, vertical, 1.25, 2.0, 2.0])
    low = np.array([0.75, -0.15, -vertical, 0.75, -2.0, -2.0])
    return [
        Map(*map(float, each)) for each in np.random.default_rng(8).uniform(low, high, (count, 6))
    ]


IMAGES = strokes(300)


def test_a_fit_finds_the_map_that_made_a_copy() -> None:
    for image, known in zip(IMAGES[:6], maps(6, vertical=0.02), strict=True):
        original = field(image[None])
        found = fit(original[0].astype(float), mapped(original, known)[0].astype(float))
        assert found[:4] == pytest.approx(known[:4], abs=2e-3)
        assert found[4:6] == pytest.approx(known[4:], abs=1e-2)
        assert found.unexplained < 0.5


def test_an_even_map_changes_nothing() -> None:
    original = field(IMAGES[:1])[0].astype(float)
    assert np.array_equal(distorted(original, EVEN), original)
    moved = distorted(original, EVEN + np.array([0, 0, 0, 0, 2, -1]))
    assert np.array_equal(moved, np.roll(original, (-1, 2), (0, 1)))


def test_moments_are_where_the_ink_is() -> None:
    ink = np.zeros((1, 10, 10))
    ink[0, [2, 4, 6], [3, 4, 5]] = 9  # a line that goes half a column to the right a row down
    ink[0, 4, [2, 6]] = 9
    right, down, width, height, slant = (part[0] for part in moments(ink))
    assert (right, down) == pytest.approx((4, 4))
    assert slant == pytest.approx(0.5)
    assert height**2 == pytest.approx(8 / 5)
    assert width**2 == pytest.approx(8 / 5)  # of the two that stand beside the line


def test_a_normal_form_outlasts_distortions_and_tells_digits_apart() -> None:
    fields = field(IMAGES[:40])
    forms = normal_form(fields).reshape(40, -1)
    again = np.concatenate([mapped(f[None], how) for f, how in zip(fields, maps(40), strict=True)])
    away = np.linalg.norm(normal_form(again).reshape(40, 1, -1) - forms, axis=2)
    assert np.array_equal(away.argmin(axis=1), np.arange(40))


def test_an_empty_digit_has_a_normal_form() -> None:
    assert normal_form(np.zeros((1, 32, 32), np.uint8)).tolist() == np.zeros((1, 20, 20)).tolist()


def distortions(chosen: np.ndarray) -> Page:
    """Fig. 7 of these patterns: ten maps of each, drawn in few grey levels."""
    copies = [mapped(field(IMAGES[[chosen[n // 10]]]), each)[0] for n, each in enumerate(maps(100))]
    drawn = np.minimum(np.round(np.array(copies) / 4) * 4, 255).astype(np.uint8)
    return Page(tuple(Picture(0, 0, 255 - copy, "") for copy in drawn), ())


def test_fig7_gives_back_originals_and_maps() -> None:
    chosen = np.arange(295, 195, -10)
    reading = fig7.read(distortions(chosen), IMAGES)
    heading, *lines = reading.content.decode().splitlines()
    assert heading == "digit,train_index,panel,a,b,d,right,down"
    for number, (line, known) in enumerate(zip(lines, maps(100), strict=True)):
        digit, index, panel, *read = line.split(",")
        assert (int(digit), int(panel)) == divmod(number, 10)
        assert int(index) == chosen[number // 10]
        assert [float(each) for each in read[:3]] == pytest.approx(
            [known.a, known.b, known.d], abs=0.004
        )
        assert [float(each) for each in read[3:]] == pytest.approx(
            [known.right, known.down], abs=0.02
        )
        assert [len(each.partition(".")[2]) for each in read] == [3, 3, 3, 2, 2]
    unexplained, shear, farther = reading.sure
    assert unexplained.greatest < 1.5
    assert max(abs(shear.lowest), shear.greatest) < 0.004
    assert farther.lowest > 1


def test_fig7_of_other_patterns_is_refused() -> None:
    page = distortions(np.arange(10))
    with pytest.raises(
        PreprintError, match=r"Fig. 7: panel \d+ is made from none of these 290 tra"
    ):
        fig7.read(page, IMAGES[10:])
