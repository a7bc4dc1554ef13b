"""Pieces of ink: connected pixels, and those that make one digit together.

Pieces near each other make one digit, as long as that is no wider than digits are: of the training
patterns of MNIST that are broken by a gap of the pen, seven in ten come together again so. A frame
or a ring around a digit is none of its pieces, nor is a line longer than the digit, or a wider one
below it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

LEAST_PIXELS = 12
DIRT, BESIDE, ABOVE = 0.08, 0.12, 0.2  # of the largest piece's size: how near small ones, others
SMALL = 0.03  # of the largest piece's pixels
WIDE = 1.25  # width over height of pieces that are taken together
HOLLOW, THIN = 0.3, 0.1  # of the box that is ink; width over length


class Piece(NamedTuple):
    """Connected ink, or several pieces taken together: its label, its pixels and its edges.

    Example:
        >>> piece = Piece(1, pixels=40, top=2, left=3, bottom=22, right=9)
        >>> piece.height, piece.width
        (20, 6)
        >>> piece.size, piece.hollow, piece.thin
        (20, False, False)
        >>> ring = Piece(2, pixels=200, top=0, left=0, bottom=40, right=40)
        >>> ring.hollow, ring.holds(piece), ring.frames(piece)
        (True, True, True)
        >>> ring.on_edge((90, 90)), ring.spans((90, 90)), ring.spans((40, 90))
        (True, False, True)
    """

    label: int
    pixels: int
    top: int
    left: int
    bottom: int
    right: int

    @property
    def height(self) -> int:
        """Rows."""
        return self.bottom - self.top

    @property
    def width(self) -> int:
        """Columns."""
        return self.right - self.left

    @property
    def size(self) -> int:
        """The longer side."""
        return max(self.height, self.width)

    @property
    def hollow(self) -> bool:
        """Whether it fills little of its box, as a frame does, and many digits do."""
        return self.pixels < HOLLOW * self.height * self.width

    @property
    def thin(self) -> bool:
        """Whether it is but a line."""
        return min(self.height, self.width) < THIN * self.size

    def holds(self, other: Piece) -> bool:
        """Whether the other lies in the box of this one."""
        return (
            self.top <= other.top
            and self.left <= other.left
            and self.bottom >= other.bottom
            and self.right >= other.right
        )

    def frames(self, other: Piece) -> bool:
        """Whether it is drawn around the other, which is too large for dirt."""
        return self.hollow and self.holds(other) and other.size > HOLLOW * self.size

    def spans(self, shape: tuple[int, ...]) -> bool:
        """Whether it reaches from one edge of a picture of this shape to the other."""
        return self.height == shape[0] or self.width == shape[1]

    def on_edge(self, shape: tuple[int, ...]) -> bool:
        """Whether it touches the edge of a picture of this shape."""
        return 0 in (self.top, self.left) or self.bottom == shape[0] or self.right == shape[1]


def pieces(labels: NDArray[np.integer]) -> list[Piece]:
    """The pieces of a labelled picture, (height, width), 0 for paper; the largest first.

    Example:
        >>> labels = np.zeros((30, 30), np.int32)
        >>> labels[5:25, 10:20] = 1
        >>> pieces(labels)
        [Piece(label=1, pixels=200, top=5, left=10, bottom=25, right=20)]
    """
    counts = np.bincount(labels.ravel())
    result = [
        Piece(label, int(counts[label]), rows.start, columns.start, rows.stop, columns.stop)
        for label, (rows, columns) in enumerate(ndimage.find_objects(labels), 1)
        if counts[label] >= LEAST_PIXELS
    ]
    return sorted(result, key=lambda each: -each.pixels)


def groups(found: Sequence[Piece], shape: tuple[int, ...] | None) -> list[list[Piece]]:
    """Pieces that belong together, each group with its largest first.

    Args:
        found: as `pieces` gives them.
        shape: of the picture, if what touches its edge cannot belong to what does not.

    Example:
        >>> found = [Piece(1, 200, 5, 5, 25, 15), Piece(2, 100, 10, 100, 20, 110)]
        >>> [len(group) for group in groups(found, shape=None)]
        [1, 1]
    """
    result: list[list[Piece]] = []
    for piece in found:
        for group in result:
            if _belongs(piece, group, shape):
                group.append(piece)
                break
        else:
            result.append([piece])
    return result


def hull(group: Sequence[Piece]) -> Piece:
    """The pieces of a group as one.

    Example:
        >>> hull([Piece(1, 200, 5, 5, 25, 15), Piece(2, 100, 10, 12, 30, 20)])
        Piece(label=1, pixels=300, top=5, left=5, bottom=30, right=20)
    """
    tops, lefts, bottoms, rights = zip(*(each[2:] for each in group), strict=True)
    pixels = sum(each.pixels for each in group)
    return Piece(group[0].label, pixels, min(tops), min(lefts), max(bottoms), max(rights))


def _belongs(piece: Piece, group: Sequence[Piece], shape: tuple[int, ...] | None) -> bool:
    whole, main = hull(group), group[0]
    if shape is not None and piece.on_edge(shape) != main.on_edge(shape):
        return False
    if piece.pixels < SMALL * main.pixels or (piece.thin and piece.size > main.size):
        return False
    if main.frames(piece) or piece.frames(main):
        return False
    if piece.thin and piece.top >= whole.bottom and piece.width > whole.width:  # underlined
        return False
    down = max(piece.top - whole.bottom, whole.top - piece.bottom)
    along = max(piece.left - whole.right, whole.left - piece.right)
    reach = DIRT if piece.size < HOLLOW * main.size else ABOVE if along < 0 else BESIDE
    both = hull([*group, piece])
    wide = both.width > max(WIDE * both.height, 1.1 * main.width)
    size = min(main.size, 2 * main.height)  # a line of writing is long, and near to little
    return max(down, along) < reach * size and not wide
