"""The jobs of a study on the cores of this machine, one thread a core.

Jobs are independent, and each has the same bits wherever it runs and whatever ran before it. What
the store has is read, what it has not is trained. A job that another process is training is left
to it, and read when that has finished, or taken up if it was given up.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from contextlib import closing
from pathlib import Path

from safetensors import SafetensorError

from paper_lenet.digits.patterns import Patterns
from paper_lenet.pipeline.train import Stopped, threads
from paper_lenet.training.checkpoint import BusyError, file_digest
from paper_lenet.training.job import Job
from paper_lenet.training.progress import Progress
from paper_lenet.training.store import Finished, Selection, Store

SECONDS = 2.0  # between two looks at jobs that other processes hold
FILES = ("train.safetensors", "test.safetensors")


class StudyError(RuntimeError):
    """The study cannot begin."""


def selection(processed: Path) -> Selection:
    """The patterns in `processed`, for `finished` and `record`.

    Raises:
        StudyError: there are none.
    """
    found = []
    for name in FILES:
        try:
            found.append(Patterns.load(processed / name))
        except (OSError, SafetensorError, TypeError) as error:
            raise StudyError(
                f"{processed / name}: no patterns ({error}); make them with the stage preprocess"
            ) from None
    return Selection(*found)


def finished(
    jobs: Sequence[Job], processed: Path, folder: Path, scheduler: str | None = None
) -> list[Finished]:
    """Every job, trained or read from the store, in the order of `jobs`.

    Args:
        jobs: what is to be trained; equal ones are trained once.
        processed: folder of ``train.safetensors`` and ``test.safetensors``.
        folder: the store.
        scheduler: address of a Dask scheduler; `None` trains on this machine.

    Raises:
        CheckpointError: a state cannot be read or written.
        ClusterError: there is no such cluster, or its workers cannot take these jobs.
        KeyboardInterrupt: Ctrl-C; its text says what is kept.
        RecipeError: a recipe asks for what the data set has not.
        StoreError: an outcome cannot be read.
        StudyError: there are no patterns.
    """
    patterns = selection(processed)
    store = Store(folder, [file_digest(processed / name) for name in FILES])
    digests = [store.digest(job) for job in jobs]
    results: dict[str, Finished] = {}
    for job, digest in zip(jobs, digests, strict=True):
        if digest not in results and (done := store.load(job, digest)) is not None:
            results[digest] = done
    missing: dict[str, Job] = {}
    for job, digest in zip(jobs, digests, strict=True):
        if digest not in results:
            missing.setdefault(digest, job)
    with closing(Progress(len(results) + len(missing), len(results))) as progress:
        try:
            if scheduler is not None and missing:
                from paper_lenet.training.cluster import train_all

                train_all(scheduler, store, missing, patterns, results, progress)
            else:
                _train_all(store, missing, patterns, results, progress)
        except KeyboardInterrupt:
            raise KeyboardInterrupt(
                f"interrupted; {progress.done} of {progress.total} trainings are finished and "
                "kept, and the finished passes of others; run it again to go on"
            ) from None
    return [results[digest]._replace(job=job) for digest, job in zip(digests, jobs, strict=True)]


def _train_all(
    store: Store,
    missing: dict[str, Job],
    patterns: Selection,
    results: dict[str, Finished],
    progress: Progress,
) -> None:
    """Train what is missing into `results`, until nothing is."""
    while missing:
        before = len(results)
        _sweep(store, missing, patterns, results, progress)
        missing = {digest: job for digest, job in missing.items() if digest not in results}
        if missing and len(results) == before:
            progress.waiting(len(missing))
            threading.Event().wait(SECONDS)


def _sweep(
    store: Store,
    missing: dict[str, Job],
    patterns: Selection,
    results: dict[str, Finished],
    progress: Progress,
) -> None:
    """Try every missing job once; those that another process holds are left out."""
    stop = threading.Event()

    def watch(number: int, shown: int, errors: int) -> None:
        if stop.is_set():
            raise Stopped

    def one(digest: str, job: Job) -> None:
        try:
            results[digest] = store.train(job, digest, patterns, watch)
        except BusyError:
            return
        progress.job(results[digest])

    futures: list[Future[None]] = []
    with ThreadPoolExecutor(threads(next(iter(missing.values())).trainer)) as pool:
        try:
            futures += [pool.submit(one, digest, job) for digest, job in missing.items()]
            wait(futures, return_when=FIRST_EXCEPTION)
        finally:
            # Unless all is done: the others end with their chunk, those in the queue at once.
            stop.set()
            pool.shutdown(cancel_futures=True)
    for future in futures:
        error = None if future.cancelled() else future.exception()
        if error is not None and not isinstance(error, Stopped):
            raise error
