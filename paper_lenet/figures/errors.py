"""Fig. 5: errors against passes, ours over the paper's own points."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.legend_handler import HandlerTuple
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

from paper_lenet.figures import style
from paper_lenet.figures.style import Theme

HEIGHT = 300.0
# Column in curve.csv, label, marker of the paper's points.
CURVES = (("on_the_fly", "training, on the fly", "o"), ("test", "test", "s"))


def draw(curve: Sequence[dict[str, str]], seeds: int, theme: Theme) -> Figure:
    """Draw the curves on a logarithmic scale, where the last passes can be told apart.

    Args:
        curve: the rows of ``curve.csv``.
        seeds: how many the means are over.
        theme: light or dark.
    """
    figure = style.figure(HEIGHT)
    axes = figure.add_axes((0.125, 0.125, 0.855, 0.86))
    axes.set_yscale("log")
    colours = (theme.positive, theme.negative)
    for (name, _, marker), colour in zip(CURVES, colours, strict=True):
        _ours(axes, curve, name, colour)
        _printed(axes, curve, name, marker, colour)
    axes.set_xlabel("pass")
    axes.set_xlim(0.4, len(curve) + 0.6)
    axes.set_xticks([number for number in range(1, len(curve) + 1) if number in (1, 5, 10, 15, 20)])
    axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axes.yaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}%"))
    axes.grid(axis="y", color=theme.muted, alpha=0.25, linewidth=0.6)
    axes.tick_params(color=theme.muted, length=3)
    _legend(axes, seeds, any(row["fig5_test"] for row in curve), theme)
    return figure


def _column(curve: Sequence[dict[str, str]], name: str) -> tuple[list[int], list[float]]:
    """The passes that have a value, and the values in percent."""
    rows = [row for row in curve if row[name]]
    return [int(row["pass"]) for row in rows], [float(row[name]) for row in rows]


def _ours(axes: Axes, curve: Sequence[dict[str, str]], name: str, colour: str) -> None:
    passes, mean = _column(curve, f"{name}_mean")
    least, greatest = _column(curve, f"{name}_min")[1], _column(curve, f"{name}_max")[1]
    axes.fill_between(passes, least, greatest, color=colour, alpha=0.22, linewidth=0)
    axes.plot(passes, mean, color=colour, linewidth=1.6)


def _printed(
    axes: Axes, curve: Sequence[dict[str, str]], name: str, marker: str, colour: str
) -> None:
    axes.plot(
        *_column(curve, f"fig5_{name}"),
        linestyle="none",
        **_points(marker, colour),
    )


def _points(marker: str, colour: str) -> dict[str, Any]:
    """The paper's points: hollow, so that our line shows through them."""
    return {
        "marker": marker,
        "markersize": 4.4,
        "markerfacecolor": "none",
        "markeredgecolor": colour,
        "markeredgewidth": 1.0,
    }


def _legend(axes: Axes, seeds: int, printed: bool, theme: Theme) -> None:
    """Which colour is which error, then which mark is whose."""
    handles: list[Artist | tuple[Artist, ...]] = []
    for (*_, marker), colour in zip(CURVES, (theme.positive, theme.negative), strict=True):
        line = _line(colour)
        handles.append((line, _point(marker, colour)) if printed else line)
    labels = [label for _, label, _ in CURVES]
    if seeds > 1:
        handles.append((Patch(color=theme.text, alpha=0.22, linewidth=0), _line(theme.text)))
        labels.append(f"ours: mean and range of {seeds} seeds")
    else:
        handles.append(_line(theme.text))
        labels.append("ours: one seed")
    marks = tuple(_point(marker, theme.text) for *_, marker in CURVES)
    if printed:
        handles.append(marks)
        labels.append("the paper: Fig. 5")
    # Of a pair the parts lie on each other, but the two marks beside each other.
    axes.legend(handles, labels, loc="upper right", handler_map={marks: HandlerTuple(ndivide=None)})


def _line(colour: str) -> Line2D:
    return Line2D([], [], color=colour, linewidth=1.6)


def _point(marker: str, colour: str) -> Line2D:
    return Line2D([], [], linestyle="none", **_points(marker, colour))
