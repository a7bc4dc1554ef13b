"""The committed results that claims are judged by: files, never weights or patterns.

A file, or a run in it, that is not there raises `NotMeasured`, which names what makes it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from paper_lenet.base.files import believing, read_csv, read_json
from paper_lenet.results.trainings import MissingError, Run, read_study
from paper_lenet.studies.study import PAPER, Folders

Row = dict[str, str]
Made = TypeVar("Made")
PIPELINE = "reproduce"


class NotMeasured(Exception):  # noqa: N818 - it is an answer, not an error
    """What a claim needs has not been made; its text says how to make it."""


class Results:
    """What the pipeline and the studies wrote; each record of trainings is read once.

    A file is read by what makes something of its tree or of each row; if that fails, the file is
    not as it was written, which is a `FormatError`.

    Args:
        data: the folder ``data``.
        dataset: the name of the data set.
    """

    def __init__(self, data: Path, dataset: str = "mnist") -> None:
        self.data = data
        self.pipeline = data / "results" / dataset
        self._folders = Folders("claims", data, dataset)
        self._studies: dict[str, dict[str, Run]] = {}

    def tree(self, path: str, make: Callable[[Any], Made]) -> Made:
        """Of a JSON file of the pipeline, by its path in the data set's folder."""
        file = _existing(self.pipeline / path, PIPELINE)
        with believing(file):
            return make(read_json(file))

    def rows(self, path: str, make: Callable[[Row], Made]) -> list[Made]:
        """Of a CSV file of the pipeline, by its path in the data set's folder."""
        return _made(_existing(self.pipeline / path, PIPELINE), make)

    def measured(self, study: str, file: str, make: Callable[[Row], Made]) -> list[Made]:
        """Of a CSV file of what a study measured on its networks."""
        return _made(_existing(self._folders.trained(study) / file, study), make)

    def analysed(self, study: str, file: str, make: Callable[[Any], Made]) -> Made:
        """Of a JSON file that the analysis of a study wrote."""
        path = _existing(self._folders.results(study) / file, study)
        with believing(path):
            return make(read_json(path))

    def run(self, name: str) -> Run:
        """One run of a study, as in ``sizes/15000``."""
        study, run = name.split("/")
        target = PIPELINE if study == PAPER else study
        if study not in self._studies:
            try:
                self._studies[study] = read_study(self._folders.trained(study))
            except MissingError:
                raise NotMeasured(f"make {target}") from None
        if run not in self._studies[study]:
            raise NotMeasured(f"make {target}: the study has no run {run} yet")
        return self._studies[study][run]


def _made(path: Path, make: Callable[[Row], Made]) -> list[Made]:
    with believing(path):
        return [make(row) for row in read_csv(path)]


def _existing(path: Path, target: str) -> Path:
    if not path.is_file():
        raise NotMeasured(f"make {target}")
    return path
