"""The parts of one update: how long each takes, and how near it comes to the peak."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from paper_lenet.bench.clock import Seconds, Work, rates, ratios, spread
from paper_lenet.bench.operations import operations
from paper_lenet.digits.patterns import Patterns
from paper_lenet.engine import Engine
from paper_lenet.engine.parts import PARTS, repeated, update
from paper_lenet.network.architecture import Network

# What the second word of a part's name says about the operations that it does. The update of C1's
# six biases, which S2's backward part does, is counted with C1's kernels.
WAYS = {
    "forward": ("forward",),
    "inputs": ("inputs",),
    "kernels": ("weights", "update"),
    "backward": ("inputs", "weights", "update"),
}


def works(engine: Engine, patterns: Patterns, times: int) -> dict[str, Work]:
    """Each part, to be done so many times for the same pattern.

    Steps are zero, so that the weights stay what they are; a step takes as long for any value.
    """
    zero = np.zeros(len(engine.places), np.float32)
    engine.learn(patterns, np.zeros(1, np.int64), zero)  # states and derivatives of pattern 0
    u = update(engine, patterns, 0, zero)

    def work(name: str) -> Work:
        run = repeated(PARTS[name])
        return Work(lambda: run(u, times), times)

    return {name: work(name) for name in PARTS}


def useful(network: Network) -> dict[str, int]:
    """Operations that the network needs in each part."""
    counts = operations(network)
    result = {}
    for part in PARTS:
        layer, _, way = part.partition(" ")
        result[part] = sum(counts[layer][direction] for direction in WAYS.get(way, ()))
    return result


def rows(network: Network, seconds: Seconds, peak: Sequence[float]) -> list[dict[str, Any]]:
    """One row a part.

    Args:
        network: of the engine.
        seconds: of each part, by round.
        peak: operations a second that the machine can do, by round.
    """
    counts = useful(network)
    whole = sum(spread(seconds[part]).median for part in counts)
    result = []
    for part, count in counts.items():
        taken, done = spread(seconds[part]), rates(seconds[part], count)
        row: dict[str, Any] = {
            "part": part,
            "us": taken.median * 1e6,
            "us_least": taken.least * 1e6,
            "us_greatest": taken.greatest * 1e6,
            "share_percent": 100 * taken.median / whole,
            "gflops": None,
            "peak_percent": None,
        }
        if count:
            row["gflops"] = spread(done).median / 1e9
            row["peak_percent"] = 100 * spread(ratios(done, peak)).median
        result.append(row)
    return result
