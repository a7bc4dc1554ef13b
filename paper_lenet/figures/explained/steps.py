"""The steps epsilon_k = eta / (mu + h_kk) by layer (eq. 21), before training and after it.

They are computed in `pipeline.steps`.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullLocator
from numpy.typing import NDArray

from paper_lenet.base.files import significant
from paper_lenet.figures import style
from paper_lenet.figures.style import SMALL, WIDTH, Theme
from paper_lenet.paper import numbers

WHEN = ("before", "after")
HEADING = (
    "array",
    "weights",
    *(f"{when}_{part}" for when in WHEN for part in ("least", "median", "greatest")),
)
LEFT, TOP, PITCH = 86.0, 30.0, 19.0  # points

# By array of parameters, the steps of its weights before and after training.
Steps = Mapping[str, tuple[NDArray[np.float64], NDArray[np.float64]]]


def rows(found: Steps) -> list[list[str]]:
    """A row for each array of parameters, under `HEADING`."""
    return [
        [
            name,
            str(len(both[0])),
            *(significant(value) for each in both for value in _three(each)),
        ]
        for name, both in found.items()
    ]


def _three(steps: NDArray[np.float64]) -> tuple[float, float, float]:
    return float(steps.min()), float(np.median(steps)), float(steps.max())


def draw(found: Steps, theme: Theme) -> Figure:
    """A row for each array: the range of its steps and their median, before and after.

    Dashed lines are the smallest and the largest step that the paper prints of its first pass.
    """
    height = TOP + PITCH * len(found) + 26
    figure = style.figure(height)
    corner = LEFT / WIDTH, 26 / height
    axes = figure.add_axes((*corner, (WIDTH - LEFT - 8) / WIDTH, PITCH * len(found) / height))
    axes.set_xscale("log")
    axes.set_ylim(len(found) - 0.5, -0.5)
    axes.set_yticks(range(len(found)), [name.replace(".", ": ") for name in found])
    axes.tick_params(axis="y", length=0)
    axes.tick_params(axis="x", color=theme.muted, length=3)
    axes.xaxis.set_major_locator(LogLocator(numticks=8))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.grid(axis="x", color=theme.muted, alpha=0.25, linewidth=0.6)
    for printed in (numbers.SMALLEST_STEP, numbers.LARGEST_STEP):
        axes.axvline(printed.value, color=theme.text, linewidth=0.9, linestyle=(0, (4, 2.5)))
    looks = (
        ("before pass 1", theme.positive, "o", -0.18),
        ("after the last pass", theme.negative, "s", 0.18),
    )
    for place, both in enumerate(found.values()):
        for (_, colour, marker, shift), steps in zip(looks, both, strict=True):
            low, middle, high = _three(steps)
            y = place + shift
            axes.plot((low, high), (y, y), color=colour, linewidth=1.8)
            axes.plot(middle, y, marker, color=colour, markersize=4.2)
    axes.set_xlabel("step at the rate of pass 1", fontsize=SMALL, labelpad=1)
    for label, colour, marker, _ in looks:
        axes.plot([], [], marker, linestyle="-", color=colour, label=label, markersize=4.2)
    axes.plot([], [], color=theme.text, linewidth=0.9, linestyle=(0, (4, 2.5)), label="the paper's")
    axes.legend(
        loc="lower center",
        bbox_to_anchor=(0.35, 1.0),
        ncols=3,
        borderaxespad=0.2,
        columnspacing=1.0,
        handletextpad=0.5,
    )
    return figure
