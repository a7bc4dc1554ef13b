"""The digits in the form that a classifier takes, and those kept apart for choices.

The paper leaves open how settings were chosen. Here a setting that it does not give is chosen on
training patterns that are kept apart, the last of the order by which smaller sets are drawn
(`training.job`), and never on the test set.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from paper_lenet.base import streams
from paper_lenet.base.errors import expect
from paper_lenet.digits.mnist import Digits, load
from paper_lenet.digits.patterns import Patterns
from paper_lenet.studies.fig9.classifier import Sets
from paper_lenet.studies.fig9.forms import form
from paper_lenet.studies.fig9.networks import as_patterns

APART = 10_000  # training patterns kept apart for choices


@dataclass(frozen=True)
class Judged:
    """Sets, and the labels of the patterns that are tested: (M,), uint8."""

    sets: Sets
    truth: NDArray[np.uint8]

    @cached_property
    def patterns(self) -> tuple[Patterns, Patterns]:
        """Both as patterns, which a network takes."""
        training = as_patterns(self.sets.training, self.sets.labels)
        return training, as_patterns(self.sets.test, self.truth)


class Source(Protocol):
    """Where a training gets its digits."""

    def judged(self, name: str, apart: bool) -> Judged:
        """All digits in the form `name`; with `apart` none of the test set."""


class Here(NamedTuple):
    """The digits of this machine, in the folder `raw`: no more than its name is sent."""

    raw: Path

    def judged(self, name: str, apart: bool) -> Judged:
        """See `Source`."""
        return _read(self.raw, name, apart)


class Sent:
    """The digits themselves, for another machine; the last form is kept there."""

    def __init__(self, training: Digits, test: Digits) -> None:
        self.digits = training, test
        self._kept = lru_cache(maxsize=1)(partial(judged, training, test))

    def __reduce__(self) -> tuple[type[Sent], tuple[Digits, Digits]]:
        return Sent, self.digits

    def judged(self, name: str, apart: bool) -> Judged:
        """See `Source`."""
        return self._kept(name, apart)


@lru_cache(maxsize=2)
def _read(raw: Path, name: str, apart: bool) -> Judged:
    return judged(*load(raw), name, apart)


def judged(training: Digits, test: Digits, name: str, apart: bool) -> Judged:
    """The digits in the form `name`; with `apart` the patterns kept apart are the test set.

    Raises:
        RecipeError: there are too few to keep some apart.
    """
    images, labels = form(name, training.images), training.labels
    if not apart:
        return Judged(Sets(images, labels, form(name, test.images)), test.labels)
    first, last = parts(len(labels))
    return Judged(Sets(images[first], labels[first], images[last]), labels[last])


def parts(count: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Which of `count` training patterns a choice is trained on, and which are kept apart.

    Raises:
        RecipeError: there are too few.
    """
    expect(count > APART, count, f"more than {APART} training patterns")
    order = streams.permutation(streams.key(0, "subset"), count)
    return np.sort(order[: count - APART]), np.sort(order[count - APART :])
