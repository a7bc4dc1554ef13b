"""``study fig9 train`` and ``fig9 NAME``: the trainings that ``studies/fig9.yaml`` asks for.

First the candidates of open settings, on patterns kept apart; then every classifier on all training
patterns; last those that take a network's hidden states.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from paper_lenet.base.files import file_digest
from paper_lenet.digits.mnist import FILES, Digits, load
from paper_lenet.studies.fig9.record import Trained, Tried, answered, record, write_timings
from paper_lenet.studies.fig9.run import Run
from paper_lenet.studies.fig9.runs import kind, prepare
from paper_lenet.studies.fig9.sets import Here, Sent
from paper_lenet.studies.fig9.spec import Classifier, Fig9, read
from paper_lenet.studies.study import Folders
from paper_lenet.training.kind import Finished
from paper_lenet.training.pool import Pool, Processes
from paper_lenet.training.runner import trained
from paper_lenet.training.store import Store


class Row(NamedTuple):
    """What one training gave on the test patterns."""

    classifier: str
    seed: int
    errors: int
    patterns: int


def train(folders: Folders, scheduler: str | None = None) -> None:
    """Train every classifier of the grid and write the record.

    Args:
        folders: of the study; ``data/raw/NAME`` has the digits.
        scheduler: address of a Dask scheduler; `None` trains on this machine, a process a core.

    Raises:
        DivergedError: a network diverges.
        IdxError: the digits are missing or damaged.
        RecipeError: the file is wrong.
    """
    fig9, begun = read(folders.grid()), time.perf_counter()
    digits, candidates = load(folders.raw()), choices(fig9)
    tried = _trained([run for _, _, run in candidates], digits, folders, scheduler)
    finals = _trained(runs(fig9), digits, folders, scheduler)
    wall = time.perf_counter() - begun
    named: list[Tried] = [
        (setting, value, run, state)
        for (setting, value, _), (run, state) in zip(candidates, tried, strict=True)
    ]
    record(finals, named, digits[1].labels, folders.trained())
    timings = folders.data / "timings" / "studies" / f"{folders.name}.json"
    write_timings(timings, finals, tried, wall)


def trained_one(path: Path, name: str, seed: int, folders: Folders) -> Row:
    """What one classifier of the file at `path` gave: trained now, or read from the store."""
    digits = load(folders.raw())
    [(run, state)] = with_seed(path, [name], seed, digits, folders)
    judged = answered(run, state, digits[1].labels)
    return Row(name, seed, judged.errors, len(judged.truth))


def with_seed(
    path: Path, names: Sequence[str], seed: int, digits: tuple[Digits, Digits], folders: Folders
) -> list[Trained]:
    """Classifiers of the file at `path` after their trainings: made now, or read from the store."""
    fig9 = read(path)
    wanted = [final(fig9, name, seed) for name in names]
    return _trained(wanted, digits, folders, None)


def runs(fig9: Fig9) -> list[Run]:
    """Every training on all training patterns, but for what is recorded elsewhere."""
    return [
        final(fig9, name, seed)
        for name, each in fig9.classifiers.items()
        if not each.recorded
        for seed in range(each.entry.seeds)
    ]


def final(fig9: Fig9, name: str, seed: int) -> Run:
    """One training of the classifier `name` on all training patterns."""
    each = fig9.classifiers[name]
    return Run(name, each, each.settings, seed, below=_below(fig9, each, seed))


def choices(fig9: Fig9) -> list[tuple[str, str, Run]]:
    """Every candidate: the setting, its value as it is written, and its training with seed 0."""
    return [
        (setting, str(value), Run(name, each, settings, 0, True, _below(fig9, each, 0, apart=True)))
        for name, each in fig9.classifiers.items()
        for setting, value, settings in each.tried()
    ]


def _below(fig9: Fig9, above: Classifier, seed: int, apart: bool = False) -> Run | None:
    """The network whose hidden states a classifier takes, if it does."""
    name = above.entry.of
    if not name:
        return None
    each = fig9.classifiers[name]
    return Run(name, each, each.settings, seed, apart)


def _trained(
    wanted: Sequence[Run],
    digits: tuple[Digits, Digits],
    folders: Folders,
    scheduler: str | None,
) -> list[Trained]:
    """All runs; those that stand on a network after it."""
    raw = folders.raw()
    sums = [file_digest(raw / name) for name in FILES]
    folder = folders.data / "work" / "trainings"
    store = Store(folder, kind(folder, sums), sums)
    found: list[Finished] = []
    networks = [run.below for run in wanted if run.below]
    first = [*(run for run in wanted if not run.below), *networks]
    for part in (first, wanted) if networks else (wanted,):
        found = trained(part, store, _pool(store, Here(raw), digits, scheduler), all_needed=True)
    return [(each.job, each.state) for each in found]


def _pool(store: Store, here: Here, digits: tuple[Digits, Digits], scheduler: str | None) -> Pool:
    if scheduler is None:
        return Processes(here, prepare)
    from paper_lenet.training.cluster import Cluster

    return Cluster(scheduler, store, Sent(*digits))
