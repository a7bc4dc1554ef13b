"""The files that stage ``train`` leaves: weights, the record of the passes, seconds.

Each is written under a temporary name and renamed. None but the file of seconds holds anything that
differs from run to run.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from paper_lenet.base.machine import environment
from paper_lenet.network import weights
from paper_lenet.training.job import Job, Row, State

COLUMNS = tuple("pass" if name == "number" else name for name in Row._fields)


def write_models(models: Path, jobs: Sequence[Job], states: Sequence[State]) -> None:
    """One file of weights for each seed; files of seeds that are not of this run are removed."""
    names = [f"seed-{job.seed:02d}.safetensors" for job in jobs]
    for name, job, state in zip(names, jobs, states, strict=True):
        weights.save(models / name, weights.Trained(state.parameters, job.recipe, job.seed))
    for path in models.glob("seed-*"):
        if path.name not in names:
            path.unlink()


def write_results(results: Path, states: Sequence[State]) -> None:
    """``passes.csv``, a row for each pass, and ``weights.json``, a digest for each seed."""
    lines = [",".join(COLUMNS)]
    for state in states:
        lines += [",".join(f"{value:.9g}" for value in row) for row in state.rows]
    _write(results / "passes.csv", "\n".join(lines) + "\n")
    digests = {seed: weights.digest(state.parameters) for seed, state in enumerate(states)}
    _write(results / "weights.json", json.dumps(digests, indent=2) + "\n")


def write_timings(
    path: Path, jobs: Sequence[Job], states: Sequence[State], threads: int, wall: float
) -> None:
    """Seconds of every pass, those of interrupted runs too, and of this run by the clock."""
    report = {
        "recipe": jobs[0].name,
        "trainer": jobs[0].trainer,
        "threads": min(threads, len(jobs)),
        "seconds_of_this_run": round(wall, 3),
        "seconds_per_pass": {
            seed: [round(part, 3) for part in state.seconds] for seed, state in enumerate(states)
        },
        "environment": environment(),
    }
    _write(path, json.dumps(report, indent=2) + "\n")


def _write(path: Path, text: str) -> None:
    """Write a file whole: a reader never sees half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".partial")
    partial.write_text(text, encoding="utf-8")
    partial.replace(path)
