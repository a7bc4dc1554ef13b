"""The known-truth check as tables: `truth` for each trained network of the study.

- ``truth.csv``: each network, layer and way of taking the states below;
- ``ways.csv``: the same, over the networks;
- ``truth_parameters.csv``: each parameter of the first network, true and recovered;
- ``truth.json``: over the networks, for each layer: the errors, whether the layer is believed, and
  by how much its deviations must be widened.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from paper_lenet.base.bars import tqdm
from paper_lenet.base.files import fixed, significant, write_csv, write_json
from paper_lenet.paper import fig13
from paper_lenet.studies.recovered import network, truth
from paper_lenet.studies.recovered.ours import Lower
from paper_lenet.studies.recovered.recover import LAYERS
from paper_lenet.studies.recovered.truth import BELIEVED, COVERED, WAYS, Missed

HEADING = ("seed", "layer", "way", *Missed._fields, "relative")
WAY = ("layer", "way", "relative_percent", "worst_percent", "median", "covered", "spread")
PARAMETER = ("layer", "map", "index", "true", "recovered", "sd")


def check(networks: Sequence[Lower], folder: Path) -> None:
    """Draw and recover every network, and write the tables into `folder`."""
    inputs = fig13.drawn("input")
    found: dict[tuple[str, str], list[Missed]] = {}
    rows: list[tuple[object, ...]] = []
    for number, one in enumerate(tqdm(networks, desc="known truth", disable=None)):
        true = network.rows(one.parameters, one.recipe)
        drawn = truth.drawn(true, inputs, one.seed)
        for way, layers in truth.recovered(drawn, inputs):
            for name in LAYERS:
                error = truth.error(layers[name], true[name])
                found.setdefault((name, way), []).append(error)
                numbers = (*error, error.relative)
                rows.append((one.seed, name, way, *(significant(n, 4) for n in numbers)))
            if not number and way == WAYS[0]:
                _parameters(folder / "truth_parameters.csv", layers, true)
    write_csv(folder / "truth.csv", HEADING, rows)
    write_csv(folder / "ways.csv", WAY, (_way(name, way, found[name, way]) for name, way in found))
    write_json(folder / "truth.json", {name: _layer(found, name) for name in LAYERS})


def _parameters(path: Path, layers: Mapping[str, Any], true: network.Rows) -> None:
    rows = [
        (name, place, index, *(significant(float(value), 5) for value in values))
        for name in LAYERS
        for place, fit in enumerate(layers[name].fits)
        for index, values in enumerate(zip(true[name][place], fit.w, fit.sd, strict=True))
    ]
    write_csv(path, PARAMETER, rows)


def _way(name: str, way: str, errors: Sequence[Missed]) -> tuple[object, ...]:
    relative = [100 * each.relative for each in errors]
    medians, covered, spread = (
        [getattr(each, key) for each in errors] for key in ("median", "covered", "spread")
    )
    return (
        name,
        way,
        fixed(float(np.mean(relative)), 2),
        fixed(max(relative), 2),
        significant(float(np.mean(medians)), 2),
        fixed(float(np.mean(covered)), 3),
        fixed(float(np.sqrt(np.mean(np.square(spread)))), 2),
    )


def _layer(found: Mapping[tuple[str, str], Sequence[Missed]], name: str) -> dict[str, Any]:
    """One layer over all networks; the worst network decides whether it is believed."""
    best = found[name, WAYS[0]]
    spread = float(np.sqrt(np.mean([each.spread**2 for each in best])))
    covered = float(np.mean([each.covered for each in best]))
    worst = max(each.relative for each in best)
    ways = {way: float(np.mean([each.relative for each in found[name, way]])) for way in WAYS}
    return {
        "networks": len(best),
        "relative": ways,
        "relative_percent": float(fixed(100 * ways[WAYS[0]], 2)),
        "worst_percent": float(fixed(100 * worst, 2)),
        "median_error": float(np.median([each.median for each in best])),
        "covered_percent": float(fixed(100 * covered, 1)),
        "widened": max(1.0, spread),
        "verdict": "yes" if worst <= BELIEVED and covered >= COVERED else "no",
    }
