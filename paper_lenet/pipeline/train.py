"""Stage ``train``: the recipe's training, once for each seed (Section III-B).

The paper shows one training. Several seeds tell what is the recipe's and what is chance; they run
side by side, one thread each, and none knows of the others.

A training that is stopped, killed or diverges loses the pass in progress alone: the same command
goes on from the store and ends with the same bits.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from collections.abc import Sequence
from pathlib import Path

from paper_lenet.digits.dataset import Scale
from paper_lenet.network import weights
from paper_lenet.network.params import Params
from paper_lenet.pipeline.networks import load_patterns
from paper_lenet.training.holding import held
from paper_lenet.training.job import Job
from paper_lenet.training.kind import Finished
from paper_lenet.training.record import record, write_timings
from paper_lenet.training.train import train as trained


def train(
    params: Params,
    processed: Path,
    models: Path,
    results: Path,
    store: Path,
    timings: Path,
    anew: bool = False,
) -> None:
    """Train seeds 0 to ``params.train.seeds - 1`` and write what came of it.

    Args:
        params: all parameters.
        processed: folder of ``train.safetensors`` and ``test.safetensors``.
        models: folder for ``seed-00.safetensors`` and so on; other seeds' files are removed.
        results: folder for the record.
        store: folder of finished and unfinished trainings.
        timings: file for seconds and environment (JSON).
        anew: forget what the store has of these trainings, and the kernels in a folder of the
            caller's own (``$PAPER_LENET_CACHE``).

    Raises:
        BusyError: another process trains into `models`.
        DivergedError: a seed's training fails.
        StageError: the patterns are on another scale than that of `params`.
        ...: and what `training.train.train` raises.
    """
    load_patterns(params, processed, "test")  # that they are on the scale the weights will tell
    name = params.train.recipe
    how = params.train
    jobs = [
        Job(name, params.recipe, seed, how.trainer, device=how.device) for seed in range(how.seeds)
    ]
    place = hashlib.sha256(str(models.resolve()).encode()).hexdigest()
    with held(store / f"place-{place}", f"into {models}"):
        if anew:
            _forget_kernels()
        begun = time.perf_counter()
        trainings, patterns = trained(jobs, processed, store, all_needed=True, anew=anew)
        wall = time.perf_counter() - begun
        write_models(models, trainings, params.preprocess)
        record({name: params.recipe}, trainings, patterns, results)
        write_timings(timings, trainings, wall)


def _forget_kernels() -> None:
    """Remove compiled kernels; behind the lock, or a training that runs would lose its own."""
    home = os.environ.get("PAPER_LENET_CACHE")
    for path in Path(home).glob("engine-*") if home else ():
        shutil.rmtree(path)


def write_models(models: Path, trainings: Sequence[Finished], scale: Scale) -> None:
    """One file of weights for each seed; files of seeds that are not of this run are removed."""
    names = set()
    for one in trainings:
        path = models / f"seed-{one.job.seed:02d}.safetensors"
        made = weights.Trained(one.state.parameters, one.job.recipe, one.job.seed, scale)
        weights.save(path, made)
        names.add(path.name)
    for path in models.glob("seed-*"):
        if path.name not in names:
            path.unlink()
