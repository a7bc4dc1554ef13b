"""What networks misread in common: Jaccard's index of two, and how many misread a pattern."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from paper_lenet.figures import style
from paper_lenet.figures.style import SMALL, WIDTH, Theme

PITCH, TOP, BELOW = 74.0, 34.0, 34.0  # points


class Indices(NamedTuple):
    """Jaccard's index, for one run.

    Attributes:
        own: of all pairs of its seeds.
        beside: of each seed and Fig. 8.
    """

    own: Sequence[float]
    beside: Sequence[float]


def indices(found: Mapping[str, Indices], theme: Theme) -> Figure:
    """For each run its own pairs as a histogram, and its seeds with Fig. 8 as ticks below.

    Args:
        found: by the title of the run, in the order from the top.
        theme: light or dark.
    """
    height = TOP + PITCH * len(found) + BELOW
    figure = style.figure(height)
    values = [value for each in found.values() for part in each for value in part]
    limits = min(values) - 0.02, max(values) + 0.02
    for place, (name, each) in enumerate(found.items()):
        bottom = BELOW + PITCH * (len(found) - 1 - place)
        axes = figure.add_axes((0.03, bottom / height, 0.94, (PITCH - 24) / height))
        _distribution(axes, each, limits, theme)
        axes.set_title(name, fontsize=SMALL, loc="left", pad=3, fontweight="bold")
        if place < len(found) - 1:
            axes.set_xticklabels([])
    axes.set_xlabel("patterns that both misread, over those that either does")
    _key(figure, height, theme)
    return figure


def _distribution(axes: Axes, found: Indices, limits: tuple[float, float], theme: Theme) -> None:
    axes.hist(found.own, bins=list(np.linspace(*limits, 31)), color=theme.positive, alpha=0.75)
    top = axes.get_ylim()[1]
    axes.set_ylim(-0.28 * top, top)
    axes.vlines(found.beside, -0.24 * top, -0.05 * top, color=theme.negative, linewidth=1.4)
    axes.set_xlim(*limits)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.tick_params(axis="x", color=theme.muted, length=3)


def _key(figure: Figure, height: float, theme: Theme) -> None:
    lines = (
        (12.0, theme.positive, "■ two seeds of ours, all pairs"),
        (165.0, theme.negative, "| each of ours and Fig. 8"),
    )
    for left, colour, text in lines:
        figure.text(left / WIDTH, 1 - 10 / height, text, va="center", fontsize=SMALL, color=colour)


def times(in_fig8: Sequence[int], others: Sequence[int], theme: Theme) -> Figure:
    """How many seeds misread a pattern: all patterns, and of them those of Fig. 8.

    Args:
        in_fig8: how many patterns of Fig. 8 are misread by 0, 1, ... all of the seeds.
        others: the same of patterns that are not in Fig. 8.
        theme: light or dark.
    """
    steps = range(len(in_fig8))
    figure = style.figure(210.0)
    axes = figure.add_axes((0.11, 0.16, 0.87, 0.8))
    axes.bar(steps, in_fig8, color=theme.negative, width=0.8, label="in Fig. 8")
    axes.bar(steps, others, bottom=in_fig8, color=theme.positive, width=0.8, label="not in Fig. 8")
    axes.set_xlabel(f"of {len(steps) - 1} seeds, how many misread a pattern")
    axes.set_ylabel("test patterns", labelpad=2)
    axes.set_xticks([count for count in steps if count % 5 == 0])
    axes.grid(axis="y", color=theme.muted, alpha=0.25, linewidth=0.6)
    axes.tick_params(color=theme.muted, length=3)
    axes.legend(loc="upper right")
    return figure
