"""A digit that stands out clearly, brought into the network's field as MNIST was.

Section III-A: a digit is scaled into a box of 20x20 pixels with its aspect ratio kept, the grey
levels coming from the anti-aliasing, and moved in a 28x28 field until its centre of mass is at the
centre. In MNIST's files that centre is pixel 14 of 0 to 27, reached by whole pixels: over the
training set the centre of mass lies between 13.48 and 14.50. Two pixels of background are added
on each side (Section II-B).

The paper says nothing of other images. Chosen here, for what is clean: the median of the border is
the background; the ink is on the side of it, darker or lighter, that goes further; ink below a
quarter of the darkest is taken for paper when the box is sought. `photograph` has what is not so.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from paper_lenet.digits.image import ImageError

BOX, FIELD, CENTRE = 20, 28, 14
LEAST_CONTRAST = 16  # grey levels of 255 between background and ink
PAPER = 0.25  # of the strongest ink; less is not looked at when the box is sought


def field(grey: NDArray[np.float64]) -> NDArray[np.uint8]:
    """The digit as MNIST has it, (28, 28), uint8: light ink on 0.

    Raises:
        ImageError: nothing stands out from the background.

    Example:
        >>> grey = np.full((60, 40), 255.0)
        >>> grey[10:50, 18:24] = 0.0  # a dark stroke on white
        >>> field(grey).shape, int(field(grey).max())
        ((28, 28), 255)
    """
    ink, _ = clear_ink(grey)
    return framed(ink[inked(ink)])


def framed(ink: NDArray[np.floating]) -> NDArray[np.uint8]:
    """Ink that fills its box, (height, width), 0 to 1, as MNIST has it: (28, 28), uint8.

    Example:
        >>> rows, columns = np.nonzero(framed(np.ones((40, 20))))
        >>> int(np.ptp(rows)) + 1, int(np.ptp(columns)) + 1
        (20, 10)
    """
    digit = _scaled(ink)
    rows, columns = digit.shape
    row, column = (_offset(digit.sum(axis), size) for axis, size in ((1, rows), (0, columns)))
    result = np.zeros((FIELD, FIELD), np.uint8)
    result[row : row + rows, column : column + columns] = digit
    return result


def clear_ink(grey: NDArray[np.floating]) -> tuple[NDArray[np.floating], bool]:
    """How far each pixel stands out from the background, and whether it is darker than that.

    0 is background, 1 the strongest ink.

    Raises:
        ImageError: nothing does.

    Example:
        >>> grey = np.full((3, 3), 255.0)
        >>> grey[1, 1] = 0.0
        >>> ink, dark = clear_ink(grey)
        >>> float(ink[1, 1]), dark
        (1.0, True)
    """
    background, darker, lighter = see_contrast(grey)
    dark = darker > lighter
    signed = background - grey if dark else grey - background
    return np.clip(signed / max(darker, lighter), 0.0, 1.0), dark


def see_contrast(grey: NDArray[np.floating]) -> tuple[float, float, float]:
    """The background's level, and how much darker and lighter than it the picture becomes.

    Raises:
        ImageError: it does not become so at all.

    Example:
        >>> grey = np.full((3, 3), 200.0)
        >>> grey[1, 1] = 20.0
        >>> see_contrast(grey)
        (200.0, 180.0, 0.0)
    """
    if grey.ndim != 2 or min(grey.shape) < 2:
        raise ImageError(f"an image of at least 2 x 2 pixels is needed, not {grey.shape}")
    background = ground(grey)
    darker, lighter = background - float(grey.min()), float(grey.max()) - background
    if max(darker, lighter) < LEAST_CONTRAST:
        raise ImageError("no digit to be seen: the image is blank")
    return background, darker, lighter


def ground(grey: NDArray[np.floating]) -> float:
    """The median of the border.

    Example:
        >>> grey = np.full((3, 3), 200.0)
        >>> grey[1, 1] = 20.0
        >>> ground(grey)
        200.0
    """
    return float(np.median(border(grey)))


def border(grey: NDArray[np.floating]) -> NDArray[np.floating]:
    """The pixels at the edge of a picture, (n,).

    Example:
        >>> border(np.arange(9.0).reshape(3, 3)).shape
        (8,)
    """
    return np.concatenate([grey[0], grey[-1], grey[1:-1, 0], grey[1:-1, -1]])


def inked(ink: NDArray[np.floating]) -> tuple[slice, slice]:
    """The rows and columns that hold all the ink worth the name.

    Example:
        >>> ink = np.zeros((6, 6))
        >>> ink[2:5, 1:3] = 1.0
        >>> inked(ink) == (slice(2, 5), slice(1, 3))
        True
    """
    rows, columns = (np.flatnonzero((ink > PAPER).any(axis)) for axis in (1, 0))
    return slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)


def _scaled(ink: NDArray[np.floating]) -> NDArray[np.uint8]:
    """`ink` with its longer side made 20 pixels, anti-aliased, its strongest level made 255."""
    ratio = BOX / max(ink.shape)
    rows, columns = (max(1, round(side * ratio)) for side in ink.shape)
    small = Image.fromarray(ink.astype(np.float32)).resize(
        (columns, rows), Image.Resampling.HAMMING
    )
    levels = np.clip(np.asarray(small, np.float64), 0.0, None)
    digit: NDArray[np.uint8] = np.rint(levels * (255.0 / levels.max())).astype(np.uint8)
    return digit


def _offset(profile: NDArray[np.uint64], size: int) -> int:
    """Where a side starts in the field so that its centre of mass comes to pixel 14."""
    mass = profile.astype(np.float64)
    centre = float(mass @ np.arange(size)) / float(mass.sum())
    return int(np.clip(np.floor(CENTRE + 0.5 - centre), 0, FIELD - size))
