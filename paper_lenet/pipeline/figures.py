"""Stage ``figures``: the paper's figures, redrawn from our results, for light and dark pages.

One module a figure; each has a function `draw` that takes arrays or rows and reads no file.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from paper_lenet.base.files import believing, read_csv
from paper_lenet.digits.patterns import Patterns
from paper_lenet.figures import (
    activations,
    codes,
    confusion,
    errors,
    every_seed,
    field,
    kernels,
    misclassified,
)
from paper_lenet.figures.draw import Drawing, write
from paper_lenet.network.params import Params
from paper_lenet.network.protocol import Execution
from paper_lenet.network.weights import initial_parameters
from paper_lenet.paper import numbers
from paper_lenet.pipeline.networks import (
    StageError,
    executed,
    existing,
    load_networks,
    load_patterns,
)
from paper_lenet.training.job import as_taken

SHOWN = 4  # the digit whose states are drawn, as in most panels of Fig. 13
STATES = 100  # patterns of each class in the mean state of F6


def figures(params: Params, processed: Path, models: Path, results: Path, figures: Path) -> None:
    """Draw every figure as ``NAME-light.svg`` and ``NAME-dark.svg``.

    What one network shows is that of the lowest seed.

    Args:
        params: the recipe and the trainer are used.
        processed: folder with ``test.safetensors``.
        models: folder with ``seed-*.safetensors``.
        results: folder that the stage ``evaluate`` wrote.
        figures: folder to write into; made if missing.

    Raises:
        StageError: an input is missing or does not fit the recipe.
    """
    test = load_patterns(params, processed, "test")
    drawings = _from_results(results, test) | _from_network(params, models, test)
    write(figures, drawings)


def _from_results(results: Path, test: Patterns) -> dict[str, Drawing]:
    """Figures of the tables."""
    curve = _rows(results / "curve.csv", ("pass",))
    misread = _rows(results / "misclassified.csv", ("seed", "index", "truth", "answer"), 0)
    networks = _rows(results / "seeds.csv", ("seed",))
    seeds = len(networks)
    counts = np.zeros((10, 10), np.int64)
    for row in _rows(results / "confusion.csv", ("truth", "answer", "count")):
        counts[int(row["truth"]), int(row["answer"])] = int(row["count"])
    lowest = networks[0]["seed"]
    known = numbers.is_test_set(test.labels)
    printed = {each.test_index: each.answer for each in numbers.fig8()} if known else {}
    mine = [row for row in misread if row["seed"] == lowest]
    patterns = _rows(results / "patterns.csv", ("index", "truth", "times"), 0)
    always = [row for row in patterns if row["times"] == str(seeds)]
    return {
        "errors": partial(errors.draw, curve, seeds),
        "misclassified": partial(misclassified.draw, mine, test.grey, printed),
        "confusion": partial(confusion.draw, counts, seeds),
        "every_seed": partial(every_seed.draw, always, test.grey, seeds),
    }


def _from_network(params: Params, models: Path, test: Patterns) -> dict[str, Drawing]:
    """Figures of the lowest seed's network."""
    trained = load_networks(params, models)[0]
    network = executed(params, trained)
    test = as_taken(params.recipe, test)
    initial = initial_parameters(trained.recipe, trained.seed)
    c1 = initial["C1.weight"], trained.parameters["C1.weight"]
    chosen = np.flatnonzero(test.labels == SHOWN)[:1]
    result: dict[str, Drawing] = {"kernels": partial(kernels.draw, *c1, trained.seed)}
    for index in chosen:
        states = network.activations(test.inputs(slice(index, index + 1))[0])
        result["field"] = partial(field.draw, test.grey[index], trained.recipe.network)
        title = f"seed {trained.seed}, test pattern {index}"
        result["activations"] = partial(activations.draw, test.grey[index], states, title)
    if trained.recipe.network.output == "rbf":
        result["codes"] = partial(codes.draw, mean_states(network, test), STATES)
    return result


def mean_states(network: Execution, test: Patterns) -> NDArray[np.float32]:
    """The mean state of F6 over the first patterns of each class, (10, 84), float32."""
    means = np.zeros((10, 84), np.float32)
    for label in range(10):
        inputs = test.inputs(np.flatnonzero(test.labels == label)[:STATES])
        states = [network.activations(pattern)["F6"].ravel() for pattern in inputs]
        if states:
            means[label] = np.mean(states, axis=0, dtype=np.float64)
    return means


def _rows(path: Path, counts: Sequence[str], least: int = 1) -> list[dict[str, str]]:
    """The rows of a table that has so many, or more, and these columns of counts."""
    rows = read_csv(existing(path, "evaluate"))
    with believing(path):
        for text in (row[name] for row in rows for name in counts):
            if int(text) < 0:
                raise ValueError(f"{text} is no count")
    if len(rows) < least:
        raise StageError(f"{path}: empty; run the stage evaluate again")
    return rows
