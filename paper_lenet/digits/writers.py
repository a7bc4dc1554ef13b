"""Who wrote each pattern of MNIST: the labels of QMNIST, whose first rows are MNIST's patterns.

QMNIST (Yadav and Bottou, 2019) made MNIST once more from NIST's collections. Its label files say of
every pattern which collection it is of and who wrote it. They are not part of this repository;
``paper-lenet download --writers`` fetches them, and every reader checks that the classes are those
of MNIST, pattern by pattern.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from paper_lenet.base.errors import PaperLenetError
from paper_lenet.digits.dataset import MNIST, QMNIST
from paper_lenet.digits.idx import IdxError, as_idx, read_ints
from paper_lenet.digits.mnist import TEST, TRAIN
from paper_lenet.paper.numbers import TEST_PATTERNS

LABELS = tuple(QMNIST.sha256)
COLUMNS = 8
CLASS, SERIES, WRITER = 0, 1, 2  # columns
STUDENTS = 4  # the series of NIST that is SD-1, by high-school students; the others are SD-3


class WritersError(PaperLenetError, ValueError):
    """The label files are not there, or are of other patterns."""


class Writers(NamedTuple):
    """One set of N patterns.

    Attributes:
        students: (N,), bool: written by a student (SD-1), not by an employee (SD-3).
        writer: (N,), int64: a number for each who wrote.

    Example:
        >>> rows = np.zeros((4, COLUMNS), np.int64)
        >>> rows[:, SERIES], rows[:, WRITER] = [0, 4, 4, 0], [7, 2100, 2101, 7]
        >>> four = Writers.from_labels(rows)
        >>> len(np.unique(four.writer)), four.writer[four.students].tolist()
        (3, [2100, 2101])
    """

    students: NDArray[np.bool_]
    writer: NDArray[np.int64]

    @classmethod
    def from_labels(cls, rows: NDArray[np.int64]) -> Writers:
        """What rows (N, 8) of a label file say."""
        return cls(rows[:, SERIES] == STUDENTS, rows[:, WRITER])


def load(folder: Path) -> tuple[Writers, Writers, Writers]:
    """Those of MNIST's training set, of its test set, and of QMNIST's larger one, from `folder`.

    Raises:
        WritersError: a file is not there, or its first classes are not those of MNIST.
        IdxError: it is malformed.

    Example:
        >>> try:
        ...     load(Path("nowhere"))
        ... except WritersError as error:
        ...     print(str(error).partition(";")[0])
        nowhere: lacks qmnist-train-labels-idx2-int, qmnist-test-labels-idx2-int
    """
    missing = [name for name in LABELS if not (folder / name).is_file()]
    if missing:
        raise WritersError(
            f"{folder}: lacks {', '.join(missing)}; `paper-lenet download --writers` fetches what "
            "is missing, `--from FOLDER` takes it from a folder of yours"
        )
    train, test = (_read(folder / name) for name in LABELS)
    mnist_test = test[: int(TEST_PATTERNS.value)]
    for name, rows, known in ((LABELS[0], train, TRAIN[1]), (LABELS[1], mnist_test, TEST[1])):
        classes = as_idx(rows[:, CLASS].astype(np.uint8))
        if hashlib.sha256(classes).hexdigest() != MNIST.sha256[known]:
            raise WritersError(f"{folder / name}: its classes are not those of MNIST's {known}")
    read = Writers.from_labels
    return read(train), read(mnist_test), read(test)


def _read(path: Path) -> NDArray[np.int64]:
    rows = read_ints(path)
    if rows.shape[1] != COLUMNS:
        raise IdxError(f"{path}: wrong dimensions: {rows.shape[1]} columns, not {COLUMNS}")
    return rows
