"""Stage ``examples``: a few test digits in git, for pages that show some without the data.

Of each class the first digits of the test set that every seed reads rightly; then those that most
seeds misread. The paper shows its own choice in Figs. 4 and 8 and does not say how it was made.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from paper_lenet.base.files import believing, read_csv, write_csv
from paper_lenet.digits import excerpt
from paper_lenet.digits.patterns import Patterns
from paper_lenet.network.architecture import CLASSES

EACH = 3  # of a class that are read rightly
MISREAD = 24
SIDE = 28
COLUMNS = ("index", "truth", "times", "pixels")


def examples(processed: Path, patterns_csv: Path, result: Path) -> None:
    """Write the chosen test digits, in the order of the test set within each kind.

    Args:
        processed: folder with ``test.safetensors``.
        patterns_csv: by test pattern, how many seeds misread it, as stage ``evaluate`` writes it.
        result: the CSV file: of each 28 x 28 digit the cells of `excerpt`, and times misread.
    """
    test = Patterns.load(processed / "test.safetensors").cropped(SIDE)
    with believing(patterns_csv):
        times = {int(row["index"]): int(row["times"]) for row in read_csv(patterns_csv)}
    found = (excerpt.cells(test, index) for index in chosen(test.labels, times))
    rows = [(index, truth, times.get(index, 0), pixels) for index, truth, pixels in found]
    write_csv(result, COLUMNS, rows)


def chosen(labels: NDArray[np.uint8], times: dict[int, int]) -> list[int]:
    """The indices of the digits to show.

    Args:
        labels: (N,), of the test set.
        times: by index, how many seeds misread a pattern; one that is not named, none.
    """
    right: list[int] = []
    for digit in range(CLASSES):
        found = (int(index) for index in np.flatnonzero(labels == digit))
        right += [index for index in found if not times.get(index)][:EACH]
    misread = [index for index in times if times[index]]
    misread.sort(key=lambda index: (-times[index], index))
    return sorted(right) + sorted(misread[:MISREAD])
