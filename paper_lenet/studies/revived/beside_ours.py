"""The network of 1998 beside ours of the study ``noise``: ``compare.csv``.

What `training.measure` reads off ours is read off the recovered parameters: the size of the weights
of C1 and C3, their root mean square, and S2's and S4's coefficients on the sum of four inputs.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from paper_lenet.base.files import fixed, significant, write_csv
from paper_lenet.base.statistics import over_seeds
from paper_lenet.results.trainings import Run
from paper_lenet.studies.posterior.summaries import SIZES
from paper_lenet.studies.recovered import file

CHOSEN = "paper"  # the run of the chosen reading; all others are draws
COMPARED = (
    *("S2_mean", "S2_least", "S2_greatest", "S4_mean", "S4_least", "S4_greatest"),
    *SIZES,
)
HEADING = (
    *("quantity", "theirs", "ours_mean", "run_low", "run_high", "draws_least"),
    *("draws_greatest", "share_of_draws_below", "one_of_ours"),
)


def theirs(network: Path) -> dict[str, float]:
    """The quantities `COMPARED` of the recovered network."""
    found, _ = file.load(network)
    result = {}
    for layer in ("S2", "S4"):
        values: list[float] = (found[f"{layer}.coefficient"].astype(np.float64) / 4).tolist()
        result[f"{layer}_mean"] = math.fsum(values) / len(values)
        result[f"{layer}_least"], result[f"{layer}_greatest"] = min(values), max(values)
    for name in SIZES:
        weights = found[f"{name.removesuffix('_rms')}.weight"].astype(np.float64)
        result[name] = math.sqrt(float(np.mean(weights**2)))
    return result


def write(path: Path, theirs: Mapping[str, float], noise: Mapping[str, Run]) -> None:
    """Write the table to `path`: theirs, the seeds of the chosen reading, and all draws."""
    table = []
    for name in COMPARED:
        seeds = over_seeds([one.measures[name] for one in noise[CHOSEN].seeds.values()])
        draws = sorted(
            one.measures[name]
            for run in noise
            if run != CHOSEN
            for one in noise[run].seeds.values()
        )
        below = np.searchsorted(draws, theirs[name]) / len(draws)
        numbers = (theirs[name], seeds.mean, seeds.run_low, seeds.run_high, draws[0], draws[-1])
        where = "inside" if seeds.run_low <= theirs[name] <= seeds.run_high else "outside"
        cells = (significant(number, 4) for number in numbers)
        table.append((name, *cells, fixed(float(below), 2), where))
    write_csv(path, HEADING, table)
