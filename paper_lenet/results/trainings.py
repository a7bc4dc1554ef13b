"""The record of trainings, read as plain tuples: what every analysis starts from.

Stage ``train`` of the pipeline and of each study writes the same files; they are described in
`paper_lenet.training.record`. A training that diverged has no result and is counted apart. Nothing
is chosen: results are those after the last pass.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from paper_lenet.base.errors import PaperLenetError
from paper_lenet.base.files import read_csv, read_json
from paper_lenet.base.statistics import Summary, over_seeds
from paper_lenet.base.words import several
from paper_lenet.network.architecture import CLASSES

HALF = 50.0  # percent of the test patterns: a network that misreads more has collapsed
# Columns of ``runs.csv`` that say of a training what its passes say too; after them comes what was
# measured on the trained network.
SUMMED = (
    *("test_errors", "test_patterns", "on_the_fly_errors", "patterns"),
    *("errors_after", "smallest_step", "largest_step"),
)
NAMED = ("run", "seed", "outcome", "passes")


class TableError(PaperLenetError, ValueError):
    """The files of trainings are missing or not a whole record.

    Example:
        >>> Path("spoilt").mkdir()
        >>> (Path("spoilt") / "recipes.json").touch()
        >>> read_study(Path("spoilt"))  # doctest: +ELLIPSIS
        Traceback (most recent call last):
            ...
        paper_lenet.results.trainings.TableError: spoilt: not a record of trainings ...
    """


class MissingError(TableError):
    """A file is missing: the trainings have not been made.

    Example:
        >>> read_study(Path("none"))  # doctest: +ELLIPSIS
        Traceback (most recent call last):
            ...
        paper_lenet.results.trainings.MissingError: none/recipes.json: there is no such file; ...
    """


class Pass(NamedTuple):
    """One pass of one training. Errors are misread patterns; the properties are percentages.

    Attributes:
        number: from 1.
        loss: its mean over the pass, each pattern judged before its own update.
        errors_on_the_fly: training patterns misread in the pass, judged so (Fig. 5).
        patterns: training patterns shown in the pass.
        errors_after: training patterns misread after the pass; NaN if they were not judged.
        test_errors: test patterns misread after the pass.
        test_patterns: out of so many.
        smallest_step: the smallest epsilon_k of the pass.
        largest_step: the largest one.

    Example:
        >>> one = made(20).last
        >>> one.errors_on_the_fly, one.patterns, one.on_the_fly
        (40, 1000, 4.0)
        >>> one.after, one.test
        (3.0, 2.0)
    """

    number: int
    loss: float
    errors_on_the_fly: int
    patterns: int
    errors_after: float
    test_errors: int
    test_patterns: int
    smallest_step: float
    largest_step: float

    @property
    def on_the_fly(self) -> float:
        """Training error, each pattern judged before its own update."""
        return 100 * self.errors_on_the_fly / self.patterns

    @property
    def after(self) -> float:
        """Training error after the pass; NaN if it was not judged."""
        return 100 * self.errors_after / self.patterns

    @property
    def test(self) -> float:
        """Test error after the pass."""
        return 100 * self.test_errors / self.test_patterns


class Training(NamedTuple):
    """One trained network of a run.

    Attributes:
        passes: 1 to the last.
        misread: answer by index of each test pattern that is misread after the last pass; empty if
            they were not recorded.
        measures: what was measured on the trained network, by column of ``runs.csv``.

    Example:
        >>> made(20).seeds[0]
        Training(1 pass, 2.00% of the test misread)
        >>> one = made(20).last
        >>> two = one._replace(number=2, errors_on_the_fly=10, test_errors=10)
        >>> training = Training((one, two), {}, {})
        >>> training.first.number, training.last.number, training.test
        (1, 2, 1.0)
        >>> training.tests, training.on_the_fly
        ((2.0, 1.0), (4.0, 1.0))
    """

    passes: tuple[Pass, ...]
    misread: dict[int, int]
    measures: dict[str, float]

    def __repr__(self) -> str:
        passes = several(len(self.passes), "pass", "passes")
        return f"Training({passes}, {self.test:.2f}% of the test misread)"

    @property
    def first(self) -> Pass:
        """The first pass."""
        return self.passes[0]

    @property
    def last(self) -> Pass:
        """The last pass."""
        return self.passes[-1]

    @property
    def test(self) -> float:
        """Test error after the last pass, in percent."""
        return self.last.test

    @property
    def tests(self) -> tuple[float, ...]:
        """Test error in percent, by pass."""
        return tuple(each.test for each in self.passes)

    @property
    def on_the_fly(self) -> tuple[float, ...]:
        """Training error in percent, each pattern judged before its update, by pass."""
        return tuple(each.on_the_fly for each in self.passes)


class Run(NamedTuple):
    """All trainings of one recipe.

    Attributes:
        seeds: the trained networks by seed, in the order of the record.
        failed: by seed, the finished passes of each training that diverged.
        recipe: the whole recipe as a tree.

    Example:
        >>> run = made(2, 900)
        >>> run, run.tests, run.collapsed, run.diverged
        (Run(2 trained, 0 failed), {0: 0.2, 1: 90.0}, 1, 0)
        >>> run.last.number, run.misread[0]
        (1, {0: 7, 1: 7})
        >>> run.values(lambda each: each.test), run.over_seeds(1, lambda each: each.test).mean
        ([0.2, 90.0], 45.1)
    """

    seeds: dict[int, Training]
    failed: dict[int, tuple[Pass, ...]]
    recipe: dict[str, Any]

    def __repr__(self) -> str:
        return f"Run({len(self.seeds)} trained, {len(self.failed)} failed)"

    @property
    def diverged(self) -> int:
        """How many trainings diverged."""
        return len(self.failed)

    @property
    def collapsed(self) -> int:
        """Trainings that ended, but misread more than half of the test patterns."""
        return sum(training.test > HALF for training in self.seeds.values())

    @property
    def last(self) -> Pass:
        """The last pass of the first training: the same number and patterns as every other's."""
        return next(iter(self.seeds.values())).last

    @property
    def tests(self) -> dict[int, float]:
        """Test errors in percent, by seed."""
        return {seed: training.test for seed, training in self.seeds.items()}

    @property
    def misread(self) -> list[dict[int, int]]:
        """The misread test patterns of each trained network."""
        return [training.misread for training in self.seeds.values()]

    def values(self, quantity: Callable[[Training], float]) -> list[float]:
        """`quantity` of each trained network."""
        return [quantity(training) for training in self.seeds.values()]

    def over_seeds(self, number: int, quantity: Callable[[Pass], float]) -> Summary:
        """`quantity` of pass `number`, counted from 1, over the trained networks.

        No quantity of a pass is below zero, so no interval reaches below it.
        """
        return over_seeds(self.values(lambda each: quantity(each.passes[number - 1])), floor=0)


