"""Panels of the posterior: every bar is a sum of weights."""

from __future__ import annotations

import numpy as np
import pytest
import shown
from matplotlib.patches import StepPatch

from paper_lenet.figures import marginals
from paper_lenet.figures.marginals import BINS, Choice, Range
from paper_lenet.figures.style import DARK, LIGHT

RANDOM = np.random.default_rng(0)
VALUES = RANDOM.uniform(0.5, 2.0, 300)
BEFORE, AFTER = (each / each.sum() for each in RANDOM.uniform(0, 1, (2, 300)))
CHOICE = Choice("order", ["constant", "file"], [0.5, 0.5], [0.874, 0.126])


def summed(values: np.ndarray, weights: np.ndarray) -> list[float]:
    """The weights in `BINS` equal parts of the range, one value after the other."""
    low, high = min(values), max(values)
    sums = [0.0] * BINS
    for value, weight in zip(values, weights, strict=True):
        sums[min(int((value - low) / (high - low) * BINS), BINS - 1)] += weight
    return sums


@pytest.mark.parametrize("logarithmic", [False, True])
def test_heights_of_a_range_are_sums_of_weights(logarithmic: bool) -> None:
    panel = Range("bound", VALUES, BEFORE, AFTER, logarithmic)
    (axes,) = marginals.draw([panel], LIGHT).axes
    areas = [patch.get_data() for patch in axes.patches if isinstance(patch, StepPatch)]
    scale = np.log2(VALUES) if logarithmic else VALUES
    for area, weights in zip(areas, (BEFORE, AFTER), strict=True):
        assert area.values == pytest.approx(summed(scale, weights))
        assert area.values.sum() == pytest.approx(1)
    assert axes.get_title(loc="left") == "bound"
    assert axes.get_ylim()[0] == 0


def test_ticks_of_a_logarithmic_range_are_its_ends_and_their_geometric_mean() -> None:
    values = np.geomspace(0.5, 2.0, 300)
    (axes,) = marginals.draw([Range("x", values, BEFORE, AFTER, True)], LIGHT).axes
    labels = [text.get_text() for text in axes.get_xticklabels()]
    assert labels == ["0.5", "1", "2"]
    assert [text.get_ha() for text in axes.get_xticklabels()] == ["left", "center", "right"]


def test_bars_of_a_choice_are_its_probabilities() -> None:
    (axes,) = marginals.draw([CHOICE], DARK).axes
    heights = [bar.get_height() for bar in shown.bars(axes)]
    assert heights == [*CHOICE.before, *CHOICE.after]
    assert all(bar.get_y() == 0 for bar in shown.bars(axes))
    assert shown.texts(axes) == ["87%", "13%"]
    assert [text.get_text() for text in axes.get_xticklabels()] == CHOICE.options


@pytest.mark.parametrize("count", [1, 2, 5, 12])
def test_any_number_of_panels_has_room(count: int) -> None:
    figure = marginals.draw([CHOICE] * count, LIGHT)
    assert len(figure.axes) == count
    assert shown.panels_fit(figure)
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == [
        "before: prior",
        "after: posterior",
    ]
