"""MNIST in one call, without the stages: fetched if it is not there, checked, read, padded."""

from __future__ import annotations

from pathlib import Path

from paper_lenet.digits.dataset import MNIST, Scale
from paper_lenet.digits.download import download, lacking
from paper_lenet.digits.patterns import Patterns
from paper_lenet.digits.preprocess import read_patterns
from paper_lenet.pipeline.paths import DATA


def load_mnist(folder: Path | str | None = None) -> tuple[Patterns, Patterns]:
    """MNIST's training and test patterns, as `train` and `evaluate` take them.

    Args:
        folder: of the four files, unpacked. What is missing there is downloaded, 55 MB in all; by
            default ``data/raw/mnist`` below the current folder, where the stage ``download`` keeps
            them.

    Returns:
        The training patterns, and the test patterns.

    Raises:
        DataError: no source gave what is missing; the message tells how to supply it by hand.
    """
    place = DATA / "raw" / MNIST.name if folder is None else Path(folder)
    if lacking(MNIST, place):
        download(MNIST, place)
    return read_patterns(place, Scale())
