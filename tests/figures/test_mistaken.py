"""Misread patterns beside their likenesses: pixels, names, room."""

from __future__ import annotations

import numpy as np
import pytest
import shown

from paper_lenet.figures import mistaken
from paper_lenet.figures.style import LIGHT, WIDTH

TEST, TRAINING = np.random.default_rng(0).integers(0, 256, (2, 30, 28, 28)).astype(np.uint8)


def rows(count: int) -> list[dict[str, str]]:
    return [
        {
            "truth_name": f"t{place}",
            "answer_name": f"a{place}",
            "confidence": str(1 - 0.01 * place),
        }
        for place in range(count)
    ]


def test_left_is_the_pattern_and_right_its_likeness() -> None:
    (axes,) = mistaken.draw(rows(5), TEST, TRAINING, LIGHT).axes
    opacity = [picture[..., 3] for picture in shown.pictures(axes)]
    for place in range(5):
        assert np.array_equal(opacity[2 * place], TEST[place])
        assert np.array_equal(opacity[2 * place + 1], TRAINING[place])
        left, right = (axes.images[2 * place + n].get_extent() for n in (0, 1))
        assert left[1] < right[0] and left[2:] == right[2:]
    assert shown.texts(axes)[1:5] == ["t0 > a0", "100.00%", "t1 > a1", "99.00%"]


@pytest.mark.parametrize("count", [0, 1, 3, 4, 10])
def test_any_number_of_rows_has_room(count: int) -> None:
    figure = mistaken.draw(rows(count), TEST, TRAINING, LIGHT)
    (axes,) = figure.axes
    boxes = [image.get_extent() for image in axes.images]
    assert len(boxes) == 2 * count
    height = axes.get_ylim()[0]
    for left, right, bottom, top in boxes:
        assert 0 <= left < right <= WIDTH
        assert 0 <= top < bottom <= height
    assert len({box[::2] for box in boxes}) == len(boxes), "none lies on another"
