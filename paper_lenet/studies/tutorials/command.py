"""The command ``tutorials``: fetch what data are missing, train, and write the record."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from paper_lenet.base.errors import RecipeError, expect, listed, shown
from paper_lenet.digits.dataset import Data
from paper_lenet.digits.download import download
from paper_lenet.digits.mnist import FILES
from paper_lenet.network.params import Params
from paper_lenet.network.recipe import SEEDS
from paper_lenet.studies.study import Folders
from paper_lenet.studies.tutorials.record import record, write_timings
from paper_lenet.studies.tutorials.runs import RUNS, Run, prepare
from paper_lenet.studies.tutorials.spec import read_tutorials, selected
from paper_lenet.training.pool import Processes
from paper_lenet.training.runner import trained
from paper_lenet.training.store import Store


def tutorials(
    path: Path, params: Params, data: Path, only: Sequence[str] = (), seeds: int = 0
) -> None:
    """Train the tutorials and write the record of what came of them.

    Args:
        path: ``studies/tutorials.yaml``.
        params: its data set is one of those that a tutorial may name.
        data: folder of ``raw/NAME``, where data sets are and go, ``work/trainings``, the store, and
            ``trainings/tutorials`` and ``timings/studies/tutorials.json``, which are written.
        only: names of the tutorials to train; empty for all. The record has all that are
            finished.
        seeds: how many seeds of each; 0 for those of the file.

    Raises:
        DataError: a data set cannot be had.
        RecipeError: the file is wrong, or has no such tutorial.
    """
    expect(0 <= seeds <= SEEDS, seeds, f"a number of seeds up to {SEEDS}", "--seeds")
    spec = read_tutorials(path)
    chosen = selected(spec.tutorials, list(only))
    known = {each.name: each for each in (params.data, *spec.data)}
    raw = data / "raw"
    runs = [
        Run(name, tutorial, seed)
        for name, tutorial in spec.tutorials.items()
        for seed in range(seeds or tutorial.seeds or spec.seeds)
    ]
    sums = [_sums(run, known) for run in runs]
    store = Store(data / "work" / "trainings", RUNS, list(dict.fromkeys(sums)))
    wanted = [run for run in runs if run.name in chosen]
    _download(wanted, known, raw)
    begun = time.perf_counter()
    trained(wanted, store, Processes(raw, prepare))
    wall = time.perf_counter() - begun
    found = (store.load(run, store.digest(run)) for run in runs)
    done = [(each.job, each.state) for each in found if each is not None]
    _download([run for run, _ in done], known, raw)
    classes = {name: spec.names(name) for name in known}
    record(done, raw, classes, Folders("tutorials", data).trained())
    write_timings(data / "timings" / "studies" / "tutorials.json", done, wall)


def _sums(run: Run, known: Mapping[str, Data]) -> str:
    """The name of a run's data set, and the SHA-256 of its files."""
    if run.data not in known:
        text = f"no data set {shown(run.data)}; there are: {listed(sorted(known))}"
        raise RecipeError(text, f"tutorials.{run.name}.inputs.data")
    return " ".join([run.data, *(known[run.data].sha256[file] for file in FILES)])


def _download(runs: Sequence[Run], known: Mapping[str, Data], raw: Path) -> None:
    for name in sorted({run.data for run in runs}):
        download(known[name], raw / name)
