"""The network of 1998 beside ours that were trained on inverted pixels too: ``compare.csv``.

Beside the twenty seeds of the recipe `paper`, which the study ``gain`` trained so, and the draws of
the study ``noise``.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from paper_lenet.base.files import fixed, significant, write_csv
from paper_lenet.base.statistics import over_seeds
from paper_lenet.results.trainings import Run
from paper_lenet.studies.recovered.quantities import QUANTITIES

CHOSEN = "paper"  # the run of the study ``noise`` that is no draw
HEADING = (
    *("quantity", "theirs", "ours_mean", "run_low", "run_high", "draws_least"),
    *("draws_greatest", "share_of_draws_below", "one_of_ours"),
)


def write(path: Path, theirs: Mapping[str, float], chosen: Run, noise: Mapping[str, Run]) -> None:
    """Write the table to `path`: theirs, the seeds of the chosen reading, and all draws."""
    table = []
    for name in QUANTITIES:
        seeds = over_seeds([one.measures[name] for one in chosen.seeds.values()])
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
