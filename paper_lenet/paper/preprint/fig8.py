"""Fig. 8, the misread test patterns: which of MNIST each is, with truth and answer as printed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from paper_lenet.paper.preprint.digits import LABEL, field, ink, nearest, split
from paper_lenet.paper.preprint.document import PreprintError
from paper_lenet.paper.preprint.page import Page, Picture, expect
from paper_lenet.paper.preprint.reading import Reading, over, table

PAGE = 11
COUNT = 82
ALIKE = 5.0  # grey levels: what the print's few levels can differ by, and no other digit


def read(page: Page, images: NDArray[np.uint8], labels: NDArray[np.uint8]) -> Reading:
    """Index, truth and answer.

    Args:
        page: that of the figure.
        images: MNIST's test images, (N, 28, 28).
        labels: (N,).

    Raises:
        PreprintError: the page has not the figure, or these are other test patterns.

    Example:
        >>> images = np.random.default_rng(0).integers(0, 256, (90, 28, 28), np.uint8)
        >>> truth = np.arange(90, dtype=np.uint8) % 10
        >>> printed = [
        ...     Picture(0.0, 0.0, 255 - digit, f"{label}->5")
        ...     for digit, label in zip(field(images), truth)
        ... ]
        >>> read(Page(tuple(printed[8:]), ()), images, truth).content.split()[:3]
        [b'test_index,truth,answer', b'8,8,5', b'9,9,5']
    """
    _, pictures = split(page)
    expect(pictures, COUNT, "Fig. 8, digits with truth and answer")
    found = nearest(ink(pictures), field(images))
    rows = []
    for number, picture in enumerate(pictures):
        (truth, answer), index = map(int, LABEL.findall(picture.label)[0]), found.pattern[number]
        if found.distance[number] > ALIKE or labels[index] != truth:
            raise PreprintError(
                f"Fig. 8: digit {number + 1}, a {truth}, is none of these {len(labels):,} test "
                f"patterns: the nearest, {index}, is a {labels[index]} and "
                f"{found.distance[number]:.1f} grey levels away; MNIST is needed"
            )
        rows.append((index, truth, answer))
    own = field(images[found.pattern])
    return Reading(
        "fig8_errors.csv",
        table("test_index,truth,answer", rows),
        (
            over("grey levels between a digit and its pattern (r.m.s.)", found.distance),
            over("grey levels to the next pattern (r.m.s.)", found.next),
            over("printed levels that one grey level of MNIST becomes", _levels(pictures, own)),
        ),
    )


def _levels(pictures: list[Picture], own: NDArray[np.uint8]) -> NDArray[np.float64]:
    """For each grey level of these patterns, in how many levels its pixels are printed."""
    printed = np.array([picture.grey for picture in pictures])
    pairs = np.unique([own.ravel(), printed.ravel()], axis=1)
    return np.unique(pairs[0], return_counts=True)[1].astype(np.float64)
