"""Reading the digits of a user's own images with a trained network.

What is clean is framed as MNIST was (`digits.frame`), a photograph is looked through for ink
(`digits.photograph`), and the network says which of what is found is a digit (`results.reading`).
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from paper_lenet.digits.image import ImageError, Picture, picture
from paper_lenet.network.weights import PRETRAINED, Trained, load
from paper_lenet.pipeline.paths import WEIGHTS
from paper_lenet.results.reading import Prediction, Reader

Pictured = Path | str | Image.Image | NDArray[np.uint8]

HOW = "read them all with --all, in Python with predict_all"


def predict(
    image: Pictured, weights: Path | str | Trained | None = None, trainer: str = "engine"
) -> Prediction:
    """Which digit `image` shows.

    Args:
        image: a file, an image, or grey levels (height, width) uint8; dark on light or light on
            dark, a drawing or a photograph, of at most 50 million pixels.
        weights: a file of trained weights, or what `weights.load` read; by default what the
            pipeline trained in the current folder, else the network of the package: seed 0.
        trainer: the execution to ask, ``engine`` or ``reference``.

    Returns:
        The answer with what it rests on; it unpacks as answer, penalties, confidence.

    Raises:
        ImageError: the image is missing, unreadable or blank, or has several digits; or there are
            no weights.
        RecipeError: the weights are not a file of this project.
    """
    return read(reader(weights, trainer), image, several=False)[1][0]


def predict_all(
    image: Pictured, weights: Path | str | Trained | None = None, trainer: str = "engine"
) -> list[Prediction]:
    """Every digit that `image` shows, line by line, from left to right; at least one.

    Arguments and errors are those of `predict`, but that there may be several digits.

    Returns:
        For each digit what `predict` returns, its box among it.
    """
    return read(reader(weights, trainer), image, several=True)[1]


def reader(weights: Path | str | Trained | None = None, trainer: str = "engine") -> Reader:
    """The network, ready to read as many images as one likes.

    Raises:
        ImageError: there are no such weights.
        RecipeError: they are not a file of this project.
    """
    trained = weights if isinstance(weights, Trained) else load(find_weights(weights))
    return Reader(trained, trainer)


def read(asked: Reader, image: Pictured, several: bool) -> tuple[Picture, list[Prediction]]:
    """An image as it is looked at, and its digits, by a network that is ready.

    Raises:
        ImageError: as in `predict`; that there is more than one digit only without `several`.
    """
    try:
        looked_at = picture(image)
        found = asked.read(looked_at)
        if several:
            return looked_at, found.digits
        if found.sure > 1:
            raise ImageError(f"{found.sure} digits are to be seen; {HOW}")
        return looked_at, [found.likeliest]
    except ImageError as error:
        name = image if isinstance(image, (str, Path)) else "the image"
        raise ImageError(f"{name}: {error}") from None


def find_weights(path: Path | str | None) -> Path:
    """`path`, or else what the pipeline trained in the current folder, or what the package has."""
    if path is None:
        return WEIGHTS if WEIGHTS.is_file() else PRETRAINED
    if not Path(path).exists():
        raise ImageError(f"{path}: there are no such weights")
    return Path(path)
