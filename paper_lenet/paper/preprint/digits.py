"""Embedded digits beside MNIST's: as ink in a field of 32x32, and the pattern that each one is."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from paper_lenet.paper.preprint.page import Page, Picture

FIELD, WHITE = 32, 255
LABEL = re.compile(r"(\d)\D>(\d)")  # truth and answer, below each digit of Fig. 8

Array = NDArray[np.float64]


class Nearest(NamedTuple):
    """For each of N digits the pattern most like it, and how far it and the next one are.

    Attributes:
        pattern: (N,), its index, from 0.
        distance: (N,), root mean square over the pixels.
        next: (N,), the same of the second nearest.

    Example:
        >>> found = nearest(np.array([[1.0, 1.0]]), np.array([[3.0, 3.0], [0.0, 0.0]]))
        >>> found.pattern.tolist(), found.distance.tolist(), found.next.tolist()
        ([1], [1.0], [2.0])
    """

    pattern: NDArray[np.int64]
    distance: Array
    next: Array


def split(page: Page) -> tuple[list[Picture], list[Picture]]:
    """The page's digits without a label (Fig. 7), and those with truth and answer (Fig. 8).

    Example:
        >>> grey = np.full((32, 32), 255, np.uint8)
        >>> page = Page((Picture(0.0, 0.0, grey, ""), Picture(40.0, 0.0, grey, "4->6")), ())
        >>> [[picture.label for picture in part] for part in split(page)]
        [[''], ['4->6']]
    """
    pictures = page.pictures_of(FIELD, FIELD)
    labelled = [bool(LABEL.fullmatch(picture.label)) for picture in pictures]
    return (
        [p for p, has in zip(pictures, labelled, strict=True) if not has],
        [p for p, has in zip(pictures, labelled, strict=True) if has],
    )


def ink(pictures: list[Picture]) -> Array:
    """The digits as ink, 0 where the paper is white: (N, 32, 32).

    Example:
        >>> white = Picture(0.0, 0.0, np.full((32, 32), 255, np.uint8), "")
        >>> float(ink([white]).max())
        0.0
    """
    return WHITE - np.array([picture.grey for picture in pictures], np.float64)


def field(images: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """MNIST's images, (N, 28, 28), in the middle of a field of background: (N, 32, 32).

    Example:
        >>> field(np.zeros((2, 28, 28), np.uint8)).shape
        (2, 32, 32)
    """
    margin = (FIELD - images.shape[1]) // 2
    return np.pad(images, ((0, 0), (margin, margin), (margin, margin)))


def nearest(digits: Array, patterns: NDArray[Any]) -> Nearest:
    """Look for each digit, (N, ...), among the patterns, (M, ...), M at least 2.

    Example:
        >>> patterns = np.array([[0.0, 0.0], [1.0, 1.0], [5.0, 5.0]])
        >>> found = nearest(np.array([[1.0, 1.5]]), patterns)
        >>> int(found.pattern[0]), bool(found.distance[0] < found.next[0])
        (1, True)
    """
    rows = digits.reshape(len(digits), -1)
    others = patterns.reshape(len(patterns), -1).astype(np.float64)
    squares = (rows**2).sum(1)[:, None] - 2 * rows @ others.T + (others**2).sum(1)
    distances = np.sqrt(np.maximum(squares, 0) / rows.shape[1])
    two = np.argsort(distances, axis=1, kind="stable")[:, :2]
    first, second = np.take_along_axis(distances, two, 1).T
    return Nearest(two[:, 0], first, second)
