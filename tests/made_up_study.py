"""A study's record with made-up trainings, as `training.record` would write it, and its outputs."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

from paper_lenet.base.files import read_csv, write_csv, write_json
from paper_lenet.network.recipe import Recipe
from paper_lenet.studies.grid import changed
from paper_lenet.training.record import PASSES, RUNS

PATTERNS, TEST = 1000, 200


class Made(NamedTuple):
    """One training: the misread patterns with their answers, and errors on the fly by pass."""

    misread: Mapping[int, int]
    on_the_fly: Sequence[int] = (100,) * 20


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
            errors, fly = len(made.misread), made.on_the_fly
            start = [
                name,
                seed,
                "trained",
                len(fly),
                errors,
                TEST,
                fly[-1],
                PATTERNS,
                7,
                7e-5,
                0.02,
            ]
            rows.append(start + [""] * (len(RUNS) - len(start)))
            misread += [(name, seed, index, 1, answer) for index, answer in made.misread.items()]
            for number, count in enumerate(fly, 1):
                after = 7 if number == len(fly) else ""
                steps = (7e-5, 0.02) if number == 1 else (1e-5, 1)
                row = (name, seed, number, 1e-4, 1, count, PATTERNS, after, errors, TEST, *steps)
                passes.append(row)
    write_csv(folder / "runs.csv", RUNS, rows)
    write_csv(folder / "passes.csv", PASSES, passes)
    write_csv(folder / "misread.csv", ("run", "seed", "index", "truth", "answer"), misread)
    write_json(folder / "recipes.json", trees)


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
