"""The study of writers: the errors on each series of NIST, and on each writer's patterns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from paper_lenet.base.statistics import Interval, Summary
from paper_lenet.figures import draw, style
from paper_lenet.figures.draw import Dot
from paper_lenet.figures.style import SMALL, WIDTH, Theme

NAMES = {
    "employees": "SD-3, employees",
    "students": "SD-1, students",
    "all": "all test patterns",
}
PANEL, TOP, BELOW, GAP = 118.0, 20.0, 32.0, 34.0  # points
FIRST = 50  # writers in a panel


class Hand(NamedTuple):
    """The error on one writer's patterns, in percent, with its interval."""

    error: float
    low: float
    high: float


def series(rows: Sequence[tuple[str, Summary, Interval]], theme: Theme) -> Figure:
    """The error on each series, with the interval for other seeds and that for other writers.

    Args:
        rows: a key of `NAMES`, the error over seeds, and the interval over writers, in percent.
        theme: light or dark.
    """
    labels = [NAMES[name] for name, *_ in rows]
    figure, panels = draw.rows(labels, ["other seeds", "other writers"], theme)
    most = 1.05 * max(max(seeds.high, beside.high) for _, seeds, beside in rows)
    dots: tuple[list[Dot | None], list[Dot | None]] = (
        [Dot(seeds.mean, seeds.low, seeds.high) for _, seeds, _ in rows],
        [Dot(seeds.mean, *beside) for _, seeds, beside in rows],
    )
    for axes, values in zip(panels, dots, strict=True):
        draw.dots(axes, values, (0.0, most), theme.negative)
    return figure


def hands(found: Mapping[str, Sequence[Hand]], theme: Theme) -> Figure:
    """The error on the patterns of the `FIRST` writers, those with most, and its interval.

    Each series has a panel.

    Args:
        found: by a key of `NAMES`, in percent.
        theme: light or dark.
    """
    height = TOP + len(found) * PANEL + (len(found) - 1) * GAP + BELOW
    figure = style.figure(height)
    for place, (name, part) in enumerate(found.items()):
        bottom = height - TOP - (place + 1) * PANEL - place * GAP
        axes = figure.add_axes((34 / WIDTH, bottom / height, 280 / WIDTH, PANEL / height))
        _panel(axes, part, theme)
        shown = "all" if len(part) <= FIRST else f"the first {FIRST} of"
        title = f"{NAMES[name]}: {shown} {len(part)} writers"
        axes.set_title(title, fontsize=SMALL, loc="left", pad=4)
    axes.set_xlabel("writers, those with most errors first")
    return figure


def _panel(axes: Axes, part: Sequence[Hand], theme: Theme) -> None:
    ordered = sorted(part, reverse=True)[:FIRST]
    places = range(1, len(ordered) + 1)
    lows, highs = [hand.low for hand in ordered], [hand.high for hand in ordered]
    axes.vlines(places, lows, highs, color=theme.muted, linewidth=1.6)
    axes.plot(places, [hand.error for hand in ordered], "o", color=theme.negative, markersize=3)
    axes.set_xlim(0, FIRST + 1)
    axes.set_ylim(bottom=0)
    axes.set_ylabel("error, %", labelpad=2)
    axes.grid(axis="y", color=theme.muted, alpha=0.25, linewidth=0.6)
    axes.tick_params(color=theme.muted, length=3)
