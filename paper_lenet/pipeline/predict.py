"""Reading a digit from a user's own image, brought into the network's field as MNIST was.

Section III-A: a digit is scaled into a box of 20x20 pixels with its aspect ratio kept, the grey
levels coming from the anti-aliasing, and moved in a 28x28 field until its centre of mass is at the
centre. In MNIST's files that centre is pixel 14 of 0 to 27, reached by whole pixels: over the
training set the centre of mass lies between 13.48 and 14.50. Two pixels of background are added
on each side (Section II-B).

The paper says nothing of other images. Chosen here: the median of the border is the background;
the ink is on the side of it, darker or lighter, that goes further; ink below a quarter of the
darkest is taken for paper when the box is sought. What is transparent is background.

A file is taken as one of `FORMATS`, whatever its name says, and only if it has at most `PIXELS`.
One of more than `LARGE` is made smaller first, by a whole factor, so that a photograph takes a few
bytes a pixel.
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
from paper_lenet.digits.dataset import Scale
from paper_lenet.digits.patterns import Patterns, grey_scale
from paper_lenet.network.weights import PRETRAINED, Trained, load
from paper_lenet.pipeline.paths import WEIGHTS
from paper_lenet.results.answers import posterior
from paper_lenet.training.execution import execution
from paper_lenet.training.job import as_taken

# Not EPS, which would start a program of the user's, and none that only programmers meet.
FORMATS = ("BMP", "GIF", "JPEG", "PNG", "PPM", "TIFF", "WEBP")
PIXELS, LARGE = 50_000_000, 4_000_000
BOX, FIELD, CENTRE = 20, 28, 14
LEAST_CONTRAST = 16  # grey levels of 255 between background and ink
PAPER = 0.25  # of the strongest ink; less is not looked at when the box is sought


class ImageError(PaperLenetError, ValueError):
    """An image, or the weights to read it with, cannot be used."""


class Prediction(NamedTuple):
    """What the network says of one image.

    Attributes:
        answer: the class of the smallest penalty, 0 to 9.
        penalties: of each class, (10,), float32.
        confidence: the answer's probability, see `answers.posterior`.
    """

    answer: int
    penalties: NDArray[np.float32]
    confidence: float


def predict(
    image: Path | str | Image.Image | NDArray[np.uint8],
    weights: Path | str | Trained | None = None,
    trainer: str = "engine",
) -> Prediction:
    """Which digit `image` shows.

    Args:
        image: a file, an image, or grey levels (height, width) uint8; dark on light or light on
            dark, of any size.
        weights: a file of trained weights, or what `weights.load` read; by default the committed
            network of seed 0.
        trainer: the execution to ask, ``engine`` or ``reference``.

    Raises:
        ImageError: the image is missing, unreadable or blank, or there are no weights.
        RecipeError: the weights are not a file of this project.
    """
    trained = weights if isinstance(weights, Trained) else load(find_weights(weights))
    try:
        patterns = as_pattern(field(grey_levels(image)), trained.scale)
    except ImageError as error:
        name = image if isinstance(image, (str, Path)) else "the image"
        raise ImageError(f"{name}: {error}") from None
    network = execution(trainer, trained.recipe, trained.parameters)
    penalties = network.penalties(as_taken(trained.recipe, patterns))[0]
    answer = int(penalties.argmin())
    return Prediction(answer, penalties, float(posterior(penalties, trained.recipe.loss)[answer]))


def find_weights(path: Path | str | None) -> Path:
    """`path`, or else what the pipeline trained in the current folder, or what the package has."""
    if path is None:
        return WEIGHTS if WEIGHTS.is_file() else PRETRAINED
    if not Path(path).exists():
        raise ImageError(f"{path}: there are no such weights")
    return Path(path)


def grey_levels(image: Path | str | Image.Image | NDArray[np.uint8]) -> NDArray[np.float64]:
    """The image's grey levels, (height, width), 0 black to 255 white, any transparency filled.

    Raises:
        ImageError: there is no such file, it is not an image of these formats, it is too large, or
            not the array that is asked for.
    """
    if isinstance(image, np.ndarray):
        if image.ndim != 2 or image.dtype != np.uint8:
            found = f"{image.dtype} {image.shape}"
            raise ImageError(f"grey levels must be uint8 (height, width), not {found}")
        if not image.size:
            raise ImageError("it has no pixels")
        image = Image.fromarray(image)
    with _told(), _opened(image) as opened:
        return _pixels(opened)


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


def field(grey: NDArray[np.float64]) -> NDArray[np.uint8]:
    """The digit as MNIST has it, (28, 28), uint8: light ink on 0.

    Raises:
        ImageError: nothing stands out from the background.
    """
    digit = _scaled(_cut(_ink(grey)))
    rows, columns = digit.shape
    row, column = (_offset(digit.sum(axis), size) for axis, size in ((1, rows), (0, columns)))
    result = np.zeros((FIELD, FIELD), np.uint8)
    result[row : row + rows, column : column + columns] = digit
    return result


def _ink(grey: NDArray[np.float64]) -> NDArray[np.float64]:
    """How far each pixel stands out from the background: 0 is background, 1 the strongest ink."""
    if grey.ndim != 2 or min(grey.shape) < 2:
        raise ImageError(f"an image of at least 2 x 2 pixels is needed, not {grey.shape}")
    border = np.concatenate([grey[0], grey[-1], grey[1:-1, 0], grey[1:-1, -1]])
    background = float(np.median(border))
    darker, lighter = background - float(grey.min()), float(grey.max()) - background
    if max(darker, lighter) < LEAST_CONTRAST:
        raise ImageError("no digit to be seen: the image is blank")
    signed = background - grey if darker > lighter else grey - background
    ink: NDArray[np.float64] = np.clip(signed / max(darker, lighter), 0.0, 1.0)
    return ink


def _cut(ink: NDArray[np.float64]) -> NDArray[np.float64]:
    """The part that holds all the ink worth the name."""
    rows, columns = (np.flatnonzero((ink > PAPER).any(axis)) for axis in (1, 0))
    return ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _scaled(ink: NDArray[np.float64]) -> NDArray[np.uint8]:
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


def as_pattern(digit: NDArray[np.uint8], scale: Scale) -> Patterns:
    """One 28x28 digit padded to 32x32, as the stage ``preprocess`` pads; its label is unknown."""
    levels = grey_scale(scale.background, scale.foreground)
    return Patterns(np.pad(digit, 2)[None], np.zeros(1, np.uint8), levels)