def made(*errors: int) -> Run:
    """A run made up, for examples: a network of one pass for each number, of the seeds 0, 1, ...

    Args:
        errors: how many of 1000 test patterns the network misreads: the first ones, each as a 7.

    Returns:
        Its networks misread 40 of 1000 training patterns on the fly, and 30 after the pass.

    Example:
        >>> made(1, 3).tests, made(1, 3).misread
        ({0: 0.1, 1: 0.3}, [{0: 7}, {0: 7, 1: 7, 2: 7}])
    """
    seeds = {}
    for seed, count in enumerate(errors):
        one = Pass(
            number=1,
            loss=0.5,
            errors_on_the_fly=40,
            patterns=1000,
            errors_after=30,
            test_errors=count,
            test_patterns=1000,
            smallest_step=1e-4,
            largest_step=1e-2,
        )
        seeds[seed] = Training((one,), dict.fromkeys(range(count), 7), {})
    return Run(seeds, {}, {})


def read_study(folder: Path) -> dict[str, Run]:
    """The runs whose record is in `folder`, in the order of their grid.

    Raises:
        MissingError: a file is missing.
        TableError: a file has not what belongs together.

    Example:
        >>> import numpy as np
        >>> from paper_lenet.network.recipe import Recipe
        >>> from paper_lenet.training.job import Job, beginning
        >>> from paper_lenet.training.kind import DIVERGED, Ending, Finished
        >>> from paper_lenet.training.record import record
        >>> job = Job("paper", Recipe(), 0, "engine")
        >>> ending = Ending(DIVERGED, np.zeros(0, np.uint8), "diverges in pass 1")
        >>> failed = Finished(job, beginning(job), ending)
        >>> record({"paper": Recipe()}, [failed], None, Path("study"))
        >>> read_study(Path("study"))
        {'paper': Run(0 trained, 1 failed)}
    """
    try:
        recipes = read_json(folder / "recipes.json")
        rows = read_csv(folder / "runs.csv")
        passes = _passes(read_csv(folder / "passes.csv"))
        misread = _misread(read_csv(folder / "misread.csv"))
        result = {row["run"]: Run({}, {}, recipes[row["run"]]) for row in rows}
        for row in rows:
            run, seed = result[row["run"]], int(row["seed"])
            key = row["run"], seed
            found = tuple(passes.pop(key, ()))
            if row["outcome"] not in ("trained", "diverged") or seed in {*run.seeds, *run.failed}:
                raise ValueError(f"{row['run']}, seed {seed}: {row['outcome']}, or named twice")
            if row["outcome"] == "diverged":
                run.failed[seed] = found
            else:
                run.seeds[seed] = _training(row, found, misread.pop(key, {}))
        for run_, seed in (*passes, *misread):
            raise ValueError(f"{run_}, seed {seed}: there is no such training")
        for name, run in result.items():
            _check(name, run)
    except FileNotFoundError as error:
        missing = f"{error.filename}: there is no such file"
        raise MissingError(f"{missing}; run the stage train first") from None
    except (KeyError, TypeError, ValueError) as error:
        raise TableError(f"{folder}: not a record of trainings ({error!r})") from None
    return result


