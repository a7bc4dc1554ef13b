"""Seconds of trainings: of each, whenever it ran, and of this run by the clock.

They go to files of their own, as no result hangs on them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from paper_lenet.base.machine import environment


def timings(
    seconds: Mapping[str, Mapping[str, float]], wall: float, besides: float = 0.0
) -> dict[str, Any]:
    """What a file of timings has of every study.

    Args:
        seconds: of each training, by its name and its seed.
        wall: seconds of this run.
        besides: seconds of trainings that have no name here.

    Returns:
        `core_minutes` of all trainings together, each on one core, the seconds of each and of this
        run to a thousandth, and the machine.

    >>> timings({"paper": {"0": 30.0, "1": 33.0}}, 35.0)["core_minutes"]
    1.1
    """
    every = math.fsum(each for seeds in seconds.values() for each in seeds.values())
    return {
        "core_minutes": round((every + besides) / 60, 1),
        "seconds_of_this_run": round(wall, 3),
        "seconds": {
            name: {seed: round(each, 3) for seed, each in seeds.items()}
            for name, seeds in seconds.items()
        },
        "environment": environment(),
    }
