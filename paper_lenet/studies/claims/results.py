"""The committed results that claims are judged by: files, never weights or patterns.

A file, or a run in it, that is not there raises `NotMeasured`, which names what makes it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from paper_lenet.base.files import read_csv, read_json
from paper_lenet.results.trainings import MissingError, Run, read_study
from paper_lenet.studies.study import PAPER, Folders

Row = dict[str, str]
PIPELINE = "reproduce"


class NotMeasured(Exception):  # noqa: N818 - it is an answer, not an error
    """What a claim needs has not been made; its text says how to make it."""


class Results:
    """What the pipeline and the studies wrote; each record of trainings is read once.

    Args:
        data: the folder ``data``.
        dataset: the name of the data set.
    """

    def __init__(self, data: Path, dataset: str = "mnist") -> None:
        self.data = data
        self.pipeline = data / "results" / dataset
        self._folders = Folders("claims", data, dataset)
        self._studies: dict[str, dict[str, Run]] = {}

    def tree(self, path: str) -> dict[str, Any]:
        """A JSON file of the pipeline, by its path in the data set's folder."""
        file = _existing(self.pipeline / path, PIPELINE)
        tree: dict[str, Any] = read_json(file)
        return tree

    def rows(self, path: str) -> list[Row]:
        """A CSV file of the pipeline, by its path in the data set's folder."""
        return read_csv(_existing(self.pipeline / path, PIPELINE))

    def measured(self, study: str, file: str) -> list[Row]:
        """A CSV file of what a study measured on its networks."""
        return read_csv(_existing(self._folders.trained(study) / file, study))

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


def _existing(path: Path, target: str) -> Path:
    if not path.is_file():
        raise NotMeasured(f"make {target}")
    return path