def _training(row: dict[str, str], passes: tuple[Pass, ...], misread: dict[int, int]) -> Training:
    """One trained network; what several files say of it must agree."""
    place = f"{row['run']}, seed {row['seed']}"
    if not passes or len(passes) != int(row["passes"]):
        raise ValueError(f"{place}: {len(passes)} of {row['passes']} passes are there")
    first, last = passes[0], passes[-1]
    found = (
        *(last.test_errors, last.test_patterns, last.errors_on_the_fly, last.patterns),
        *(last.errors_after, first.smallest_step, first.largest_step),
    )
    if found != tuple(float(row[name]) for name in SUMMED) or len(misread) != last.test_errors:
        raise ValueError(f"{place}: errors do not add up")
    if max(misread, default=0) >= last.test_patterns:
        raise ValueError(f"{place}: a test pattern is misread that is not there")
    measured = (name for name in row if name not in NAMED + SUMMED and row[name])
    return Training(passes, misread, {name: float(row[name]) for name in measured})


def _check(name: str, run: Run) -> None:
    """All trainings of one recipe have the same patterns, and as many passes unless they failed."""
    trained = [each.passes for each in run.seeds.values()]
    if len({len(passes) for passes in trained}) > 1:
        raise ValueError(f"{name}: not every seed has the same passes, 1 to the last")
    both = {
        (each.patterns, each.test_patterns)
        for passes in (*trained, *run.failed.values())
        for each in passes
    }
    if len(both) > 1:
        raise ValueError(f"{name}: the number of patterns changes between passes")


def _passes(rows: list[dict[str, str]]) -> dict[tuple[str, int], list[Pass]]:
    result: dict[tuple[str, int], list[Pass]] = {}
    for row in rows:
        passes = result.setdefault((row["run"], int(row["seed"])), [])
        found = _pass(row)
        if found.number != len(passes) + 1:
            place = f"{row['run']}, seed {row['seed']}"
            raise ValueError(f"{place}: pass {found.number} is out of turn")
        passes.append(found)
    return result


def _pass(row: dict[str, str]) -> Pass:
    found = Pass(
        int(row["pass"]),
        float(row["loss"]),
        int(row["errors_on_the_fly"]),
        int(row["patterns"]),
        int(row["errors_after_pass"]) if row["errors_after_pass"] else math.nan,
        int(row["test_errors"]),
        int(row["test_patterns"]),
        float(row["smallest_step"]),
        float(row["largest_step"]),
    )
    if found.patterns < 1 or found.test_patterns < 1:
        raise ValueError(f"{row['run']}, seed {row['seed']}: a pass without patterns")
    return found


def _misread(rows: list[dict[str, str]]) -> dict[tuple[str, int], dict[int, int]]:
    result: dict[tuple[str, int], dict[int, int]] = {}
    for row in rows:
        key = row["run"], int(row["seed"])
        index, answer = int(row["index"]), int(row["answer"])
        if index < 0 or not 0 <= answer < CLASSES:
            raise ValueError(f"{row['run']}, seed {row['seed']}: pattern {index} is not misread so")
        result.setdefault(key, {})[index] = answer
    return result
