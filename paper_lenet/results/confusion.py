"""Which class was taken for which: the confusion matrix, and the errors of each class.

Counts are sums over the networks (one a seed), and stay whole numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from paper_lenet.base.files import fixed, write_csv
from paper_lenet.base.statistics import over_seeds
from paper_lenet.network.architecture import CLASSES
from paper_lenet.results.answers import Answers


def confusion(networks: Sequence[Answers]) -> NDArray[np.int64]:
    """How often each class (row) was given each answer (column), (10, 10), over all networks.

    Example:
        >>> from paper_lenet.network.recipe import Loss
        >>> penalties = np.array([[0.5] + [9] * 9], np.float32)
        >>> confusion([Answers(0, np.array([7]), penalties, Loss())])[7, 0].item()
        1
    """
    total = np.zeros((CLASSES, CLASSES), np.int64)
    for network in networks:
        np.add.at(total, (network.truth, network.answers), 1)
    return total


def write_confusion(path: Path, networks: Sequence[Answers]) -> None:
    """All hundred pairs of class and answer.

    Example:
        >>> from paper_lenet.base.files import read_csv
        >>> from paper_lenet.network.recipe import Loss
        >>> penalties = np.array([[0.5] + [9] * 9], np.float32)
        >>> path = Path("confusion.csv")
        >>> write_confusion(path, [Answers(0, np.array([7]), penalties, Loss())])
        >>> [tuple(row.values()) for row in read_csv(path) if row["count"] != "0"]
        [('7', '0', '1')]
    """
    counts = confusion(networks)
    rows = [(truth, answer, count) for (truth, answer), count in np.ndenumerate(counts)]
    write_csv(path, ("truth", "answer", "count"), rows)


def write_classes(path: Path, networks: Sequence[Answers]) -> None:
    """Errors of each class: the rate and its t interval over seeds, precision, recall and F1.

    ``patterns`` is the number of test patterns of the class; ``errors`` counts over all networks,
    and precision, recall and F1 are those of all their answers together.

    Example:
        >>> from paper_lenet.base.files import read_csv
        >>> from paper_lenet.network.recipe import Loss
        >>> penalties = np.array([[0.5] + [9] * 9], np.float32)
        >>> path = Path("classes.csv")
        >>> write_classes(path, [Answers(0, np.array([7]), penalties, Loss())])
        >>> seven = read_csv(path)[7]
        >>> seven["patterns"], seven["errors"], seven["recall"]
        ('1', '1', '0.000000')
    """
    counts = confusion(networks)
    rows = []
    for label in range(CLASSES):
        mine = networks[0].truth == label
        patterns, right = int(mine.sum()), int(counts[label, label])
        answered, shown = int(counts[:, label].sum()), int(counts[label].sum())
        misread = [int((network.answers[mine] != label).sum()) for network in networks]
        rates = over_seeds([100 * errors / max(patterns, 1) for errors in misread], floor=0)
        rows.append(
            (
                label,
                patterns,
                sum(misread),
                *(fixed(value) for value in (rates.mean, rates.low, rates.high)),
                _ratio(right, answered),
                _ratio(right, shown),
                _ratio(2 * right, answered + shown),
            )
        )
    heading = ("class", "patterns", "errors", "error_percent", "low", "high")
    write_csv(path, (*heading, "precision", "recall", "f1"), rows)


def _ratio(part: int, whole: int) -> str:
    """A fraction with six decimals; empty if there is no whole."""
    return fixed(part / whole, 6) if whole else ""
