"""Jobs of the paper's network, trained or read from the store: the door to this room."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from paper_lenet.base.files import file_digest
from paper_lenet.base.machine import cores
from paper_lenet.training.job import Job
from paper_lenet.training.jobs import JOBS
from paper_lenet.training.kind import Finished, Kind
from paper_lenet.training.pool import Pool, Threads
from paper_lenet.training.runner import trained
from paper_lenet.training.selection import FILES, Selection, selection
from paper_lenet.training.store import Store


def train(
    jobs: Sequence[Job],
    processed: Path,
    folder: Path,
    scheduler: str | None = None,
    all_needed: bool = False,
    anew: bool = False,
    kind: Kind = JOBS,
) -> tuple[list[Finished], Selection]:
    """Every job, in the order of `jobs`, and the patterns.

    Args:
        jobs: what is to be trained, all by one trainer; equal ones are trained once.
        processed: folder of ``train.safetensors`` and ``test.safetensors``.
        folder: the store.
        scheduler: address of a Dask scheduler; `None` trains on this machine, one thread a core.
        all_needed: whether a training that diverges ends the run.
        anew: forget what is kept of the jobs first.
        kind: of the trainings, if `jobs` are no plain ones.

    Raises:
        BusyError: another process trains what is to be forgotten.
        CheckpointError: what is kept cannot be read or written.
        ClusterError: there is no such cluster, or its workers cannot take these jobs.
        DivergedError: a training diverged, and all are needed.
        KeyboardInterrupt: Ctrl-C; its text says what is kept.
        PatternsError: there are no patterns.
        RecipeError: a recipe asks for what the data set has not.

    Example:
        >>> from paper_lenet.network.recipe import Recipe
        >>> from paper_lenet.training.behaviour import brief, made
        >>> made(96).save(Path("train.safetensors"))
        >>> made(32, 96).save(Path("test.safetensors"))
        >>> job = Job("brief", brief(Recipe()), 0, "engine")
        >>> (first,), _ = train([job], Path(), Path("trainings"))
        >>> (again,), _ = train([job], Path(), Path("trainings"))  # read, not trained
        >>> first.trained, again.state.seconds == first.state.seconds
        (True, True)
    """
    patterns = selection(processed)
    for recipe in dict.fromkeys(job.recipe for job in jobs):
        patterns(recipe)  # refuses a recipe before anything is trained
    store = Store(folder, kind, [file_digest(processed / name) for name in FILES])
    if anew:
        _forget(jobs, store)
    return trained(jobs, store, _pool(jobs, store, patterns, scheduler), all_needed), patterns


def _forget(jobs: Sequence[Job], store: Store) -> None:
    """Remove what is kept of all jobs, or of none if another process trains one of them."""
    digests = {store.digest(job): job for job in jobs}
    with ExitStack() as stack:
        for digest, job in digests.items():
            stack.enter_context(store.hold(job, digest))
        for digest in digests:
            store.forget(digest)


def _pool(jobs: Sequence[Job], store: Store, patterns: Selection, scheduler: str | None) -> Pool:
    if scheduler is None:
        return Threads(patterns, threads(jobs[0].trainer))
    from paper_lenet.training.cluster import Cluster

    return Cluster(scheduler, store, patterns)


def threads(trainer: str) -> int:
    """How many trainings run at once: one a core; PyTorch, which takes all cores itself, one.

    Example:
        >>> threads("reference"), threads("engine") == cores()
        (1, True)
    """
    return 1 if trainer == "reference" else cores()
