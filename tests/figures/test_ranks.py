"""The check of the posterior: steps, the band of Kolmogorov and Smirnov, and gains."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
import shown
from matplotlib.patches import StepPatch

from paper_lenet.figures import ranks
from paper_lenet.figures.ranks import Gain
from paper_lenet.figures.style import LIGHT

SHARES = {"one": np.sort(np.random.default_rng(0).uniform(size=20)), "other": np.linspace(0, 1, 40)}
GAINS = [Gain("equation", 0.4, 0.1), Gain("order", -0.02, 0.05)]


def test_steps_are_shares_of_runs() -> None:
    axes, _ = ranks.draw(SHARES, GAINS, LIGHT).axes
    lines = [patch.get_data() for patch in axes.patches if isinstance(patch, StepPatch)]
    for line, values in zip(lines, SHARES.values(), strict=True):
        for height, (left, right) in zip(line.values, pairwise(line.edges), strict=True):
            if left < right:
                assert height == pytest.approx(np.mean(values <= (left + right) / 2))


@pytest.mark.parametrize(("count", "reach"), [(10, 0.40925), (20, 0.29408), (35, 0.22425)])
def test_band_is_that_of_printed_tables(count: int, reach: float) -> None:
    """The critical values of Kolmogorov's statistic at 5%, for the smallest number of runs."""
    axes, _ = ranks.draw(
        {"x": np.linspace(0, 1, count), "y": np.linspace(0, 1, 99)}, GAINS, LIGHT
    ).axes
    (band,) = shown.bands(axes)
    for place, ends in band.items():
        assert ends == pytest.approx((max(place - reach, 0), min(place + reach, 1)), abs=1e-4)


def test_gains_stand_in_order_with_their_errors() -> None:
    figure = ranks.draw(SHARES, GAINS, LIGHT)
    _, axes = figure.axes
    labels = {text.get_position()[1]: text.get_text() for text in axes.get_yticklabels()}
    (container,) = axes.containers
    points, _, (bars,) = container
    top = None
    for gain, x, y, (left, right) in zip(
        GAINS, points.get_xdata(), points.get_ydata(), bars.get_segments(), strict=True
    ):
        assert (labels[y], x) == (gain.title, gain.gain)
        assert left[0] == pytest.approx(gain.gain - 1.96 * gain.error)
        assert right[0] == pytest.approx(gain.gain + 1.96 * gain.error)
        assert top is None or y < top
        top = y
    assert shown.panels_fit(figure)
