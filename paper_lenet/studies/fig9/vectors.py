"""Support vector machines with a polynomial kernel (Section III-C), plain, virtual and reduced.

The kernel is (1 + x y / scale)^degree. The paper prints degrees alone: the scale, the product of
two patterns that counts as one, and the bound on the multipliers are open.

V-SVM (Schoelkopf, Burges, Vapnik 1996): after a first training the support vectors of all machines
are moved by a pixel to the four sides, and the machines are trained once more on these and the
vectors themselves. RS-SVM: each machine's vectors are replaced by fewer ones (`shortened`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray

from paper_lenet.base.declared import Between, Declared
from paper_lenet.base.errors import expect
from paper_lenet.network.architecture import CLASSES
from paper_lenet.studies.fig9.classifier import Scored, Sets
from paper_lenet.studies.fig9.machines import OfClasses, OfPairs
from paper_lenet.studies.fig9.shortened import Kernel
from paper_lenet.studies.fig9.squares import flat

SIDES = ((0, 1), (0, -1), (1, 0), (-1, 0))


@dataclass(frozen=True)
class Settings(Declared):
    """Degree and method, and what the paper leaves open.

    Attributes:
        degree: of the kernel.
        scale: of the kernel, for pixels of 0 to 1.
        bound: the greatest that a multiplier can be, C.
        machines: what each separates: a class from the others, or two classes.
        virtual: whether support vectors are moved, and the machines trained again.
        reduced: how many vectors stand for those of a class's machine; 0 for its own.
    """

    degree: Annotated[int, Between(1, 20)]
    scale: Annotated[float, Between(1e-3, 1e6)] = 50.0
    bound: Annotated[float, Between(1e-6, 1e6)] = 1.0
    machines: Literal["classes", "pairs"] = "classes"
    virtual: bool = False
    reduced: Annotated[int, Between(0, 10_000)] = 0

    def __post_init__(self) -> None:
        """Machines of pairs share their vectors, so that none has its own to reduce."""
        super().__post_init__()
        good = self.machines == "classes" or not self.reduced
        expect(good, self.reduced, "0, as it is for machines of pairs", "reduced")


def fit(settings: Settings, sets: Sets, seed: int) -> Scored:
    """Train the machines on the training patterns; nothing is drawn.

    Raises:
        RecipeError: a class has no pattern.
    """
    expect_all_classes(sets.labels)
    found = _trained(settings, sets.training, sets.labels)
    if settings.virtual:
        labels = np.tile(sets.labels[found.support], 1 + len(SIDES))
        found = _trained(settings, moved(sets.training[found.support]), labels)
    if settings.reduced and isinstance(found, OfClasses):
        found = found.reduced(settings.reduced)
    scores = found.scores(flat(sets.test)).astype(np.float32)
    return Scored(scores, found.operations, found.variables)


def expect_all_classes(labels: NDArray[np.uint8]) -> None:
    """Raise a RecipeError unless each of the ten classes is among `labels`."""
    found = len(np.unique(labels))
    expect(found == CLASSES, found, f"{CLASSES} classes, each with a pattern", "labels")


def moved(images: NDArray[np.float32]) -> NDArray[np.float32]:
    """Images (N, side, side), then the same moved by a pixel to each side: (5 N, side, side)."""
    side = images.shape[1]
    field = np.pad(images, ((0, 0), (1, 1), (1, 1)))
    parts = [
        field[:, 1 + down : 1 + down + side, 1 + right : 1 + right + side] for down, right in SIDES
    ]
    return np.concatenate([images, *parts])


def _trained(
    settings: Settings, images: NDArray[np.float32], labels: NDArray[np.uint8]
) -> OfClasses | OfPairs:
    kind = OfClasses if settings.machines == "classes" else OfPairs
    kernel = Kernel(settings.degree, settings.scale)
    return kind.trained(flat(images), labels, kernel, settings.bound)
