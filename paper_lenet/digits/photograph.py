"""How far ink stands out from its paper in a photograph: light, noise and rules taken away.

Nothing of this is in the paper. Chosen here: a picture of at most `SIDE` pixels, without specks,
smoothed by a Gaussian, the wider the noisier it is; where specks are all of the picture, which is
dithered, they stay, and are smoothed away. A lamp at one side is a plane. Of what it
leaves, the paper's own light is what comes when all that is narrower than `NARROW` of the picture
is filled (a grey closing). Dark ink takes a share of that light, chalk and screens add to it. What
is straight, thin and nearly as long as the picture is a rule of the sheet, and is taken away.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter
from scipy import ndimage

from paper_lenet.digits.image import ImageError

SIDE = 640
COARSE = 4  # pixels a side of a block, where the paper's light is looked at
NARROW = 0.28  # of the picture's longer side: strokes are narrower
RULE, FAINTEST = 0.7, 0.04  # of a side, and of the light
LEAST_LIGHT = 20.0  # grey levels; less is divided by as if it were this
SPARSE = 3  # every third pixel is enough for a median
THIN = 13  # pixels: rules are thinner
NOISY = 5.0  # grey levels, the median difference of neighbours
DITHERED = 10.0  # grey levels, what specks are on average
FINE, COARSER = 1.0, 2.5  # pixels, of the Gaussian


def reduced(grey: NDArray[np.floating]) -> NDArray[np.float32]:
    """Means of square blocks, as few as leave at most `SIDE` pixels a side.

    Raises:
        ImageError: less than two blocks would be left on the shorter side.

    Example:
        >>> reduced(np.zeros((40, 30))).shape
        (40, 30)
    """
    factor = -(-max(grey.shape) // SIDE)
    if min(grey.shape) < 2 * factor:
        height, width = grey.shape
        raise ImageError(f"{width} x {height} pixels are too narrow a strip; cut the digit out")
    rows, columns = (side // factor * factor for side in grey.shape)
    whole = grey[:rows, :columns].astype(np.float32)
    blocks = whole.reshape(rows // factor, factor, columns // factor, factor)
    result: NDArray[np.float32] = blocks.mean((1, 3))
    return result


def despeckled(grey: NDArray[np.float32]) -> NDArray[np.float32]:
    """`grey` without specks of a pixel or two; a line one pixel wide stays.

    Of nine pixels in a square the third smallest and the third largest are the bounds.

    Example:
        >>> grey = np.full((5, 5), 200, np.float32)
        >>> grey[2, 2] = 0  # a speck
        >>> float(despeckled(grey)[2, 2])
        200.0
    """
    whole = Image.fromarray(np.rint(grey).astype(np.uint8))
    low, high = (np.asarray(whole.filter(ImageFilter.RankFilter(3, rank))) for rank in (2, 6))
    return np.clip(grey, low.astype(np.float32), high.astype(np.float32))


def smoothed(grey: NDArray[np.float32], clean: NDArray[np.float32]) -> NDArray[np.float32]:
    """The picture with less of its noise.

    Args:
        grey: (height, width), as from `reduced`.
        clean: of it, as from `despeckled`.

    Example:
        >>> grey = np.full((16, 16), 200, np.float32)
        >>> smoothed(grey, despeckled(grey)).shape
        (16, 16)
    """
    if float(np.abs(grey - clean).mean()) > DITHERED:  # one dot in so many is a grey level
        clean, width = grey, COARSER
    else:
        noise = float(np.median(np.abs(np.diff(clean[::SPARSE], axis=1))))
        width = FINE if noise < NOISY else COARSER
    result: NDArray[np.float32] = ndimage.gaussian_filter(clean, width)
    return result


def contrast(grey: NDArray[np.float32], dark: bool) -> NDArray[np.float32]:
    """How far each pixel stands out, 0 to 1: what ink takes of the light, or what chalk adds.

    Args:
        grey: (height, width), as from `smoothed`.
        dark: whether dark ink is looked for, or light.

    Example:
        >>> lamp = np.linspace(100, 200, 96, dtype=np.float32)  # from left to right
        >>> grey = np.tile(lamp, (96, 1))
        >>> grey[30:60, 20:24] *= 0.5  # ink that takes half of the light,
        >>> grey[30:60, 70:74] *= 0.5  # in the dark and where it is light
        >>> contrast(grey, dark=True)[45, [22, 48, 72]].round(2)
        array([0.5, 0. , 0.5], dtype=float32)
    """
    slope = _plane(grey)
    level = slope - grey
    if dark:
        level = grey * (slope.mean() / np.maximum(slope, LEAST_LIGHT))
        light = _light(level)
        found = (light - level) / np.maximum(light, LEAST_LIGHT)
    else:
        found = (_light(level) - level) / 255.0
    paper = np.median(found[::SPARSE, ::SPARSE])
    found = np.clip(found - paper, 0.0, 1.0).astype(np.float32)
    return _without_rules(_without_rules(found, 0), 1)


def _plane(grey: NDArray[np.float32]) -> NDArray[np.float32]:
    """The plane nearest to the grey levels: a lamp at one side."""
    rows, columns = (np.linspace(-1.0, 1.0, side, dtype=np.float32) for side in grey.shape)
    down = float(3.0 * (grey.mean(1) * rows).mean())
    along = float(3.0 * (grey.mean(0) * columns).mean())
    result: NDArray[np.float32] = np.float32(grey.mean()) + down * rows[:, None] + along * columns
    return result


def _light(grey: NDArray[np.float32]) -> NDArray[np.float32]:
    """The paper without what is drawn on it: of the same shape."""
    rows, columns = grey.shape
    padded = np.pad(grey, ((0, -rows % COARSE), (0, -columns % COARSE)), mode="edge")
    tall, wide = padded.shape
    blocks = padded.reshape(tall // COARSE, COARSE, wide // COARSE, COARSE).mean((1, 3))
    size = int(max(blocks.shape) * NARROW) | 1
    closed = ndimage.grey_closing(blocks, size=(size, size), mode="nearest")
    light = Image.fromarray(ndimage.gaussian_filter(closed, 1.5))
    whole = light.resize((wide, tall), Image.Resampling.BILINEAR)
    return np.asarray(whole, np.float32)[:rows, :columns]


def _without_rules(found: NDArray[np.float32], axis: int) -> NDArray[np.float32]:
    """`found` without lines along `axis` that are at least `RULE` of the side long."""
    length, across, thick = [1, 1], [3, 3], [THIN, THIN]
    length[axis], across[axis], thick[axis] = int(found.shape[axis] * RULE), 1, 1
    line = ndimage.maximum_filter(found, size=across)  # a rule need not be quite level
    line = ndimage.minimum_filter(line, size=length, mode="constant", cval=1.0)
    line = ndimage.maximum_filter(line, size=length, mode="constant", cval=0.0)
    line = ndimage.white_tophat(line, size=thick)  # what is wider is a stroke of a large digit
    return np.where(line > FAINTEST, np.clip(found - 1.1 * line, 0.0, 1.0), found)
