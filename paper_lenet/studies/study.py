"""The command ``study``: train what a grid lacks, write its files, and analyse them.

A study that has an analysis has it in the module of its own name in this package, as
``analyse(grid, results, figures)``: the study's grid file, the folder of all studies' results and
that of their figures. It reads what is there and adds its own files; nothing is trained for it.
"""

from __future__ import annotations

import time
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from paper_lenet.recipe import Params
from paper_lenet.studies.grid import read_study
from paper_lenet.studies.record import record, write_timings
from paper_lenet.studies.run import finished, selection


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
    path = Path("studies", f"{name}.yaml")
    grid = read_study(path, params.recipes)
    begun = time.perf_counter()
    trainings = finished(grid.jobs, processed, data / "work" / "studies", scheduler)
    wall = time.perf_counter() - begun
    results = data / "results" / "studies"
    record(grid, trainings, selection(processed), results / name)
    write_timings(data / "timings" / "studies" / f"{name}.json", trainings, wall)
    module = f"{__package__}.{name}"
    if find_spec(module) and hasattr(import_module(module), "analyse"):
        import_module(module).analyse(path, results, data / "figures" / "studies")
