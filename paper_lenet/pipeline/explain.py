"""Stage ``explain``: drawings and tables for the pages on the network, fields and learning.

They show how the paper's parts work, not how well. One module a subject in `figures.explained`;
each has the numbers as plain functions, and a function for the drawing that takes them. The page
shows what stands in ``data/results`` and ``data/figures``, so that no number of it is typed.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from paper_lenet.base.files import write_csv
from paper_lenet.digits.patterns import Patterns
from paper_lenet.figures.draw import Drawing, write
from paper_lenet.figures.explained import fields, padding, squashing, steps, subsampling
from paper_lenet.network.params import Params
from paper_lenet.pipeline.networks import load_networks, load_patterns
from paper_lenet.pipeline.steps import before_and_after

SHOWN = 4  # the digit whose pixels are drawn, as in the stage ``figures``


def explain(params: Params, processed: Path, models: Path, results: Path, figures: Path) -> None:
    """Write the tables, and draw each figure as ``NAME-light.svg`` and ``NAME-dark.svg``.

    What one network shows is that of the lowest seed.

    Args:
        params: the recipe and the trainer are used.
        processed: folder with ``train.safetensors`` and ``test.safetensors``.
        models: folder with ``seed-*.safetensors``.
        results: folder for the tables; made if missing.
        figures: folder for the drawings; made if missing.

    Raises:
        StageError: an input is missing or does not fit the recipe.
    """
    training, test = (load_patterns(params, processed, name) for name in ("train", "test"))
    trained = load_networks(params, models)[0]
    write_csv(results / "squashing.csv", squashing.HEADING, squashing.rows())
    write_csv(results / "subsampling.csv", subsampling.HEADING, subsampling.rows())
    write_csv(results / "padding.csv", padding.HEADING, padding.rows())
    coefficients = subsampling.coefficients(trained.parameters)
    write_csv(results / "coefficients.csv", subsampling.TRAINED, coefficients)
    found = before_and_after(params, trained, training, test)
    write_csv(results / "steps.csv", steps.HEADING, steps.rows(found))
    drawings: dict[str, Drawing] = {
        "squashing": squashing.draw,
        "subsampling": subsampling.draw,
        "padding": padding.draw,
        "steps": partial(steps.draw, found),
    }
    for grey in _digit(test):
        drawings["fields"] = partial(fields.draw, grey)
    write(figures, drawings)


def _digit(test: Patterns) -> list[NDArray[np.uint8]]:
    """The first pattern of the shown class, if the test set has one."""
    return [test.grey[index] for index in np.flatnonzero(test.labels == SHOWN)[:1]]
