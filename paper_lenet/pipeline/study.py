"""The commands ``study NAME train`` and ``study NAME analyse``.

The first trains what a grid lacks and writes the record of its trainings; the second reads
committed files alone. What else a study does stands in its own module (`studies.registry`).
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path

from paper_lenet.base.errors import PaperLenetError
from paper_lenet.network.recipe import Recipe
from paper_lenet.studies import registry
from paper_lenet.studies.grid import read_study
from paper_lenet.studies.study import Folders, Trained
from paper_lenet.training.jobs import JOBS
from paper_lenet.training.record import record, write_timings
from paper_lenet.training.train import train as trained


class StudyError(PaperLenetError, RuntimeError):
    """There is no such study, or it lacks what is asked for."""


def train(
    folders: Folders, recipes: Mapping[str, Recipe], processed: Path, scheduler: str | None = None
) -> None:
    """Train and record the study, and look at its networks.

    Args:
        folders: of the study.
        recipes: those of ``params.yaml``, which grids change.
        processed: folder of ``train.safetensors`` and ``test.safetensors``.
        scheduler: address of a Dask scheduler; `None` trains on this machine.

    Raises:
        RecipeError: there is no such grid, or something in it is wrong.
    """
    parts = registry.study(folders.name)
    if parts.train is not None:
        parts.train(folders, scheduler)
        return
    grid = read_study(folders.grid(), recipes)
    kind, jobs = parts.trains(grid.jobs, folders) if parts.trains else (JOBS, grid.jobs)
    begun = time.perf_counter()
    store = folders.data / "work" / "trainings"
    trainings, patterns = trained(jobs, processed, store, scheduler, kind=kind)
    wall, folder = time.perf_counter() - begun, folders.trained()
    recipes_of_runs = {name: run.recipe for name, run in grid.runs.items()}
    record(recipes_of_runs, trainings, patterns, folder)
    write_timings(folders.data / "timings" / "studies" / f"{folders.name}.json", trainings, wall)
    if parts.examine is not None:
        parts.examine(Trained(folders.grid(), recipes, trainings, patterns, folder))


def analyse(folders: Folders) -> None:
    """Analyse the files of a study anew; nothing is trained.

    Raises:
        StudyError: the study has no analysis.
    """
    parts = registry.study(folders.name)
    if parts.analyse is None:
        raise StudyError(f"there is no study {folders.name!r} with an analysis")
    parts.analyse(folders)
