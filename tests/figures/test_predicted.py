"""Bands of made-up trainings, against their sorted values."""

from __future__ import annotations

import numpy as np
import pytest
import shown

from paper_lenet.figures import predicted
from paper_lenet.figures.predicted import Curves
from paper_lenet.figures.style import LIGHT

PASSES = 20
RANDOM = np.random.default_rng(0)
BEFORE, AFTER = RANDOM.uniform(0.2, 9.0, (2, 41, PASSES))
PRINTED = np.linspace(5.0, 0.4, PASSES)


def quantiles(trainings: np.ndarray, number: int) -> tuple[float, float, float, float]:
    """2.5, 25, 75 and 97.5% of 41 values are four of them."""
    values = sorted(trainings[:, number - 1])
    return values[1], values[10], values[30], values[39]


def test_bands_hold_half_and_95_percent_of_the_trainings() -> None:
    (axes,) = predicted.draw(Curves(BEFORE, AFTER, PRINTED), LIGHT).axes
    most, half = shown.bands(axes)
    low, high, points = (line.get_ydata() for line in axes.lines)
    for number in range(1, PASSES + 1):
        first, second, third, last = quantiles(AFTER, number)
        assert most[number] == pytest.approx((first, last))
        assert half[number] == pytest.approx((second, third))
        first, _, _, last = quantiles(BEFORE, number)
        assert (low[number - 1], high[number - 1]) == pytest.approx((first, last))
    assert list(points) == list(PRINTED)


def test_key_tells_the_paper_from_ours() -> None:
    (axes,) = predicted.draw(Curves(BEFORE, AFTER, PRINTED), LIGHT).axes
    labels = [text.get_text() for text in axes.get_legend().get_texts()]
    assert labels[0].startswith("the paper")
    assert len(labels) == 4
    assert axes.get_yscale() == "log"
    assert axes.yaxis.get_major_formatter()(0.5) == "0.5%"
