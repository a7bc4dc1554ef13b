"""The drawings, from files: kernels, states, the known truth, the revived networks."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import compress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from paper_lenet.base.files import read_csv, read_json
from paper_lenet.figures import draw, recovered
from paper_lenet.figures.draw import Dot
from paper_lenet.figures.draw import Drawing as Picture
from paper_lenet.network.recipe import Recipe
from paper_lenet.paper import fig13
from paper_lenet.studies.recovered import edges, file, network, palette
from paper_lenet.studies.recovered.drawing import Drawing
from paper_lenet.studies.recovered.heldout import GREY_OF_STATE, residual
from paper_lenet.studies.recovered.record import NETWORK
from paper_lenet.studies.recovered.recover import LAYERS
from paper_lenet.studies.study import Folders

PANEL = 3  # a 4 under salt and pepper

Array = NDArray[np.float64]


def write(folders: Folders) -> None:
    """Draw every figure, from the files of the studies ``recovered`` and ``revived``."""
    folder = folders.results("recovered")
    truth = _truth(folder)
    found, _ = file.load(folder / NETWORK)
    kernels = {
        "recovered, 1998": found["C1.weight"][:, 0].astype(np.float64),
        "ours, trained with the same noise, seed 0": _kernels(truth["C1"][0]),
    }
    draw.write(
        folders.figures,
        {
            "kernels": partial(recovered.kernels, kernels),
            "states": partial(recovered.states, _panel(folder, network.rows(found, Recipe()))),
            "truth": partial(recovered.truth, truth),
            "revived": _revived(read_csv(folders.results() / "revival.csv")),
        },
    )


def _truth(folder: Path) -> dict[str, tuple[Array, Array, Array]]:
    """Of each layer of the first network of ours: true and recovered parameters, deviations."""
    table = read_csv(folder / "truth_parameters.csv")
    result = {}
    for name in LAYERS:
        rows = [row for row in table if row["layer"] == name]
        true, found, sd = (
            np.array([float(row[key]) for row in rows]) for key in ("true", "recovered", "sd")
        )
        result[name] = true, found, sd
    return result


def _kernels(parameters: Array) -> Array:
    """C1's kernels, (6, 5, 5), from its parameters map by map, each with its bias last."""
    return parameters.reshape(6, 26)[:, :-1].reshape(6, 5, 5)


def _panel(folder: Path, rows: network.Rows) -> dict[str, tuple[Array, Array, Array]]:
    """Of each layer of one panel: drawn and computed states, and what is left, in states."""
    scale = read_json(folder / "scale.json")
    drawing = Drawing(*(scale[key] for key in Drawing._fields))
    own = edges.read(folder / "edges.csv")[PANEL : PANEL + 1]
    inputs = drawing.inputs(fig13.drawn("input")).mean[PANEL : PANEL + 1]
    result = {}
    for name, states in network.states(rows, inputs).items():
        drawn = palette.read(fig13.drawn(name)[PANEL : PANEL + 1], own)
        left = residual(states, drawn, drawing)[0] / GREY_OF_STATE
        result[name] = (drawing.middle(drawn).mean[0], states[0], left[0])
    return result


def _revived(rows: Sequence[dict[str, str]]) -> Picture:
    """Test errors of each kind; those of random lower layers may lie beyond the ends."""
    errors = [
        [Dot(*(float(row[f"{test}_{key}"]) for key in ("mean", "low", "high"))) for row in rows]
        for test in ("clean", "noisy")
    ]
    known = [row["kind"] != "random" for row in rows]
    ends = [1.15 * max(max(dot) for dot in compress(dots, known)) for dots in errors]
    return partial(recovered.revived, [row["name"] for row in rows], errors, ends)
