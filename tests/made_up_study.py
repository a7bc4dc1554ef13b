"""A study's record with made-up trainings, as `training.record` would write it, and its outputs."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple
from xml.etree import ElementTree

from paper_lenet.base.files import read_csv, write_csv, write_json
from paper_lenet.network.recipe import Recipe
from paper_lenet.studies.grid import changed
from paper_lenet.training.record import PASSES, RUNS

PATTERNS, TEST = 1000, 200
ALL = PATTERNS, 10_000  # with MNIST's test patterns, those of Fig. 8 among them
AFTER = 7  # training patterns misread after the last pass


class Made(NamedTuple):
    """One training.

    Attributes:
        misread: the misread patterns with their answers.
        on_the_fly: errors on the fly, by pass.
        tests: test errors, by pass; as many as `misread` after every pass if there are none.
        patterns: how many training and test patterns there are.
        steps: the smallest and the largest of pass 1.
        measures: what was measured on the network, by column.
    """

    misread: Mapping[int, int]
    on_the_fly: Sequence[int] = (100,) * 20
    tests: Sequence[int] = ()
    patterns: tuple[int, int] = (PATTERNS, TEST)
    steps: tuple[float, float] = (7e-5, 0.02)
    measures: Mapping[str, float] = MappingProxyType({})


def errors(count: int) -> Made:
    """A training that misreads the first so many patterns."""
    return Made(dict.fromkeys(range(count), 3))


def write(
    folder: Path,
    runs: Mapping[str, Mapping[int, Made | None]],
    recipes: Mapping[str, dict[str, object]] | None = None,
) -> None:
    """Write the study; `None` is a training that diverged. `recipes` are changes by run."""
    folder.mkdir(parents=True)
    rows, passes, misread, trees = [], [], [], {}
    for name, seeds in runs.items():
        changes = (recipes or {}).get(name, {})
        trees[name] = dataclasses.asdict(changed(Recipe(), changes, name))
        for seed, made in seeds.items():
            if made is None:
                rows.append([name, seed, "diverged", 0] + [""] * (len(RUNS) - 4))
                continue
            rows.append(_run(name, seed, made))
            passes += _passes(name, seed, made)
            misread += [(name, seed, index, 1, answer) for index, answer in made.misread.items()]
    write_csv(folder / "runs.csv", RUNS, rows)
    write_csv(folder / "passes.csv", PASSES, passes)
    write_csv(folder / "misread.csv", ("run", "seed", "index", "truth", "answer"), misread)
    write_json(folder / "recipes.json", trees)


def _run(name: str, seed: int, made: Made) -> list[object]:
    start = [name, seed, "trained", len(made.on_the_fly), len(made.misread), made.patterns[1]]
    start += [made.on_the_fly[-1], made.patterns[0], AFTER, *made.steps]
    return [*start, *(made.measures.get(column, "") for column in RUNS[len(start) :])]


def _passes(name: str, seed: int, made: Made) -> list[tuple[object, ...]]:
    tests = made.tests or [len(made.misread)] * len(made.on_the_fly)
    (patterns, judged), result = made.patterns, list[tuple[object, ...]]()
    for number, (fly, errors) in enumerate(zip(made.on_the_fly, tests, strict=True), 1):
        after = AFTER if number == len(tests) else ""
        steps = made.steps if number == 1 else (1e-5, 1)
        counts = (fly, patterns, after, errors, judged)
        result.append((name, seed, number, 1e-4, 1, *counts, *steps))
    return result


def by_run(path: Path) -> dict[str, dict[str, str]]:
    """The rows of a table of an analysis, by their run."""
    return {row["run"]: row for row in read_csv(path)}


def drawn(folder: Path) -> list[str]:
    """The figures' names; each must be there for both themes, and be SVG."""
    for path in folder.iterdir():
        assert ElementTree.parse(path).getroot().get("width") == "320pt"
    names = sorted(path.stem.rpartition("-")[0] for path in folder.iterdir())
    assert names[::2] == names[1::2]
    return names[::2]
