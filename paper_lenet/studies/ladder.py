"""The study ``ladder``: from the paper's network to what tutorials call LeNet-5, a change a rung.

Runs stand in the order of the grid, and each keeps the changes of those before it. A rung is laid
beside the one before it, which says what its own change costs or gains, and beside the first one,
which says where all changes together have led. Both differences are paired (`paired`).

The last rung, Adam with batches of 128, is trained in PyTorch by the study ``tutorials``, if that
is there. It keeps the network of the rung before, and has no record of its misread patterns.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from paper_lenet.base.declared import build
from paper_lenet.base.files import fixed, read_csv, write_csv
from paper_lenet.figures import draw, ladder
from paper_lenet.network.architecture import Network, layers
from paper_lenet.results import paired
from paper_lenet.results.paired import difference, fields
from paper_lenet.results.summary import error, error_cells, error_heading, filled, on_the_fly
from paper_lenet.results.trainings import Pass, Run, TableError, Training, read_study
from paper_lenet.studies.study import Folders, Study

TUTORIALS, TUTORIAL = "tutorials", "ladder_adam"  # the study of the last rung, and its run
LAST = "8-adam-batch-128"
# Those of the first rung's differences are empty.
COLUMNS = (
    "rung",
    "run",
    "change",
    "parameters",
    "seeds",
    "diverged",
    *error_heading("test"),
    "on_the_fly",
    *(f"before_{name}" for name in paired.HEADING),
    *(f"first_{name}" for name in paired.HEADING),
)


def analyse(folders: Folders) -> None:
    """Write ``rungs.csv``, and draw ``ladder``."""
    runs = read_study(folders.trained())
    runs |= adam(folders.trained(TUTORIALS) / "runs.csv", next(reversed(runs.values())))
    names = list(runs)
    before = dict(zip(names, [names[0], *names], strict=False))
    rows = [row(runs, before[name], name) for name in names]
    write_csv(folders.results() / "rungs.csv", COLUMNS, rows)
    rungs = [rung(runs, before[name], name) for name in names]
    draw.write(folders.figures, {"ladder": partial(ladder.draw, rungs)})


def adam(path: Path, before: Run) -> dict[str, Run]:
    """The last rung from the file of the study ``tutorials``; nothing if there is no such file.

    Raises:
        TableError: its network is not that of the rung `before`.
    """
    if not path.is_file():
        return {}
    rows = [row for row in read_csv(path) if row["tutorial"] == TUTORIAL]
    if any(int(row["parameters"]) != parameters(before.recipe) for row in rows):
        raise TableError(f"{path}: {TUTORIAL} has not the network of the rung before")
    seeds = {int(row["seed"]): _training(row) for row in rows}
    return {LAST: Run(seeds, {}, before.recipe)} if seeds else {}


def _training(row: dict[str, str]) -> Training:
    """A tutorial's training; its last pass, the only one that is looked at, stands for all."""
    fly, shown, errors, patterns = (
        int(row[name]) for name in ("errors_on_the_fly", "patterns", "test_errors", "test_patterns")
    )
    nan = math.nan
    return Training((Pass(1, nan, fly, shown, nan, errors, patterns, nan, nan),), {}, {})


def row(runs: Mapping[str, Run], before: str, name: str) -> list[str]:
    """The cells of `COLUMNS`: the run `name` beside the run `before` and beside the first one."""
    run, first = runs[name], next(iter(runs))
    number, change = described(name)
    start = [number, name, change, str(parameters(run.recipe))]
    start += [str(len(run.seeds)), str(run.diverged)]
    if not run.seeds:
        return filled(start, COLUMNS)
    start += [*error_cells(run), fixed(on_the_fly(run).mean)]
    if name == first:
        return filled(start, COLUMNS)
    return [*start, *fields(run, runs[before]), *fields(run, runs[first])]


def rung(runs: Mapping[str, Run], before: str, name: str) -> ladder.Rung:
    """What is drawn of the run `name`, which stands below the run `before`."""
    run = runs[name]
    return ladder.Rung(
        described(name)[1],
        parameters(run.recipe),
        error(run) if run.seeds else None,
        difference(run, runs[before]) if name != before else None,
    )


def described(name: str) -> tuple[str, str]:
    """The number and the words of a rung's name: ``1-full-c3`` is rung 1, "full C3"."""
    number, _, words = name.partition("-")
    spelled = {"c3": "C3", "relu": "ReLU", "sgd": "SGD", "adam": "Adam", "paper": "the paper"}
    return number, " ".join(spelled.get(word, word) for word in words.split("-"))


def parameters(recipe: dict[str, Any]) -> int:
    """Trainable parameters of a recipe's network, from the list of layers."""
    network: Network = build(Network, recipe["network"], "network")
    return sum(layer.parameters for layer in layers(network))


STUDY = Study(analyse=analyse)
