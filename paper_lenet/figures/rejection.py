"""Section III-D: the error on the test patterns that are accepted, against the share rejected."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.figure import Figure

from paper_lenet.figures import style
from paper_lenet.figures.style import SMALL, Theme
from paper_lenet.paper import classifiers


def draw(curve: Sequence[dict[str, str]], needed: float, theme: Theme) -> Figure:
    """Draw the mean error with its interval over the seeds, and the error that the paper asks for.

    Args:
        curve: a row a share, with ``rejected``, ``error_mean``, ``error_low``, ``error_high``.
        needed: the share, in percent, that leaves that error.
        theme: light or dark.
    """
    figure = style.figure(220.0)
    axes = figure.add_axes((0.12, 0.16, 0.86, 0.8))
    rejected, mean, low, high = (
        [float(row[name]) for row in curve]
        for name in ("rejected", "error_mean", "error_low", "error_high")
    )
    axes.fill_between(rejected, low, high, color=theme.negative, alpha=0.25, linewidth=0)
    axes.plot(rejected, mean, color=theme.negative, linewidth=1.6)
    goal = classifiers.ERROR_AFTER_REJECTION.value
    axes.plot((0, needed, needed), (goal, goal, 0), color=theme.text, linewidth=0.9)
    axes.plot(needed, goal, "o", color=theme.text, markersize=4.5)
    text = f"{goal:g}% after {needed:.1f}% are rejected"
    axes.annotate(text, (needed, goal), (6, 4), textcoords="offset points", fontsize=SMALL)
    axes.set_xlim(0, rejected[-1])
    axes.set_ylim(bottom=0)
    axes.set_xlabel("test patterns rejected, %")
    axes.set_ylabel("error on the others, %", labelpad=2)
    axes.grid(axis="y", color=theme.muted, alpha=0.25, linewidth=0.6)
    axes.tick_params(color=theme.muted, length=3)
    return figure
