"""The report: what the tutorials' networks do, over seeds, beside what their authors print.

Always of the last pass, never of the best. Training errors are on the fly, with dropout and with
weights that still change, as the authors' frameworks report them.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np

from paper_lenet.base.files import fixed, significant, write_csv, write_json
from paper_lenet.base.machine import environment
from paper_lenet.base.statistics import over_seeds, wilson_percent
from paper_lenet.digits.download import load
from paper_lenet.network.recipe import Loss
from paper_lenet.results.answers import Answers
from paper_lenet.results.confusion import write_classes
from paper_lenet.studies.tutorials.initial import parameters
from paper_lenet.studies.tutorials.misread import write_misread
from paper_lenet.studies.tutorials.runs import Run
from paper_lenet.studies.tutorials.spec import FIGURES, Tutorial
from paper_lenet.studies.tutorials.train import PassRow, TrainingState

Trained = tuple[Run, TrainingState]
SOFTMAX = Loss(equation=9, j=math.inf)  # whose confidence is the softmax
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
STATISTICS = ("mean", "sd", "low", "high", "run_low", "run_high")


def report(
    trainings: Sequence[Trained],
    raw: Path,
    classes: Mapping[str, Sequence[str]],
    results: Path,
    figures: Path,
) -> None:
    """Write all tables and figures.

    Args:
        trainings: finished, tutorial after tutorial.
        raw: folder of the data sets' folders.
        classes: the names of each data set's classes.
        results: folder for ``runs.csv``, ``passes.csv``, ``summary.csv``, ``summary.json``, and of
            tutorials that ask for them ``classes-NAME.csv``, ``mistakes-NAME.csv`` and
            ``pairs-NAME.csv``.
        figures: folder for ``mistakes-NAME-light.svg`` and so on.
    """
    results.mkdir(parents=True, exist_ok=True)
    heading = ("tutorial", "seed", "passes", "parameters", *COUNTS)
    write_csv(results / "runs.csv", heading, map(_run, trainings))
    rows = [
        (run.name, run.seed, row.number, significant(row.rate, 9), *_counts(row))
        for run, state in trainings
        for row in state.rows
    ]
    write_csv(results / "passes.csv", ("tutorial", "seed", "pass", "rate", *COUNTS), rows)
    tree = {}
    for name, group in groupby(trainings, lambda each: each[0].name):
        mine = list(group)
        tutorial = mine[0][0].tutorial
        tree[name] = summary(tutorial, [state for _, state in mine])
        if tutorial.by_class or tutorial.mistakes:
            data = tutorial.inputs.data
            training, test = load(raw / data)
            networks = [_judged(run, state, test.labels.astype(np.int64)) for run, state in mine]
            if tutorial.by_class:
                write_classes(results / f"classes-{name}.csv", networks)
            if tutorial.mistakes:
                write_misread(name, networks, training, test, classes[data], results, figures)
    write_json(results / "summary.json", tree)
    flat = [{"tutorial": name, **_flat(part)} for name, part in tree.items()]
    lines = [["" if value is None else value for value in row.values()] for row in flat]
    write_csv(results / "summary.csv", list(flat[0]), lines)


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


def summary(tutorial: Tutorial, states: Sequence[TrainingState]) -> dict[str, Any]:
    """Errors in percent over the seeds, with intervals, and the author's.

    Of each of training (on the fly), validation and test: mean, standard deviation, t interval of
    the mean, and that of one further run, in which one author's single run would lie; ``author`` is
    100 less the accuracy that its author prints. Of the test also Wilson's interval.
    """
    rows = [state.rows[-1] for state in states]
    counts = {
        "training": [(row.errors_on_the_fly, row.patterns) for row in rows],
        "validation": [(row.validation_errors, row.validation_patterns) for row in rows],
        "test": [(row.test_errors, row.test_patterns) for row in rows],
    }
    passes = [len(state.rows) for state in states]
    result: dict[str, Any] = {
        "data": tutorial.inputs.data,
        "parameters": parameters(tutorial),
        "seeds": len(states),
        "passes_least": min(passes),
        "passes_greatest": max(passes),
        "test_patterns": rows[0].test_patterns,
    }
    for name in FIGURES:
        result[name] = _figure(counts[name])
        printed = tutorial.printed.get(name)
        result[name]["author"] = None if printed is None else round(100 - printed, 6)
    mean = math.fsum(100 * row.test_errors / row.test_patterns for row in rows) / len(rows)
    low, high = wilson_percent(mean, rows[0].test_patterns)
    result["test"] |= {"wilson_low": round(low, 6), "wilson_high": round(high, 6)}
    return result


def _figure(counts: Sequence[tuple[int, int]]) -> dict[str, float | None]:
    """The statistics of an error in percent; all `None` if nothing was judged."""
    if not counts[0][1]:
        return dict.fromkeys(STATISTICS)
    found = over_seeds([100 * errors / patterns for errors, patterns in counts])
    values = {name: getattr(found, name) for name in STATISTICS}
    return {name: None if math.isnan(part) else round(part, 6) for name, part in values.items()}


def _flat(tree: Mapping[str, Any]) -> dict[str, object]:
    """Nested keys joined by underscores, numbers with six decimals."""
    result: dict[str, object] = {}
    for key, value in tree.items():
        if isinstance(value, dict):
            result |= {f"{key}_{inner}": part for inner, part in _flat(value).items()}
        else:
            result[key] = fixed(value, 6) if isinstance(value, float) else value
    return result


def write_timings(path: Path, trainings: Sequence[Trained], seconds: float) -> None:
    """Seconds of every pass by tutorial and seed, of this run by the clock, and the machine."""
    each: dict[str, dict[str, list[float]]] = {}
    for run, state in trainings:
        each.setdefault(run.name, {})[str(run.seed)] = [round(row.seconds, 3) for row in state.rows]
    tree = {
        "seconds_of_this_run": round(seconds, 3),
        "threads_of_one_training": 1,
        "trainings": [_training(name, list(seeds.values())) for name, seeds in each.items()],
        "seconds_per_pass": each,
        "environment": environment(),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(tree, indent=2) + "\n", encoding="utf-8")


def _training(name: str, seeds: Sequence[Sequence[float]]) -> dict[str, str | float]:
    """Means over the seeds of one tutorial, given the seconds of every pass."""
    passes, seconds = sum(map(len, seeds)), math.fsum(map(math.fsum, seeds))
    return {
        "tutorial": name,
        "passes": round(passes / len(seeds), 3),
        "seconds_per_pass": round(seconds / passes, 3),
        "seconds": round(seconds / len(seeds), 3),
    }
