"""The study's figures, from its files: kernels, states, the known-truth check, the revival."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from paper_lenet.base.files import read_csv
from paper_lenet.figures import draw, style
from paper_lenet.figures.style import SMALL, WIDTH, Theme
from paper_lenet.network.recipe import Recipe
from paper_lenet.paper import fig13
from paper_lenet.studies.recovered import edges, file, network, palette
from paper_lenet.studies.recovered.drawing import Drawing
from paper_lenet.studies.recovered.heldout import GREY_OF_STATE, residual
from paper_lenet.studies.recovered.record import NETWORK
from paper_lenet.studies.recovered.recover import LAYERS

PANEL = 3  # a 4 under salt and pepper
LIMIT = 1.7  # states are shown from -LIMIT to LIMIT
MAGNIFIED = 10  # times, the differences

Array = NDArray[np.float64]


def write(folder: Path, figures: Path) -> None:
    """Draw every figure from the tables in `folder` into `figures`."""
    rows = read_csv(folder / "truth_parameters.csv")
    found, _ = file.load(folder / NETWORK)
    kernels = found["C1.weight"][:, 0].astype(np.float64)
    draw.write(
        figures,
        {
            "kernels": partial(_kernels, kernels, _ours(rows)),
            "states": partial(_states, _panel(folder, network.rows(found, Recipe()))),
            "truth": partial(_truth, rows),
            "revived": partial(_revived, read_csv(folder / "revival.csv")),
        },
    )


def _ours(rows: list[dict[str, str]]) -> Array:
    """C1's kernels of the first network of ours, (6, 5, 5)."""
    values = [float(row["true"]) for row in rows if row["layer"] == "C1" and int(row["index"]) < 25]
    return np.array(values).reshape(6, 5, 5)


def _kernels(theirs: Array, ours: Array, theme: Theme) -> Figure:
    """C1's kernels, each with its own scale."""
    side, gap, line = 47.0, 7.0, 88.0
    figure, axes = style.canvas(2 * line + 4)
    left = (WIDTH - 6 * side - 5 * gap) / 2
    rows = ((theirs, "recovered, 1998"), (ours, "ours, trained with the same noise, seed 0"))
    for row, (kernels, title) in enumerate(rows):
        top = 19 + row * line
        axes.text(left, top - 9, title, va="center", fontweight="bold")
        for place, kernel in enumerate(kernels):
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


def _panel(folder: Path, rows: network.Rows) -> dict[str, tuple[Array, Array, Array]]:
    """Of each layer of one panel: drawn and computed states, and what is left, in states."""
    scale = json.loads((folder / "scale.json").read_text(encoding="utf-8"))
    drawing = Drawing(*(scale[key] for key in Drawing._fields))
    own = edges.read(folder / "edges.csv")[PANEL : PANEL + 1]
    inputs = drawing.inputs(fig13.drawn("input")).mean[PANEL : PANEL + 1]
    result = {}
    for name, states in network.states(rows, inputs).items():
        drawn = palette.read(fig13.drawn(name)[PANEL : PANEL + 1], own)
        left = residual(states, drawn, drawing)[0] / GREY_OF_STATE
        result[name] = (drawing.middle(drawn).mean[0], states[0], left[0])
    return result


def _states(layers: dict[str, tuple[Array, Array, Array]], theme: Theme) -> Figure:
    """One panel: drawn states, those that the recovered network computes, and the differences."""
    left, gap, labelled = 8.0, 2.0, 15.0
    width = WIDTH - 2 * left
    maps = {name: len(parts[0]) for name, parts in layers.items()}
    sizes = {name: (width - gap * (count - 1)) / count for name, count in maps.items()}
    height = sum(3 * (size + gap) + labelled for size in sizes.values()) + 6
    figure, axes = style.canvas(height)
    top = 0.0
    for name in LAYERS:
        axes.text(left, top + 9, name, va="center", fontweight="bold")
        notes = f"drawn · computed from the input · difference × {MAGNIFIED}"
        axes.text(left + 20, top + 9, notes, va="center", fontsize=SMALL)
        top += labelled
        drawn, states, difference = layers[name]
        for part in (drawn, states, MAGNIFIED * difference):
            for place, image in enumerate(part):
                x, size = left + place * (sizes[name] + gap), sizes[name]
                style.image(axes, style.signed(image, LIMIT, theme), x, top, size, size)
                _frame(axes, x, top, size, theme)
            top += sizes[name] + gap
    return figure


def _revived(rows: list[dict[str, str]], theme: Theme) -> Figure:
    """Test errors of each kind of network, with intervals."""
    titles = ["test error, %", "with inverted pixels"]
    figure, panels = draw.rows([row["name"] for row in rows], titles, theme)
    for axes, test, colour in zip(
        panels, ("clean", "noisy"), (theme.positive, theme.negative), strict=True
    ):
        ends = [[float(row[f"{test}_{key}"]) for key in ("mean", "low", "high")] for row in rows]
        trained = [each for row, each in zip(rows, ends, strict=True) if row["kind"] != "random"]
        most = 1.15 * max(max(each) for each in trained)
        draw.dots(axes, [draw.Dot(*each) for each in ends], (0.0, most), colour)
    return figure


def _truth(rows: list[dict[str, str]], theme: Theme) -> Figure:
    """Recovered against true parameters of one network, layer by layer."""
    edge, gap, top = 36.0, 40.0, 20.0
    side = (WIDTH - 2 * edge + 24 - gap) / 2
    height = 2 * (side + top + 24)
    figure = style.figure(height)
    for place, name in enumerate(LAYERS):
        some = [row for row in rows if row["layer"] == name]
        true, found, sd = (
            np.array([float(row[key]) for row in some]) for key in ("true", "recovered", "sd")
        )
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
