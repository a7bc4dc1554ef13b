"""The record of Fig. 9's classifiers, read as plain tuples: what its analysis starts from.

``runs.csv`` has a row for each training, ``misread.csv`` for each test pattern that it misreads,
``choices.csv`` for each candidate of an open setting, judged on patterns kept apart.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from paper_lenet.base.files import believing, read_csv, read_json
from paper_lenet.base.statistics import Interval, Summary, over_seeds, wilson_percent
from paper_lenet.network.architecture import CLASSES
from paper_lenet.results.trainings import MissingError
from paper_lenet.studies.fig9 import recorded, spec
from paper_lenet.studies.study import Folders

Row = dict[str, str]


class Trial(NamedTuple):
    """One training of a classifier.

    Attributes:
        errors: test patterns misread.
        patterns: out of so many.
        operations: multiply-accumulates to classify one pattern.
        variables: numbers stored.
        rejected: test patterns to reject for the paper's error on the accepted ones, in percent.
        rejected_of_all: the same for that error on all.
        misread: answer by index of each test pattern that is misread.
    """

    errors: int
    patterns: int
    operations: int
    variables: int
    rejected: float
    rejected_of_all: float
    misread: dict[int, int]


class Trials(NamedTuple):
    """All trainings of one classifier, and what came of them.

    Attributes:
        classifier: what it is.
        reading: 1 for the first classifier of its bar in the file, 2 for the next; 0 without a bar.
        seeds: its trainings by seed, one or more.
        seconds: of one training on one core, mean over the seeds; NaN if they were not taken.
    """

    classifier: spec.Classifier
    reading: int
    seeds: dict[int, Trial]
    seconds: float

    @property
    def first(self) -> Trial:
        """The training with the smallest seed."""
        return self.seeds[min(self.seeds)]

    @property
    def patterns(self) -> int:
        """How many test patterns there are."""
        return self.first.patterns

    @property
    def errors(self) -> list[float]:
        """The test error in percent, by seed."""
        return [100 * fit.errors / fit.patterns for _, fit in sorted(self.seeds.items())]

    @property
    def error(self) -> Summary:
        """The test error in percent over the seeds."""
        return over_seeds(self.errors, floor=0)

    @property
    def interval(self) -> Interval:
        """Of the mean error over the seeds; of one training Wilson's, for other test patterns."""
        found = self.error
        if found.n == 1:
            return wilson_percent(found.mean, self.patterns)
        return Interval(found.low, found.high)

    @property
    def told(self) -> bool:
        """Whether the record says which patterns are misread, and not how many alone."""
        return all(len(trial.misread) == trial.errors for trial in self.seeds.values())

    def mean(self, column: str) -> Summary:
        """A column of `Trial` that is a number, over the seeds."""
        return over_seeds([getattr(fit, column) for fit in self.seeds.values()], floor=0)


class Choice(NamedTuple):
    """One candidate of an open setting, with one seed, on patterns kept apart."""

    classifier: str
    setting: str
    value: str
    seed: int
    errors: int
    patterns: int


def outcomes(folders: Folders) -> dict[str, Trials]:
    """The classifiers that were trained, by name, in the order of the file of classifiers.

    Raises:
        FormatError: the record, or the file of seconds, is not as it was written.
        TableError: a file of them is missing.
        RecipeError: the file of classifiers is wrong.
    """
    classifiers = spec.read(folders.grid()).classifiers
    record = folders.trained()
    misread = _misread(record / "misread.csv")
    found = _fits(record / "runs.csv", misread)
    seconds = _seconds(folders.data / "timings" / "studies" / f"{folders.name}.json")
    with believing(record / "runs.csv"):
        if found.keys() - classifiers.keys():
            raise ValueError(f"unknown: {', '.join(found.keys() - classifiers.keys())}")
    for name, classifier in classifiers.items():
        if classifier.recorded:
            found[name] = _recorded(classifier.settings, folders)
            seconds[name] = recorded.seconds(classifier.settings, folders)
    result, readings = {}, Counter[str]()
    for name, classifier in classifiers.items():
        readings[classifier.bar] += bool(classifier.bar)
        if name in found:
            reading = readings[classifier.bar]
            result[name] = Trials(classifier, reading, found[name], seconds.get(name, math.nan))
    return result


def _recorded(settings: recorded.Settings, folders: Folders) -> dict[int, Trial]:
    """Recorded trainings; of none does Fig. 10 have a bar."""
    return {
        seed: Trial(
            *(each.errors, each.patterns, each.operations, each.variables),
            *(math.nan, math.nan, each.misread),
        )
        for seed, each in recorded.trainings(settings, folders).items()
    }


def choices(folders: Folders) -> list[Choice]:
    """The candidates that were tried, in the order of the record.

    Raises:
        FormatError: they are not as they were written.
        TableError: the file is missing.
    """
    path = folders.trained() / "choices.csv"
    with believing(path):
        return [_choice(row) for row in _rows(path)]


def _choice(row: Row) -> Choice:
    seed, errors, patterns = (int(row[name]) for name in ("seed", "errors", "patterns"))
    if not 0 <= errors <= patterns or not patterns:
        raise ValueError(f"{errors} errors of {patterns} patterns")
    return Choice(row["classifier"], row["setting"], row["value"], seed, errors, patterns)


def _rows(path: Path) -> list[Row]:
    try:
        return read_csv(path)
    except FileNotFoundError:
        raise MissingError(f"{path}: there is no such file; train the study first") from None


def _fits(
    path: Path, misread: dict[tuple[str, int], dict[int, int]]
) -> dict[str, dict[int, Trial]]:
    """The trainings by classifier and seed; each has as many misread patterns as errors."""
    result: dict[str, dict[int, Trial]] = {}
    with believing(path):
        for row in _rows(path):
            name, seed = row["classifier"], int(row["seed"])
            fit = _fit(row, misread.pop((name, seed), {}))
            if seed in result.setdefault(name, {}):
                raise ValueError(f"{name}, seed {seed}: named twice")
            if len(fit.misread) != fit.errors or max(fit.misread, default=0) >= fit.patterns:
                raise ValueError(f"{name}, seed {seed}: errors do not add up")
            result[name][seed] = fit
        if len({fit.patterns for seeds in result.values() for fit in seeds.values()}) != 1:
            raise ValueError("not all have the same test patterns, or nothing was trained")
        for name, seed in misread:
            raise ValueError(f"{name}, seed {seed}: there is no such training")
    return result


def _fit(row: Row, misread: dict[int, int]) -> Trial:
    errors, patterns = int(row["errors"]), int(row["patterns"])
    counts = int(row["operations"]), int(row["variables"])
    return Trial(
        errors, patterns, *counts, float(row["rejected"]), float(row["rejected_of_all"]), misread
    )


def _misread(path: Path) -> dict[tuple[str, int], dict[int, int]]:
    result: dict[tuple[str, int], dict[int, int]] = {}
    with believing(path):
        for row in _rows(path):
            index, answer = int(row["index"]), int(row["answer"])
            if index < 0 or not 0 <= answer < CLASSES:
                raise ValueError(f"pattern {index} is not misread as {answer}")
            result.setdefault((row["classifier"], int(row["seed"])), {})[index] = answer
    return result


def _seconds(path: Path) -> dict[str, float]:
    try:
        tree = read_json(path)
    except FileNotFoundError:
        raise MissingError(f"{path}: there is no such file; train the study first") from None
    with believing(path):
        rows: Sequence[dict[str, str]] = tree["trainings"]
        return {row["classifier"]: float(row["seconds"]) for row in rows}
