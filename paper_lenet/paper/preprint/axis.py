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
    """The ticks of an upright axis, from the bottom, and of a level one, from the left."""
    short = [o for o in outlines if not o.filled and len(o.corners) == 2 and max(o.size) < LONGEST]
    level = sorted((o for o in short if o.size[1] == 0), key=lambda o: o.middle[1])
    upright = sorted((o for o in short if o.size[0] == 0), key=lambda o: o.middle[0])
    return level, upright
