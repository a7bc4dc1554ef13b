"""The committed files of a study, read as plain tuples: what every analysis starts from.

A run that diverged has no result and is counted apart. Nothing is chosen: results are those after
the last pass.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from paper_lenet.base.files import read_csv

HALF = 50.0  # percent of the test patterns: a network that misreads more has collapsed


class TableError(ValueError):
    """A study's files are missing or not a whole record."""


class Training(NamedTuple):
    """One trained network of a run.

    Attributes:
        test_errors: misread test patterns after the last pass.
        test_patterns: out of so many.
        patterns: training patterns shown in a pass.
        after: training patterns misread after the last pass.
        smallest_step: the smallest epsilon_k of the first pass.
        largest_step: the largest one.
        on_the_fly: training error in percent, each pattern judged before its update, by pass.
        tests: test error in percent, by pass.
        misread: answer by index of the misread test pattern; empty if they were not recorded.
    """

    test_errors: int
    test_patterns: int
    patterns: int
    after: int
    smallest_step: float
    largest_step: float
    on_the_fly: tuple[float, ...]
    tests: tuple[float, ...]
    misread: dict[int, int]

    @property
    def test(self) -> float:
        """Test error in percent."""
        return 100 * self.test_errors / self.test_patterns


class Run(NamedTuple):
    """All trainings of one recipe.

    Attributes:
        seeds: the trained networks by seed, in increasing order.
        diverged: how many trainings diverged.
        recipe: the whole recipe as a tree.
    """

    seeds: dict[int, Training]
    diverged: int
    recipe: dict[str, Any]

    def values(self, quantity: Callable[[Training], float]) -> list[float]:
        """`quantity` of each trained network."""
        return [quantity(training) for training in self.seeds.values()]

    @property
    def tests(self) -> dict[int, float]:
        """Test errors in percent, by seed."""
        return {seed: training.test for seed, training in self.seeds.items()}

    @property
    def collapsed(self) -> int:
        """Trainings that ended, but misread more than half of the test patterns."""
        return sum(training.test > HALF for training in self.seeds.values())


def read_study(folder: Path) -> dict[str, Run]:
    """The runs of the study in `folder`, in the order of its grid.

    Raises:
        TableError: a file is missing, or has not what belongs together.
    """
    try:
        recipes = json.loads((folder / "recipes.json").read_text(encoding="utf-8"))
        rows = read_csv(folder / "runs.csv")
        curves = _curves(read_csv(folder / "passes.csv"))
        misread = _misread(read_csv(folder / "misread.csv"))
        result = {row["run"]: Run({}, 0, recipes[row["run"]]) for row in rows}
        for row in rows:
            name, seed = row["run"], int(row["seed"])
            if row["outcome"] == "diverged":
                result[name] = result[name]._replace(diverged=result[name].diverged + 1)
            else:
                key = name, seed
                result[name].seeds[seed] = _training(row, curves[key], misread.get(key, {}))
    except FileNotFoundError as error:
        raise TableError(f"{error.filename}: there is no such file; run the study first") from None
    except (KeyError, TypeError, ValueError) as error:
        raise TableError(f"{folder}: not the files of a study ({error!r})") from None
    return result


Curve = list[tuple[float, float]]


def _training(row: dict[str, str], curve: Curve, misread: dict[int, int]) -> Training:
    if len(misread) != int(row["test_errors"]):
        raise ValueError(f"{row['run']}, seed {row['seed']}: errors do not add up")
    return Training(
        int(row["test_errors"]),
        int(row["test_patterns"]),
        int(row["patterns"]),
        int(row["errors_after"]),
        float(row["smallest_step"]),
        float(row["largest_step"]),
        tuple(training for training, _ in curve),
        tuple(test for _, test in curve),
        misread,
    )


def _curves(rows: list[dict[str, str]]) -> dict[tuple[str, int], Curve]:
    """Training error on the fly and test error of each pass, in percent."""
    result: dict[tuple[str, int], Curve] = {}
    for row in rows:
        curve = result.setdefault((row["run"], int(row["seed"])), [])
        if int(row["pass"]) != len(curve) + 1:
            raise ValueError(f"{row['run']}, seed {row['seed']}: pass {row['pass']} is out of turn")
        training = 100 * int(row["errors_on_the_fly"]) / int(row["patterns"])
        curve.append((training, 100 * int(row["test_errors"]) / int(row["test_patterns"])))
    return result


def _misread(rows: list[dict[str, str]]) -> dict[tuple[str, int], dict[int, int]]:
    result: dict[tuple[str, int], dict[int, int]] = {}
    for row in rows:
        key = row["run"], int(row["seed"])
        result.setdefault(key, {})[int(row["index"])] = int(row["answer"])
    return result
