"""The committed results that claims are judged by: files, never weights or patterns.

A file, or a run in it, that is not there raises `NotMeasured`, which names what makes it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from paper_lenet.base.files import read_csv

Row = dict[str, str]
PIPELINE = "reproduce"
# Of ``passes.csv``, each error's count and what it is counted of.
ERRORS = {"training": ("errors_on_the_fly", "patterns"), "test": ("test_errors", "test_patterns")}


class NotMeasured(Exception):  # noqa: N818 - it is an answer, not an error
    """What a claim needs has not been made; its text says how to make it."""


class Run(NamedTuple):
    """One run of a study: those of its seeds that trained, and how many diverged.

    Attributes:
        rows: its rows of ``runs.csv``, trained seeds only, by seed.
        diverged: number of seeds that diverged.
        passes: its rows of ``passes.csv`` by seed, trained seeds only, in order.
        misread: test index to answer, by seed.
    """

    rows: tuple[Row, ...]
    diverged: int
    passes: dict[int, list[Row]]
    misread: dict[int, dict[int, int]]

    def values(self, column: str) -> list[float]:
        """A column of ``runs.csv``, one number a seed."""
        return [float(row[column]) for row in self.rows if row[column]]

    def tests(self) -> dict[int, float]:
        """Test error after the last pass in percent, by seed."""
        return {
            int(row["seed"]): 100 * int(row["test_errors"]) / int(row["test_patterns"])
            for row in self.rows
        }

    def curve(self, error: str) -> list[list[float]]:
        """One of `ERRORS` in percent, for each seed and pass."""
        wrong, patterns = ERRORS[error]
        return [
            [100 * int(row[wrong]) / int(row[patterns]) for row in rows]
            for rows in self.passes.values()
        ]


def differences(one: Run, other: Run) -> list[float]:
    """Test error of `one` less that of `other`, in points, within each seed that both have."""
    first, second = one.tests(), other.tests()
    return [first[seed] - second[seed] for seed in first if seed in second]


class Results:
    """``data/results``: what the pipeline and the studies wrote.

    Args:
        folder: ``data/results``.
        name: of the data set.
    """

    def __init__(self, folder: Path, name: str = "mnist") -> None:
        self.folder, self.name = folder, name
        self._runs: dict[str, Run] = {}

    def tree(self, path: str) -> dict[str, Any]:
        """A JSON file of the pipeline, by its path in the data set's folder."""
        file = self._existing(self.folder / self.name / path, PIPELINE)
        tree: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        return tree

    def rows(self, path: str) -> list[Row]:
        """A CSV file of the pipeline, by its path in the data set's folder."""
        return read_csv(self._existing(self.folder / self.name / path, PIPELINE))

    def of_study(self, study: str, file: str) -> list[Row]:
        """A CSV file of a study."""
        return read_csv(self._existing(self.folder / "studies" / study / file, study))

    def run(self, name: str) -> Run:
        """One run of a study, as in ``sizes/15000``."""
        if name not in self._runs:
            self._runs[name] = self._read(*name.split("/"))
        return self._runs[name]

    def _read(self, study: str, name: str) -> Run:
        found = [row for row in self.of_study(study, "runs.csv") if row["run"] == name]
        if not found:
            raise NotMeasured(f"make {study}: the study has no run {name} yet")
        rows = tuple(row for row in found if row["outcome"] == "trained")
        passes, misread = (
            _by_seed(self.of_study(study, file), name, rows)
            for file in ("passes.csv", "misread.csv")
        )
        return Run(
            rows,
            len(found) - len(rows),
            {seed: sorted(mine, key=lambda row: int(row["pass"])) for seed, mine in passes.items()},
            {
                seed: {int(row["index"]): int(row["answer"]) for row in mine}
                for seed, mine in misread.items()
            },
        )

    def _existing(self, path: Path, target: str) -> Path:
        if not path.is_file():
            raise NotMeasured(f"make {target}")
        return path


def _by_seed(rows: Sequence[Row], run: str, trained: Sequence[Row]) -> dict[int, list[Row]]:
    """Those of `rows` that belong to a training of the run, by its seed."""
    result: dict[int, list[Row]] = {int(row["seed"]): [] for row in trained}
    for row in rows:
        if row["run"] == run and int(row["seed"]) in result:
            result[int(row["seed"])].append(row)
    return result
