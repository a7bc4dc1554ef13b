"""Between a network of ours and the layers that are recovered: parameters, states, drawn states.

Parameters here are rows, one a map: its weights, then its bias. A subsampling unit's coefficient is
that on the sum of its four inputs, as Section II-B has it.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from paper_lenet.network.architecture import TABLE_I, squashing
from paper_lenet.network.recipe import Recipe
from paper_lenet.network.weights import Parameters
from paper_lenet.studies.recovered import forward
from paper_lenet.studies.recovered.recover import LAYERS, RecoveredLayer, sources

Array = NDArray[np.float64]
Rows = dict[str, list[Array]]


def rows(parameters: Parameters, recipe: Recipe) -> Rows:
    """The parameters of C1 to S4 of a network whose subsampling is trained."""
    share = 0.25 if recipe.network.subsampling == "average" else 1.0
    exact = {name: part.astype(np.float64) for name, part in parameters.items()}
    result: Rows = {"C1": _joined(exact["C1.weight"].reshape(6, 25), exact["C1.bias"])}
    kernels = exact["C3.weight"].reshape(-1, 25)
    ends = np.cumsum([len(row) for row in TABLE_I])
    split = [part.ravel() for part in np.split(kernels, ends[:-1])]
    result["C3"] = [np.r_[part, bias] for part, bias in zip(split, exact["C3.bias"], strict=True)]
    for name in ("S2", "S4"):
        result[name] = _joined(share * exact[f"{name}.coefficient"][:, None], exact[f"{name}.bias"])
    return {name: result[name] for name in LAYERS}


def recovered(layers: Mapping[str, RecoveredLayer]) -> Rows:
    """The parameters of recovered layers."""
    return {name: [fit.w for fit in layers[name].fits] for name in LAYERS}


def parameters(found: Rows) -> Parameters:
    """C1 to S4 by the names of `architecture.parameter_shapes`, for subsampling by the average."""
    result: dict[str, Array] = {
        "C1.weight": np.array(found["C1"])[:, :-1].reshape(6, 1, 5, 5),
        "C1.bias": np.array(found["C1"])[:, -1],
    }
    for name in ("S2", "S4"):
        table = np.array(found[name])
        result |= {f"{name}.coefficient": 4 * table[:, 0], f"{name}.bias": table[:, 1]}
    result["C3.weight"] = np.concatenate([row[:-1].reshape(-1, 5, 5) for row in found["C3"]])
    result["C3.bias"] = np.array([row[-1] for row in found["C3"]])
    return {name: part.astype(np.float32) for name, part in result.items()}


def states(found: Rows, inputs: Array) -> dict[str, Array]:
    """The states of C1 to S4, (N, maps, rows, columns), for inputs (N, 32, 32), float64."""
    result: dict[str, Array] = {}
    below = inputs[:, None]
    for name in LAYERS:
        seen = sources(name)
        if name in ("C1", "C3"):
            windows = forward.windows(below)
            totals = [
                windows[:, :, :, list(maps)].reshape(*windows.shape[:3], -1) @ row[:-1] + row[-1]
                for maps, row in zip(seen, found[name], strict=True)
            ]
        else:
            four = forward.sums(below)
            totals = [four[:, k] * row[0] + row[1] for k, row in enumerate(found[name])]
        below = result[name] = squashing(np.stack(totals, axis=1))
    return result


def _joined(weights: Array, biases: Array) -> list[Array]:
    return [np.r_[row, bias] for row, bias in zip(weights, biases, strict=True)]
