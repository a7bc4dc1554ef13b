"""LeNet-5 among the classifiers: what the pipeline and other studies have trained and recorded.

It is trained once, and stands here by its record. The paper's other bars are `kinds` of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from paper_lenet.base.declared import Declared, Name
from paper_lenet.base.files import believing, read_json
from paper_lenet.results.trainings import MissingError, Training, read_study
from paper_lenet.studies.costs import counts
from paper_lenet.studies.study import PAPER, Folders


@dataclass(frozen=True)
class Settings(Declared):
    """Where it is recorded.

    Attributes:
        study: the study, or ``paper`` for the pipeline.
        run: one of its runs.
    """

    study: Name
    run: Name


def trainings(settings: Settings, folders: Folders) -> dict[int, Training]:
    """The trained networks by seed.

    Raises:
        TableError: there is no such record or no such run in it, or it is not whole.
    """
    folder = folders.trained(settings.study)
    runs = read_study(folder)
    if settings.run not in runs:
        raise MissingError(f"{folder}: there is no run {settings.run!r}")
    return runs[settings.run].seeds


def seconds(settings: Settings, folders: Folders) -> float:
    """Of one training, mean over the seeds.

    Raises:
        FormatError: the file of seconds is not as it was written.
    """
    timings, study = folders.data / "timings", settings.study
    mine = f"{folders.dataset}/{PAPER}/train" if study == PAPER else f"studies/{study}"
    path = timings / f"{mine}.json"
    with believing(path):
        each: dict[str, Any] = read_json(path)["seconds"][settings.run]
        return sum(map(float, each.values())) / len(each)


def cost() -> tuple[int, int]:
    """Multiply-accumulates and stored variables of LeNet-5, as `studies.costs` counts them."""
    found = counts()
    return found["connections"], found["parameters"]
