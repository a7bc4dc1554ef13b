"""Simulation-based calibration as a figure: ranks of the truth, one panel an axis or direction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator
from numpy.typing import NDArray
from scipy import stats

from paper_lenet.figures import style
from paper_lenet.figures.style import SMALL, Theme

COLUMNS = 3
TALL, SIDE, GAP = 112.0, 32.0, 20.0  # points: a row of panels, and what is beside and between them
SURE = 0.95


class Panel(NamedTuple):
    """An axis or a direction: its name, sorted ranks from 0 to 1, and p of their being uniform."""

    title: str
    ranks: NDArray[np.float64]
    p: float


def draw(panels: Sequence[Panel], theme: Theme) -> Figure:
    """Draw how many ranks lie below each value, less how many should.

    The band holds the whole line in 95 of 100 checks if all is right (Kolmogorov and Smirnov).
    """
    rows = -(-len(panels) // COLUMNS)
    height = TALL * rows + 16
    figure = style.figure(height)
    wide = (style.WIDTH - SIDE - GAP * (COLUMNS - 1)) / COLUMNS
    top = max(_reach(panel) for panel in panels) * 1.6
    for place, panel in enumerate(panels):
        row, column = divmod(place, COLUMNS)
        left = (SIDE + column * (wide + GAP)) / style.WIDTH
        bottom = (height - TALL * (row + 1) + 18) / height
        axes = figure.add_axes((left, bottom, (wide - 10) / style.WIDTH, (TALL - 50) / height))
        title = f"{panel.title}\np = {_written(panel.p)}, n = {len(panel.ranks)}"
        axes.set_title(title, fontsize=SMALL, loc="left", pad=3)
        reach, count = _reach(panel), len(panel.ranks)
        axes.axhspan(-reach, reach, color=theme.muted, alpha=0.2, linewidth=0)
        axes.axhline(0, color=theme.muted, linewidth=0.8)
        places = np.concatenate([[0.0], panel.ranks, [1.0]])
        shares = np.concatenate([np.arange(count + 1) / count, [1.0]])
        grid = np.linspace(0, 1, 401)
        below = shares[np.searchsorted(places, grid, side="right") - 1]
        axes.plot(grid, below - grid, color=theme.positive, linewidth=1.2)
        axes.set_xlim(0, 1)
        axes.set_ylim(-top, top)
        axes.xaxis.set_major_locator(FixedLocator([0, 0.5, 1]))
        axes.tick_params(color=theme.muted, length=3)
        if column:
            axes.tick_params(labelleft=False)
    return figure


def _written(p: float) -> str:
    """`p` with two decimals; a small one, of which these would leave nothing, with one digit."""
    return f"{p:.1g}" if 0 < p < 0.01 else f"{p:.2f}"


def _reach(panel: Panel) -> float:
    """How far the line goes from 0 in all but five of 100 checks, if all is right."""
    return float(stats.kstwo.ppf(SURE, len(panel.ranks)))
