"""What rules out what: a matrix of Bayes factors, options against summary statistics."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import NamedTuple

from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from paper_lenet.figures import style
from paper_lenet.figures.style import SMALL, Theme

LINE, HEAD, LABEL = 14.0, 32.0, 146.0  # points
LIMIT = 2.0  # tenfold twice: more is drawn as this


class Ruled(NamedTuple):
    """An option of an axis, and its Bayes factor by each group of summary statistics."""

    title: str
    option: str
    factors: list[float]


def draw(rows: Sequence[Ruled], groups: Sequence[str], theme: Theme) -> Figure:
    """Draw common logarithms of Bayes factors: 1 is ten times the odds, −1 a tenth.

    Args:
        rows: option after option; options of one axis have one title.
        groups: headings, one a factor; a line break is allowed.
        theme: light or dark.
    """
    gaps = sum(row.title != after.title for row, after in itertools.pairwise(rows))
    figure, axes = style.canvas(HEAD + LINE * len(rows) + 5 * gaps + 4)
    wide = (style.WIDTH - LABEL - 2) / len(groups)
    for column, heading in enumerate(groups):
        x = LABEL + wide * (column + 0.5)
        axes.text(x, HEAD - 6, heading, ha="center", va="bottom", fontsize=SMALL)
    top = HEAD
    title = ""
    for row in rows:
        if row.title != title:
            top += 5 if title else 0
            axes.text(2, top + LINE / 2, row.title, va="center", fontsize=SMALL)
            title = row.title
        axes.text(LABEL - 4, top + LINE / 2, row.option, ha="right", va="center", fontsize=SMALL)
        for column, value in enumerate(map(_logarithm, row.factors)):
            left, middle = LABEL + wide * column, LABEL + wide * (column + 0.5)
            colour = theme.positive if value > 0 else theme.negative
            # Never as strong as could be, so that the number on it can be read.
            strength = abs(value) / LIMIT / 2
            cell = Rectangle((left, top), wide, LINE - 1, color=colour, alpha=strength, linewidth=0)
            axes.add_patch(cell)
            axes.text(
                middle, top + LINE / 2, _text(value), ha="center", va="center", fontsize=SMALL
            )
        top += LINE
    return figure


def _logarithm(factor: float) -> float:
    if factor == 0:
        return -LIMIT
    return LIMIT if math.isinf(factor) else min(max(math.log10(factor), -LIMIT), LIMIT)


def _text(value: float) -> str:
    if abs(value) < 0.05:
        return "0"
    bound = {LIMIT: "≥", -LIMIT: "≤"}.get(value, "")
    return f"{bound}{value:.1f}".replace("-", "−").replace(".0", "" if bound else ".0")
