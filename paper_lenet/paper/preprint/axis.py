"""A drawing's axis: from places on the page to what they stand for."""

from __future__ import annotations

from typing import NamedTuple

from paper_lenet.paper.preprint.page import Outline

LONGEST = 4.0  # points: no tick is longer


class Axis(NamedTuple):
    """A straight scale between two marks: at `start` stands `low`, at `end` stands `high`.

    Example:
        >>> percent = Axis(start=100.0, end=300.0, low=0.0, high=5.0)
        >>> percent(200.0)
        2.5
        >>> percent.farthest([100.0, 140.0, 190.0, 220.0, 260.0, 300.0])  # that of 2% is off
        0.25
    """

    start: float
    end: float
    low: float
    high: float

    def __call__(self, place: float) -> float:
        """What stands at that place."""
        return self.low + (place - self.start) * (self.high - self.low) / (self.end - self.start)

    def farthest(self, ticks: list[float]) -> float:
        """How far one of evenly spaced ticks, in order, is from what it stands for."""
        each = (self.high - self.low) / (len(ticks) - 1)
        return max(abs(self(at) - (self.low + i * each)) for i, at in enumerate(ticks))


def ticks(outlines: list[Outline]) -> tuple[list[Outline], list[Outline]]:
    """The ticks of an upright axis, from the bottom, and of a level one, from the left.

    Example:
        >>> import numpy as np
        >>> ends = [[(0, 5), (2, 5)], [(0, 1), (2, 1)], [(7, 0), (7, 2)], [(0, 0), (90, 0)]]
        >>> level, upright = ticks([Outline(np.array(each), False, False) for each in ends])
        >>> [tick.middle[1] for tick in level], [tick.middle[0] for tick in upright]
        ([1.0, 5.0], [7.0])
    """
    short = [o for o in outlines if not o.filled and len(o.corners) == 2 and max(o.size) < LONGEST]
    level = sorted((o for o in short if o.size[1] == 0), key=lambda o: o.middle[1])
    upright = sorted((o for o in short if o.size[0] == 0), key=lambda o: o.middle[0])
    return level, upright
