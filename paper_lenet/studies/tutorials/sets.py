"""The patterns of a tutorial: which data set, which size, which scale, and what is kept apart.

Nothing of this is the paper's: a tutorial divides by 255 or standardises, and pads or resizes as
its author does.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from paper_lenet.digits.mnist import SIDE, Digits, load
from paper_lenet.digits.patterns import Patterns, grey_scale, pad
from paper_lenet.studies.tutorials.spec import Inputs


@dataclass(frozen=True)
class Sets:
    """Training, validation and test patterns; the second may be empty."""

    training: Patterns
    validation: Patterns
    test: Patterns


def sets(inputs: Inputs, validation: float, raw: Path) -> Sets:
    """The patterns that a tutorial asks for.

    Args:
        inputs: size and scale.
        validation: the share of the training patterns that is kept apart: the last of the file,
            as Keras takes them.
        raw: the folder of the four files.

    Raises:
        IdxError: a file is missing or malformed.
    """
    training, test = load(raw)
    whole, rest = _patterns(training, inputs), _patterns(test, inputs)
    split = int(len(whole) * (1 - validation))
    return Sets(whole.subset(slice(0, split)), whole.subset(slice(split, None)), rest)


def _patterns(digits: Digits, inputs: Inputs) -> Patterns:
    levels = grey_scale(inputs.background, inputs.foreground)
    levels = ((levels - inputs.mean) / inputs.deviation).astype(np.float32)
    return Patterns(_sized(digits.images, inputs), digits.labels, levels)


def _sized(images: NDArray[np.uint8], inputs: Inputs) -> NDArray[np.uint8]:
    """(N, 28, 28) as (N, side, side)."""
    if inputs.side == SIDE:
        return images
    if inputs.by == "padding":
        return pad(images)
    size = (inputs.side, inputs.side)
    bilinear = Image.Resampling.BILINEAR
    return np.stack([np.asarray(Image.fromarray(part).resize(size, bilinear)) for part in images])
