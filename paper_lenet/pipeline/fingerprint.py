"""Stage ``fingerprint``: for each study, one file of what its trainings depend on.

``NAME.json`` says which seeds of which recipes the grid asks for, what the code does for each
(`behaviour`), and what it writes of trained networks (the record, and each file in which the study
looks at them itself). A study is out of date when its file changes, and for no other reason but new
patterns: not for a docstring, a move, a new module.

The sums of PyTorch and of other libraries differ in the last bits from machine to machine. So of
what they train, the tutorials and the classifiers of Fig. 9, numbers are kept in place of digests,
and a file stays as it was while they agree to `RELATIVE`.
"""

from __future__ import annotations

import hashlib
import math
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from paper_lenet.base.bars import tqdm
from paper_lenet.base.files import read_json, write_json
from paper_lenet.network.params import Params
from paper_lenet.studies.fig9 import spec as fig9
from paper_lenet.studies.fig9.behaviour import behaviour as brief_fit
from paper_lenet.studies.grid import Study as Grid
from paper_lenet.studies.grid import read_study
from paper_lenet.studies.registry import study
from paper_lenet.studies.revived import tops
from paper_lenet.studies.study import Trained
from paper_lenet.studies.tutorials.behaviour import numbers
from paper_lenet.studies.tutorials.spec import read_tutorials
from paper_lenet.training.behaviour import SEED, TEST, TRAINING, behaviour, brief, made
from paper_lenet.training.job import Job
from paper_lenet.training.jobs import JOBS
from paper_lenet.training.kind import Finished, nobody
from paper_lenet.training.record import record
from paper_lenet.training.selection import Selection

RELATIVE, ABSOLUTE = 1e-4, 1e-7
RECORDED = 2  # runs of a grid whose record is written
NOT_GRIDS = ("dvc", "fig9", "tutorials")


def fingerprint(params: Params, studies: Path, folder: Path) -> None:
    """Write ``NAME.json`` into `folder` for every grid ``NAME.yaml`` in `studies`."""
    grids = [path for path in sorted(studies.glob("*.yaml")) if path.stem not in NOT_GRIDS]
    with tempfile.TemporaryDirectory() as scratch:
        for path in tqdm(grids, desc="fingerprint", disable=None):
            grid = read_study(path, params.recipes)
            tree = {"runs": _runs(grid), **_written(grid, path, params, Path(scratch, path.stem))}
            write_json(folder / f"{path.stem}.json", tree)
    for name, found in (("tutorials", _tutorials), ("fig9", _fig9)):
        path = studies / f"{name}.yaml"
        if path.is_file():
            _keep(folder / f"{name}.json", found(path))


def _runs(grid: Grid) -> dict[str, dict[str, Any]]:
    return {
        name: {
            "seeds": list(run.seeds),
            "recipe": run.recipe.digest(),
            "behaviour": behaviour(run.recipe, "engine"),
        }
        for name, run in grid.runs.items()
    }


def _written(grid: Grid, path: Path, params: Params, scratch: Path) -> dict[str, str]:
    """Digests of what the code writes of brief trainings of the grid's first runs."""
    patterns = Selection(made(TRAINING), made(TEST, TRAINING))
    runs = {
        name: replace(run, recipe=brief(run.recipe), seeds=(SEED,))
        for name, run in list(grid.runs.items())[:RECORDED]
    }
    trainings = [_trained(job, patterns) for job in replace(grid, runs=runs).jobs]
    written = scratch / "record"
    record({name: run.recipe for name, run in runs.items()}, trainings, patterns, written)
    result = {"record": digest(*sorted(written.iterdir()))}
    if grid.name == "revived":
        result["held"] = tops.behaviour(next(iter(grid.runs.values())).recipe)
    examine = study(grid.name).examine
    if examine is not None:
        looks = scratch / "looks"
        looks.mkdir()
        recipes = {name: brief(recipe) for name, recipe in params.recipes.items()}
        examine(Trained(path, recipes, trainings, patterns, looks))
        result |= {f"looks at {path.name}": digest(path) for path in sorted(looks.iterdir())}
    return result


def _trained(job: Job, patterns: Selection) -> Finished:
    """`job` trained to its end, kept nowhere."""
    state, ending = JOBS.begin(job), None
    while ending is None:
        state, ending = JOBS.advance(job, state, patterns, nobody)
    return Finished(job, state, ending)


def _tutorials(path: Path) -> dict[str, Any]:
    """Each tutorial's seeds, its text and the numbers of a brief training."""
    spec = read_tutorials(path)
    return {
        name: {
            "seeds": tutorial.seeds or spec.seeds,
            "tutorial": hashlib.sha256(tutorial.to_json().encode()).hexdigest(),
            "numbers": [float(f"{number:.6g}") for number in numbers(tutorial)],
        }
        for name, tutorial in tqdm(spec.tutorials.items(), desc="tutorials", disable=None)
    }


def _fig9(path: Path) -> dict[str, Any]:
    """Each classifier's seeds, its text, those of its candidates, and what brief ones give."""
    classifiers = fig9.read(path).classifiers
    trained = {name: each for name, each in classifiers.items() if not each.recorded}
    return {
        name: {
            "seeds": each.entry.seeds,
            "trainings": [
                {
                    "classifier": hashlib.sha256(each.to_json(settings).encode()).hexdigest(),
                    "numbers": [float(f"{number:.6g}") for number in brief_fit(each, settings)],
                }
                for settings in (each.settings, *(tried for _, _, tried in each.tried()))
            ],
        }
        for name, each in tqdm(trained.items(), desc="fig9", disable=None)
    }


def _keep(path: Path, tree: dict[str, Any]) -> None:
    """Write `tree`, unless the file agrees with it but for the last digits of numbers."""
    if not path.is_file() or not _agree(read_json(path), tree):
        write_json(path, tree)


def _agree(kept: Any, found: Any) -> bool:
    if isinstance(kept, dict) and isinstance(found, dict):
        return kept.keys() == found.keys() and all(_agree(kept[key], found[key]) for key in kept)
    if isinstance(kept, list) and isinstance(found, list):
        return len(kept) == len(found) and all(map(_agree, kept, found))
    if isinstance(kept, float) and isinstance(found, float):
        return math.isclose(kept, found, rel_tol=RELATIVE, abs_tol=ABSOLUTE)
    return bool(kept == found)


def digest(*paths: Path) -> str:
    """SHA-256, hexadecimal, of the names and bytes of files."""
    total = hashlib.sha256()
    for path in paths:
        total.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()
