"""Fig. 6: the errors against the size of the training set, the paper's and ours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from paper_lenet.base.statistics import Summary
from paper_lenet.figures import style
from paper_lenet.figures.draw import hollow
from paper_lenet.figures.style import Theme
from paper_lenet.paper import numbers

HEIGHT = 300.0  # points
MARKERS = {"paper": "o", "longer": "^", "drawn": "D"}


class Point(NamedTuple):
    """One of our runs.

    Attributes:
        patterns: originals in the training set.
        distorted: whether there are distorted copies beside them.
        kind: trained as long as the paper, longer, or with the distortions that Fig. 7 draws.
        test: test error in percent.
        on_the_fly: training error in percent.
    """

    patterns: int
    distorted: bool
    kind: Literal["paper", "longer", "drawn"]
    test: Summary
    on_the_fly: Summary


def draw(points: Sequence[Point], theme: Theme) -> Figure:
    """Ours with intervals, the paper's points hollow; triangles are longer trainings."""
    figure = style.figure(HEIGHT)
    axes = figure.add_axes((0.11, 0.16, 0.87, 0.67))
    sizes = [point.patterns for point in numbers.fig6()]
    _paper(axes, theme)
    for point in points:
        place = len(sizes) if point.distorted else sizes.index(point.patterns)
        right = place + (0.12 if point.kind == "paper" else 0.24)
        for found, colour in ((point.test, theme.negative), (point.on_the_fly, theme.positive)):
            axes.plot((right, right), (found.low, found.high), color=colour, linewidth=1.6)
            axes.plot(right, found.mean, MARKERS[point.kind], color=colour, markersize=4.4)
    labels = [f"{patterns:,}" for patterns in sizes]
    axes.set_xticks(range(len(sizes) + 1), [*labels, "60,000 and\n540,000 distorted"])
    axes.set_xlim(-0.3, len(sizes) + 0.5)
    axes.set_ylim(bottom=0)
    axes.set_ylabel("error, %", labelpad=2)
    axes.grid(axis="y", color=theme.muted, alpha=0.25, linewidth=0.6)
    axes.tick_params(color=theme.muted, length=3)
    _legend(figure, theme)
    return figure


def _paper(axes: Axes, theme: Theme) -> None:
    points = numbers.fig6()
    tests = [*(point.test_error for point in points), numbers.DISTORTED_FIG_6.value]
    training = [point.training_error for point in points]
    axes.plot(range(len(tests)), tests, **hollow("s", theme.negative))
    axes.plot(range(len(training)), training, **hollow("s", theme.positive))


def _legend(figure: Figure, theme: Theme) -> None:
    """Colours are test and training, shapes whose points they are."""
    handles = [
        Line2D([], [], color=colour, linewidth=3) for colour in (theme.negative, theme.positive)
    ]
    handles.append(Line2D([], [], **hollow("s", theme.text)))
    for marker in MARKERS.values():
        point = Line2D([], [], color=theme.text, marker=marker, linestyle="none", markersize=4.4)
        handles.append(point)
    labels = ["test", "training, on the fly", "the paper: Fig. 6"]
    labels += ["ours, 95% interval", "ours, longer", "ours, Fig. 7's ranges"]
    figure.legend(handles, labels, loc="upper center", ncols=2, fontsize=style.SMALL)
