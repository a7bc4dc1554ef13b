"""What was seen in a picture, drawn: boxes, fields and penalties are those of the digits."""

from __future__ import annotations

import io
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
import shown
from PIL import Image

from paper_lenet.figures import read
from paper_lenet.figures.read import Shown, ShownError
from paper_lenet.figures.style import DARK, LIGHT, WIDTH

RANDOM = np.random.default_rng(0)
GREY = RANDOM.uniform(0, 255, (60, 80))
FIELDS = RANDOM.integers(0, 256, (2, 28, 28), dtype=np.uint8)
PENALTIES = RANDOM.uniform(1, 50, (2, 10)).astype(np.float32)
BOXES = (0.1, 0.2, 0.3, 0.8), (0.5, 0.25, 0.9, 0.75)
DIGITS = [
    Shown(f"digit {number}", *each)
    for number, each in enumerate(zip(BOXES, FIELDS, PENALTIES, strict=True))
]


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_the_picture_and_each_field_are_shown(theme: read.Theme) -> None:
    (axes,) = read.draw(GREY, DIGITS, theme).axes
    picture, *fields = shown.pictures(axes)
    assert np.array_equal(picture[..., 0], GREY.astype(np.uint8))
    assert (picture[..., 3] == 255).all()
    for drawn, field in zip(fields, FIELDS, strict=True):
        assert np.array_equal(drawn[..., 3], np.pad(field, 2))


def test_boxes_lie_on_the_picture_where_the_digits_are() -> None:
    (axes,) = read.draw(GREY, DIGITS, LIGHT).axes
    left, right, bottom, top = axes.images[0].get_extent()
    boxes = [tuple(map(float, bar.get_bbox().extents)) for bar in shown.bars(axes)]
    for x0, y0, x1, y1 in BOXES:
        width, height = right - left, bottom - top
        edges = left + x0 * width, top + y0 * height, left + x1 * width, top + y1 * height
        assert any(each == pytest.approx(edges) for each in boxes), edges


def test_bars_are_the_penalties_and_the_answers_stands_out() -> None:
    (axes,) = read.draw(GREY, DIGITS[:1], LIGHT).axes
    bars = [bar for bar in shown.bars(axes) if bar.get_height() < 0]
    heights = np.array([-bar.get_height() for bar in bars])
    assert heights / heights.max() == pytest.approx(PENALTIES[0] / PENALTIES[0].max())
    colours = [bar.get_facecolor() for bar in bars]
    answer = int(PENALTIES[0].argmin())
    assert [number for number in range(10) if colours.count(colours[number]) == 1] == [answer]
    texts = shown.texts(axes)
    assert "1: digit 0" in texts
    assert {f"{each:.3g}" for each in PENALTIES[0].tolist()} < set(texts)


def test_a_row_for_each_digit_makes_it_taller() -> None:
    one, two = (read.draw(GREY, DIGITS[:count], LIGHT).get_figheight() for count in (1, 2))
    assert (two - one) * 72 == pytest.approx(read.ROW)


@pytest.mark.parametrize("shape", [(2, 700), (700, 2), (2000, 3000)])
def test_pictures_of_any_shape_are_drawn_as_wide_as_the_canvas_at_most(
    shape: tuple[int, int],
) -> None:
    figure = read.draw(np.full(shape, 200.0), DIGITS[:1], LIGHT)
    (axes,) = figure.axes
    left, right, *_ = axes.images[0].get_extent()
    assert 0 <= left < right <= WIDTH
    assert max(axes.images[0].get_array().shape[:2]) <= 2 * WIDTH


@pytest.mark.parametrize("suffix", ["png", "PNG", "svg"])
def test_the_file_can_be_opened_and_is_the_same_twice(suffix: str, tmp_path: Path) -> None:
    paths = tmp_path / f"one.{suffix}", tmp_path / f"two.{suffix}"
    for path in paths:
        read.write(path, GREY, DIGITS)
    one, two = (path.read_bytes() for path in paths)
    assert one == two
    if suffix == "svg":
        assert ElementTree.fromstring(one).get("viewBox", "").split()[2] == "320"
        return
    with Image.open(io.BytesIO(one)) as image:
        assert image.format == "PNG"
        assert image.width == pytest.approx(WIDTH / 72 * read.DOTS, abs=1)
        assert image.height > image.width * 0.75


@pytest.mark.parametrize("name", ["read.jpg", "read", "read.svg.gz"])
def test_another_kind_of_file_is_refused_and_not_written(name: str, tmp_path: Path) -> None:
    with pytest.raises(ShownError, match=rf"{name}: a drawing is written as \.png or \.svg"):
        read.write(tmp_path / name, GREY, DIGITS)
    assert not list(tmp_path.iterdir())
