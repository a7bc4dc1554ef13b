"""Patterns: the padded grey-level images that stage ``preprocess`` writes, and their labels.

Grey levels stay 8-bit integers on disk and in memory, with the table of the 256 values that they
stand for on the paper's scale: a quarter of the memory, and no rounding but the table's.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from paper_lenet.base.errors import PaperLenetError
from paper_lenet.base.files import read_tensors, write_tensors


class PatternsError(PaperLenetError, ValueError):
    """There are no patterns in a file, or arrays are none."""


class ScaleError(PaperLenetError, ValueError):
    """Grey levels cannot be put on the scale that is asked for."""


@dataclass(frozen=True)
class Patterns:
    """Labelled patterns: arrays that belong together, or they are not made.

    Attributes:
        grey: (N, side, side), uint8, 0 is background.
        labels: (N,), uint8, 0 to 9.
        levels: (256,), float32, the network's input for each grey level.
    """

    grey: NDArray[np.uint8]
    labels: NDArray[np.uint8]
    levels: NDArray[np.float32]

    def __post_init__(self) -> None:
        """See that the arrays are what they are said to be, and belong together."""
        count, side = self.grey.shape[:1], self.grey.shape[1:2]
        self._expect("grey", np.uint8, (*count, *side, *side), self.grey.ndim == 3)
        self._expect("labels", np.uint8, count)
        self._expect("levels", np.float32, (256,))
        if len(self.labels) and self.labels.max() > 9:
            raise PatternsError(f"labels are 0 to 9, but one is {self.labels.max()}")
        if not np.isfinite(self.levels).all():
            raise PatternsError("grey levels stand for values that are not finite")

    def _expect(self, name: str, dtype: type, shape: tuple[int, ...], holds: bool = True) -> None:
        part = getattr(self, name)
        if not holds or part.dtype != dtype or part.shape != shape:
            wanted = f"{np.dtype(dtype)} {shape}"
            raise PatternsError(f"{name}: {part.dtype} {part.shape} is not {wanted}")

    def __len__(self) -> int:
        return len(self.labels)

    def inputs(self, chosen: NDArray[np.int64] | slice) -> NDArray[np.float32]:
        """The chosen patterns as the network takes them: (n, 1, side, side), float32."""
        return self.levels[self.grey[chosen]][:, None]

    def subset(self, chosen: NDArray[np.int64] | slice) -> Patterns:
        """The chosen patterns, in that order."""
        return Patterns(self.grey[chosen], self.labels[chosen], self.levels)

    def cropped(self, side: int) -> Patterns:
        """The middle `side` x `side` of each field: 28 takes the padding off again."""
        margin = (self.grey.shape[1] - side) // 2
        inside = slice(margin, margin + side)
        grey = np.ascontiguousarray(self.grey[:, inside, inside])
        return Patterns(grey, self.labels, self.levels)

    def save(self, path: Path) -> None:
        """Write them as safetensors, the same bytes for the same patterns."""
        write_tensors(path, {"grey": self.grey, "labels": self.labels, "levels": self.levels})

    @staticmethod
    def load(path: Path) -> Patterns:
        """The patterns that `save` wrote to `path`.

        Raises:
            PatternsError: the file cannot be read, or is not one of ours.
        """
        try:
            arrays, _ = read_tensors(path)
            return Patterns(**arrays)
        except PermissionError as error:
            raise PatternsError(f"{path}: cannot be read ({error.strerror})") from None
        except (OSError, TypeError, ValueError) as error:
            found = f"{path}: no patterns ({error})"
            raise PatternsError(f"{found}; make them with the stage preprocess") from None


def grey_scale(background: float, foreground: float) -> NDArray[np.float32]:
    """The value of each grey level, (256,), float32: linear from background to foreground.

    The paper gives the two ends (Section II-B) and is silent on what lies between.

    Raises:
        ScaleError: a value is not finite.
    """
    grey = np.arange(256, dtype=np.float64)
    with np.errstate(over="ignore", invalid="ignore"):
        values = (background + (foreground - background) * (grey / 255.0)).astype(np.float32)
    if not np.isfinite(values).all():
        raise ScaleError(f"grey levels from {background:g} to {foreground:g} are not finite")
    return values
