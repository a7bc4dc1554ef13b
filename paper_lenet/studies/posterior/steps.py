"""The step sizes of pass 1 of many more readings: they need the initial weights and no training.

Before the first pass the curvature is estimated on some patterns, and each weight gets its step
(eq. 21). That takes milliseconds, so the steps of a reading can be learned from many more draws of
the prior than can be trained. They are numbered after the draws that are trained.
"""

from __future__ import annotations

import copy
import math
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from tqdm import tqdm

from paper_lenet.base import streams
from paper_lenet.base.files import read_csv, significant, write_csv
from paper_lenet.network.params import Params
from paper_lenet.network.weights import initial_parameters
from paper_lenet.studies.grid import changed
from paper_lenet.studies.posterior.fingerprints import STEPS, Training
from paper_lenet.studies.prior import Prior, draw
from paper_lenet.training.execution import execution
from paper_lenet.training.job import Data, Job
from paper_lenet.training.selection import selection

DRAWS = range(1000, 1500)
FILE = "steps.csv"
HEADING = ("run", "seed", *STEPS)


def measure(grid: Path, params: Params, processed: Path, folder: Path) -> None:
    """Write ``steps.csv`` into `folder`, a row for each draw.

    Args:
        grid: the grid file that states the prior.
        params: its recipes are what the grid changes.
        processed: folder of ``train.safetensors`` and ``test.safetensors``.
        folder: made if missing.

    Raises:
        RecipeError: the prior is wrong.
        StudyError: there are no patterns.
    """
    tree = yaml.safe_load(grid.read_text(encoding="utf-8"))
    patterns = selection(processed)
    rows = []
    for number in tqdm(DRAWS, desc="steps of pass 1", disable=None):
        name = f"draw-{number}"
        recipe = changed(params.recipes[tree["recipe"]], draw(tree["prior"], number), name)
        found = first_steps(Job(name, recipe, number, "engine"), patterns(recipe))
        rows.append((name, number, *(significant(step, 9) for step in found)))
    folder.mkdir(parents=True, exist_ok=True)
    write_csv(folder / FILE, HEADING, rows)


def first_steps(job: Job, data: Data) -> tuple[float, float]:
    """The smallest and the largest step of pass 1, as `passes` has them."""
    step = job.recipe.step
    network = execution(job.trainer, job.recipe, initial_parameters(job.recipe, job.seed))
    stream = streams.key(job.seed, "curvature", 1)
    sample = streams.permutation(stream, len(data.training))[: step.patterns]
    curvature = network.curvature(data.training, sample).astype(np.float64)
    steps = (step.rate(1) / (step.mu + curvature)).astype(np.float32)
    return float(steps.min()), float(steps.max())


def read(folder: Path, prior: Prior, recipe: dict[str, Any]) -> list[Training]:
    """The draws of ``steps.csv`` in `folder`, with the rest of their recipes as in `recipe`."""
    result = []
    for row in read_csv(folder / FILE):
        tree = copy.deepcopy(recipe)
        for key, value in draw(prior, int(row["seed"])).items():
            part, name = key.split(".")
            tree[part][name] = value
        values = np.array([math.log(float(row[name])) for name in STEPS])
        result.append(Training(row["run"], int(row["seed"]), tree, values))
    return result
