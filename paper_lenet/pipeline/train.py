"""Stage ``train``: the recipe's training, once for each seed (Section III-B).

The paper shows one training. Several seeds tell what is the recipe's and what is chance; they run
side by side, one thread each, and none knows of the others.

A training that is stopped, killed or diverges loses the pass in progress alone: the same command
goes on from the checkpoints under ``data/work`` and ends with the same bits. They are removed once
the results are in place.
"""

from __future__ import annotations

import hashlib
import os
import sys
import threading
import time
from collections.abc import Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from contextlib import ExitStack, closing
from pathlib import Path

from safetensors import SafetensorError

from paper_lenet.base.machine import cores
from paper_lenet.digits.patterns import Patterns
from paper_lenet.network.recipe import Params
from paper_lenet.training import checkpoint
from paper_lenet.training.execution import maker
from paper_lenet.training.job import Data, Job, State, beginning, select
from paper_lenet.training.outputs import write_models, write_results, write_timings
from paper_lenet.training.passes import passes
from paper_lenet.training.seed_progress import Progress


class TrainError(RuntimeError):
    """The stage cannot begin."""


class Stopped(Exception):  # noqa: N818 - it is not an error
    """Another thread asked this one to stop."""


def train(
    params: Params, processed: Path, models: Path, results: Path, work: Path, timings: Path
) -> None:
    """Train seeds 0 to ``params.train.seeds - 1`` and write what came of it.

    Args:
        params: all parameters.
        processed: folder of ``train.safetensors`` and ``test.safetensors``.
        models: folder for ``seed-00.safetensors`` and so on; other seeds' files are removed.
        results: folder for ``passes.csv``, one row a pass, and ``weights.json``, digests.
        work: folder for what is kept of an unfinished training.
        timings: file for seconds and environment (JSON).

    Raises:
        BusyError: another process trains into `models`, or trains the same job.
        CheckpointError: a checkpoint cannot be read or written.
        Divergence: a seed's training fails.
        KeyboardInterrupt: Ctrl-C, after all threads have ended; its text says what is kept.
        RecipeError: the recipe asks for what the data set has not.
        TrainError: there are no patterns.
    """
    parent = os.getppid()
    name, store = params.train.recipe, work / "checkpoints"
    jobs = [
        Job(name, params.recipe, seed, params.train.trainer) for seed in range(params.train.seeds)
    ]
    with ExitStack() as stack:
        place = hashlib.sha256(str(models.resolve()).encode()).hexdigest()
        stack.enter_context(checkpoint.held(store / f"place-{place}", f"into {models}"))
        files = [processed / "train.safetensors", processed / "test.safetensors"]
        data = select(params.recipe, *map(_patterns, files))
        sums = [checkpoint.file_digest(path) for path in files]
        folders = [store / checkpoint.digest(job, sums) for job in jobs]
        for job, folder in zip(jobs, folders, strict=True):
            stack.enter_context(checkpoint.held(folder, f"of {job}"))
        begun = time.perf_counter()
        states = _train_all(jobs, data, folders)
        wall = time.perf_counter() - begun
        write_models(models, jobs, states)
        write_results(results, states)
        write_timings(timings, jobs, states, threads(params.train.trainer), wall)
        if os.getppid() != parent:
            # Killed, `dvc` never learns that its stage succeeded and will ask for it again.
            print(
                "the process that started this training is gone; the checkpoints stay, so that "
                "the next run finds the work done",
                file=sys.stderr,
            )
            return
        for folder in folders:
            checkpoint.remove(folder)


def threads(trainer: str) -> int:
    """How many seeds run at once: one a core; PyTorch, which takes all cores itself, one."""
    return 1 if trainer == "reference" else cores()


def _patterns(path: Path) -> Patterns:
    try:
        return Patterns.load(path)
    except (OSError, SafetensorError, TypeError) as error:
        raise TrainError(
            f"{path}: no patterns ({error}); make them with the stage preprocess"
        ) from None


def _train_all(jobs: Sequence[Job], data: Data, folders: Sequence[Path]) -> list[State]:
    """The last state of every job; they run side by side."""
    stop = threading.Event()
    futures: list[Future[State]] = []
    try:
        with ThreadPoolExecutor(threads(jobs[0].trainer)) as pool:
            try:
                for job, folder in zip(jobs, folders, strict=True):
                    futures.append(pool.submit(_train_one, job, data, folder, stop))
                wait(futures, return_when=FIRST_EXCEPTION)
            finally:
                # Unless all is done: the others end with their chunk, those in the queue at once.
                stop.set()
                pool.shutdown(cancel_futures=True)
    except KeyboardInterrupt:
        raise KeyboardInterrupt(_kept(jobs, folders)) from None
    ended = [future for future in futures if not future.cancelled()]
    failures = [error for future in ended if (error := future.exception()) is not None]
    for error in failures:
        if not isinstance(error, Stopped):
            raise error
    return [future.result() for future in futures]


def _train_one(job: Job, data: Data, folder: Path, stop: threading.Event) -> State:
    """Train one job to its end, from its checkpoint if it has one."""
    state = checkpoint.load(folder) or beginning(job)
    with closing(Progress(job, len(data.training), state)) as progress:

        def watch(number: int, shown: int, errors: int) -> None:
            progress.chunk(number, shown, errors)
            if stop.is_set():
                raise Stopped

        for after in passes(job, data, state, maker(job), watch):
            state = after
            checkpoint.save(folder, state)
            progress.row(state.rows[-1])
    return state


def _kept(jobs: Sequence[Job], folders: Sequence[Path]) -> str:
    found = [(job, checkpoint.load(folder)) for job, folder in zip(jobs, folders, strict=True)]
    kept = [
        f"seed {job.seed} {len(state.rows)} of {job.recipe.step.passes}"
        for job, state in found
        if state is not None
    ]
    if not kept:
        return "interrupted before any pass was finished"
    return f"interrupted; finished passes are kept ({', '.join(kept)}); run it again to go on"
