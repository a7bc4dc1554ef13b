"""What may be a digit in a picture that is not small: on an even ground, or in a photograph.

On an even ground the digit is all the ink, if that is one piece, or pieces that are near each
other; if there is more, it is taken apart. Any other picture is a photograph, and both dark and
light ink is looked for in it.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from paper_lenet.digits.evidence import WIDE
from paper_lenet.digits.found import found, without_grounds
from paper_lenet.digits.frame import PAPER, border, clear_ink, ground, see_contrast
from paper_lenet.digits.image import ImageError
from paper_lenet.digits.ink import Found, all_ink
from paper_lenet.digits.photograph import contrast, despeckled, reduced, smoothed

EVEN = 0.01  # of the ink's contrast: half of the paper deviates less
CLEAR = 2 / 3  # of the border: paper
ROUGH = 0.04  # of the ink's contrast, by which a pixel deviates from its neighbours on average
SAME = 4  # pixels of the reduced picture, between the edges of boxes that are the same


def candidates(grey: NDArray[np.float64]) -> list[Found]:
    """What may be a digit, the likeliest first: at least one.

    Args:
        grey: (height, width), 0 black to 255 white.

    Raises:
        ImageError: nothing stands out.

    Example:
        >>> grey = np.full((100, 200), 255.0)
        >>> grey[20:80, 40:48] = grey[20:80, 150:158] = 0.0  # two ones on a sheet
        >>> sorted(each.box for each in candidates(grey))
        [(40, 20, 48, 80), (150, 20, 158, 80)]
    """
    see_contrast(grey)
    small = reduced(grey)
    clean = despeckled(small)
    if _even(small, clean):
        return _on_even_ground(grey, small)
    smooth, parts = smoothed(small, clean), list[Found]()
    for dark in (True, False):
        parts += found(smooth, contrast(smooth, dark), dark)
    if not parts:
        raise ImageError("no digit to be seen: nothing stands out from the paper")
    factor = grey.shape[0] / small.shape[0]
    return [each.enlarged(factor) for each in without_grounds(parts)]


def _on_even_ground(grey: NDArray[np.float64], small: NDArray[np.float32]) -> list[Found]:
    """All the ink, or its parts if there is more than a digit; `small` is `grey` reduced."""
    whole, factor = all_ink(grey), grey.shape[0] / small.shape[0]
    ink, dark = clear_ink(small)
    parts = found(small, ink.astype(np.float32), dark, edges=False)
    parts = [each.enlarged(factor) for each in parts]
    if not parts or not parts[0].sound or _same(parts[0], whole, SAME * factor):
        return [whole]
    # Pieces far apart may be one digit, drawn by a pen with gaps: that is another candidate, but
    # none beside them.
    left, top, right, bottom = whole.box
    if right - left <= WIDE * (bottom - top):
        parts.insert(1, replace(whole, weight=parts[0].weight, whole=True))
    return parts


def _even(grey: NDArray[np.float32], clean: NDArray[np.float32]) -> bool:
    """Whether the paper is all of one grey level, as in drawings and good scans."""
    level = ground(grey)
    deviation = np.abs(grey - level)
    contrast = float(deviation.max())
    if float((np.abs(border(grey) - level) < PAPER * contrast).mean()) < CLEAR:
        return False
    rough = np.abs(grey - clean)
    if float(rough.mean()) > ROUGH * contrast:  # dithered: even in most places, and full of dots
        return False
    paper = deviation < PAPER * contrast
    return float(np.median(deviation[paper])) <= EVEN * contrast


def _same(one: Found, other: Found, apart: float) -> bool:
    return all(abs(a - b) <= apart for a, b in zip(one.box, other.box, strict=True))
