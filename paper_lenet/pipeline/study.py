"""The command ``study``: train what a grid lacks, write its files, and analyse them.

What else a study does stands in the module of its own name in this package, if there is one:

- ``examine(trainings, processed, folder)`` looks at the trained networks themselves and adds files
  to the study's folder;
- ``prepare(grid, params, processed, folder)`` measures what needs no training;
- ``analyse(grid, results, figures)`` reads files alone, and trains nothing: it is handed the
  study's grid file, the folder of all studies' results and that of all their figures.
"""

from __future__ import annotations

import time
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

from paper_lenet.network.recipe import Params
from paper_lenet.studies.grid import Study, read_study
from paper_lenet.training.record import record, write_timings
from paper_lenet.training.runner import StudyError, finished, selection


def study(
    name: str, params: Params, processed: Path, data: Path, scheduler: str | None = None
) -> None:
    """Train and record the study ``studies/NAME.yaml``, and analyse it.

    Args:
        name: of the study.
        params: its recipes are what grids change.
        processed: folder of ``train.safetensors`` and ``test.safetensors``.
        data: folder of ``work/studies``, the store, and of ``results/studies/NAME``,
            ``figures/studies/NAME`` and ``timings/studies/NAME.json``, which are written.
        scheduler: address of a Dask scheduler; `None` trains on this machine.

    Raises:
        GridError: there is no such grid, or it is wrong.
        RecipeError: a recipe in it is wrong.
    """
    grid = read_study(_grid(name), params.recipes)
    _trained(grid, processed, data, scheduler)
    module = _module(name)
    if module is not None and hasattr(module, "prepare"):
        module.prepare(_grid(name), params, processed, data / "results" / "studies" / name)
    if hasattr(module, "analyse"):
        analyse(name, data)


def analyse(name: str, data: Path) -> None:
    """Analyse the files of a study anew; nothing is trained.

    Raises:
        StudyError: there is no such study, or it has no analysis.
    """
    module = _module(name) if _grid(name).is_file() else None
    if module is None or not hasattr(module, "analyse"):
        raise StudyError(f"there is no study {name!r} with an analysis")
    module.analyse(_grid(name), data / "results" / "studies", data / "figures" / "studies")


def _trained(grid: Study, processed: Path, data: Path, scheduler: str | None) -> None:
    """Train what the store lacks, and write what `record` and the study's ``examine`` make."""
    begun = time.perf_counter()
    trainings = finished(grid.jobs, processed, data / "work" / "studies", scheduler)
    wall = time.perf_counter() - begun
    folder = data / "results" / "studies" / grid.name
    record(grid, trainings, selection(processed), folder)
    write_timings(data / "timings" / "studies" / f"{grid.name}.json", trainings, wall)
    module = _module(grid.name)
    if module is not None and hasattr(module, "examine"):
        module.examine(trainings, processed, folder)


def _grid(name: str) -> Path:
    return Path("studies", f"{name}.yaml")


def _module(name: str) -> ModuleType | None:
    module = f"{__package__}.{name}"
    return import_module(module) if name.isidentifier() and find_spec(module) else None
