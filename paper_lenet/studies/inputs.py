"""What the steps of pass 1 say of the inputs of background and foreground (Section II-B, p. 2284).

The paper prints -0.1 and 1.175, and that mean and variance are then roughly 0 and 1. Each way to
take one or the other is laid beside the printed steps (Section III-B): with the rest of the recipe
`paper` as it is, and nothing trained, for the steps of pass 1 need initial weights alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from paper_lenet.base.bars import tqdm
from paper_lenet.base.files import significant, write_csv
from paper_lenet.base.statistics import over_seeds
from paper_lenet.network.recipe import Recipe
from paper_lenet.results.summary import INTERVAL, heading
from paper_lenet.studies.posterior.steps import ends
from paper_lenet.studies.prior import PRINTED
from paper_lenet.studies.study import PAPER, Trained
from paper_lenet.training.job import Job

FILE = "inputs.csv"
SEEDS = 20
SHOWN = (*INTERVAL, "run_low", "run_high")
LUSH = 0.0, 2.55  # of the authors' surviving code: grey levels times 0.01
OWN = slice(2, 30)  # of 32 rows and columns, the 28 that a pattern of MNIST has
HEADING = (
    *("inputs", "background", "foreground", "mean_28", "variance_28", "mean_32", "variance_32"),
    *("seeds", *heading("smallest", SHOWN), *heading("largest", SHOWN)),
)

Ends = tuple[float, float]


def ways(own: Ends, padded: Ends) -> dict[str, Ends]:
    """Inputs of background and foreground, by what they are.

    Args:
        own: mean and variance of the training patterns' 28x28 pixels, white being 1.
        padded: the same of the 32x32.
    """
    return {
        "as printed": PRINTED,
        "twice the printed": (2 * PRINTED[0], 2 * PRINTED[1]),
        "the authors' later code": LUSH,
        "mean 0, variance 1 over 28×28": _standard(*own),
        "mean 0, variance 1 over 32×32": _standard(*padded),
    }


def _standard(mean: float, variance: float) -> Ends:
    """Inputs with mean 0 and variance 1 over pixels that have these."""
    return -mean / variance**0.5, (1 - mean) / variance**0.5


def moments(grey: NDArray[np.uint8]) -> Ends:
    """Mean and variance over pixels, white being 1."""
    counts = np.bincount(grey.ravel(), minlength=256)
    levels = np.arange(256) / 255
    mean = float(counts @ levels) / grey.size
    return mean, float(counts @ levels**2) / grey.size - mean**2


def examine(trained: Trained) -> None:
    """Write ``inputs.csv``, a row for each way, into the record of the study."""
    grey = trained.patterns.training.grey
    fields = moments(grey[:, OWN, OWN]), moments(grey)
    rows = []
    for name, scale in tqdm(ways(*fields).items(), desc="steps of pass 1", disable=None):
        low, apart = scale[0], scale[1] - scale[0]
        looks = [
            value
            for mean, variance in fields
            for value in (low + apart * mean, apart**2 * variance)
        ]
        cells = (significant(each, 4) for each in (*scale, *looks))
        rows.append((name, *cells, SEEDS, *steps(trained, scale)))
    write_csv(trained.folder / FILE, HEADING, rows)


def steps(trained: Trained, scale: Ends) -> tuple[str, ...]:
    """The cells of the smallest and the largest step over the seeds."""
    recipe = scaled(trained.recipes, scale)
    data = trained.patterns(recipe)
    found = [ends(Job(PAPER, recipe, seed, "engine"), data) for seed in range(SEEDS)]
    both = (over_seeds([each[place] for each in found]) for place in (0, 1))
    return tuple(significant(getattr(each, part), 4) for each in both for part in SHOWN)


def scaled(recipes: Mapping[str, Recipe], scale: Ends) -> Recipe:
    """The recipe `paper` with these inputs of background and foreground."""
    paper = recipes[PAPER]
    return replace(paper, presentation=replace(paper.presentation, scale=scale))
