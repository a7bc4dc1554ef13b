"""A sheet with a digit on it, and a camera: what all the pictures are made of.

Levels are 0 to 255, real numbers until the camera. All that is drawn at random comes from the
stream ``photos``, with a key of its own for each picture.
"""

from __future__ import annotations

import io
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage, special

from paper_lenet.base import streams

HEIGHT, WIDTH = 480, 640
INK = (30.0, 40.0, 110.0)
Colour = tuple[float, float, float]
Levels = NDArray[np.float64]


class Chance:
    """The random numbers of one picture."""

    def __init__(self, seed: int, pattern: int):
        self._key, self._used = streams.key(seed, "photos", pattern), 0

    def _uniform(self, count: int) -> Levels:
        words = streams.words(self._key, count, self._used)
        self._used += count
        return (words >> np.uint64(11)).astype(np.float64) * 2.0**-53

    def between(self, low: float, high: float) -> float:
        """A real number."""
        return low + (high - low) * float(self._uniform(1)[0])

    def whole(self, low: int, high: int) -> int:
        """A whole number from `low` to `high` - 1."""
        return int(self.between(low, max(high, low + 1)))

    def noise(self, *shape: int) -> Levels:
        """Normal numbers of standard deviation 1, of that shape."""
        uniform = self._uniform(int(np.prod(shape)))
        normal: Levels = special.ndtri(np.clip(uniform, 2.0**-53, None)).reshape(shape)
        return normal


class Mark(NamedTuple):
    """A digit on the sheet: the sheet's ink, 0 to 1, and its place."""

    ink: Levels
    top: int
    left: int
    height: int
    width: int

    @property
    def box(self) -> tuple[int, int, int, int]:
        """Left, top, right, bottom."""
        return self.left, self.top, self.left + self.width, self.top + self.height


def stroke(
    digit: NDArray[np.uint8],
    chance: Chance,
    smallest: float = 150,
    largest: float = 400,
    within: tuple[int, int, int, int] = (0, 0, WIDTH, HEIGHT),
    wider: float = 0.0,
) -> Mark:
    """A digit as a pen draws it, with sharp edges, somewhere on the sheet.

    Args:
        digit: (28, 28), uint8, 0 for paper.
        chance: where and how large.
        smallest: of the box of MNIST's 20 pixels, in pixels of the picture.
        largest: as well.
        within: left, top, right and bottom of the part that it lies in.
        wider: how much the stroke is widened, as a share of the box.
    """
    rows, columns = (np.flatnonzero(digit.any(axis)) for axis in (1, 0))
    cut = np.pad(digit[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1], 1)
    size = chance.between(smallest, largest)
    height, width = (max(2, round(side * size / 20)) for side in cut.shape)
    large = Image.fromarray(cut).resize((width, height), Image.Resampling.BICUBIC)
    ink = np.clip((np.asarray(large, np.float64) / 255 - 0.35) / 0.3, 0, 1)
    if wider:
        ink = ndimage.grey_dilation(ink, size=(int(size * wider),) * 2)
    left, top, right, bottom = within
    down = top + chance.whole(10, bottom - top - height - 10)
    along = left + chance.whole(10, right - left - width - 10)
    sheet = np.zeros((HEIGHT, WIDTH))
    part = ink[: HEIGHT - down, : WIDTH - along]
    sheet[down : down + height, along : along + width] = part
    return Mark(sheet, down, along, *part.shape)


def grid() -> tuple[Levels, Levels]:
    """Rows and columns of all pixels."""
    rows, columns = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float64)
    return rows, columns


def paper(chance: Chance, level: float = 225.0, falloff: float = 0.2) -> Levels:
    """A sheet that gets darker to one side, (height, width)."""
    rows, columns = grid()
    angle = chance.between(0, 2 * np.pi)
    along = (columns - WIDTH / 2) * np.cos(angle) + (rows - HEIGHT / 2) * np.sin(angle)
    along = (along - along.min()) / np.ptp(along)
    lit: Levels = level * (1 - falloff * along)
    return lit


def white(sheet: Levels) -> Levels:
    """A grey sheet in three colours, (height, width, 3)."""
    return np.repeat(sheet[..., None], 3, axis=2)


def drawn(sheet: Levels, ink: Levels, colour: Colour = INK, strength: float = 1.0) -> Levels:
    """Ink on a sheet of three colours: it takes its share of the light."""
    share = strength * ink[..., None]
    result: Levels = sheet * (1 - share) + sheet * share * (np.array(colour) / 255)
    return result


def taken(
    scene: Levels, chance: Chance, noise: float = 3.0, blur: float = 1.0, quality: int = 80
) -> Image.Image:
    """A photograph of a scene: blurred, noisy, and kept as JPEG."""
    seen = ndimage.gaussian_filter(scene, (blur, blur, 0)) if blur else scene
    return kept(seen + noise * chance.noise(*seen.shape), quality)


def kept(scene: Levels, quality: int) -> Image.Image:
    """A scene as JPEG keeps it."""
    file = io.BytesIO()
    Image.fromarray(levels(scene)).save(file, "JPEG", quality=quality)
    return Image.open(file)


def levels(scene: Levels) -> NDArray[np.uint8]:
    """A scene in 8 bits."""
    return np.clip(scene, 0, 255).astype(np.uint8)


def texture(chance: Chance, *sizes: tuple[float, float]) -> Levels:
    """Hills of several sizes: pairs of a size in pixels and a height in grey levels."""
    hills = np.zeros((HEIGHT, WIDTH))
    for size, height in sizes:
        hill = ndimage.gaussian_filter(chance.noise(HEIGHT, WIDTH), size)
        hills += height * hill / hill.std()
    return hills
