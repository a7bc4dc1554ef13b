"""How long a queue of trainings takes with more workers than there are cores: worked out.

Workers take the next training of the queue when they are free, in order, as the runner does, and a
training stays where it began. Nothing else is assumed of it but how much slower one becomes with
others at its side, and what all of them must do one after the other (Python's lock, among threads).
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Sequence
from typing import NamedTuple

WORKERS, WHOLE, LOCK = "the number of workers", "whole trainings", "Python's lock"


class Side(NamedTuple):
    """What workers at each other's side cost.

    Attributes:
        slower: how many times as long a training takes beside others.
        one_by_one: the share of a training in which no other can go on.
        start: seconds until the workers are ready.
    """

    slower: float = 1.0
    one_by_one: float = 0.0
    start: float = 0.0


class Outcome(NamedTuple):
    """Of a queue: seconds by the clock, times as fast as one worker, and what bounds that.

    Attributes:
        seconds: by the clock.
        times_one: one worker's seconds over these.
        at_most: the least of the bounds, which no order of the queue could beat.
        bound: what it is: `WORKERS`, `WHOLE` or `LOCK`.
    """

    seconds: float
    times_one: float
    at_most: float
    bound: str


def outcome(seconds: Sequence[float], workers: int, side: Side | None = None) -> Outcome:
    """What so many workers make of the trainings.

    Args:
        seconds: of each training alone, in the order of the queue; at least one is above 0.
        workers: at least 1.
        side: what they cost each other; nothing by default, and nothing if there is but one.

    Example:
        >>> outcome([3.0, 2.0, 2.0, 1.0], 2)
        Outcome(seconds=4.0, times_one=2.0, at_most=2.0, bound='the number of workers')
    """
    side = side or Side()
    if workers == 1:
        side = Side(start=side.start)
    total = math.fsum(seconds)
    slow = [side.slower * each for each in seconds]
    taken = side.start + max(makespan(slow, workers), side.one_by_one * total)
    bounds = {
        WORKERS: workers / side.slower,
        WHOLE: total / undivided(slow, workers),
        LOCK: 1 / side.one_by_one if side.one_by_one else math.inf,
    }
    bound = min(bounds, key=lambda name: bounds[name])
    return Outcome(taken, (side.start + total) / taken, bounds[bound], bound)


def makespan(seconds: Sequence[float], workers: int) -> float:
    """Seconds until the last training ends: each goes to the worker that is free first."""
    free = [0.0] * workers
    for each in seconds:
        heapq.heapreplace(free, free[0] + each)
    return max(free)


def undivided(seconds: Sequence[float], workers: int) -> float:
    """Seconds that no order goes below, because a training is not shared among workers.

    Of the k·workers + 1 longest trainings one worker has k + 1, at the least the shortest of them.
    With k = 0 that is the longest of all; with k = 1 it says what a second round takes.

    Example:
        >>> undivided([10.0] * 20, 16), undivided([10.0] * 20, 64)
        (20.0, 10.0)
    """
    longest = sorted(seconds, reverse=True)
    rounds = range((len(longest) - 1) // workers + 1)
    return max(math.fsum(longest[k * workers - k : k * workers + 1]) for k in rounds)
