"""A benchmark's seconds that are made up, and the report of them."""

from __future__ import annotations

from typing import Any

import numpy as np

from paper_lenet.base.machine import environment
from paper_lenet.bench import clock, core, stamp
from paper_lenet.bench.memory import WHOLE
from paper_lenet.bench.operations import operations, total
from paper_lenet.bench.scaling import worked_out
from paper_lenet.engine import parts
from paper_lenet.network.architecture import Network

WORKERS = {
    "patterns": 600,
    "jobs": 4,
    "outside_percent": 1.0,
    "pass_seconds": 1.5,
    "machine_mib": 20_000.0,
}
START = {"cold_seconds": 9.0, "warm_seconds": 0.5, "memory_mib": 300.0, "threads": 2}


def made_up(torch: bool = True) -> clock.Seconds:
    """Three rounds, in the second of which the machine is half as fast."""
    slow = np.array([1.0, 2.0, 1.0])
    count = total(operations(Network()))
    seconds = {
        "clock": 0.4e-9 * slow,
        "peak of 6": 1.0 / 20e9 * slow,
        "peak of 12": 1.0 / 100e9 * slow,
        "engine, update": count / 40e9 * slow,
        "engine, answer": 5e-6 * slow,
        "engine, curvature": 20e-6 * slow,
        "threads, 1": 20e-6 * slow,
        "threads, 2": 10.5e-6 * slow,
        **dict.fromkeys(parts.PARTS, 1e-06 * slow),
        **{f"bytes of {part}": 0.1e-6 * slow for part in (*parts.PARTS, WHOLE)},
    }
    if torch:
        seconds["reference, update"] = 50 * seconds["engine, update"]
        seconds["reference, answer"] = 10 * seconds["engine, answer"]
        seconds["reference, curvature"] = 20 * seconds["engine, curvature"]
    return {name: list(map(float, values)) for name, values in seconds.items()}


def whole_tree(tree: dict[str, Any]) -> dict[str, Any]:
    """A report with what `bench` adds to it."""
    return {
        **tree,
        "core": core.core(),
        "scaling": scaling(),
        "environment": environment(),
        "rounds": 3,
        "recipe": "paper",
        **stamp.measured_now(),
    }


def scaling() -> dict[str, Any]:
    """Two workers, each a fiftieth slower beside the other, and what is worked out from them."""
    tree = {**WORKERS, "threads": _workers(300.0, 310.0), "processes": _workers(250.0, 250.0)}
    queues = {"the pipeline": [20.0] * 20, "study small": [10.0, 30.0] * 50}
    return {**tree, "queues": worked_out(tree, 9.0, queues)}


def _workers(*memory: float) -> list[dict[str, Any]]:
    return [
        {
            "workers": n,
            "seconds": clock.spread([4.0 / n])._asdict(),
            "times_one": clock.spread([n / 1.02 if n > 1 else 1.0])._asdict(),
            "cpu_seconds": clock.spread([4.0 if n == 1 else 4.08])._asdict(),
            "cores": clock.spread([1.0 * n])._asdict(),
            "start_seconds": clock.spread([1.0])._asdict(),
            "memory_mib": mib,
        }
        for n, mib in zip((1, 2), memory, strict=True)
    ]
