"""The matrix of Bayes factors: numbers, colours and places."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
import shown
from matplotlib.colors import to_hex

from paper_lenet.figures import ruled_out
from paper_lenet.figures.ruled_out import LINE, Ruled
from paper_lenet.figures.style import DARK, LIGHT, WIDTH

# Factors and what is printed of their common logarithms.
PRINTED = {
    1.0: "0",
    1.1: "0",
    10.0: "1.0",
    0.1: "−1.0",
    2.0: "0.3",
    0.5: "−0.3",
    99.0: "2.0",
    1000.0: "≥2",
    math.inf: "≥2",
    0.0: "≤−2",
    1e-9: "≤−2",
}
ROWS = [
    Ruled("equation", "8", [0.1, 1000.0]),
    Ruled("equation", "9", [10.0, 0.0]),
    Ruled("order", "file", [1.0, 2.0]),
]


@pytest.mark.parametrize("factor", PRINTED)
def test_logarithms_are_printed_within_the_limits(factor: float) -> None:
    (axes,) = ruled_out.draw([Ruled("axis", "option", [factor])], ["all"], LIGHT).axes
    assert shown.texts(axes)[-1] == PRINTED[factor]


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_cells_are_as_strong_as_what_they_rule_out(theme) -> None:
    (axes,) = ruled_out.draw(ROWS, ["one", "other"], theme).axes
    cells = shown.bars(axes)
    for cell, factor in zip(cells, [each for row in ROWS for each in row.factors], strict=True):
        logarithm = 2 if factor > 100 else math.log10(factor) if factor else -2
        assert cell.get_alpha() == pytest.approx(abs(logarithm) / 4)
        if logarithm:
            colour = theme.positive if logarithm > 0 else theme.negative
            assert to_hex(cell.get_facecolor()) == colour


def test_an_axis_is_named_once_and_set_apart() -> None:
    (axes,) = ruled_out.draw(ROWS, ["one", "other"], LIGHT).axes
    found = shown.texts(axes)
    assert found.count("equation") == found.count("order") == 1
    tops = sorted({cell.get_y() for cell in shown.bars(axes)})
    assert [after - before for before, after in pairwise(tops)] == [LINE, LINE + 5]
    assert max(cell.get_x() + cell.get_width() for cell in shown.bars(axes)) < WIDTH
