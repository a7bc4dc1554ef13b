"""Ink that may be a digit: where it is in a picture, and how it is shown to the network."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from paper_lenet.digits.frame import clear_ink, framed, inked


@dataclass(frozen=True)
class Found:
    """Ink that may be a digit.

    Attributes:
        box: left, top, right and bottom, in pixels of the picture.
        ink: (rows, columns) of the box, 0 to 1.
        dark: whether it is darker than what it is on.
        weight: how large it is and how likely a digit, by what can be seen without reading it.
        bulk: its greatest width over its size.
        sound: whether all speaks for a digit, so that it counts where several are looked for.
        whole: whether it is all the ink of a picture in which there are parts too.

    Example:
        >>> bar = Found((10, 20, 14, 40), np.ones((20, 4)), dark=True, weight=1.0)
        >>> bar.size, bar.field.shape, [int(np.ptp(place)) + 1 for place in np.nonzero(bar.field)]
        (20, (28, 28), [20, 4])
        >>> bar.enlarged(2.0).box, bar.holds(bar), bar.holds(bar.enlarged(2.0))
        ((20, 40, 28, 80), True, False)
    """

    box: tuple[int, int, int, int]
    ink: NDArray[np.floating]
    dark: bool
    weight: float
    bulk: float = 0.0
    sound: bool = True
    whole: bool = False

    @cached_property
    def field(self) -> NDArray[np.uint8]:
        """It as MNIST has it, (28, 28), uint8."""
        return framed(self.ink[inked(self.ink)])

    @property
    def size(self) -> int:
        """The longer side of the box."""
        left, top, right, bottom = self.box
        return max(right - left, bottom - top)

    def holds(self, other: Found) -> bool:
        """Whether the other's box lies in this one's."""
        return all(a <= b for a, b in zip(self.box[:2], other.box[:2], strict=True)) and all(
            a >= b for a, b in zip(self.box[2:], other.box[2:], strict=True)
        )

    def enlarged(self, factor: float) -> Found:
        """It in a picture that is so many times larger."""
        left, top, right, bottom = (round(factor * side) for side in self.box)
        return replace(self, box=(left, top, right, bottom))


def all_ink(grey: NDArray[np.float64]) -> Found:
    """All that is darker, or lighter, than the border: what a clean picture shows.

    Raises:
        ImageError: nothing is.

    Example:
        >>> grey = np.full((60, 40), 255.0)
        >>> grey[10:50, 18:24] = 0.0
        >>> [int(edge) for edge in all_ink(grey).box], all_ink(grey).dark
        ([18, 10, 24, 50], True)
    """
    ink, dark = clear_ink(grey)
    rows, columns = box = inked(ink)
    edges = columns.start, rows.start, columns.stop, rows.stop
    return Found(edges, ink[box], dark, weight=1.0)
