"""What the scripts of the page to touch are given, all from the pipeline's files.

`made` is there when the page opens: the network, Table I, the codes, some test digits, the curve of
the errors. `fetched` comes when it is asked for: weights of every pass, the network of 1998, and
those of the small answers.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from paper_lenet.base import streams
from paper_lenet.base.files import read_csv, read_tensors
from paper_lenet.network.architecture import (
    CODE_COLUMNS,
    CODE_ROWS,
    SQUASHING_AMPLITUDE,
    SQUASHING_SLOPE,
    TABLE_I,
    Network,
    codes,
    layers,
)
from paper_lenet.network.receptive_field import receptive_fields
from paper_lenet.network.rounded import rounded
from paper_lenet.network.weights import Trained, load
from paper_lenet.studies.revived import kept

from . import touch_small
from .measured import DATA_SET, RECIPE, ResultError, value
from .packed import fixed_point, runs, sets

SEED = 0  # the network that `paper-lenet predict` asks
# Noise on the page is drawn from presentations that no training and no study has.
FIRST_NOISE = 2**43
REVIVED_BITS = 12
RECORD = f"data/results/{DATA_SET}/{RECIPE}/train/passes.csv"


def made(root: Path) -> str:
    """The script that defines ``lenet`` with all that the others read."""
    trained = load(root / f"data/models/{DATA_SET}/{RECIPE}/seed-{SEED:02d}.safetensors")
    if trained.recipe.network != Network() or trained.recipe.loss.equation != 9:
        raise ResultError("the page touch shows the paper's network, trained with eq. 9")
    tree = description(trained) | {"digits": digits(root), "curve": curve(root)}
    tree["small"] = touch_small.layers()
    return f"window.lenet = {{data: {json.dumps(tree, separators=(',', ':'))}}};\n"


def description(trained: Trained) -> dict[str, Any]:
    """The network, its weights, and the sources of noise."""
    return {
        "seed": trained.seed,
        "background": trained.input_scale.background,
        "foreground": trained.input_scale.foreground,
        "amplitude": SQUASHING_AMPLITUDE,
        "slope": SQUASHING_SLOPE,
        "penalty": 0.5 if trained.recipe.loss.half else 1.0,
        "rubbish": trained.recipe.loss.j,
        "layers": [asdict(layer) for layer in layers()],
        "fields": [asdict(field) for field in receptive_fields()],
        "table": TABLE_I,
        "code": {"rows": CODE_ROWS, "columns": CODE_COLUMNS},
        "codes": ["".join("#" if x > 0 else "." for x in code) for code in codes()],
        "parameters": {
            name: fixed_point(part)._asdict() for name, part in trained.parameters.items()
        },
        # As text: a script's numbers have 53 bits.
        "noise": {"prefix": str(streams.prefix(0, "noise")), "first": FIRST_NOISE},
    }


def digits(root: Path) -> dict[str, Any]:
    """The test digits of the stage ``examples``, their pixels end to end."""
    path = root / f"data/results/{DATA_SET}/{RECIPE}/examples.csv"
    rows = read_csv(path)
    return {
        "seeds": value(root, "metrics.seeds"),
        "shown": [[int(row[name]) for name in ("index", "truth", "times")] for row in rows],
        "pixels": runs(b"".join(bytes.fromhex(row["pixels"]) for row in rows)),
    }


def curve(root: Path) -> dict[str, list[float]]:
    """The errors of `SEED` in percent: of the test digits before the training and after each pass,
    and of the training digits on the fly, in each pass.
    """
    path = root / RECORD
    rows = [row for row in read_csv(path) if int(row["seed"]) == SEED]
    count = int(rows[0]["test_patterns"])
    test = [value(root, "touch.untrained_errors"), *(int(row["test_errors"]) for row in rows)]
    fly = [int(row["errors_on_the_fly"]) / int(row["patterns"]) for row in rows]
    return {"test": [100 * errors / count for errors in test], "training": [100 * x for x in fly]}


def passes(root: Path) -> int:
    """How many passes `SEED` was trained for."""
    return len(curve(root)["training"])


def fetched(root: Path) -> dict[str, str]:
    """By name the scripts that hand over what is not needed at once."""
    folder = root / f"data/results/{DATA_SET}/{RECIPE}/touch"
    arrays, steps = read_tensors(folder / "passes.safetensors", "steps")
    studies = root / "data/results/studies"
    network = kept.network(
        root / "data/trainings/revived" / kept.FILE,
        studies / "recovered/network-1998.safetensors",
    )
    found = {
        "passes": sets(arrays, steps),
        "revived": sets(*rounded([network], REVIVED_BITS, REVIVED_BITS)),
        "classifiers": touch_small.weights(root),
    }
    return {
        name: f"lenet.fetched.{name}({json.dumps(tree, separators=(',', ':'))});\n"
        for name, tree in found.items()
    }
