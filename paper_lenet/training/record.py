"""The record of trainings: what they gave, in the order in which they were asked for.

All are the same bytes for the same trainings. Seconds go to a file of their own.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from paper_lenet.base.files import write_csv, write_json
from paper_lenet.network import weights
from paper_lenet.network.recipe import Recipe
from paper_lenet.training.job import Row
from paper_lenet.training.kind import Finished
from paper_lenet.training.measure import HEADING, measures
from paper_lenet.training.selection import Selection
from paper_lenet.training.timings import timings

RUNS = (
    "run",
    "seed",
    "outcome",
    "passes",
    "test_errors",
    "test_patterns",
    "on_the_fly_errors",
    "patterns",
    "errors_after",
    "smallest_step",
    "largest_step",
    *HEADING,
)
PASSES = ("run", *("pass" if name == "number" else name for name in Row._fields))


def record(
    recipes: Mapping[str, Recipe], trainings: Sequence[Finished], patterns: Selection, folder: Path
) -> None:
    """Write the record into `folder`, made if missing.

    - ``runs.csv``: a row for each training, with its last pass, the steps of pass 1 and what
      `measure` finds; cells are empty where there is no such layer or the training diverged.
    - ``passes.csv``: a row for each finished pass.
    - ``misread.csv``: the test patterns misread after the last pass, by index in the test set, or
      in what takes its place.
    - ``failures.csv``: the trainings that diverged.
    - ``recipes.json``: the recipe of each run. ``weights.json``: run, seed, `weights.digest`.

    Args:
        recipes: of each run, by its name.
        trainings: of those recipes.
        patterns: on which they were trained and tested.
        folder: for the files.

    Example:
        >>> from paper_lenet.training.behaviour import brief, made
        >>> from paper_lenet.training.job import Job
        >>> from paper_lenet.training.train import train
        >>> made(96).save(Path("train.safetensors"))
        >>> made(32, 96).save(Path("test.safetensors"))
        >>> job = Job("brief", brief(Recipe()), 0, "engine")
        >>> trainings, patterns = train([job], Path(), Path("trainings"))
        >>> record({"brief": job.recipe}, trainings, patterns, Path("record"))
        >>> (Path("record") / "passes.csv").read_text().count("brief,0,")  # a row for each pass
        5
    """
    write_csv(folder / "runs.csv", RUNS, [_run(one, patterns) for one in trainings])
    passes = [(one.job.name, *map(_cell, row)) for one in trainings for row in one.state.rows]
    write_csv(folder / "passes.csv", PASSES, passes)
    misread = [row for one in trainings for row in _misread(one, patterns)]
    write_csv(folder / "misread.csv", ("run", "seed", "index", "truth", "answer"), misread)
    failures = [
        (one.job.name, one.job.seed, len(one.state.rows) + 1, one.ending.message)
        for one in trainings
        if not one.trained
    ]
    write_csv(folder / "failures.csv", ("run", "seed", "pass", "message"), failures)
    # An infinite j is no number of JSON; it is written as YAML has it.
    trees = {name: _finite(dataclasses.asdict(recipe)) for name, recipe in recipes.items()}
    write_json(folder / "recipes.json", trees)
    digests: dict[str, dict[str, str]] = {name: {} for name in recipes}
    for one in trainings:
        if one.trained:
            digests[one.job.name][str(one.job.seed)] = weights.digest(one.state.parameters)
    write_json(folder / "weights.json", digests)


def write_timings(path: Path, trainings: Sequence[Finished], wall: float) -> None:
    """Write the `timings` of these trainings, and of this run by the clock.

    Example:
        >>> from paper_lenet.base.files import read_json
        >>> from paper_lenet.training.job import Job, beginning
        >>> from paper_lenet.training.kind import TRAINED, Ending
        >>> job = Job("paper", Recipe(), 0, "engine")
        >>> state = beginning(job)._replace(seconds=(60.0, 66.0))
        >>> ending = Ending(TRAINED, np.zeros(0, np.uint8))
        >>> write_timings(Path("timings.json"), [Finished(job, state, ending)], wall=70.0)
        >>> read_json(Path("timings.json"))["core_minutes"]
        2.1
    """
    seconds: dict[str, dict[str, float]] = {}
    for one in trainings:
        seconds.setdefault(one.job.name, {})[str(one.job.seed)] = math.fsum(one.state.seconds)
    write_json(path, timings(seconds, wall))


def _run(one: Finished, patterns: Selection) -> list[str]:
    start = [one.job.name, str(one.job.seed), one.ending.outcome, str(len(one.state.rows))]
    if not one.trained:
        return start + [""] * (len(RUNS) - len(start))
    first, last = one.state.rows[0], one.state.rows[-1]
    found = measures(one, patterns(one.job.recipe))
    values = (
        last.test_errors,
        last.test_patterns,
        last.errors_on_the_fly,
        last.patterns,
        last.errors_after_pass,
        first.smallest_step,
        first.largest_step,
        *(found.get(name) for name in HEADING),
    )
    return start + [_cell(value) for value in values]


def _misread(one: Finished, patterns: Selection) -> list[tuple[str, int, int, int, int]]:
    if not one.trained:
        return []
    truth, answers = patterns(one.job.recipe).test.labels, one.ending.answers
    return [
        (one.job.name, one.job.seed, int(index), int(truth[index]), int(answers[index]))
        for index in np.flatnonzero(answers != truth)
    ]


def _cell(value: float | None) -> str:
    return "" if value is None else f"{value:.9g}"


def _finite(tree: Any) -> Any:
    if isinstance(tree, dict):
        return {key: _finite(value) for key, value in tree.items()}
    return ".inf" if tree == float("inf") else tree
