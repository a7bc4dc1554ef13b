"""The ladder of changes from the top down: test errors, and between rungs what a change did."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from paper_lenet.base.statistics import Summary
from paper_lenet.figures import style
from paper_lenet.figures.style import SMALL, WIDTH, Theme

LEFT, RIGHT, PITCH, TOP, BELOW = 100.0, 8.0, 34.0, 22.0, 22.0  # points


class Rung(NamedTuple):
    """One rung.

    Attributes:
        change: in words.
        parameters: trainable ones of its network.
        test: the test error in percent; `None` if nothing was trained.
        step: its difference from the rung before, in points; `None` if there is none.
    """

    change: str
    parameters: int
    test: Summary | None
    step: Summary | None


def draw(rungs: Sequence[Rung], theme: Theme) -> Figure:
    """Draw the rungs, the first on top."""
    height = TOP + PITCH * len(rungs) + BELOW
    figure = style.figure(height)
    corner = LEFT / WIDTH, BELOW / height
    axes = figure.add_axes((*corner, (WIDTH - LEFT - RIGHT) / WIDTH, PITCH * len(rungs) / height))
    axes.set_ylim(len(rungs) - 0.4, -0.6)
    axes.set_yticks([])
    axes.tick_params(axis="x", color=theme.muted, length=3)
    axes.grid(axis="x", color=theme.muted, alpha=0.25, linewidth=0.6)
    axes.set_title("test error, %: mean and 95% interval", fontsize=SMALL, pad=6)
    means = []
    for place, rung in enumerate(rungs):
        _label(axes, place, rung)
        if rung.test:
            ends = rung.test.low, rung.test.high
            means.append((rung.test.mean, place))
            axes.plot(ends, (place, place), color=theme.negative, linewidth=2.0)
            axes.plot(rung.test.mean, place, "o", color=theme.negative, markersize=5)
    axes.plot(*zip(*means, strict=True), color=theme.muted, linewidth=0.9, zorder=1)
    for place, rung in enumerate(rungs):
        if rung.step:
            _step(axes, place - 0.5, rung.step, theme)
    return figure


def _label(axes: Axes, place: int, rung: Rung) -> None:
    where = axes.get_yaxis_transform()
    axes.text(-0.46, place - 0.14, rung.change, transform=where, va="center", fontweight="bold")
    text = f"{rung.parameters:,} parameters"
    axes.text(-0.46, place + 0.2, text, transform=where, va="center", fontsize=SMALL)


def _step(axes: Axes, place: float, step: Summary, theme: Theme) -> None:
    """The difference, in bold where its interval leaves out zero."""
    apart = step.low > 0 or step.high < 0
    axes.text(
        1.0,
        place,
        f"{step.mean:+.2f}".replace("-", "−"),
        transform=axes.get_yaxis_transform(),
        ha="right",
        va="center",
        fontsize=SMALL,
        fontweight="bold" if apart else "normal",
        color=theme.text if apart else theme.muted,
    )
