"""Grid files: which recipes a study trains, and with how many seeds.

``studies/NAME.yaml`` names a recipe of ``params.yaml`` as the base, and runs, each a few changes
over it by dotted key::

    recipe: paper
    seeds: 10
    runs:
      paper: {}
      j_1: {loss.j: 1.0}
      small: {presentation.patterns: 15000, seeds: 5}

A run may set ``recipe`` and ``seeds`` itself. Seeds are a number, for 0, 1, 2 and so on, or a list.

Beside ``runs``, or in their place, there may be ``prior`` and ``draws``: that many more runs, drawn
from the prior (see `prior`), of which draw number i is trained with seed i alone.
So the spread between seeds is in the draws. Numbers begin with ``first``, or 0. And each draw may
be trained in several ways, by seeds that are `APART`::

    ways:
      clean: {}
      inverted: {presentation.inverted: 0.1}
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from paper_lenet.base.declared import NAME, build
from paper_lenet.base.errors import RecipeError, as_key, joined, listed, shown
from paper_lenet.base.reading import read_yaml
from paper_lenet.network.recipe import SEEDS, Recipe
from paper_lenet.studies import prior
from paper_lenet.training.job import Job

KEYS = ("recipe", "seeds", "runs", "prior", "draws", "first", "ways")
NOT_GRIDS = {"dvc", "tutorials"}  # files beside the grids: the stages, and a list of its own
DRAWS, TRAININGS = 10_000, 100_000  # at most, of a grid
APART = 100_000  # the seeds of the ways of a draw


@dataclass(frozen=True)
class Run:
    """One recipe of a study, and its seeds."""

    recipe: Recipe
    seeds: tuple[int, ...]


@dataclass(frozen=True)
class Study:
    """A study's name and its runs by name, in the order of the file."""

    name: str
    runs: dict[str, Run]

    @property
    def jobs(self) -> list[Job]:
        """All trainings, run after run, in the order of the seeds."""
        return [
            Job(name, run.recipe, seed, "engine", thorough=False)
            for name, run in self.runs.items()
            for seed in run.seeds
        ]


def read_study(path: Path, recipes: Mapping[str, Recipe]) -> Study:
    """The study that the grid file at `path` describes.

    Args:
        path: ``studies/NAME.yaml``; the file's name is the study's.
        recipes: the recipes of ``params.yaml``.

    Raises:
        RecipeError: the file is missing, is not YAML, or has an unknown or impossible entry.
    """
    tree = _read(path)
    drawn = _drawn(tree, path) if "prior" in tree or "draws" in tree else {}
    runs = tree.get("runs", drawn)
    _expect(isinstance(runs, dict) and runs, "not a mapping of names to changes", f"{path}: runs")
    common = {key: tree[key] for key in ("recipe", "seeds") if key in tree}
    result = {}
    for name, changes in {**runs, **drawn}.items():
        place = f"{path}: runs.{as_key(name)}"
        _expect(isinstance(name, str) and NAME.holds(name), "no name for a run", place)
        _expect(isinstance(changes, dict), "not a mapping; {} is the base itself", place)
        result[name] = _run({**common, **changes}, recipes, place)
    total = sum(len(run.seeds) for run in result.values())
    _expect(total <= TRAININGS, f"{total} trainings, more than {TRAININGS}", str(path))
    return Study(path.stem, result)


def _read(path: Path) -> dict[Any, Any]:
    """The entries of a grid file."""
    if not path.is_file():
        known = sorted({one.stem for one in path.parent.glob("*.yaml")} - NOT_GRIDS)
        raise RecipeError(f"there is no such file; there are: {listed(known)}", str(path))
    tree: dict[Any, Any] = read_yaml(path)
    _expect(isinstance(tree, dict), f"not a mapping of {', '.join(KEYS)}", str(path))
    for key in tree:
        text = f"unknown key; known here: {', '.join(KEYS)}"
        _expect(key in KEYS, text, f"{path}: {as_key(key)}")
    return tree


def _drawn(tree: dict[str, Any], path: Path) -> dict[str, Any]:
    """The runs that ``prior`` and ``draws`` stand for."""
    laws = prior.stated(tree, path)
    count: Any = tree.get("draws")
    good = type(count) is int and 0 < count <= DRAWS
    _expect(good, f"{shown(count)} is no number of draws up to {DRAWS}", f"{path}: draws")
    first: Any = tree.get("first", 0)
    good = type(first) is int and 0 <= first <= DRAWS
    _expect(good, f"{shown(first)} is no number of a draw up to {DRAWS}", f"{path}: first")
    ways: Any = tree.get("ways", {"": {}})
    named = isinstance(ways, dict) and ways and all(isinstance(way, dict) for way in ways.values())
    _expect(named, "not a mapping of names to changes", f"{path}: ways")
    return {
        "-".join(filter(None, (prior.name(number), way))): {
            "seeds": [number + APART * place],
            **changes,
            **more,
        }
        for number, changes in prior.draws(laws, count, f"{path}: prior", first).items()
        for place, (way, more) in enumerate(ways.items())
    }


def _run(entries: dict[str, Any], recipes: Mapping[str, Recipe], place: str) -> Run:
    """The run of `entries`: ``recipe``, ``seeds`` and the changes by dotted key."""
    changes = dict(entries)
    base, seeds = changes.pop("recipe", None), changes.pop("seeds", None)
    text = f"no recipe {shown(base)}; there are: {listed(sorted(recipes))}"
    _expect(isinstance(base, str) and base in recipes, text, f"{place}.recipe")
    return Run(changed(recipes[base], changes, place), _seeds(seeds, f"{place}.seeds"))


def changed(recipe: Recipe, changes: Mapping[str, Any], place: str) -> Recipe:
    """`recipe` with other values for some dotted keys, as in ``{"loss.j": 1.0}``.

    Args:
        recipe: the base.
        changes: values as YAML has them.
        place: names the changes in errors.

    Raises:
        RecipeError: a key is unknown or not of the form ``part.key``, or a value is impossible.
    """
    tree = dataclasses.asdict(recipe)
    for key, value in changes.items():
        parts = key.split(".") if isinstance(key, str) else []
        _expect(len(parts) == 2, "a change is named as in loss.j", joined(place, as_key(key)))
        tree.setdefault(parts[0], {})[parts[1]] = value
    return build(Recipe, tree, place)


def _seeds(value: Any, place: str) -> tuple[int, ...]:
    count = len(value) if isinstance(value, list) else value
    good = type(count) is int and 0 < count <= SEEDS
    seeds = value if isinstance(value, list) else range(count if good else 0)
    good = good and all(type(seed) is int and seed >= 0 for seed in seeds)
    text = f"{shown(value)} is neither a number of seeds nor a list of seeds, up to {SEEDS}"
    _expect(good and len(seeds) == len(set(seeds)), text, place)
    return tuple(seeds)


def _expect(condition: object, text: str, place: str) -> None:
    if not condition:
        raise RecipeError(text, place)
