"""Simulation-based calibration: the line of ranks, and the band of Kolmogorov and Smirnov."""

from __future__ import annotations

import numpy as np
import pytest
import shown

from paper_lenet.figures import ranks
from paper_lenet.figures.ranks import Panel
from paper_lenet.figures.style import LIGHT

PANELS = [
    Panel("one", np.sort(np.random.default_rng(0).uniform(size=20)), 0.4),
    Panel("other", np.linspace(0, 1, 40), 1.0),
    Panel("too low", np.linspace(0, 0.5, 30), 0.0),
    Panel("fourth", np.linspace(0, 1, 10), 1.0),
]


def test_line_is_the_share_of_ranks_below_less_what_it_should_be() -> None:
    for axes, panel in zip(ranks.draw(PANELS, LIGHT).axes, PANELS, strict=True):
        line = axes.lines[-1]
        for place, height in zip(line.get_xdata(), line.get_ydata(), strict=True):
            below = np.mean(panel.ranks <= place)
            assert height == pytest.approx(below - place, abs=1e-9)


@pytest.mark.parametrize(("count", "reach"), [(10, 0.40925), (20, 0.29408), (35, 0.22425)])
def test_band_is_that_of_printed_tables(count: int, reach: float) -> None:
    """The critical values of Kolmogorov's statistic at 5%."""
    (axes,) = ranks.draw([Panel("x", np.linspace(0, 1, count), 1.0)], LIGHT).axes
    (band,) = axes.patches
    assert band.get_y() == pytest.approx(-reach, abs=1e-4)
    assert band.get_height() == pytest.approx(2 * reach, abs=1e-4)


def test_a_line_that_is_not_uniform_leaves_its_band() -> None:
    for axes, panel in zip(ranks.draw(PANELS, LIGHT).axes, PANELS, strict=True):
        (band,) = axes.patches
        outside = np.abs(axes.lines[-1].get_ydata()).max() > -band.get_y()
        assert outside == (panel.p < 0.05)


def test_panels_are_named_and_do_not_overlap() -> None:
    figure = ranks.draw(PANELS, LIGHT)
    assert [axes.get_title(loc="left") for axes in figure.axes] == [
        f"{panel.title}\np = {panel.p:.2f}, n = {len(panel.ranks)}" for panel in PANELS
    ]
    assert shown.panels_fit(figure)


def test_a_small_p_is_not_written_as_zero() -> None:
    (axes,) = ranks.draw([Panel("x", np.linspace(0, 0.5, 30), 0.0031)], LIGHT).axes
    assert axes.get_title(loc="left") == "x\np = 0.003, n = 30"
