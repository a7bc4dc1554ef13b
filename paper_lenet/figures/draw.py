"""What the figures of the studies share: files for both themes, dots with intervals, a key."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from paper_lenet.base.bars import tqdm
from paper_lenet.figures import style
from paper_lenet.figures.style import SMALL, WIDTH, Theme

Drawing = Callable[[Theme], Figure]
PITCH = 12.0  # points from row to row
CHARACTER = 4.9  # points, of a small letter on average


class Dot(NamedTuple):
    """A mean with the ends of its interval (NaN if there is none)."""

    mean: float
    low: float
    high: float


def write(figures: Path, drawings: Mapping[str, Drawing]) -> None:
    """Draw each as ``NAME-light.svg`` and ``NAME-dark.svg`` into `figures`, made if missing."""
    for name, draw in tqdm(drawings.items(), desc="figures", disable=None):
        for theme in style.THEMES:
            with style.drawing(theme):
                style.save(draw(theme), figures / f"{name}-{theme.name}.svg")


def rows(
    labels: Sequence[str], titles: Sequence[str], theme: Theme, top: float = 18.0
) -> tuple[Figure, list[Axes]]:
    """Panels beside each other that share the rows `labels`; row 0 is the top one.

    Args:
        labels: a text a row; of the name of a run, what joins its words is left out.
        titles: one a panel, over it.
        theme: light or dark.
        top: points kept free above.
    """
    below, gap, edge = 22.0, 20.0, 10.0
    height = top + PITCH * len(labels) + below
    left = 8 + CHARACTER * max(map(len, labels))
    width = (WIDTH - left - edge - gap * (len(titles) - 1)) / len(titles)
    figure = style.figure(height)
    result = []
    for place, title in enumerate(titles):
        corner = (left + place * (width + gap)) / WIDTH, below / height
        axes = figure.add_axes((*corner, width / WIDTH, PITCH * len(labels) / height))
        axes.set_ylim(len(labels) - 0.5, -0.5)
        shown = [label.replace("_", " ") if place == 0 else "" for label in labels]
        axes.set_yticks(range(len(labels)), shown)
        axes.tick_params(axis="y", length=0)
        axes.tick_params(axis="x", color=theme.muted, length=3)
        axes.xaxis.set_major_locator(MaxNLocator(4))
        axes.grid(axis="x", color=theme.muted, alpha=0.25, linewidth=0.6)
        axes.set_title(title, fontsize=SMALL, pad=5)
        result.append(axes)
    return figure, result


def dots(
    axes: Axes, values: Sequence[Dot | None], limits: tuple[float, float], colour: str
) -> None:
    """A dot and its interval in each row; what lies beyond `limits` is an arrow with its value."""
    low, high = limits
    axes.set_xlim(low, high)
    for row, dot in enumerate(values):
        if dot is None:
            axes.text(low, row, " none trained", va="center", fontsize=SMALL, color=colour)
        elif dot.mean > high:
            text = f"{dot.mean:.3g} →"
            axes.text(high, row, text, ha="right", va="center", fontsize=SMALL, color=colour)
        else:
            axes.plot((dot.low, dot.high), (row, row), color=colour, linewidth=1.6)
            axes.plot(dot.mean, row, "o", color=colour, markersize=4)


def line(axes: Axes, at: float, theme: Theme) -> None:
    """The paper's number: a dashed line across all rows."""
    axes.axvline(at, color=theme.text, linewidth=1.0, linestyle=(0, (4, 2.5)), zorder=1)


def hollow(marker: str, colour: str, size: float = 5.0) -> dict[str, Any]:
    """The style of the paper's points: hollow, so that ours show through them."""
    return {
        "marker": marker,
        "markersize": size,
        "markerfacecolor": "none",
        "markeredgecolor": colour,
        "markeredgewidth": 1.1,
        "linestyle": "none",
    }


def bars(
    values: Sequence[tuple[str, float, str]],
    title: str,
    theme: Theme,
    logarithmic: bool = False,
) -> Figure:
    """A bar a row with its value at the end; those of ``ours`` are in the other colour.

    Args:
        values: name, value, and ``ours`` or ``paper``.
        title: what the values are.
        theme: light or dark.
        logarithmic: whether lengths are of the logarithm.
    """
    figure, (axes,) = rows([name for name, *_ in values], [title], theme)
    most = max(value for _, value, _ in values)
    if logarithmic:
        axes.set_xscale("log")
        axes.set_xlim(1, most * 30)
    else:
        axes.set_xlim(0, most * 1.25)
    for place, (_, value, whose) in enumerate(values):
        colour = theme.negative if whose == "ours" else theme.muted
        axes.barh(place, value, color=colour, height=0.62)
        text = f"{value:,.4g}" if value < 1000 else f"{value:,.0f}"
        axes.annotate(
            text, (value, place), (3, 0), textcoords="offset points", va="center", fontsize=SMALL
        )
    return figure
