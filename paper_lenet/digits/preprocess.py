"""Stage ``preprocess``: the input field of Section II-B.

A digit's 28x28 pixels are centred in 32x32, the rest is background; the field's grey levels run
from background to foreground on the paper's scale. The paper says that this makes the mean of the
inputs roughly 0 and their variance roughly 1; the stage measures both and reports what holds. It
does not say over which pixels: both fields are measured, on the training set.

The measurement is exact: grey levels are counted and the sums are of fractions, rounded once.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from paper_lenet.base.files import write_json
from paper_lenet.digits.dataset import Scale
from paper_lenet.digits.mnist import SIDE, load
from paper_lenet.digits.patterns import FIELD, Patterns
from paper_lenet.paper import numbers


def preprocess(raw: Path, processed: Path, report: Path, scale: Scale) -> None:
    """Write the patterns of the four files and what was measured on them.

    Args:
        raw: the folder of the four files.
        processed: the folder that gets ``train.safetensors`` and ``test.safetensors``.
        report: the JSON file of the measurement.
        scale: what background and foreground become.

    Raises:
        IdxError: a file is missing, malformed or does not fit the others.

    Example:
        >>> from paper_lenet.base.files import read_json
        >>> from paper_lenet.digits.idx import write_idx
        >>> from paper_lenet.digits.mnist import TEST, TRAIN
        >>> for images, labels in (TRAIN, TEST):
        ...     write_idx(Path("raw", images), np.zeros((3, SIDE, SIDE), np.uint8))
        ...     write_idx(Path("raw", labels), np.array([5, 0, 4], np.uint8))
        >>> preprocess(Path("raw"), Path("processed"), Path("input.json"), Scale())
        >>> Patterns.load(Path("processed/train.safetensors"))
        Patterns(3 of 32 x 32, inputs -0.1 to 1.175)
        >>> read_json(Path("input.json"))["field_32"]["mean"]  # float32 has no -0.1
        -0.100000001
    """
    train, test = read_patterns(raw, scale)
    for name, patterns in (("train", train), ("test", test)):
        patterns.save(processed / f"{name}.safetensors")
    found = {"patterns": {"train": len(train), "test": len(test)}} | compare(train)
    write_json(report, found)


def read_patterns(raw: Path, scale: Scale) -> tuple[Patterns, Patterns]:
    """The training and the test patterns from the four files in `raw`.

    Raises:
        IdxError: a file is missing, malformed or does not fit the others.

    Example:
        >>> from paper_lenet.digits.idx import write_idx
        >>> from paper_lenet.digits.mnist import TEST, TRAIN
        >>> for images, labels in (TRAIN, TEST):
        ...     write_idx(Path("raw", images), np.zeros((3, SIDE, SIDE), np.uint8))
        ...     write_idx(Path("raw", labels), np.array([5, 0, 4], np.uint8))
        >>> train, test = read_patterns(Path("raw"), Scale(0.0, 1.0))
        >>> test
        Patterns(3 of 32 x 32, inputs 0 to 1)
    """
    train, test = load(raw)
    return Patterns.from_images(*train, scale), Patterns.from_images(*test, scale)


def compare(train: Patterns) -> dict[str, Any]:
    """The paper's claim, and mean and variance over the 28x28 and the 32x32 pixels beside it.

    Example:
        >>> images = np.zeros((1, 28, 28), np.uint8)
        >>> images[0, 5:15, 11:17] = 255  # 60 of the 784 pixels
        >>> found = compare(Patterns.from_images(images, [1]))["field_28"]
        >>> round(found["mean"], 4), found["mean_holds"], found["variance_holds"]
        (-0.0024, True, False)
    """
    result: dict[str, Any] = {
        "paper": {
            "mean": numbers.INPUT_MEAN.value,
            "variance": numbers.INPUT_VARIANCE.value,
            "place": numbers.INPUT_MEAN.place,
            "roughly": numbers.ROUGHLY,
        }
    }
    for side in (SIDE, FIELD):
        mean, variance = moments(train.cropped(side))
        result[f"field_{side}"] = {
            "mean": _rounded(mean),
            "mean_holds": abs(mean - Fraction(numbers.INPUT_MEAN.value)) <= numbers.ROUGHLY,
            "variance": _rounded(variance),
            "variance_holds": abs(variance - Fraction(numbers.INPUT_VARIANCE.value))
            <= numbers.ROUGHLY,
        }
    return result


def moments(patterns: Patterns) -> tuple[Fraction, Fraction]:
    """Mean and variance of the inputs over all pixels of all patterns, exact.

    Example:
        >>> full = np.full((1, 28, 28), 255, np.uint8)  # 49 of every 64 pixels of the field
        >>> moments(Patterns.from_images(full, [0], Scale(0.0, 1.0)))
        (Fraction(49, 64), Fraction(735, 4096))
    """
    counts = np.zeros(256, np.int64)
    for grey in patterns.grey:  # one by one, as bincount makes eight bytes of each pixel
        counts += np.bincount(grey.ravel(), minlength=256)
    values = [Fraction(float(level)) for level in patterns.levels]
    pairs = list(zip(counts.tolist(), values, strict=True))
    mean = sum((count * value for count, value in pairs), Fraction()) / patterns.grey.size
    square = sum((count * value**2 for count, value in pairs), Fraction()) / patterns.grey.size
    return mean, square - mean**2


def _rounded(value: Fraction) -> float:
    return float(f"{float(value):.9g}")
