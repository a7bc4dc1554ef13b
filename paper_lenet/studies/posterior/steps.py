"""The step sizes of pass 1 of many more readings: they need the initial weights and no training.

Before the first pass the curvature is estimated on some patterns, and each weight gets its step
(eq. 21). That takes milliseconds, so the steps of a reading can be learned from many more draws of
the prior than can be trained. Their numbers are none of those that are trained.
"""

from __future__ import annotations

import copy
import math
from pathlib import Path
from typing import Any

import numpy as np

from paper_lenet.base.bars import tqdm
from paper_lenet.base.files import read_csv, significant, write_csv
from paper_lenet.base.reading import read_yaml
from paper_lenet.studies.grid import changed
from paper_lenet.studies.posterior.summaries import STEPS, Summarised
from paper_lenet.studies.prior import Prior, draw
from paper_lenet.studies.study import Study, Trained
from paper_lenet.training.execution import maker
from paper_lenet.training.job import Data, Job
from paper_lenet.training.passes import first_steps

DRAWS = range(1000, 1500)
FILE = "steps.csv"
HEADING = ("run", "seed", *STEPS)


def examine(trained: Trained) -> None:
    """Write ``steps.csv``, a row for each draw.

    Raises:
        RecipeError: the prior is wrong.
    """
    tree = read_yaml(trained.grid)
    rows = []
    for number in tqdm(DRAWS, desc="steps of pass 1", disable=None):
        name = f"draw-{number}"
        recipe = changed(trained.recipes[tree["recipe"]], draw(tree["prior"], number), name)
        found = ends(Job(name, recipe, number, "engine"), trained.patterns(recipe))
        rows.append((name, number, *(significant(step, 9) for step in found)))
    write_csv(trained.folder / FILE, HEADING, rows)


def ends(job: Job, data: Data) -> tuple[float, float]:
    """The smallest and the largest step of pass 1."""
    steps = first_steps(job, data, maker(job))
    return float(steps.min()), float(steps.max())


def read(folder: Path, prior: Prior, recipe: dict[str, Any]) -> list[Summarised]:
    """The draws of ``steps.csv`` in `folder`, with the rest of their recipes as in `recipe`."""
    result = []
    for row in read_csv(folder / FILE):
        tree = copy.deepcopy(recipe)
        for key, value in draw(prior, int(row["seed"])).items():
            part, name = key.split(".")
            tree[part][name] = value
        values = np.array([math.log(float(row[name])) for name in STEPS])
        result.append(Summarised(row["run"], int(row["seed"]), tree, values))
    return result


STUDY = Study(examine=examine)
