"""What a fresh process needs before its first update, and how much memory it takes.

Run as ``python -m paper_lenet.bench.fresh FILE`` with the file of training patterns, it prints one
line of JSON. `first_and_second` runs it twice: with nothing compiled, and with everything.
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from paper_lenet.base.machine import cores
from paper_lenet.bench import child
from paper_lenet.digits.patterns import Patterns
from paper_lenet.network.recipe import Recipe
from paper_lenet.network.weights import initial_parameters

PATTERNS = 500  # shown by each thread


def first_and_second(train: Path) -> dict[str, Any]:
    """Seconds to a ready engine, compiled anew and found compiled; memory of the second process.

    Raises:
        FreshError: a process cannot run the engine.
    """
    with tempfile.TemporaryDirectory(prefix="paper-lenet-") as cache:
        (cold,), (warm,) = (child.run("fresh", [[str(train)]], cache) for _ in range(2))
    return {
        "cold_seconds": cold["seconds"],
        "warm_seconds": warm["seconds"],
        "memory_mib": warm["memory_mib"],
        "threads": warm["threads"],
    }


def measure(train: Path) -> dict[str, Any]:
    """Of this process: seconds to a ready engine, then the peak memory of training on all cores."""
    patterns = Patterns.load(train)
    begun = time.perf_counter()
    from paper_lenet.engine import Engine

    engines = [Engine(Recipe(), initial_parameters(Recipe(), seed)) for seed in range(cores())]
    order = np.arange(min(PATTERNS, len(patterns)))
    steps = np.full(len(engines[0].places), 1e-5, np.float32)
    engines[0].learn(patterns, order[:0], steps)  # a kernel is loaded when it is first called
    seconds = time.perf_counter() - begun
    with ThreadPoolExecutor(len(engines)) as pool:
        list(pool.map(lambda engine: engine.learn(patterns, order, steps), engines))
    return {"seconds": seconds, "memory_mib": memory(), "threads": len(engines)}


def memory() -> float | None:
    """The most memory that this process has held, MiB; nothing where it cannot be asked."""
    status = Path("/proc/self/status")
    if status.exists():  # the other way counts what the process that started this one held
        found = re.search(r"VmHWM:\s+(\d+) kB", status.read_text(encoding="utf-8"))
        return int(found[1]) / 2**10 if found else None
    if find_spec("resource") is None:
        return None
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 2**10)


if __name__ == "__main__":
    print(json.dumps(measure(Path(sys.argv[1]))))
