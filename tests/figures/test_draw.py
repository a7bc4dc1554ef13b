"""What the figures of the studies share: rows, dots, bars, and files for both themes."""

from __future__ import annotations

import math
from pathlib import Path
from xml.etree import ElementTree

import pytest
import shown

from paper_lenet.figures import draw, style
from paper_lenet.figures.draw import Dot
from paper_lenet.figures.style import DARK, LIGHT

LABELS = ["paper", "a run with a long name", "third"]


def test_each_drawing_is_written_for_both_themes_with_its_colours(tmp_path: Path) -> None:
    drawn = []

    def drawing(theme):
        drawn.append(theme)
        figure, axes = style.canvas(40)
        axes.text(5, 20, "text", color=theme.text)
        return figure

    draw.write(tmp_path / "made" / "here", {"one": drawing, "two": drawing})
    assert drawn == [LIGHT, DARK] * 2
    found = {path.name: path for path in (tmp_path / "made" / "here").iterdir()}
    assert set(found) == {f"{n}-{t}.svg" for n in ("one", "two") for t in ("light", "dark")}
    for name, path in found.items():
        assert ElementTree.parse(path).getroot().get("width") == "320pt"
        assert ((LIGHT.text in path.read_text()), (DARK.text in path.read_text())) == (
            "light" in name,
            "dark" in name,
        )


@pytest.mark.parametrize("count", [1, 2, 3])
def test_panels_share_the_rows_from_the_top(count: int) -> None:
    figure, panels = draw.rows(LABELS, [f"panel {n}" for n in range(count)], LIGHT)
    assert [axes.get_title() for axes in panels] == [f"panel {n}" for n in range(count)]
    assert shown.panels_fit(figure)
    for place, axes in enumerate(panels):
        low, high = axes.get_ylim()
        assert low > high, "row 0 is on top"
        labels = [text.get_text() for text in axes.get_yticklabels()]
        assert labels == (LABELS if place == 0 else [""] * len(LABELS))


def test_dots_stand_in_their_rows_or_say_why_not() -> None:
    _, (axes,) = draw.rows(LABELS, ["error"], LIGHT)
    values = [Dot(1.0, 0.8, 1.2), None, Dot(12.345, 11.0, 13.0)]
    draw.dots(axes, values, (0.5, 2.0), LIGHT.positive)
    interval, dot = axes.lines
    assert list(interval.get_xdata()) == [0.8, 1.2] and list(interval.get_ydata()) == [0, 0]
    assert (dot.get_xdata(), dot.get_ydata()) == ([1.0], [0])
    said = {text.get_position()[1]: text.get_text() for text in axes.texts}
    assert said == {1: " none trained", 2: "12.3 →"}
    assert axes.get_xlim() == (0.5, 2.0)


def test_a_dot_of_one_seed_has_no_interval() -> None:
    _, (axes,) = draw.rows(["x"], ["error"], LIGHT)
    draw.dots(axes, [Dot(1.0, math.nan, math.nan)], (0.5, 2.0), LIGHT.positive)
    assert axes.lines[1].get_xdata() == [1.0]


@pytest.mark.parametrize("logarithmic", [False, True])
def test_bars_are_as_long_as_their_values(logarithmic: bool) -> None:
    values = [("LeNet-5", 340.0, "paper"), ("ours", 417.0, "ours"), ("linear", 4.0, "paper")]
    (axes,) = draw.bars(values, "thousands", DARK, logarithmic).axes
    assert axes.get_xscale() == ("log" if logarithmic else "linear")
    found = shown.bars(axes)
    assert [bar.get_x() + bar.get_width() for bar in found] == [340.0, 417.0, 4.0]
    assert len({bar.get_facecolor() for bar in (found[0], found[2])}) == 1
    assert found[1].get_facecolor() != found[0].get_facecolor()
    assert [float(text.strip()) for text in shown.texts(axes)] == [340.0, 417.0, 4.0]
    assert axes.get_xlim()[1] > 417.0, "there is room for the numbers"
