"""The study ``invariance``: how far digits may vary, what must be rejected, and what it costs.

The paper estimates by eye in which ranges its network still reads digits (Section III-E), and gives
no error rates. Here test patterns are altered in one way at a time (`transformations`) and the
errors counted (`altered`). The study trains nothing new: its runs are those of other studies.
Rejection (`rejection`) and costs (`costs`) are written along with it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial

import numpy as np

from paper_lenet.base.files import fixed, significant, write_csv
from paper_lenet.digits import excerpt
from paper_lenet.digits.patterns import Patterns
from paper_lenet.digits.transformations import TRANSFORMATIONS
from paper_lenet.figures import draw, invariance
from paper_lenet.network import weights
from paper_lenet.results.answers import Answers
from paper_lenet.results.summary import SPREAD, cells
from paper_lenet.results.trainings import TableError
from paper_lenet.studies import altered, costs, rejection
from paper_lenet.studies.recognised import Curve, limit, means
from paper_lenet.studies.study import Folders, Study, Trained
from paper_lenet.training.execution import execution
from paper_lenet.training.job import as_taken
from paper_lenet.training.kind import Finished

SEEDS = 5
BASE = "paper"
EXAMPLE = 4  # the digit that is drawn, as in most panels of Fig. 13
MEANS = ("transformation", "network", "amount", "seeds", "error", *SPREAD[1:])
LIMITS = (
    "transformation",
    "network",
    "low",
    "high",
    "paper_low",
    "paper_high",
    "error_at_paper_low",
    "error_at_paper_high",
)


def examine(trained: Trained) -> None:
    """Write what the trained networks do.

    ``curves.csv`` has the errors on altered patterns, of the first `SEEDS` networks of each run;
    ``rejection.csv`` and ``needed.csv``, of `rejection`, have all networks of the run `BASE`;
    ``example.csv`` has the pattern that is drawn.

    Raises:
        TableError: a training diverged.
    """
    test, folder = trained.patterns.test, trained.folder
    networks = by_run(trained.trainings)
    few = [(name, each) for name, group in networks.items() for each in group[:SEEDS]]
    altered.write(folder / "curves.csv", altered.measure(few, test))
    rejection.measure([judged(each, test) for each in networks[BASE]], folder)
    write_example(trained)


def write_example(trained: Trained) -> None:
    """Write ``example.csv``: of the altered patterns the first of the class `EXAMPLE`."""
    test = trained.patterns.test
    chosen = altered.chosen(test)
    example = chosen[test.labels[chosen] == EXAMPLE][:1]
    excerpt.write(trained.folder / "example.csv", test, example)


def by_run(trainings: Sequence[Finished]) -> dict[str, list[weights.Trained]]:
    """The trained networks of each run.

    Raises:
        TableError: a training diverged.
    """
    networks: dict[str, list[weights.Trained]] = {}
    for one in trainings:
        if not one.trained:
            raise TableError(f"{one.job}: it diverged, and has no network to look at")
        network = weights.Trained(one.state.parameters, one.job.recipe, one.job.seed)
        networks.setdefault(one.job.name, []).append(network)
    return networks


def judged(trained: weights.Trained, test: Patterns) -> Answers:
    """The answers of a network to the whole test set."""
    recipe = trained.recipe
    network = execution("engine", recipe, trained.parameters)
    penalties = network.penalties(as_taken(recipe, test))
    return Answers(trained.seed, test.labels.astype(np.int64), penalties, recipe.loss)


def analyse(folders: Folders) -> None:
    """Write ``limits.csv``, ``means.csv`` and the tables of `rejection` and `costs`, and draw.

    Raises:
        TableError: ``curves.csv`` is missing.
    """
    results = folders.results()
    found = means(altered.read(folders.trained() / "curves.csv"))
    rows = [
        (name, network, significant(amount), str(value.n), *cells(value))
        for (name, network), curve in found.items()
        for amount, value in curve.items()
    ]
    write_csv(results / "means.csv", MEANS, rows)
    write_csv(results / "limits.csv", LIMITS, [row(*key, curve) for key, curve in found.items()])
    example = excerpt.read(folders.trained() / "example.csv").grey
    limits = {(name, network): ends(name, curve) for (name, network), curve in found.items()}
    drawings = {
        "curves": partial(invariance.curves, found, limits, TRANSFORMATIONS),
        "examples": partial(invariance.examples, example, TRANSFORMATIONS),
    }
    draw.write(folders.figures, drawings)
    rejection.analyse(folders)
    costs.analyse(folders)


def ends(name: str, curve: Curve) -> tuple[float, float]:
    """The amounts between which digits are recognised, as `limit` has them."""
    neutral = TRANSFORMATIONS[name].neutral
    return limit(curve, neutral, -1), limit(curve, neutral, 1)


def row(name: str, network: str, curve: Curve) -> list[str]:
    """Where recognition ends on both sides, and the error at the paper's limits."""
    how = TRANSFORMATIONS[name]
    at = [curve[limit].mean if limit in curve else math.nan for limit in how.limits]
    return [
        name,
        network,
        *(significant(value, 3) for value in (*ends(name, curve), *how.limits)),
        *(fixed(value, 2) for value in at),
    ]


STUDY = Study(examine=examine, analyse=analyse)
