"""What is written of the recovered network of 1998.

- ``parameters-LAYER.csv``: each parameter, its interval, and the deviations of the two bootstraps;
- ``maps.csv``: each map in a row;
- ``layers.csv``: each layer in a row; ``scale.json``: how the figure was drawn, and the totals;
- ``edges.csv``, ``own.csv``: the levels' edges in each panel (`edges`);
- ``heldout.csv``: panels predicted by the others; ``table_one.csv``: Table I from the data;
- ``network-1998.safetensors``: the parameters as a file.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from paper_lenet.base.files import fixed, significant, write_csv, write_json
from paper_lenet.base.statistics import over_seeds
from paper_lenet.network.architecture import TABLE_I
from paper_lenet.studies.recovered import edges, file
from paper_lenet.studies.recovered.bootstrap import KINDS
from paper_lenet.studies.recovered.heldout import Residual
from paper_lenet.studies.recovered.network import recovered
from paper_lenet.studies.recovered.recover import LAYERS, sources
from paper_lenet.studies.recovered.recovered import Recovered
from paper_lenet.studies.recovered.truth import WITHIN

NETWORK = "network-1998.safetensors"
DETERMINED = 0.1  # of the layer's size: a greater deviation leaves a parameter open
PARAMETERS = (
    *(
        "layer",
        "map",
        "source",
        "row",
        "column",
        "kind",
        "value",
        "low",
        "high",
        "sd",
        "determined",
    ),
    *(f"bootstrap_{kind}" for kind in KINDS),
)
MAP = (
    "map",
    "parameters",
    "determined",
    "rms",
    "median_sd",
    "greatest_sd",
    "bias",
    "bias_sd",
    "tau",
)
LAYER = (
    *("layer", "parameters", "determined", "rms", "median_sd", "widened", "tau", "residual"),
    *("residual_low", "residual_high", "inside", "near", "chained", "bootstrap_units"),
    *("bootstrap_panels", "profile"),
)


def write(folder: Path, found: Recovered) -> None:
    """Write everything into `folder`."""
    rows = []
    for name in LAYERS:
        part = list(_parameters(name, found))
        write_csv(folder / f"parameters-{name}.csv", PARAMETERS, part)
        rows += part
    write_csv(folder / "maps.csv", MAP, (row for name in LAYERS for row in _maps(name, found)))
    write_csv(folder / "layers.csv", LAYER, (_layer(name, found) for name in LAYERS))
    edges.write(folder, found.calibrated.edges)
    heading = ("panel", "layer", "rms", "inside", "near", "chained")
    table = ((r.panel, r.layer, *(fixed(value) for value in r[2:])) for r in found.heldout)
    write_csv(folder / "heldout.csv", heading, table)
    _table_one(folder, found)
    scale = {
        **found.calibrated.drawing._asdict(),
        "sensitivity": dict(found.change),
        "prior": {name: found.calibrated.layers[name].prior for name in LAYERS},
        "parameters": len(rows),
        "determined": sum(row[10] for row in rows),
        "rows_of_table_1": sum(each.best == TABLE_I[each.place] for each in found.connected),
        "order_margin": found.orders[0].evidence - found.orders[1].evidence,
        "order_verdict": "yes" if found.orders[0].maps == tuple(range(6)) else "no",
    }
    write_json(folder / "scale.json", scale)
    note = {
        "source": "Fig. 13 of the authors' preprint: states of C1, S2, C3 and S4 for nine inputs",
        "method": "interval-censored maximum likelihood, layer by layer; deviations widened as "
        "networks of known parameters ask for",
        "drawing": found.calibrated.drawing._asdict(),
        "widened": dict(found.widened),
    }
    deviations = {name: found.deviations(name) for name in LAYERS}
    file.save(folder / NETWORK, recovered(found.calibrated.layers), deviations, note)


def _parameters(name: str, found: Recovered) -> Iterator[tuple[Any, ...]]:
    limit = DETERMINED * found.size(name)
    layer = found.calibrated.layers[name]
    for place, (fit, sd) in enumerate(zip(layer.fits, found.deviations(name), strict=True)):
        boots = [found.bootstraps[name][kind][place] for kind in KINDS]
        for index, label in enumerate(labels(name, place)):
            half = WITHIN * sd[index]
            value = float(fit.w[index])
            numbers = value, value - half, value + half, float(sd[index])
            yield (
                name,
                place,
                *label,
                *(significant(number, 5) for number in numbers),
                int(sd[index] < limit),
                *(significant(float(part[index]), 3) for part in boots),
            )


def _maps(name: str, found: Recovered) -> Iterator[tuple[object, ...]]:
    limit = DETERMINED * found.size(name)
    fits = found.calibrated.layers[name].fits
    for place, (fit, sd) in enumerate(zip(fits, found.deviations(name), strict=True)):
        yield (
            f"{name}, {place}",
            len(sd),
            int(np.count_nonzero(sd < limit)),
            significant(float(np.sqrt(np.mean(fit.w[:-1] ** 2))), 4),
            significant(float(np.median(sd[:-1])), 2),
            significant(float(sd[:-1].max()), 2),
            significant(float(fit.w[-1]), 4),
            significant(float(sd[-1]), 2),
            significant(fit.tau, 2),
        )


def labels(name: str, place: int) -> Iterator[tuple[object, object, object, str]]:
    """Of each parameter of a map: the map below, row and column in the kernel, and its kind."""
    if name in ("C1", "C3"):
        for source in sources(name)[place]:
            for index in range(25):
                yield source, *divmod(index, 5), "weight"
    else:
        yield place, "", "", "coefficient"
    yield "", "", "", "bias"


def _layer(name: str, found: Recovered) -> tuple[object, ...]:
    layer = found.calibrated.layers[name]
    sd = np.concatenate(found.deviations(name))
    own = np.concatenate([fit.sd for fit in layer.fits])
    residuals = [each for each in found.heldout if each.layer == name]
    summary = over_seeds([each.rms for each in residuals])
    means = (np.mean([getattr(each, key) for each in residuals]) for key in Residual._fields[3:])
    ratios = (np.median(np.concatenate(found.bootstraps[name][kind]) / own) for kind in KINDS)
    return (
        name,
        len(sd),
        int(np.count_nonzero(sd < DETERMINED * found.size(name))),
        fixed(found.size(name)),
        significant(float(np.median(sd)), 3),
        fixed(found.widened[name], 2),
        significant(float(np.mean([fit.tau for fit in layer.fits])), 3),
        fixed(summary.mean, 2),
        fixed(summary.least, 2),
        fixed(summary.greatest, 2),
        *(fixed(float(mean)) for mean in means),
        *(fixed(float(ratio), 2) for ratio in ratios),
        fixed(float(np.median(found.falls[name])), 2),
    )


def _table_one(folder: Path, found: Recovered) -> None:
    heading = ("map", "row", "best", "probability", "margin", "missing", "needless")
    rows = [
        (
            each.place,
            " ".join(map(str, TABLE_I[each.place])),
            " ".join(map(str, each.best)),
            fixed(each.probability),
            *(fixed(value, 1) for value in (each.margin, each.missing, each.needless)),
        )
        for each in found.connected
    ]
    write_csv(folder / "table_one.csv", heading, rows)
