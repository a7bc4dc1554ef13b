"""Curves of codes that are trained, and the codes as bitmaps."""

from __future__ import annotations

import numpy as np
import pytest
import shown
from matplotlib.colors import to_hex

from paper_lenet.figures import collapse, style
from paper_lenet.figures.style import DARK, LIGHT
from paper_lenet.network import architecture

SEEDS, PASSES = 3, 5


def made(factor: float) -> dict[str, dict[int, list[float]]]:
    return {
        name: {
            number: [factor * (place + 1) * (seed + 1) / number for seed in range(SEEDS)]
            for number in range(1, PASSES + 1)
        }
        for place, name in enumerate(collapse.TITLES)
    }


FOUND = {"eq_8": made(1.0), "eq_9": made(7.0)}


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_each_panel_has_the_mean_and_the_range_over_the_seeds(theme: style.Theme) -> None:
    figure = collapse.curves(FOUND, theme)
    assert shown.panels_fit(figure)
    colours = (theme.negative, theme.positive)
    for axes, (name, title) in zip(figure.axes, collapse.TITLES.items(), strict=True):
        assert axes.get_title() == title
        pairs = zip(axes.lines, shown.bands(axes), FOUND.values(), colours, strict=True)
        for line, band, curves, colour in pairs:
            assert to_hex(line.get_color()) == colour
            for number, mean in zip(line.get_xdata(), line.get_ydata(), strict=True):
                values = curves[name][number]
                assert mean == pytest.approx(np.mean(values))
                assert band[number] == (min(values), max(values))
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == ["eq. 8", "eq. 9"]


def test_codes_stand_below_those_of_fig3() -> None:
    draws = np.random.default_rng(0).uniform(-1, 1, (2, 10, 84))
    (axes,) = collapse.codes(dict(zip(FOUND, draws, strict=True)), LIGHT).axes
    start = np.array(architecture.codes())
    pixels = shown.pictures(axes)
    assert len(pixels) == 30
    for place, code in enumerate([*start, *draws[0], *draws[1]]):
        assert np.array_equal(pixels[place], style.signed(code.reshape(12, 7), 1.0, LIGHT))
    assert shown.texts(axes) == [
        "before training: Fig. 3",
        "trained with eq. 8",
        "trained with eq. 9",
    ]
    boxes = [image.get_extent() for image in axes.images]
    assert all(0 <= left < right <= style.WIDTH for left, right, *_ in boxes)
    assert all(0 <= top < bottom <= axes.get_ylim()[0] for *_, bottom, top in boxes)
