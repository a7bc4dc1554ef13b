"""A row a run: means with intervals, for the studies ``padding``, ``readings`` and ``settling``.

Each is given a `Summary` a run, or `None` where nothing was trained.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from paper_lenet.base.statistics import Summary
from paper_lenet.figures import draw
from paper_lenet.figures.draw import Dot
from paper_lenet.figures.style import Theme
from paper_lenet.paper import numbers

Found = Sequence[Summary | None]


def padding(
    labels: Sequence[str], test: Sequence[Summary], on_the_fly: Sequence[Summary], theme: Theme
) -> Figure:
    """Errors with and without the padding, mean and interval over the seeds, in percent."""
    titles = ["test error, %", "training error on the fly, %"]
    figure, panels = draw.rows(labels, titles, theme, top=22.0)
    colours = theme.negative, theme.positive
    for axes, found, colour in zip(panels, (test, on_the_fly), colours, strict=True):
        low, high = min(each.low for each in found), max(each.high for each in found)
        edge = 0.15 * (high - low) or 0.1  # all may be the same
        draw.dots(axes, _dots(found), (low - edge, high + edge), colour)
    return figure


def readings(
    labels: Sequence[str],
    late: Found,
    distances: Found,
    of_mean: Sequence[float | None],
    theme: Theme,
) -> Figure:
    """Dots and intervals: the training error on the fly in pass 19, and the distance from Fig. 5.

    Args:
        labels: the runs.
        late: the error in percent.
        distances: of each seed's own curve, in points.
        of_mean: the distance of the mean curve, drawn as a hollow diamond.
        theme: light or dark.
    """
    titles = f"on the fly, pass {numbers.TRAINING_ERROR_PASS}, %", "distance, points"
    figure, (left, right) = draw.rows(labels, titles, theme)
    _most(left, late, theme.positive)
    draw.line(left, numbers.TRAINING_ERROR.value, theme)
    _most(right, distances, theme.negative)
    for place, distance in enumerate(of_mean):
        if distance is not None and distance <= right.get_xlim()[1]:
            right.plot(distance, place, **draw.hollow("D", theme.text, 4.0))
    return figure


def _most(axes: Axes, found: Found, colour: str) -> None:
    """From 0 to what most runs stay within: readings that fail would squeeze the others."""
    dots = _dots(found)
    middle = statistics.median(dot.mean for dot in dots if dot)
    most = max(_ends(dot for dot in dots if dot and dot.mean <= 3 * middle))
    draw.dots(axes, dots, (0.0, 1.05 * most), colour)


def settling(labels: Sequence[str], errors: Found, base: float | None, theme: Theme) -> Figure:
    """The error on the patterns kept apart, in percent; `base` is a line across all rows."""
    figure, (axes,) = draw.rows(labels, ["error on patterns kept apart, %"], theme)
    dots = _dots(errors)
    ends = _ends(dot for dot in dots if dot)
    low, high = max(0.0, min(ends)), max(ends)
    edge = 0.05 * (high - low)
    draw.dots(axes, dots, (low - edge, high + edge), theme.negative)
    if base is not None:
        draw.line(axes, base, theme)
    return figure


def _dots(found: Found) -> list[Dot | None]:
    return [Dot(each.mean, each.low, each.high) if each else None for each in found]


def _ends(dots: Iterable[Dot]) -> list[float]:
    """All numbers of the dots; one seed has no interval."""
    return [value for dot in dots for value in dot if not math.isnan(value)]
