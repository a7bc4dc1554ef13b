"""The patterns of many recipes, chosen from one data set; recipes that show the same share them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from threading import Lock

from paper_lenet.digits.distort import Presentation
from paper_lenet.digits.patterns import Patterns
from paper_lenet.network.recipe import Recipe
from paper_lenet.training.job import Data, select

FILES = ("train.safetensors", "test.safetensors")
MOST = 4  # selections that are kept


class Selection:
    """The patterns of each recipe. May be called from several threads, and sent to another process.

    Attributes:
        training: all training patterns.
        test: all test patterns.

    Example:
        >>> from paper_lenet.digits.distort import Presentation
        >>> from paper_lenet.network.recipe import Recipe
        >>> import numpy as np
        >>> five = Patterns.from_images(np.zeros((5, 28, 28), np.uint8), np.arange(5))
        >>> chosen = Selection(five, five)(Recipe(presentation=Presentation(patterns=2)))
        >>> len(chosen.training), len(chosen.test)
        (2, 5)
    """

    def __init__(self, training: Patterns, test: Patterns) -> None:
        self.training, self.test = training, test
        self._lock = Lock()
        self._kept: dict[tuple[int, Presentation], Data] = {}

    def __call__(self, recipe: Recipe) -> Data:
        """What `recipe` trains and is tested on, as `job.select` has it."""
        key = recipe.network.input, recipe.presentation
        with self._lock:
            if key not in self._kept:
                self._kept[key] = select(recipe, self.training, self.test)
            self._kept[key] = self._kept.pop(key)  # the last one used comes last
            while len(self._kept) > MOST:
                del self._kept[next(iter(self._kept))]
            return self._kept[key]

    def __reduce__(self) -> tuple[Callable[..., Selection], tuple[Patterns, ...]]:
        return _received, (self.training, self.test)


def _received(training: Patterns, test: Patterns) -> Selection:
    """A selection from arrays that another process sent, copied once to where they can be written.

    The engine asks for such arrays, and would else copy them in every call.
    """
    return Selection(*(replace(part, grey=part.grey.copy()) for part in (training, test)))


def selection(processed: Path) -> Selection:
    """The patterns in the folder `processed`.

    Raises:
        PatternsError: there are none.

    Example:
        >>> from paper_lenet.training.behaviour import made
        >>> made(96).save(Path("train.safetensors"))
        >>> made(32, 96).save(Path("test.safetensors"))
        >>> found = selection(Path())
        >>> len(found.training), len(found.test)
        (96, 32)
    """
    return Selection(*(Patterns.load(processed / name) for name in FILES))
