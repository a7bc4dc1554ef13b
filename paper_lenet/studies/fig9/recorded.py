"""What stands here by its record: LeNet-5, and a network that tutorials call so.

LeNet-5 is trained by the pipeline and by the study ``distortions``, tutorials by the study
``tutorials``, whose record counts the errors and does not say which they are.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from paper_lenet.base.declared import Declared, Name
from paper_lenet.base.errors import expect, listed
from paper_lenet.base.files import believing, read_csv, read_json
from paper_lenet.results.trainings import read_study
from paper_lenet.studies.costs import counts
from paper_lenet.studies.study import PAPER, Folders
from paper_lenet.studies.tutorials.initial import parameters
from paper_lenet.studies.tutorials.layers import Layer, shapes
from paper_lenet.studies.tutorials.spec import read_tutorials

TUTORIALS = "tutorials"


class Recorded(NamedTuple):
    """One recorded training.

    Attributes:
        errors: test patterns misread.
        patterns: out of so many.
        misread: answer by index of each, empty if the record has them not.
        operations: multiply-accumulates to classify one pattern.
        variables: numbers stored.
    """

    errors: int
    patterns: int
    misread: dict[int, int]
    operations: int
    variables: int


@dataclass(frozen=True)
class Settings(Declared):
    """Where it is recorded.

    Attributes:
        study: the study, or ``paper`` for the pipeline.
        run: one of its runs, or tutorials.
    """

    study: Name
    run: Name


def trainings(settings: Settings, folders: Folders) -> dict[int, Recorded]:
    """The trainings by seed.

    Raises:
        FormatError: the record is not as it was written.
        RecipeError: there is no such run in it.
        TableError: there is no such record, or it is not whole.
    """
    if settings.study == TUTORIALS:
        return _tutorials(settings.run, folders)
    runs = read_study(folders.trained(settings.study))
    expect(settings.run in runs, settings.run, f"one of {listed(runs)}", "settings.run")
    found = counts()
    cost = found["connections"], found["parameters"]
    return {
        seed: Recorded(len(each.misread), each.last.test_patterns, each.misread, *cost)
        for seed, each in runs[settings.run].seeds.items()
    }


def _tutorials(name: str, folders: Folders) -> dict[int, Recorded]:
    tutorials = read_tutorials(folders.grid(TUTORIALS)).tutorials
    expect(name in tutorials, name, f"one of {listed(tutorials)}", "settings.run")
    tutorial = tutorials[name]
    cost = operations(tutorial.inputs.side, tutorial.layers), parameters(tutorial)
    path = folders.trained(TUTORIALS) / "runs.csv"
    with believing(path):
        return {
            int(row["seed"]): Recorded(
                int(row["test_errors"]), int(row["test_patterns"]), {}, *cost
            )
            for row in read_csv(path)
            if row["tutorial"] == name
        }


def operations(side: int, layers: Sequence[Layer]) -> int:
    """Multiply-accumulates of a tutorial's network for one pattern: a weight or a bias each."""
    total, before = 0, shapes(side, layers)
    for layer, below, shape in zip(layers, before[:-1], before[1:], strict=True):
        if layer.layer == "conv":
            total += shape.states * (layer.kernel**2 * below.maps + 1)
        elif layer.layer == "dense":
            total += shape.states * (below.states + 1)
    return total


def seconds(settings: Settings, folders: Folders) -> float:
    """Of one training, mean over the seeds.

    Raises:
        FormatError: the file of seconds is not as it was written.
    """
    timings, study = folders.data / "timings", settings.study
    mine = f"{folders.dataset}/{PAPER}/train" if study == PAPER else f"studies/{study}"
    path = timings / f"{mine}.json"
    with believing(path):
        tree: dict[str, Any] = read_json(path)
        if study == TUTORIALS:
            each = {row["tutorial"]: float(row["seconds"]) for row in tree["trainings"]}
            return each[settings.run]
        took = [float(one) for one in tree["seconds"][settings.run].values()]
        return math.fsum(took) / len(took)
