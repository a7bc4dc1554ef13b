"""Ten drawn digits, for tests that must not need MNIST: Fig. 3's bitmaps as patterns."""

from __future__ import annotations

import numpy as np

from paper_lenet.digits.patterns import Patterns, grey_scale
from paper_lenet.network.architecture import codes


def digits(side: int = 32) -> Patterns:
    """The bitmaps of 12 x 7 at twice their size in the middle of the field; labels 0 to 9."""
    grey = np.zeros((10, side, side), np.uint8)
    top, left = (side - 24) // 2, (side - 14) // 2
    bitmaps = (np.array(codes()).reshape(10, 12, 7) > 0).astype(np.uint8) * 255
    grey[:, top : top + 24, left : left + 14] = bitmaps.repeat(2, 1).repeat(2, 2)
    return Patterns(grey, np.arange(10, dtype=np.uint8), grey_scale(-0.1, 1.175))
