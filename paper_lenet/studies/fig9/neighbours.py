"""Nearest neighbours by Euclidean distance (Section III-C): templates are the training patterns.

The class of most of the k nearest is the answer, and that of the nearest among equal ones. The
paper gives k for the deslanted digits alone. For its figure of rejections it needs a score of every
class and does not say which: here it is the votes, plus 1 / (1 + d), where d is the distance to the
nearest template of the class.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from paper_lenet.base import streams
from paper_lenet.base.declared import Between, Declared
from paper_lenet.network.architecture import CLASSES
from paper_lenet.studies.fig9.classifier import Scored, Sets
from paper_lenet.studies.fig9.squares import Array, flat

BLOCK = 100  # test patterns at a time, whose distances to all templates fit the memory


@dataclass(frozen=True)
class Settings(Declared):
    """What the paper leaves open.

    Attributes:
        k: how many neighbours vote.
        templates: how many training patterns are kept, drawn at random; 0 for all.
    """

    k: Annotated[int, Between(1, 1000)] = 3
    templates: Annotated[int, Between(0, 1_000_000)] = 0


def fit(settings: Settings, sets: Sets, seed: int) -> Scored:
    """Compare each test pattern with all templates; `seed` draws these if they are fewer."""
    templates, labels = flat(sets.training), sets.labels
    if settings.templates:
        order = streams.permutation(streams.key(seed, "subset"), len(labels))
        kept = np.sort(order[: settings.templates])
        templates, labels = templates[kept], labels[kept]
    found = [scores(each, labels, settings.k) for each in distances(flat(sets.test), templates)]
    return Scored(np.concatenate(found), templates.size, templates.size)


def distances(patterns: Array, templates: Array) -> Iterator[Array]:
    """Squared distances of patterns (M, n) to templates (N, n), block by block: (m, N) each."""
    own = (templates**2).sum(axis=1)
    for first in range(0, len(patterns), BLOCK):
        part = patterns[first : first + BLOCK]
        square = part @ templates.T
        square *= -2
        square += own
        square += (part**2).sum(axis=1)[:, None]
        yield np.maximum(square, 0, out=square)


def scores(square: Array, labels: NDArray[np.uint8], k: int) -> NDArray[np.float32]:
    """The scores of m patterns, (m, 10), by their squared distances to N templates, (m, N).

    Args:
        square: with infinity for a template that is not looked at.
        labels: (N,), of the templates.
        k: how many vote, or all N if they are fewer.
    """
    k = min(k, len(labels))
    nearest = np.argpartition(square, k - 1, axis=1)[:, :k]
    votes = (labels[nearest][:, :, None] == np.arange(CLASSES)).sum(axis=1)
    least = np.stack(
        [square[:, labels == each].min(axis=1, initial=np.inf) for each in range(CLASSES)], axis=1
    )
    found: NDArray[np.float32] = (votes + 1 / (1 + np.sqrt(least))).astype(np.float32)
    return found
