"""Section III-E: the errors of trained networks on altered test patterns, counted.

The patterns are the first of a random order, not of the test set, whose first half is the harder
one (`overlap.halves`). 2,000 give an error of a tenth an interval of about
a percentage point either way.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from paper_lenet.base import streams
from paper_lenet.base.bars import tqdm
from paper_lenet.base.files import believing, read_csv, significant, write_csv
from paper_lenet.digits.patterns import Patterns
from paper_lenet.digits.transformations import TRANSFORMATIONS
from paper_lenet.network.weights import Trained
from paper_lenet.results.trainings import TableError
from paper_lenet.studies.recognised import Counted, counted
from paper_lenet.training.execution import execution
from paper_lenet.training.job import as_taken

PATTERNS = 2000


def chosen(test: Patterns) -> NDArray[np.int64]:
    """Which of `test` are altered: the first `PATTERNS` of one random order, (N,), increasing."""
    order = streams.permutation(streams.key(0, "subset"), len(test))
    return np.sort(order[:PATTERNS])


def measure(networks: Iterable[tuple[str, Trained]], test: Patterns) -> list[Counted]:
    """The errors of every network on every alteration of the chosen test patterns.

    Args:
        networks: each with the name under which its errors are taken together, as ``paper``.
        test: the test set, 32 x 32.

    Returns:
        Rows in the order of transformation, amount and network.
    """
    patterns = test.subset(chosen(test))
    ready = [
        (name, each.seed, each.recipe, execution("engine", each.recipe, each.parameters))
        for name, each in networks
    ]
    rows = []
    steps = [(name, amount) for name, how in TRANSFORMATIONS.items() for amount in how.amounts]
    for name, amount in tqdm(steps, desc="invariance", disable=None):
        grey = TRANSFORMATIONS[name].apply(patterns.grey, amount)
        altered = Patterns(grey, patterns.labels, patterns.levels)
        for network, seed, recipe, run in ready:
            answers = run.penalties(as_taken(recipe, altered)).argmin(axis=1)
            errors = int(np.count_nonzero(answers != altered.labels))
            rows.append(Counted(network, seed, name, amount, errors, len(altered)))
    return rows


def write(path: Path, rows: Sequence[Counted]) -> None:
    """Write the counts to the CSV file `path`."""
    cells = [(*row[:3], significant(row.amount), *row[4:]) for row in rows]
    write_csv(path, Counted._fields, cells)


def read(path: Path) -> list[Counted]:
    """The counts that `write` wrote to `path`.

    Raises:
        TableError: there is no such file.
        FormatError: it is not as it was written.
    """
    if not path.is_file():
        raise TableError(f"{path}: there is no such file; measure first")
    with believing(path):
        return [counted(row) for row in read_csv(path)]
