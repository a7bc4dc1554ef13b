"""The study ``collapse``: codes that are trained, with eq. 8 and with eq. 9 (Section II-C).

The paper says that eq. 8, with codes that can move, has a trivial solution: all codes equal, F6
constant and equal to them, so every penalty is 0. Eq. 9 is there to prevent it. The paper shows no
such training. Here the codes begin as Fig. 3 has them, and take steps like every other weight.

The store keeps a network's end alone. So each run's lowest seed is trained once more, to the same
bits, and looked at before the first pass and after each.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from paper_lenet.base.bars import tqdm
from paper_lenet.base.files import read_csv, significant, write_csv, write_json
from paper_lenet.base.statistics import over_seeds
from paper_lenet.figures import collapse, draw
from paper_lenet.figures.collapse import Curves
from paper_lenet.network.architecture import CLASSES
from paper_lenet.network.weights import Parameters
from paper_lenet.results.trainings import Run, read_study
from paper_lenet.studies.study import Folders, Study, Trained
from paper_lenet.training.execution import maker
from paper_lenet.training.job import Data, Job, beginning
from paper_lenet.training.kind import Finished, nobody
from paper_lenet.training.passes import passes

PATTERNS = 500  # the first test patterns, on which the states of F6 are looked at
LOOKS = ("run", "seed", "pass", "codes_mean", "codes_least", "states")
CODES = ("run", "digit", *(f"unit_{unit:02d}" for unit in range(84)))


def examine(trained: Trained) -> None:
    """Write ``looks.csv``, the distances pass by pass, and ``codes.csv``, of the lowest seeds."""
    lowest: dict[str, Finished] = {}
    for one in sorted(trained.trainings, key=lambda one: one.job.seed):
        if one.trained:
            lowest.setdefault(one.job.name, one)
    rows: list[tuple[object, ...]] = []
    for one in tqdm(lowest.values(), desc="codes, pass by pass", disable=None):
        found = looks(one.job, trained.patterns(one.job.recipe))
        rows += [(one.job.name, one.job.seed, *map(_cell, look)) for look in found]
    write_csv(trained.folder / "looks.csv", LOOKS, rows)
    last = [
        (name, digit, *map(_cell, code.tolist()))
        for name, one in lowest.items()
        for digit, code in enumerate(one.state.parameters["output.codes"])
    ]
    write_csv(trained.folder / "codes.csv", CODES, last)


def looks(job: Job, data: Data) -> Iterator[tuple[int, float, float, float]]:
    """Pass, mean and least distance of two codes, and the `spread` of F6; pass 0 is the beginning.

    Raises:
        Divergence: the training fails.
    """
    start = beginning(job)
    for number, state in enumerate(chain([start], passes(job, data, start, maker(job), nobody))):
        apart = distances(state.parameters["output.codes"])
        yield number, float(apart.mean()), float(apart.min()), spread(job, data, state.parameters)


def distances(codes: NDArray[np.float32]) -> NDArray[np.float64]:
    """The Euclidean distance of each pair of codes (10, 84), shape (45,)."""
    first, second = np.triu_indices(CLASSES, 1)
    apart = codes.astype(np.float64)
    result: NDArray[np.float64] = np.sqrt(((apart[first] - apart[second]) ** 2).sum(axis=1))
    return result


def spread(job: Job, data: Data, parameters: Parameters) -> float:
    """The root mean square distance of F6's state from its mean over the first test patterns."""
    network = maker(job)(parameters)
    inputs = data.test.inputs(slice(PATTERNS))
    states = np.array([network.activations(each)["F6"].ravel() for each in inputs], np.float64)
    return float(np.sqrt(((states - states.mean(axis=0)) ** 2).sum(axis=1).mean()))


def analyse(folders: Folders) -> None:
    """Write ``collapse.json``, and draw ``collapse`` and ``codes``."""
    folder = folders.trained()
    runs = read_study(folder)
    looked = read_csv(folder / "looks.csv")
    found = {
        name: curves([row for row in looked if row["run"] == name], run)
        for name, run in runs.items()
    }
    write_json(folders.results() / "collapse.json", summary(runs, found))
    codes = {name: read_codes(folder, name) for name in runs}
    drawings = {
        "collapse": partial(collapse.curves, found),
        "codes": partial(collapse.codes, codes),
    }
    draw.write(folders.figures, drawings)


def curves(looked: Sequence[Mapping[str, str]], run: Run) -> Curves:
    """What is drawn of one run, by quantity: pass and the values of all seeds.

    Args:
        looked: the rows of ``looks.csv``, of its one seed.
        run: its trainings.
    """
    passes = list(zip(*(each.passes for each in run.seeds.values()), strict=True))
    return {
        "codes": {int(row["pass"]): [float(row["codes_mean"])] for row in looked},
        "states": {int(row["pass"]): [float(row["states"])] for row in looked},
        "loss": {same[0].number: [each.loss for each in same] for same in passes},
        "test": {same[0].number: [each.test for each in same] for same in passes},
    }


def read_codes(folder: Path, name: str) -> NDArray[np.float64]:
    """The trained codes of one run, (10, 84)."""
    rows = [row for row in read_csv(folder / "codes.csv") if row["run"] == name]
    return np.array([[float(row[column]) for column in CODES[2:]] for row in rows])


def summary(runs: Mapping[str, Run], found: Mapping[str, Curves]) -> dict[str, Any]:
    """The content of ``collapse.json``: of each run the seeds, and each curve's ends."""
    result: dict[str, Any] = {
        name: {
            "seeds": len(runs[name].seeds),
            **{
                quantity: {
                    "first": _rounded(curve[min(curve)]),
                    "last": _rounded(curve[max(curve)]),
                }
                for quantity, curve in each.items()
            },
        }
        for name, each in found.items()
    }
    return result


def _rounded(values: Sequence[float]) -> dict[str, float]:
    """Mean and, of several seeds, the ends of its interval."""
    over = over_seeds(values, floor=0)
    parts = ("mean", "low", "high") if over.n > 1 else ("mean",)
    return {part: float(f"{getattr(over, part):.5g}") for part in parts}


def _cell(value: float) -> str:
    return significant(value) if isinstance(value, float) else str(value)


STUDY = Study(examine=examine, analyse=analyse)
