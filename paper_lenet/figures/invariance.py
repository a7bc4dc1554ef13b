"""Figures of Section III-E: errors against each alteration, and how it looks."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator
from numpy.typing import NDArray

from paper_lenet.base.statistics import Summary
from paper_lenet.digits.transformations import Transformation
from paper_lenet.figures import style
from paper_lenet.figures.style import SMALL, WIDTH, Theme

TOP, LINE, EDGE = 22.0, 92.0, 3.0  # points
SHOWN = 7  # examples of each alteration
CHANCE = 90.0  # percent
BENT = 4  # pieces between two amounts: what is linear is bent on a logarithmic scale
DASHES: tuple[Literal["-"], Literal["--"], Literal[":"]] = ("-", "--", ":")


def curves(
    found: Mapping[tuple[str, str], Mapping[float, Summary]],
    limits: Mapping[tuple[str, str], tuple[float, float]],
    transformations: Mapping[str, Transformation],
    theme: Theme,
) -> Figure:
    """Errors on a logarithmic scale, a panel an alteration; shaded is the range the paper states.

    Args:
        found: by transformation and network, the errors in percent at each amount.
        limits: by the same, between which amounts digits are recognised; a dot on the curve each.
        transformations: by name, in the order of the panels.
        theme: light or dark.
    """
    lines = -(-len(transformations) // 2)
    height = TOP + LINE * lines + EDGE
    figure = style.figure(height)
    networks = list(dict.fromkeys(network for _, network in found))
    colours = dict(zip(networks, (theme.negative, theme.positive, theme.text), strict=False))
    for place, (name, how) in enumerate(transformations.items()):
        line, column = divmod(place, 2)
        bottom = height - TOP - LINE * (line + 1) + 16
        left = 26 + column * 150
        axes = figure.add_axes((left / WIDTH, bottom / height, 136 / WIDTH, (LINE - 34) / height))
        _frame(axes, name, how, theme)
        if column:
            axes.set_yticklabels([])
        for network, colour in colours.items():
            _curve(axes, found[name, network], colour, networks.index(network))
            _dots(axes, found[name, network], limits[name, network], colour)
    handles = [
        Line2D([], [], color=colour, linewidth=1.5, linestyle=_dash(networks.index(network)))
        for network, colour in colours.items()
    ]
    figure.legend(
        handles,
        networks,
        loc="upper left",
        ncols=3,
        fontsize=SMALL,
        borderaxespad=0.2,
    )
    return figure


def _frame(axes: Axes, name: str, how: Transformation, theme: Theme) -> None:
    axes.set_yscale("log")
    axes.set_ylim(0.4, 100)
    axes.yaxis.set_major_locator(FixedLocator([1, 10, CHANCE]))
    axes.yaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}%"))
    axes.set_xlim(how.amounts[0], how.amounts[-1])
    axes.grid(axis="y", color=theme.muted, alpha=0.25, linewidth=0.6)
    axes.tick_params(color=theme.muted, length=3, pad=2)
    axes.set_title(name, fontsize=SMALL, pad=3)
    if not math.isnan(how.limits[0]):
        axes.axvspan(*how.limits, color=theme.muted, alpha=0.22, linewidth=0)


def _curve(axes: Axes, curve: Mapping[float, Summary], colour: str, place: int) -> None:
    amounts = sorted(curve)
    parts = np.linspace(0, len(amounts) - 1, BENT * (len(amounts) - 1) + 1)
    places = np.interp(parts, range(len(amounts)), amounts)
    mean, low, high = (_errors(curve, end, places) for end in ("mean", "least", "greatest"))
    axes.fill_between(places, low, high, color=colour, alpha=0.3, linewidth=0)
    axes.plot(places, mean, color=colour, linewidth=1.5, linestyle=_dash(place))


def _dots(
    axes: Axes, curve: Mapping[float, Summary], places: tuple[float, float], colour: str
) -> None:
    heights = _errors(curve, "mean", np.array(places))
    axes.plot(places, heights, color=colour, linestyle="", marker="o", markersize=3.5)


def _errors(
    curve: Mapping[float, Summary], what: str, places: NDArray[np.float64]
) -> NDArray[np.float64]:
    """A part of the summaries at `places`, linear between the amounts that were measured."""
    amounts = sorted(curve)
    found: NDArray[np.float64] = np.interp(
        places, amounts, [getattr(curve[each], what) for each in amounts]
    )
    return found


def _dash(place: int) -> Literal["-", "--", ":"]:
    """Networks are told apart by more than their colour."""
    return DASHES[place]


def examples(
    grey: NDArray[np.uint8], transformations: Mapping[str, Transformation], theme: Theme
) -> Figure:
    """One pattern, (1, side, side), altered in every way: a row each, the amounts below."""
    side = (WIDTH - 2 * EDGE) / SHOWN
    pitch = side + 28
    figure, axes = style.canvas(pitch * len(transformations))
    for line, (name, how) in enumerate(transformations.items()):
        top = line * pitch
        axes.text(EDGE, top + 9, name, va="center", fontsize=SMALL, fontweight="bold")
        places = np.linspace(0, len(how.amounts) - 1, SHOWN).round().astype(int)
        for column, amount in enumerate(how.amounts[place] for place in places):
            left = EDGE + column * side
            pixels = style.ink(how.apply(grey, amount)[0], theme)
            style.image(axes, pixels, left, top + 14, side - 2, side - 2)
            text = f"{amount:g}".replace("-", "−")
            middle = left + side / 2 - 1
            axes.text(middle, top + side + 18, text, ha="center", va="center", fontsize=SMALL)
    return figure
