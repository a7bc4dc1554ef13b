"""Errors against each alteration, and what the alterations look like."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import pytest
import shown
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from paper_lenet.base.statistics import over_seeds
from paper_lenet.figures import invariance, style
from paper_lenet.figures.style import LIGHT


class Brighter(NamedTuple):
    """An alteration whose effect can be read off a pixel."""

    amounts: tuple[float, ...]
    limits: tuple[float, float]

    def apply(self, grey: NDArray[np.uint8], amount: float) -> NDArray[np.uint8]:
        return grey + np.uint8(amount + 100)


HOW = {
    "with limits": Brighter(tuple(float(n) for n in range(-20, 21, 2)), (-8.0, 12.0)),
    "without": Brighter(tuple(float(n) for n in range(9)), (math.nan, math.nan)),
    "third": Brighter((0.0, 1.0), (0.5, 1.0)),
}
NETWORKS = ("paper", "distorted")
FOUND = {
    (name, network): {
        amount: over_seeds([1.5 + abs(amount) + place + seed for seed in range(3)])
        for amount in how.amounts
    }
    for name, how in HOW.items()
    for place, network in enumerate(NETWORKS)
}
# The first amount, and halfway from it to the next.
LIMITS = {
    (name, network): (how.amounts[0], (how.amounts[0] + how.amounts[1]) / 2)
    for name, how in HOW.items()
    for network in NETWORKS
}


def test_each_panel_has_every_network_s_mean_and_range() -> None:
    figure = invariance.curves(FOUND, LIMITS, HOW, LIGHT)
    assert shown.panels_fit(figure)
    colours = (LIGHT.negative, LIGHT.positive)
    for axes, (name, how) in zip(figure.axes, HOW.items(), strict=True):
        assert axes.get_title() == name
        assert axes.get_xlim() == (how.amounts[0], how.amounts[-1])
        pairs = zip(axes.lines[::2], shown.bands(axes), NETWORKS, colours, strict=True)
        for line, band, network, colour in pairs:
            curve = FOUND[name, network]
            assert to_hex(line.get_color()) == colour
            places, errors = line.get_xdata(), line.get_ydata()
            assert list(places[:: invariance.BENT]) == list(how.amounts)
            assert list(errors[:: invariance.BENT]) == [each.mean for each in curve.values()]
            for at, each in curve.items():
                assert band[at] == (each.least, each.greatest)
            halfway = places.searchsorted((how.amounts[0] + how.amounts[1]) / 2)
            first, second = (curve[at].mean for at in how.amounts[:2])
            assert errors[halfway] == pytest.approx((first + second) / 2)
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == list(NETWORKS)
    assert len({line.get_linestyle() for line in figure.axes[0].lines[::2]}) == len(NETWORKS)


def test_limits_are_dots_on_their_curves() -> None:
    for axes, name in zip(invariance.curves(FOUND, LIMITS, HOW, LIGHT).axes, HOW, strict=True):
        for dots, line, network in zip(axes.lines[1::2], axes.lines[::2], NETWORKS, strict=True):
            assert tuple(dots.get_xdata()) == LIMITS[name, network]
            first, second, *_ = line.get_ydata()[:: invariance.BENT]
            assert dots.get_ydata() == pytest.approx([first, (first + second) / 2])
            assert (dots.get_marker(), dots.get_color()) == ("o", line.get_color())


def test_only_what_the_paper_states_is_shaded() -> None:
    figure = invariance.curves(FOUND, LIMITS, HOW, LIGHT)
    found = []
    for axes in figure.axes:
        spans = [patch for patch in axes.patches if isinstance(patch, Rectangle)]
        found.append([(span.get_x(), span.get_x() + span.get_width()) for span in spans])
    assert found == [[(-8.0, 12.0)], [], [(0.5, 1.0)]]


@pytest.mark.parametrize("name", HOW)
def test_examples_reach_from_the_least_amount_to_the_greatest(name: str) -> None:
    grey = np.random.default_rng(0).integers(0, 50, (1, 32, 32)).astype(np.uint8)
    (axes,) = invariance.examples(grey, {name: HOW[name]}, LIGHT).axes
    amounts = [float(text.replace("−", "-")) for text in shown.texts(axes)[1:]]
    assert len(amounts) == invariance.SHOWN
    assert (amounts[0], amounts[-1]) == (HOW[name].amounts[0], HOW[name].amounts[-1])
    assert amounts == sorted(amounts) and set(amounts) <= set(HOW[name].amounts)
    for picture, amount in zip(shown.pictures(axes), amounts, strict=True):
        assert np.array_equal(picture, style.ink(HOW[name].apply(grey, amount)[0], LIGHT))
