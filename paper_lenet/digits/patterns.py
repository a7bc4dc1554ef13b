"""Patterns: the padded grey-level images that stage ``preprocess`` writes, and their labels.

Grey levels stay 8-bit integers on disk and in memory, with the table of the 256 values that they
stand for on the paper's scale: a quarter of the memory, and no rounding but the table's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from paper_lenet.base.errors import PaperLenetError
from paper_lenet.base.files import read_tensors, write_tensors
from paper_lenet.digits.dataset import Scale
from paper_lenet.digits.mnist import GREATEST, SIDE

FIELD = 32  # the side of the padded field


class PatternsError(PaperLenetError, ValueError):
    """There are no patterns in a file, or arrays are none.

    Example:
        >>> Patterns.from_images(np.zeros((1, 28, 28), np.uint8), [10])
        Traceback (most recent call last):
            ...
        paper_lenet.digits.patterns.PatternsError: labels are 0 to 9, but one is 10
    """


class ScaleError(PaperLenetError, ValueError):
    """Grey levels cannot be put on the scale that is asked for.

    Example:
        >>> grey_scale(0.0, 1e39)
        Traceback (most recent call last):
            ...
        paper_lenet.digits.patterns.ScaleError: grey levels from 0 to 1e+39 are not finite
    """


@dataclass(frozen=True)
class Patterns:
    """Labelled patterns: arrays that belong together, or they are not made.

    Attributes:
        grey: (N, side, side), uint8, 0 is background.
        labels: (N,), uint8, 0 to 9.
        levels: (256,), float32, the network's input for each grey level.

    Example:
        >>> images, labels = np.zeros((2, 28, 28), np.uint8), np.array([7, 2])
        >>> patterns = Patterns.from_images(images, labels)
        >>> len(patterns), patterns.grey.shape, patterns.labels
        (2, (2, 32, 32), array([7, 2], dtype=uint8))
        >>> patterns.inputs(slice(0, 1)).shape
        (1, 1, 32, 32)
        >>> patterns.scale == Scale(background=-0.1, foreground=1.175)
        True
        >>> patterns.subset(np.array([1])).labels, patterns.cropped(28).grey.shape
        (array([2], dtype=uint8), (2, 28, 28))
        >>> patterns.save(Path("two.safetensors"))
        >>> Patterns.load(Path("two.safetensors"))
        Patterns(2 of 32 x 32, inputs -0.1 to 1.175)
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
        _expect_digits(self.labels)
        if not np.isfinite(self.levels).all():
            raise PatternsError("grey levels stand for values that are not finite")

    def _expect(self, name: str, dtype: type, shape: tuple[int, ...], holds: bool = True) -> None:
        part = getattr(self, name)
        if not holds or part.dtype != dtype or part.shape != shape:
            wanted = f"{np.dtype(dtype)} {shape}"
            raise PatternsError(f"{name}: {part.dtype} {part.shape} is not {wanted}")

    @staticmethod
    def from_images(
        images: NDArray[np.uint8], labels: NDArray[Any] | Sequence[int], scale: Scale | None = None
    ) -> Patterns:
        """Images as MNIST has them, in the middle of a field of background 32x32.

        Args:
            images: (N, 28, 28), uint8, 0 is background and 255 the strongest ink.
            labels: (N,), whole numbers from 0 to 9.
            scale: the inputs that background and foreground become, by default the paper's.

        Raises:
            PatternsError: the arrays are not that.

        Example:
            >>> Patterns.from_images(np.zeros((3, 28, 28), np.uint8), [0, 1, 2])
            Patterns(3 of 32 x 32, inputs -0.1 to 1.175)
        """
        grey, classes = np.asarray(images), np.asarray(labels)
        if classes.ndim != 1 or classes.dtype.kind not in "iu":
            found = f"{classes.dtype} {classes.shape}"
            raise PatternsError(f"labels: {found} is not whole numbers (N,)")
        if grey.dtype != np.uint8 or grey.shape != (len(classes), SIDE, SIDE):
            wanted = f"uint8 ({len(classes)}, {SIDE}, {SIDE}), an image a label"
            raise PatternsError(f"images: {grey.dtype} {grey.shape} is not {wanted}")
        _expect_digits(classes)
        scale = scale or Scale()
        levels = grey_scale(scale.background, scale.foreground)
        return Patterns(pad(grey), classes.astype(np.uint8), levels)

    @property
    def scale(self) -> Scale:
        """The scale that the levels are.

        Raises:
            ScaleError: they do not lie on a line.
        """
        # The shortest decimals that are these float32 are those that somebody chose.
        ends = Scale(*(float(str(self.levels[place])) for place in (0, -1)))
        if not np.array_equal(self.levels, grey_scale(ends.background, ends.foreground)):
            raise ScaleError("the grey levels stand for values that do not lie on a line")
        return ends

    def __repr__(self) -> str:
        least, greatest = self.levels[0], self.levels[-1]
        side = self.grey.shape[1]
        return f"Patterns({len(self):,} of {side} x {side}, inputs {least:g} to {greatest:g})"

    def __len__(self) -> int:
        return len(self.labels)

    def inputs(self, chosen: NDArray[np.int64] | slice) -> NDArray[np.float32]:
        """The chosen patterns as the network takes them: (n, 1, side, side), float32."""
        return self.levels[self.grey[chosen]][:, None]

    def subset(self, chosen: NDArray[np.int64] | slice) -> Patterns:
        """The chosen patterns, in that order."""
        return Patterns(self.grey[chosen], self.labels[chosen], self.levels)

    def cropped(self, side: int) -> Patterns:
        """The middle `side` x `side` of each field: 28 takes the padding off again.

        Raises:
            PatternsError: the fields are smaller.
        """
        if side > self.grey.shape[1]:
            found = f"{self.grey.shape[1]} x {self.grey.shape[1]}"
            raise PatternsError(f"fields of {side} x {side} cannot be cut from {found}")
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


def pad(images: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Images (N, 28, 28) in the middle of fields of background, (N, 32, 32).

    Example:
        >>> pad(np.zeros((2, 28, 28), np.uint8)).shape
        (2, 32, 32)
    """
    margin = (FIELD - SIDE) // 2
    return np.pad(images, ((0, 0), (margin, margin), (margin, margin)))


def _expect_digits(labels: NDArray[np.integer]) -> None:
    wrong = labels[(labels < 0) | (labels > GREATEST)]
    if len(wrong):
        raise PatternsError(f"labels are 0 to {GREATEST}, but one is {wrong[0]}")


def grey_scale(background: float, foreground: float) -> NDArray[np.float32]:
    """The value of each grey level, (256,), float32: linear from background to foreground.

    The paper gives the two ends (Section II-B) and is silent on what lies between.

    Raises:
        ScaleError: a value is not finite.

    Example:
        >>> levels = grey_scale(-0.1, 1.175)
        >>> levels[0], levels[255], levels.shape
        (np.float32(-0.1), np.float32(1.175), (256,))
    """
    grey = np.arange(256, dtype=np.float64)
    with np.errstate(over="ignore", invalid="ignore"):
        values = (background + (foreground - background) * (grey / 255.0)).astype(np.float32)
    if not np.isfinite(values).all():
        raise ScaleError(f"grey levels from {background:g} to {foreground:g} are not finite")
    return values
