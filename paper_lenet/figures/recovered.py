"""The network of 1998 in four drawings: its kernels, its states, our known ones, the revived."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from paper_lenet.figures import draw, style
from paper_lenet.figures.draw import Dot
from paper_lenet.figures.style import SMALL, WIDTH, Theme

LIMIT = 1.7  # states are shown from -LIMIT to LIMIT
MAGNIFIED = 10  # times, the differences

Array = NDArray[np.float64]


def kernels(networks: Mapping[str, Array], theme: Theme) -> Figure:
    """C1's kernels, (6, 5, 5), of each network by its title; each kernel with its own scale."""
    side, gap, line = 47.0, 7.0, 88.0
    figure, axes = style.canvas(2 * line + 4)
    left = (WIDTH - 6 * side - 5 * gap) / 2
    for row, (title, network) in enumerate(networks.items()):
        top = 19 + row * line
        axes.text(left, top - 9, title, va="center", fontweight="bold")
        for place, kernel in enumerate(network):
            x, limit = left + place * (side + gap), float(np.abs(kernel).max())
            style.image(axes, style.signed(kernel, limit, theme), x, top, side, side)
            _frame(axes, x, top, side, theme)
            text = f"±{limit:.1f}"
            middle = x + side / 2
            axes.text(middle, top + side + 8, text, ha="center", va="center", fontsize=SMALL)
    return figure


def _frame(axes: Axes, left: float, top: float, side: float, theme: Theme) -> None:
    corner = (left, top)
    axes.add_patch(Rectangle(corner, side, side, fill=False, edgecolor=theme.muted, linewidth=0.4))


def states(layers: Mapping[str, tuple[Array, Array, Array]], theme: Theme) -> Figure:
    """One panel of Fig. 13.

    Args:
        layers: by name, from below, (maps, rows, columns) each: the drawn states, those that the
            recovered network computes, and the differences.
        theme: light or dark.
    """
    left, gap, labelled = 8.0, 2.0, 15.0
    width = WIDTH - 2 * left
    maps = {name: len(parts[0]) for name, parts in layers.items()}
    sizes = {name: (width - gap * (count - 1)) / count for name, count in maps.items()}
    height = sum(3 * (size + gap) + labelled for size in sizes.values()) + 6
    figure, axes = style.canvas(height)
    top = 0.0
    for name, (drawn, computed, difference) in layers.items():
        axes.text(left, top + 9, name, va="center", fontweight="bold")
        notes = f"drawn · computed from the input · difference × {MAGNIFIED}"
        axes.text(left + 20, top + 9, notes, va="center", fontsize=SMALL)
        top += labelled
        for part in (drawn, computed, MAGNIFIED * difference):
            for place, image in enumerate(part):
                x, size = left + place * (sizes[name] + gap), sizes[name]
                style.image(axes, style.signed(image, LIMIT, theme), x, top, size, size)
                _frame(axes, x, top, size, theme)
            top += sizes[name] + gap
    return figure


def truth(layers: Mapping[str, tuple[Array, Array, Array]], theme: Theme) -> Figure:
    """Recovered against true parameters of one network, layer by layer.

    Args:
        layers: four, by name, (parameters,) each: true, recovered, standard deviation.
        theme: light or dark.
    """
    edge, gap, top = 36.0, 40.0, 20.0
    side = (WIDTH - 2 * edge + 24 - gap) / 2
    height = 2 * (side + top + 24)
    figure = style.figure(height)
    for place, (name, (true, found, sd)) in enumerate(layers.items()):
        x = edge + place % 2 * (side + gap)
        y = height - (place // 2 + 1) * (side + top + 24) + 24
        axes = figure.add_axes((x / WIDTH, y / height, side / WIDTH, side / height))
        axes.set_title(name, fontsize=SMALL, pad=4)
        limits = [min(true.min(), found.min()), max(true.max(), found.max())]
        axes.plot(limits, limits, color=theme.muted, linewidth=0.7)
        axes.errorbar(
            true, found, 1.96 * sd, fmt=".", color=theme.positive, markersize=2.5, elinewidth=0.6
        )
        margin = 0.05 * (limits[1] - limits[0])
        axes.set_xlim(limits[0] - margin, limits[1] + margin)
        axes.set_ylim(limits[0] - margin, limits[1] + margin)
        axes.set_xlabel("true", fontsize=SMALL, labelpad=1)
        if place % 2 == 0:
            axes.set_ylabel("recovered", fontsize=SMALL, labelpad=1)
    return figure


def revived(
    names: Sequence[str],
    errors: Sequence[Sequence[Dot]],
    ends: Sequence[float],
    theme: Theme,
) -> Figure:
    """Test errors of each kind of network, in percent, with intervals.

    Args:
        names: of the kinds.
        errors: on the test patterns as they are, and with inverted pixels.
        ends: of both axes; what lies beyond is written.
        theme: light or dark.
    """
    figure, panels = draw.rows(names, ["test error, %", "with inverted pixels"], theme)
    colours = theme.positive, theme.negative
    for axes, dots, end, colour in zip(panels, errors, ends, colours, strict=True):
        draw.dots(axes, dots, (0.0, end), colour)
    return figure
