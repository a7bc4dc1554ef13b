"""What may be a digit in a picture of how far its pixels stand out, the likeliest first.

Nothing of this is in the paper. Chosen here: ink is what passes Otsu's threshold, with hysteresis;
and once more what passes that of the ink alone, for a digit in a shadow that is ink at the first.
Thin strokes are made as wide as MNIST's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from skimage import filters

from paper_lenet.digits.evidence import LESS, cut, evidence, failures
from paper_lenet.digits.frame import BOX
from paper_lenet.digits.ink import Found
from paper_lenet.digits.pieces import Piece, groups, hull, pieces

LEAST_CONTRAST, OVER_NOISE = 0.05, 4.0
WEAK, STRONG = 0.6, 1.1  # of the threshold: the two of the hysteresis
SECOND = 1 / 1.5  # what the second threshold makes of a weight
UNLIKELY = 0.1  # of the best weight: not looked at
NEVER = 2  # figures of a box that speak against it
GROUND = 0.01  # what is left of a sheet's weight
NO_INK, INK = 0.2, 0.4  # evidence: too little, and enough
EDGE = 3  # pixels around a box that hold what is faint of its ink
NARROW, PEN = 1.9, 2.4  # pixels of a box of 20: strokes that are widened, and to what
BULKY = 0.33  # of the size: too wide for a stroke, if a digit is drawn on it


def found(
    grey: NDArray[np.float32], contrast: NDArray[np.float32], dark: bool, edges: bool = True
) -> list[Found]:
    """What may be a digit; nothing if nothing stands out from the noise.

    Args:
        grey: (height, width), as from `photograph.smoothed`.
        contrast: of it, as from `photograph.contrast`.
        dark: the ink that is looked for.
        edges: whether what touches the picture's edge is less likely a digit.

    Example:
        >>> from paper_lenet.digits.photograph import contrast, despeckled, smoothed
        >>> paper = np.full((120, 160), 220, np.float32)
        >>> paper[30:90, 70:78] = 40
        >>> grey = smoothed(paper, despeckled(paper))
        >>> left, top, right, bottom = found(grey, contrast(grey, True), dark=True)[0].box
        >>> abs(left - 70) < 3, abs(bottom - 90) < 3
        (True, True)
        >>> found(grey, contrast(grey, False), dark=False)
        []
    """
    threshold = filters.threshold_otsu(contrast)
    over = contrast > threshold
    if not over.any() or _faint(contrast, over):
        return []
    higher = filters.threshold_otsu(contrast[over])
    second = _at(higher, grey, contrast, dark, edges)
    result = _at(threshold, grey, contrast, dark, edges)
    result += [replace(each, weight=SECOND * each.weight) for each in second]
    return sorted(result, key=lambda each: -each.weight)


def without_grounds(candidates: Sequence[Found]) -> list[Found]:
    """The same, likeliest first: less likely what is a sheet on which another is drawn.

    Example:
        >>> sheet = Found((50, 50, 250, 200), np.ones((4, 4)), dark=False, weight=9.0, bulk=0.7)
        >>> digit = Found((120, 80, 160, 160), np.ones((4, 4)), dark=True, weight=4.0, bulk=0.1)
        >>> [each.weight for each in without_grounds([sheet, digit])]
        [4.0, 0.09]
    """
    result = [
        replace(each, weight=GROUND * each.weight)
        if any(_ground(each, other) for other in candidates)
        else each
        for each in candidates
    ]
    return sorted(result, key=lambda each: -each.weight)


def _ground(sheet: Found, digit: Found) -> bool:
    return (
        sheet.dark != digit.dark
        and sheet.bulk > BULKY
        and digit.bulk < BULKY
        and sheet.holds(digit)
        and digit.size >= 0.25 * sheet.size
        and digit.weight >= 0.15 * sheet.weight
    )


def _faint(contrast: NDArray[np.float32], over: NDArray[np.bool_]) -> bool:
    """Whether ink does not stand out from the paper's own unevenness."""
    paper = contrast[~over]
    stands = float(contrast[over].mean() - paper.mean())
    noise = 1.4826 * float(np.median(np.abs(paper - np.median(paper)))) + 0.004
    return stands < max(LEAST_CONTRAST, OVER_NOISE * noise)


def _at(
    threshold: float,
    grey: NDArray[np.float32],
    contrast: NDArray[np.float32],
    dark: bool,
    edges: bool,
) -> list[Found]:
    """The groups of ink beyond one threshold, but for those that are far too small or odd."""
    mask = filters.apply_hysteresis_threshold(contrast, WEAK * threshold, STRONG * threshold)
    labels, _ = ndimage.label(mask, np.ones((3, 3)))  # corners connect, too
    all_pieces, shape = pieces(labels), mask.shape if edges else None
    weighed = []
    for group in groups(all_pieces, shape):
        whole = hull(group)
        if shape is not None and whole.spans(shape):
            continue
        against = failures(group, all_pieces, shape)
        if against < NEVER:
            size = LESS**against * float(whole.size * whole.pixels**0.25)
            weighed.append((size, against == 0, group))
    least = UNLIKELY * max((each for each, *_ in weighed), default=0.0)
    result = []
    for weight, sound, group in weighed:
        if weight < least:
            continue
        of, whole = evidence(group, labels, grey, dark), hull(group)
        if of.ink >= NO_INK:
            ink = _widened(_ink(group, labels, contrast, threshold), of.stroke, whole.size)
            box = whole.left, whole.top, whole.right, whole.bottom
            sound = sound and of.ink > INK
            result.append(Found(box, ink, dark, weight * of.ink, of.bulk, sound))
    return result


def _ink(
    group: Sequence[Piece],
    labels: NDArray[np.integer],
    contrast: NDArray[np.float32],
    threshold: float,
) -> NDArray[np.float32]:
    """A group's ink, cut out: with what is faint at its edges, and no other group's."""
    whole = hull(group)
    window = cut(whole, EDGE)
    mask = np.isin(labels[window], [each.label for each in group])
    ink: NDArray[np.float32] = np.clip(
        (contrast[window] - 0.35 * threshold) / (0.9 * threshold), 0.0, 1.0
    )
    ink *= ndimage.binary_dilation(mask, iterations=EDGE - 1)
    return ink


def _widened(ink: NDArray[np.float32], stroke: float, size: int) -> NDArray[np.float32]:
    """Thin strokes made as wide as MNIST's; `stroke` is their width over the size."""
    width = stroke * BOX
    if width >= NARROW:
        return ink
    grown = max(1, round((PEN - width) * size / (2 * BOX)))
    # A thin stroke becomes wider than its box.
    result: NDArray[np.float32] = ndimage.maximum_filter(np.pad(ink, grown), size=2 * grown + 1)
    return result
