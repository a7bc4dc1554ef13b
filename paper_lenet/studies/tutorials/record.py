"""The record of the tutorials' trainings: what they gave, and what their networks misread.

Always of the last pass, never of the best. Training errors are on the fly, with dropout and with
weights that still change, as the authors' frameworks report them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np

from paper_lenet.base.files import significant, write_csv, write_json
from paper_lenet.digits.mnist import load
from paper_lenet.results.answers import SOFTMAX, Answers
from paper_lenet.results.confusion import write_classes
from paper_lenet.studies.tutorials.initial import parameters
from paper_lenet.studies.tutorials.misread import write_misread
from paper_lenet.studies.tutorials.runs import Run
from paper_lenet.studies.tutorials.train import PassRow, TrainingState
from paper_lenet.training.timings import timings

Trained = tuple[Run, TrainingState]
LEAST = np.float32(1e-38)  # a softmax of zero has no logarithm
COUNTS = (
    "loss",
    "errors_on_the_fly",
    "patterns",
    "validation_loss",
    "validation_errors",
    "validation_patterns",
    "test_errors",
    "test_patterns",
)
RUNS = ("tutorial", "seed", "passes", "parameters", *COUNTS)
PASSES = ("tutorial", "seed", "pass", "rate", *COUNTS)


def record(
    trainings: Sequence[Trained], raw: Path, classes: Mapping[str, Sequence[str]], folder: Path
) -> None:
    """Write the record into `folder`, made if missing.

    - ``runs.csv``: a row for each training, with its last pass. ``passes.csv``: for each pass.
    - ``classes-NAME.csv`` of tutorials that ask for it: each class over the seeds.
    - what `misread` writes of tutorials that ask for it.

    Args:
        trainings: finished, tutorial after tutorial.
        raw: folder of the data sets' folders.
        classes: the names of each data set's classes.
        folder: for the files.
    """
    folder.mkdir(parents=True, exist_ok=True)
    write_csv(folder / "runs.csv", RUNS, map(_run, trainings))
    rows = [
        (run.name, run.seed, row.number, significant(row.rate, 9), *_counts(row))
        for run, state in trainings
        for row in state.rows
    ]
    write_csv(folder / "passes.csv", PASSES, rows)
    for name, group in groupby(trainings, lambda each: each[0].name):
        mine = list(group)
        tutorial = mine[0][0].tutorial
        if tutorial.by_class or tutorial.mistakes:
            data = tutorial.inputs.data
            training, test = load(raw / data)
            networks = [_judged(run, state, test.labels.astype(np.int64)) for run, state in mine]
            if tutorial.by_class:
                write_classes(folder / f"classes-{name}.csv", networks)
            if tutorial.mistakes:
                write_misread(folder, name, networks, training, test, classes[data])


def _run(training: Trained) -> tuple[object, ...]:
    run, state = training
    counts = _counts(state.rows[-1])
    return run.name, run.seed, len(state.rows), parameters(run.tutorial), *counts


def _counts(row: PassRow) -> tuple[object, ...]:
    """The columns `COUNTS`; those of validation are empty where nothing was kept apart."""
    validation: tuple[object, ...] = ("", "", "")
    if row.validation_patterns:
        loss = significant(row.validation_loss, 9)
        validation = loss, row.validation_errors, row.validation_patterns
    training = significant(row.loss, 9), row.errors_on_the_fly, row.patterns
    return *training, *validation, row.test_errors, row.test_patterns


def _judged(run: Run, state: TrainingState, truth: Any) -> Answers:
    assert state.test is not None  # a finished training has had a pass
    return Answers(run.seed, truth, -np.log(np.maximum(state.test, LEAST)), SOFTMAX)


def write_timings(path: Path, trainings: Sequence[Trained], seconds: float) -> None:
    """Write the `timings` of the tutorials, with the seconds of every pass, and means."""
    passes: dict[str, dict[str, list[float]]] = {}
    for run, state in trainings:
        mine = [round(row.seconds, 3) for row in state.rows]
        passes.setdefault(run.name, {})[str(run.seed)] = mine
    sums = {
        name: {seed: math.fsum(each) for seed, each in seeds.items()}
        for name, seeds in passes.items()
    }
    tree = timings(sums, seconds) | {
        "threads_of_one_training": 1,
        "trainings": [_training(name, list(seeds.values())) for name, seeds in passes.items()],
        "seconds_per_pass": passes,
    }
    write_json(path, tree)


def _training(name: str, seeds: Sequence[Sequence[float]]) -> dict[str, str | float]:
    """Means over the seeds of one tutorial, given the seconds of every pass."""
    passes, seconds = sum(map(len, seeds)), math.fsum(map(math.fsum, seeds))
    return {
        "tutorial": name,
        "passes": round(passes / len(seeds), 3),
        "seconds_per_pass": round(seconds / passes, 3),
        "seconds": round(seconds / len(seeds), 3),
    }
