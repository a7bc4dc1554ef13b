"""What networks misread with pixels inverted: ``noisy.csv``, as ``misread.csv`` has it without.

The inverted pixels are the same for all networks, and are no presentation that any was trained on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from paper_lenet.base.files import read_csv, write_csv
from paper_lenet.digits.distort import shown
from paper_lenet.studies.study import Trained
from paper_lenet.training.execution import maker
from paper_lenet.training.passes import ASIDE

FILE = "noisy.csv"
HEADING = ("run", "seed", "index", "truth", "answer")


def examine(trained: Trained) -> None:
    """Write ``noisy.csv``."""
    write_csv(trained.folder / FILE, HEADING, _misread(trained))


def _misread(trained: Trained) -> Iterator[tuple[str, int, int, int, int]]:
    for one in trained.trainings:
        test = trained.patterns(one.job.recipe).test
        places = np.arange(len(test))
        noisy = shown(test, places, 0, 2 * ASIDE, one.job.recipe.presentation)
        answers = maker(one.job)(one.state.parameters).penalties(noisy).argmin(axis=1)
        for index in np.flatnonzero(answers != test.labels):
            truth, answer = int(test.labels[index]), int(answers[index])
            yield one.job.name, one.job.seed, int(index), truth, answer


def errors(folder: Path) -> Counter[tuple[str, int]]:
    """How many patterns each network misreads, by run and seed."""
    return Counter((row["run"], int(row["seed"])) for row in read_csv(folder / FILE))
