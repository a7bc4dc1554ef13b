"""A user's image as grey levels: opened warily, upright, of a size that memory bears.

A file is taken as one of `FORMATS`, whatever its name says, and only if it has at most `PIXELS`.
One of more than `LARGE` is made smaller first, by a whole factor, so that a photograph takes a few
bytes a pixel. What is transparent is background.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from paper_lenet.base.errors import PaperLenetError

# Not EPS, which would start a program of the user's, and none that only programmers meet.
FORMATS = ("BMP", "GIF", "JPEG", "PNG", "PPM", "TIFF", "WEBP")
PIXELS, LARGE = 50_000_000, 4_000_000


class ImageError(PaperLenetError, ValueError):
    """An image cannot be used, or shows no digit that can be read."""


class Picture(NamedTuple):
    """An image as it is looked at.

    Attributes:
        grey: (height, width), float64, 0 black to 255 white, any transparency filled.
        scale: how many times larger the image itself is.

    Example:
        >>> large = picture(np.zeros((3000, 2000), np.uint8))  # more than LARGE pixels
        >>> large.grey.shape, large.scale
        ((1500, 1000), 2.0)
    """

    grey: NDArray[np.float64]
    scale: float


def picture(image: Path | str | Image.Image | NDArray[np.uint8]) -> Picture:
    """The image's grey levels, upright.

    Raises:
        ImageError: there is no such file, it is not an image of these formats, it is too large, or
            not the array that is asked for.

    Example:
        >>> grey = np.zeros((40, 30), np.uint8)
        >>> picture(grey).grey.shape, picture(grey).scale
        ((40, 30), 1.0)
        >>> picture("no-such.png")
        Traceback (most recent call last):
            ...
        paper_lenet.digits.image.ImageError: there is no such file
    """
    if isinstance(image, np.ndarray):
        if image.ndim != 2 or image.dtype != np.uint8:
            found = f"{image.dtype} {image.shape}"
            raise ImageError(f"grey levels must be uint8 (height, width), not {found}")
        if not image.size:
            raise ImageError("it has no pixels")
        image = Image.fromarray(image)
    with _told(), _opened(image) as opened:
        longer = max(opened.size)
        grey = _pixels(opened)
    return Picture(grey, longer / max(grey.shape))


@contextmanager
def _told() -> Iterator[None]:
    """Whatever Pillow says of an image, as an `ImageError`; it raises nearly anything."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # doubts that do not stop it
        try:
            yield
        except ImageError:
            raise
        except UnidentifiedImageError:
            formats = ", ".join(FORMATS)
            raise ImageError(f"not an image that can be read (none of {formats})") from None
        except Exception as error:
            what = str(error) or type(error).__name__
            raise ImageError(f"not an image that can be read ({what})") from None


@contextmanager
def _opened(image: Path | str | Image.Image) -> Iterator[Image.Image]:
    """An image of our own, its pixels not yet read if it is a file."""
    if isinstance(image, Image.Image):
        yield image.copy()
        return
    path = Path(image)
    if not path.exists():
        raise ImageError("there is no such file")
    if not path.is_file():  # opening a pipe would wait for its other end
        raise ImageError("not an image that can be read (not a regular file)")
    with path.open("rb") as file, Image.open(file, formats=FORMATS) as opened:
        yield opened


def _pixels(image: Image.Image) -> NDArray[np.float64]:
    width, height = image.size
    if width * height > PIXELS:
        raise ImageError(f"{width} x {height} pixels are more than {PIXELS}; make it smaller")
    smaller = _smaller(image)
    if smaller.mode.startswith(("I", "F")):
        levels = np.asarray(smaller, np.float64)
        if not np.isfinite(levels).all():
            raise ImageError("it has pixels that are not finite numbers")
        return _stretched(levels)
    if smaller.mode in ("L", "RGB") and not smaller.has_transparency_data:
        return np.asarray(smaller.convert("L"), np.float64)
    both = np.asarray(smaller.convert("RGBA").convert("LA"), np.float64)
    return _filled(both[..., 0], both[..., 1] / 255.0)


def _factor(image: Image.Image) -> int:
    """What to divide each side by, so that about `LARGE` pixels are left."""
    return math.isqrt((image.width * image.height - 1) // LARGE) + 1


def _smaller(image: Image.Image) -> Image.Image:
    """`image` upright, each side divided by its `_factor`."""
    factor = _factor(image)
    if factor == 1:
        return ImageOps.exif_transpose(image)
    image.draft(None, (image.width // factor, image.height // factor))  # of a JPEG: less to decode
    factor = _factor(image)
    ImageOps.exif_transpose(image, in_place=True)
    if image.mode.startswith("I;"):
        image = image.convert("I")
    elif image.has_transparency_data:
        image = image.convert("RGBA")
    elif image.mode in ("1", "P"):
        image = image.convert("RGB")
    return image.reduce(factor)


def _stretched(levels: NDArray[np.float64]) -> NDArray[np.float64]:
    """Levels of an unknown range, 16 bits or real numbers, stretched over 0 to 255."""
    span = float(np.ptp(levels))
    stretched: NDArray[np.float64] = (levels - levels.min()) * (255.0 / max(span, 1e-300))
    return stretched


def _filled(grey: NDArray[np.float64], opacity: NDArray[np.float64]) -> NDArray[np.float64]:
    """Transparent parts filled with white, or with black where what is opaque is light."""
    total = float(opacity.sum())
    light = total > 0 and float((grey * opacity).sum()) / total > 127.5
    filled: NDArray[np.float64] = grey * opacity + (0.0 if light else 255.0) * (1.0 - opacity)
    return filled
