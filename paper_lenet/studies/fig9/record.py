"""The record of the classifiers' trainings: what each gave, whom it misread, how it was chosen.

Always of the last pass, never of the best.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from paper_lenet.base.files import fixed, write_csv, write_json
from paper_lenet.paper.classifiers import ERROR_AFTER_REJECTION
from paper_lenet.results.answers import SOFTMAX, Answers
from paper_lenet.studies.fig9.classifier import Scored
from paper_lenet.studies.fig9.run import Run, State
from paper_lenet.studies.rejection import needed
from paper_lenet.training.timings import timings

RUNS = (
    *("classifier", "seed", "errors", "patterns", "operations", "variables"),
    *("rejected", "rejected_of_all"),
)
MISREAD = ("classifier", "seed", "index", "answer")
CHOICES = ("classifier", "setting", "value", "seed", "errors", "patterns")
PASSES = ("classifier", "seed", "pass", "errors_on_the_fly", "patterns", "test_errors")

Trained = tuple[Run, State]
Tried = tuple[str, str, Run, State]  # the setting, its value as it is written, and what came of it


def record(
    finals: Sequence[Trained], choices: Sequence[Tried], truth: NDArray[np.uint8], folder: Path
) -> None:
    """Write the record into `folder`, made if missing.

    - ``runs.csv``: a row for each training on all training patterns.
    - ``misread.csv``: each test pattern that one misread, and its answer.
    - ``passes.csv``: each pass of the networks.
    - ``choices.csv``: each candidate of a setting, on patterns kept apart.

    Args:
        finals: the trainings on all training patterns, classifier after classifier.
        choices: those of the candidates.
        truth: (M,), the classes of the test patterns.
        folder: for the files.
    """
    folder.mkdir(parents=True, exist_ok=True)
    judged = [answered(run, state, truth) for run, state in finals]
    write_csv(folder / "runs.csv", RUNS, map(_run, finals, judged))
    misread = [
        (run.name, run.seed, index, answer)
        for (run, _), each in zip(finals, judged, strict=True)
        for index, answer in each.misread.items()
    ]
    write_csv(folder / "misread.csv", MISREAD, misread)
    passes = [
        (run.name, run.seed, row.number, row.errors_on_the_fly, row.patterns, row.test_errors)
        for run, state in finals
        if run.kind.network
        for row in state.rows
    ]
    write_csv(folder / "passes.csv", PASSES, passes)
    tried = [
        (
            run.name,
            setting,
            value,
            run.seed,
            state.rows[-1].test_errors,
            state.rows[-1].test_patterns,
        )
        for setting, value, run, state in choices
    ]
    write_csv(folder / "choices.csv", CHOICES, tried)


def answered(run: Run, state: State, truth: NDArray[np.uint8]) -> Answers:
    """The answers of one training; a penalty is a score with the other sign."""
    return Answers(run.seed, truth.astype(np.int64), -_fitted(state).scores, SOFTMAX)


def _run(trained: Trained, answers: Answers) -> tuple[object, ...]:
    run, state = trained
    goal = ERROR_AFTER_REJECTION.value
    rejected = (fixed(needed(answers, goal, of_all), 2) for of_all in (False, True))
    fitted = _fitted(state)
    counts = answers.errors, len(answers.truth), fitted.operations, fitted.variables
    return run.name, run.seed, *counts, *rejected


def _fitted(state: State) -> Scored:
    assert state.fitted is not None  # it is finished
    return state.fitted


def write_timings(
    path: Path, finals: Sequence[Trained], tried: Sequence[Trained], seconds: float
) -> None:
    """Write the `timings` of the final trainings, what the candidates took, and means."""
    each: dict[str, dict[str, float]] = {}
    for run, state in finals:
        each.setdefault(run.name, {})[str(run.seed)] = state.seconds
    candidates = math.fsum(state.seconds for _, state in tried)
    tree = timings(each, seconds, candidates) | {
        "core_minutes_of_candidates": round(candidates / 60, 1),
        "threads_of_one_training": 1,
        "trainings": [
            {"classifier": name, "seconds": round(math.fsum(seeds.values()) / len(seeds), 3)}
            for name, seeds in each.items()
        ],
    }
    write_json(path, tree)
