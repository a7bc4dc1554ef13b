"""A worker of the benchmark: a fresh process that trains short jobs, as a training's process does.

Run as ``python -m paper_lenet.bench.worker FOLDER RECIPE PATTERNS JOBS THREADS BEGUN`` with the
folder of patterns, a recipe as JSON, and the time at which it was started, it prints one line of
JSON: the seconds of its start, of its jobs by the clock and of the cores, and what share of a job
is spent outside the compiled loops.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

from paper_lenet.base.declared import build
from paper_lenet.bench.fresh import memory
from paper_lenet.network.protocol import Execution
from paper_lenet.network.recipe import Recipe
from paper_lenet.network.weights import Parameters
from paper_lenet.training.execution import maker
from paper_lenet.training.job import Job, beginning
from paper_lenet.training.jobs import JOBS, one_pass
from paper_lenet.training.kind import nobody
from paper_lenet.training.selection import Selection, selection
from paper_lenet.training.store import Store

LOOPS = ("learn", "curvature", "penalties")  # what an execution does in compiled loops
JUDGED = 6  # a data set has as many training patterns for each test pattern


def measure(
    processed: Path, recipe: Recipe, patterns: int, jobs: int, threads: int, begun: float
) -> dict[str, Any]:
    """Train so many jobs, one pass each, on so many threads of this process; each is kept.

    Args:
        processed: folder of the patterns.
        recipe: what is trained.
        patterns: of a pass.
        jobs: how many, each with a seed of its own.
        threads: at work at once.
        begun: when the process was started, as `time.time` has it.
    """
    shown = replace(recipe.presentation, patterns=patterns)
    recipe = replace(recipe, presentation=shown, step=recipe.step.first(1))
    several = [Job("bench", recipe, seed, "engine") for seed in range(jobs)]
    every = selection(processed)
    chosen = Selection(every.training, every.test.subset(slice(max(1, patterns // JUDGED))))
    chosen(recipe)
    maker(several[0])(beginning(several[0]).parameters)  # the compiled engine is there
    start = time.time() - begun
    with tempfile.TemporaryDirectory(prefix="paper-lenet-") as folder:
        store = Store(Path(folder), JOBS, [])

        def train(job: Job) -> tuple[float, float]:
            inside: list[float] = []
            first = time.perf_counter()
            advance = one_pass(job, beginning(job), chosen, _timed(job, inside), nobody)
            taken = time.perf_counter() - first
            store.save(str(job.seed), advance)
            return taken, sum(inside)

        first, of_cores = time.perf_counter(), time.process_time()
        with ThreadPoolExecutor(threads) as pool:
            taken, inside = zip(*pool.map(train, several), strict=True)
        seconds, cpu = time.perf_counter() - first, time.process_time() - of_cores
    return {
        "start_seconds": start,
        "seconds": seconds,
        "cpu_seconds": cpu,
        "outside": 1 - sum(inside) / sum(taken),
        "memory_mib": memory(),
    }


def _timed(job: Job, inside: list[float]) -> Callable[[Parameters], Execution]:
    """What makes networks of `job` whose loops say how long they took."""

    def make(parameters: Parameters) -> Execution:
        network = maker(job)(parameters)
        for name in LOOPS:
            setattr(network, name, _telling(getattr(network, name), inside))
        return network

    return make


def _telling(run: Callable[..., Any], inside: list[float]) -> Callable[..., Any]:
    def timed(*arguments: Any) -> Any:
        begun = time.perf_counter()
        try:
            return run(*arguments)
        finally:
            inside.append(time.perf_counter() - begun)

    return timed


if __name__ == "__main__":
    folder, recipe, *counts = sys.argv[1:]
    patterns, jobs, threads = map(int, counts[:3])
    of = build(Recipe, json.loads(recipe), "")
    print(json.dumps(measure(Path(folder), of, patterns, jobs, threads, float(counts[3]))))
