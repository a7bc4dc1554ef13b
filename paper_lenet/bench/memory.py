"""What memory asks of an update: the bytes of each part, and how long they take to be moved alone.

Each array counts once, as it lies in the engine (`layout`, `state`), with its padding: what has to
come to the core and go back, however cleverly a part computes. A plain loop of the engine's own
loads and stores moves as many bytes in the same shares, again and again as the part itself is
repeated, so they come from the same cache. What it takes is the part's floor in memory.
"""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

from paper_lenet.bench.clock import Work
from paper_lenet.bench.loops import move
from paper_lenet.engine.layout import SIZES, TOTAL, room
from paper_lenet.engine.parts import PARTS
from paper_lenet.engine.state import states
from paper_lenet.network.recipe import Recipe

# By part: what is read; blocks of weights that descend, so that their steps are read too; states
# that change where they stand; what is written without a look. A derivative lies as its state does.
ARRAYS: dict[str, tuple[str, str, str, str]] = {
    "input": ("grey levels", "", "", "input"),
    "C1 forward": ("input C1W C1B", "", "", "c1"),
    "C1 squashing": ("", "", "c1", ""),
    "S2 forward": ("c1 S2C S2B", "", "", "s2_average s2"),
    "C3 forward": ("s2 C3W C3B", "", "", "c3"),
    "C3 squashing": ("", "", "c3", ""),
    "S4 forward": ("c3 S4C S4B", "", "", "s4_average s4"),
    "C5 forward": ("s4 C5W C5B", "", "", "c5"),
    "C5 squashing": ("", "", "c5", ""),
    "F6 forward": ("c5 F6W F6B", "", "", "f6"),
    "F6 squashing": ("", "", "f6", ""),
    "output forward": ("f6 CODES OUTB", "", "", "penalties"),
    "output backward": ("f6 CODES penalties", "F6B", "", "f6 penalties"),
    "F6 backward": ("f6 c5", "F6W C5B", "", "c5"),
    "C5 backward": ("c5 s4", "C5W", "", "s4"),
    "S4 backward": ("s4 s4 s4_average c3", "S4C S4B", "", "c3"),
    "C3 inputs": ("c3 C3W", "", "", "s2"),
    "C3 kernels": ("s2 c3", "C3W C3B", "", ""),
    "S2 backward": ("s2 s2 s2_average c1", "S2C S2B C1B", "", "c1"),
    "C1 kernels": ("input c1", "C1W", "", ""),
}
WHOLE = "the network's arrays"


class Traffic(NamedTuple):
    """Bytes of arrays that are read, that are read and written, and that are written alone."""

    seen: int
    changed: int
    made: int

    @property
    def read(self) -> int:
        """Bytes that come to the core."""
        return self.seen + self.changed

    @property
    def written(self) -> int:
        """Bytes that go back."""
        return self.changed + self.made


def traffic(recipe: Recipe) -> dict[str, Traffic]:
    """Of each part of an update, and of `WHOLE`: all weights descend, by all steps."""
    floats = {name: len(part) for name, part in states(recipe)._asdict().items()} | SIZES
    size = {name: 4 * count for name, count in floats.items()}
    size |= {"grey": recipe.network.input**2, "levels": 4 * 256}

    def total(names: str) -> int:
        return sum(size[name] for name in names.split())

    result = {}
    for part in PARTS:
        read, trained, changed, made = map(total, ARRAYS[part])
        result[part] = Traffic(read + trained, trained + changed, made)
    return result | {WHOLE: Traffic(4 * TOTAL, 4 * TOTAL, 0)}


def works(recipe: Recipe, times: int) -> dict[str, Work]:
    """The bytes of each part, moved so many times, under ``bytes of`` and its name."""
    result = {}
    for name, bytes_ in traffic(recipe).items():
        counts = [-(-part // 64) * 16 for part in bytes_]  # floats, whole vectors of them
        array = room(sum(counts) + 128)
        result[f"bytes of {name}"] = Work(partial(move, array, *counts, times), times)
    return result
