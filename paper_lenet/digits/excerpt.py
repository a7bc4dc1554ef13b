"""A few patterns of a data set in a CSV file, for drawings that must not need the whole set.

A row is a pattern: its index in the set, its class, and its grey levels row by row, two hexadecimal
figures each.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from paper_lenet.base.files import believing, read_csv, write_csv
from paper_lenet.digits.patterns import Patterns

COLUMNS = ("index", "truth", "pixels")


class Excerpt(NamedTuple):
    """N patterns of a set.

    Attributes:
        indices: (N,), int64, where they stand in the set.
        grey: (N, side, side), uint8.

    Example:
        >>> three = Patterns.from_images(np.zeros((3, 28, 28), np.uint8), [5, 0, 4])
        >>> write(Path("few.csv"), three, np.array([2, 0]))
        >>> few = read(Path("few.csv"))
        >>> few.indices, few.grey.shape  # as the network sees them
        (array([2, 0]), (2, 32, 32))
    """

    indices: NDArray[np.int64]
    grey: NDArray[np.uint8]


def write(path: Path, patterns: Patterns, indices: NDArray[np.int64]) -> None:
    """Write those of the patterns at `indices`, (N,), that the set has to the CSV file `path`.

    Example:
        >>> three = Patterns.from_images(np.zeros((3, 28, 28), np.uint8), [5, 0, 4])
        >>> write(Path("written.csv"), three, np.array([2, 0, 99]))  # there is no pattern 99
        >>> [row["truth"] for row in read_csv(Path("written.csv"))]
        ['4', '5']
    """
    inside = indices[indices < len(patterns)]
    write_csv(path, COLUMNS, [cells(patterns, int(index)) for index in inside])


def cells(patterns: Patterns, index: int) -> tuple[int, int, str]:
    """The row of the pattern at `index`.

    Example:
        >>> images = np.zeros((2, 28, 28), np.uint8)
        >>> images[1, 0, 0] = 255
        >>> index, truth, pixels = cells(Patterns.from_images(images, [7, 2]), 1)
        >>> index, truth, pixels.find("ff") // 2 == 2 * 32 + 2  # the padding comes before it
        (1, 2, True)
    """
    return index, int(patterns.labels[index]), patterns.grey[index].tobytes().hex()


def read(path: Path) -> Excerpt:
    """The patterns that `write` wrote to `path`.

    Raises:
        OSError: the file cannot be read.
        FormatError: it is not as `write` wrote it.

    Example:
        >>> three = Patterns.from_images(np.full((3, 28, 28), 9, np.uint8), [5, 0, 4])
        >>> write(Path("read.csv"), three, np.array([2, 0]))
        >>> found = read(Path("read.csv"))
        >>> found.indices.tolist(), bool((found.grey == three.grey[[2, 0]]).all())
        ([2, 0], True)
    """
    rows = read_csv(path)
    with believing(path):
        indices = np.array([int(row["index"]) for row in rows], np.int64)
        levels = [np.frombuffer(bytes.fromhex(row["pixels"]), np.uint8) for row in rows]
        side = math.isqrt(len(levels[0]))
        return Excerpt(indices, np.stack(levels).reshape(-1, side, side))
