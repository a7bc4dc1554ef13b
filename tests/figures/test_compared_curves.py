"""The curves of two runs: each mean and range where it belongs, and none hidden by the scale."""

from __future__ import annotations

import pytest
import shown
from matplotlib.colors import to_hex

from paper_lenet.base.statistics import over_seeds
from paper_lenet.figures import compared
from paper_lenet.figures.style import DARK, LIGHT, THEMES, Theme

ONE = [over_seeds([3.0, 5.0]), over_seeds([1.0, 2.0])]
OTHER = [over_seeds([4.0])]


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_means_and_ranges_are_drawn(theme: Theme) -> None:
    figure = compared.draw([("test", (ONE, OTHER))], ("A", "B"), theme)
    (axes,) = figure.axes
    first, second, point = axes.lines
    assert (list(first.get_xdata()), list(first.get_ydata())) == ([1, 2], [4.0, 1.5])
    assert list(second.get_ydata()) == list(point.get_ydata()) == [4.0], "one pass is a point"
    assert [to_hex(line.get_color()) for line in (first, second)] == [
        theme.positive,
        theme.negative,
    ]
    assert first.get_linestyle() != second.get_linestyle()
    bands = shown.bands(axes)
    assert bands[0] == {1.0: (3.0, 5.0), 2.0: (1.0, 2.0)}
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["A", "B"]


def test_no_error_at_all_is_drawn_at_the_foot() -> None:
    figure = compared.draw([("x", ([over_seeds([0.0])], OTHER))], ("A", "B"), LIGHT)
    assert list(figure.axes[0].lines[0].get_ydata()) == [compared.LEAST]
    assert DARK.text != LIGHT.text
