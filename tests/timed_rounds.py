"""A benchmark's seconds that are made up, and the report of them."""

from __future__ import annotations

from typing import Any

import numpy as np

from paper_lenet.base.machine import environment
from paper_lenet.bench import clock
from paper_lenet.bench.operations import operations, total
from paper_lenet.engine import parts
from paper_lenet.network.architecture import Network

START = {"cold_seconds": 9.0, "warm_seconds": 0.5, "memory_mib": 300.0, "threads": 2}


def made_up(torch: bool = True) -> clock.Seconds:
    """Three rounds, in the second of which the machine is half as fast."""
    slow = np.array([1.0, 2.0, 1.0])
    count = total(operations(Network()))
    seconds = {
        "peak of 6": 1.0 / 20e9 * slow,
        "peak of 12": 1.0 / 100e9 * slow,
        "engine, update": count / 40e9 * slow,
        "engine, answer": 5e-6 * slow,
        "engine, curvature": 20e-6 * slow,
        "threads, 1": 20e-6 * slow,
        "threads, 2": 10.5e-6 * slow,
        **dict.fromkeys(parts.PARTS, 1e-06 * slow),
    }
    if torch:
        seconds["reference, update"] = 50 * seconds["engine, update"]
        seconds["reference, answer"] = 10 * seconds["engine, answer"]
        seconds["reference, curvature"] = 20 * seconds["engine, curvature"]
    return {name: list(map(float, values)) for name, values in seconds.items()}


def whole_tree(tree: dict[str, Any]) -> dict[str, Any]:
    """A report with what `bench` adds to it."""
    return {**tree, "environment": environment(), "rounds": 3, "recipe": "paper"}
