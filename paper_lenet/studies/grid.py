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
So the spread between seeds is in the draws.
"""

from __future__ import annotations

import dataclasses
import re
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from paper_lenet.network.recipe import Recipe, build
from paper_lenet.studies import prior
from paper_lenet.training.job import Job

KEYS = ("recipe", "seeds", "runs", "prior", "draws")
NOT_GRIDS = {"dvc", "tutorials"}  # files beside the grids: the stages, and a list of its own
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.+-]*")


class GridError(ValueError):
    """A grid file is missing, or asks for what cannot be."""


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
        GridError: the file is missing, is not YAML, or has an unknown or impossible entry.
        RecipeError: a change names a key that recipes do not have, or an impossible value.
    """
    try:
        tree = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        known = ", ".join(sorted({one.stem for one in path.parent.glob("*.yaml")} - NOT_GRIDS))
        raise GridError(f"{path}: there is no such file; there are: {known or 'none'}") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise GridError(f"{path}: not YAML: {' '.join(str(error).split())}") from None
    _expect(isinstance(tree, dict), f"{path}: not a mapping of {', '.join(KEYS)}")
    for key in tree:
        _expect(key in KEYS, f"{path}: {key}: unknown key; known here: {', '.join(KEYS)}")
    drawn = _drawn(tree, path) if "prior" in tree or "draws" in tree else {}
    runs = tree.get("runs", drawn)
    _expect(isinstance(runs, dict) and runs, f"{path}: runs: not a mapping of names to changes")
    common = {key: tree[key] for key in ("recipe", "seeds") if key in tree}
    result = {}
    for name, changes in {**runs, **drawn}.items():
        place = f"{path}: runs.{name}"
        _expect(isinstance(name, str) and NAME.fullmatch(name), f"{place}: no name for a run")
        _expect(isinstance(changes, dict), f"{place}: not a mapping; {{}} is the base itself")
        result[name] = _run({**common, **changes}, recipes, place)
    return Study(path.stem, result)


def _drawn(tree: dict[str, Any], path: Path) -> dict[str, Any]:
    """The runs that ``prior`` and ``draws`` stand for."""
    laws: Any = tree.get("prior")
    count: Any = tree.get("draws")
    _expect(isinstance(laws, dict) and laws, f"{path}: prior: not a mapping of keys to laws")
    _expect(type(count) is int and count > 0, f"{path}: draws: {count!r} is no number of draws")
    drawn = prior.draws(laws, count, f"{path}: prior")
    return {
        name: {"seeds": [number], **changes} for number, (name, changes) in enumerate(drawn.items())
    }


def _run(entries: dict[str, Any], recipes: Mapping[str, Recipe], place: str) -> Run:
    """The run of `entries`: ``recipe``, ``seeds`` and the changes by dotted key."""
    changes = dict(entries)
    base, seeds = changes.pop("recipe", None), changes.pop("seeds", None)
    known = ", ".join(sorted(recipes))
    _expect(base in recipes, f"{place}.recipe: no recipe {base!r}; there are: {known}")
    return Run(changed(recipes[base], changes, place), _seeds(seeds, f"{place}.seeds"))


def changed(recipe: Recipe, changes: Mapping[str, Any], place: str) -> Recipe:
    """`recipe` with other values for some dotted keys, as in ``{"loss.j": 1.0}``.

    Args:
        recipe: the base.
        changes: values as YAML has them.
        place: names the changes in errors.

    Raises:
        GridError: a key is not of the form ``part.key``.
        RecipeError: an unknown key, or an impossible value.
    """
    tree = dataclasses.asdict(recipe)
    for key, value in changes.items():
        parts = key.split(".") if isinstance(key, str) else []
        _expect(len(parts) == 2, f"{place}.{key}: a change is named as in loss.j")
        tree.setdefault(parts[0], {})[parts[1]] = value
    return typing.cast(Recipe, build(Recipe, tree, place))


def _seeds(value: Any, place: str) -> tuple[int, ...]:
    seeds = range(value) if type(value) is int else value
    good = isinstance(seeds, (range, list)) and all(type(s) is int and s >= 0 for s in seeds)
    message = f"{place}: {value!r} is neither a number of seeds nor a list of seeds"
    _expect(good and len(seeds) == len(set(seeds)) > 0, message)
    return tuple(seeds)


def _expect(condition: Any, message: str) -> None:
    if not condition:
        raise GridError(message)
