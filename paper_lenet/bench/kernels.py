"""The parts of one update: how long each takes, how near it comes to the peak, what bounds it.

A part cannot be faster than its operations at the peak, nor than its bytes moved alone (`memory`).
Where the larger of the two is most of its time, that bounds it. Where it takes more than `WAITING`
times as long as either, neither does: it waits, or does what is not counted. For this the kernels
of C3 that Table I leaves out do count, which the engine works through as zeros.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from paper_lenet.bench.clock import Seconds, Work, rates, ratios, spread
from paper_lenet.bench.memory import traffic
from paper_lenet.bench.operations import operations
from paper_lenet.digits.patterns import Patterns
from paper_lenet.engine import Engine
from paper_lenet.engine.parts import PARTS, repeated, update
from paper_lenet.network.architecture import Network
from paper_lenet.network.recipe import Recipe

WAITING = 2.0
ARITHMETIC, MEMORY, NEITHER = "arithmetic", "memory", "neither"

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
    States are the pattern's before every run, since some parts change them where they stand:
    squashed again and again they would be such as no pattern has, and numbers too small to be
    normal ones take long.
    """
    zero = np.zeros(len(engine.places), np.float32)
    u = update(engine, patterns, 0, zero)

    def states() -> None:
        engine.learn(patterns, np.zeros(1, np.int64), zero)

    def work(name: str) -> Work:
        run = repeated(PARTS[name])
        return Work(lambda: run(u, times), times, states)

    return {name: work(name) for name in PARTS}


def useful(network: Network) -> dict[str, int]:
    """Operations that the network needs in each part."""
    counts = operations(network)
    result = {}
    for part in PARTS:
        layer, _, way = part.partition(" ")
        result[part] = sum(counts[layer][direction] for direction in WAYS.get(way, ()))
    return result


def bound(taken: float, at_peak: float, moved: float) -> str:
    """What bounds a part that takes so long, if its operations and its bytes alone take these."""
    if taken > WAITING * max(at_peak, moved):
        return NEITHER
    return MEMORY if moved > at_peak else ARITHMETIC


def rows(recipe: Recipe, seconds: Seconds, peak: Sequence[float]) -> list[dict[str, Any]]:
    """One row a part.

    Args:
        recipe: of the engine.
        seconds: of each part and of its bytes, by round.
        peak: operations a second that the machine can do, by round.
    """
    counts, bytes_ = useful(recipe.network), traffic(recipe)
    worked = useful(replace(recipe.network, c3="full"))
    whole = sum(spread(seconds[part]).median for part in counts)
    result = []
    for part, count in counts.items():
        taken, done = spread(seconds[part]), rates(seconds[part], count)
        at_peak = spread([worked[part] / each for each in peak]).median
        moved = spread(seconds[f"bytes of {part}"]).median
        row: dict[str, Any] = {
            "part": part,
            "us": taken.median * 1e6,
            "us_least": taken.least * 1e6,
            "us_greatest": taken.greatest * 1e6,
            "share_percent": 100 * taken.median / whole,
            "gflops": None,
            "peak_percent": None,
            "at_peak_us": at_peak * 1e6,
            "bytes_read": bytes_[part].read,
            "bytes_written": bytes_[part].written,
            "bytes_us": moved * 1e6,
            "bound": bound(taken.median, at_peak, moved),
        }
        if count:
            row["gflops"] = spread(done).median / 1e9
            row["peak_percent"] = 100 * spread(ratios(done, peak)).median
        result.append(row)
    return result
