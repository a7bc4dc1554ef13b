"""The check of the posterior on our own runs: shares below the truth, and what is gained."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray
from scipy import stats

from paper_lenet.figures import style
from paper_lenet.figures.style import SMALL, Theme

HEAD, SQUARE, LINE = 16.0, 210.0, 17.0  # points
DASHES = ("-", (0, (5, 2)), (0, (1, 1.5)))


class Gain(NamedTuple):
    """An axis with options: mean gain in the logarithm of the truth's probability, its error."""

    title: str
    gain: float
    error: float


def draw(shares: Mapping[str, NDArray[np.float64]], gains: Sequence[Gain], theme: Theme) -> Figure:
    """Draw how the shares are distributed, and below it the gains.

    Args:
        shares: by the axis's title, the posterior's shares below the true values, sorted.
        gains: one for each axis with options.
        theme: light or dark.
    """
    height = HEAD + SQUARE + 52 + LINE * len(gains) + 36
    figure = style.figure(height)
    top = figure.add_axes((0.13, 1 - (HEAD + SQUARE) / height, 0.84, SQUARE / height))
    _ranks(top, shares, theme)
    bottom = figure.add_axes((0.42, 34 / height, 0.55, LINE * len(gains) / height))
    places = np.arange(len(gains))[::-1]
    bottom.axvline(0, color=theme.muted, linewidth=0.8)
    bottom.errorbar(
        [each.gain for each in gains],
        places,
        xerr=[1.96 * each.error for each in gains],
        fmt="o",
        markersize=4,
        color=theme.positive,
        elinewidth=1.2,
    )
    bottom.set_yticks(places, [each.title for each in gains])
    bottom.set_ylim(-0.6, len(gains) - 0.4)
    bottom.set_xlabel("gain in log probability of the truth")
    bottom.tick_params(color=theme.muted, length=3)
    return figure


def _ranks(axes: Axes, shares: Mapping[str, NDArray[np.float64]], theme: Theme) -> None:
    count = min(map(len, shares.values()))
    # Within these two lines in 95 of 100 checks, if all is right (Kolmogorov and Smirnov).
    reach = float(stats.kstwo.ppf(0.95, count))
    line = np.linspace(0, 1, 101)
    band = np.clip(line - reach, 0, 1), np.clip(line + reach, 0, 1)
    axes.fill_between(line, *band, color=theme.muted, alpha=0.2, linewidth=0)
    colours = (theme.positive, theme.negative, theme.text)
    for (title, values), colour, dash in zip(shares.items(), colours, DASHES, strict=False):
        steps = np.arange(len(values) + 1) / len(values)
        axes.stairs(
            steps, [0, *values, 1], baseline=None, color=colour, linestyle=dash, label=title
        )
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    axes.set_xlabel("posterior's share below the true value", fontsize=SMALL)
    axes.set_ylabel("share of runs", fontsize=SMALL)
    axes.tick_params(color=theme.muted, length=3)
    axes.legend(loc="upper left")
