"""MNIST (Section III-A): its four files, and reading them.

The paper took 60,000 training and 10,000 test patterns, today's MNIST: its Fig. 8 draws 82 test
patterns that are found there, in the same order.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from paper_lenet.digits.idx import IdxError, read_idx

TRAIN = ("train-images-idx3-ubyte", "train-labels-idx1-ubyte")
TEST = ("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte")
FILES = TRAIN + TEST
SIDE = 28
GREATEST = 9  # of the labels


class Digits(NamedTuple):
    """One set of patterns, as distributed.

    Attributes:
        images: (N, 28, 28), uint8, 0 is background.
        labels: (N,), uint8, 0 to 9.

    Example:
        >>> images, labels = np.zeros((2, 28, 28), np.uint8), np.array([7, 2], np.uint8)
        >>> Digits(images, labels)
        Digits(2 of 28 x 28)
    """

    images: NDArray[np.uint8]
    labels: NDArray[np.uint8]

    def __repr__(self) -> str:
        return f"Digits({len(self.labels):,} of {SIDE} x {SIDE})"


def load(folder: Path) -> tuple[Digits, Digits]:
    """The training and the test set from the four files in `folder`.

    Raises:
        IdxError: a file is missing, malformed or does not fit the others.

    Example:
        >>> from paper_lenet.digits.idx import write_idx
        >>> for images, labels in (TRAIN, TEST):
        ...     write_idx(Path(images), np.zeros((3, 28, 28), np.uint8))
        ...     write_idx(Path(labels), np.array([5, 0, 4], np.uint8))
        >>> train, test = load(Path())
        >>> train.images.shape, test.labels
        ((3, 28, 28), array([5, 0, 4], dtype=uint8))
    """
    return _load(folder, *TRAIN), _load(folder, *TEST)


def _load(folder: Path, images_name: str, labels_name: str) -> Digits:
    images, labels = read_idx(folder / images_name), read_idx(folder / labels_name)
    if images.shape[1:] != (SIDE, SIDE):
        shape = " x ".join(map(str, images.shape))
        raise IdxError(
            f"{folder / images_name}: wrong dimensions: {shape}, not N x {SIDE} x {SIDE}"
        )
    if labels.ndim != 1:
        raise IdxError(f"{folder / labels_name}: wrong dimensions: {labels.ndim} instead of 1")
    if len(images) != len(labels):
        counts = f"{len(labels)} labels for the {len(images)} images of {images_name}"
        raise IdxError(f"{folder / labels_name}: counts disagree: {counts}")
    wrong = np.flatnonzero(labels > GREATEST)
    if len(wrong):
        label = f"label {labels[wrong[0]]} at index {wrong[0]}"
        raise IdxError(f"{folder / labels_name}: {label} is not in 0 to {GREATEST}")
    return Digits(images, labels)
