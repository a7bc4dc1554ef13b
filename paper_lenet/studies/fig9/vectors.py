"""Support vector machines with a polynomial kernel (Section III-C), plain, virtual and reduced.

The kernel is (1 + x y / L)^degree, with L a multiple of the training patterns' mean squared length.
The paper prints degrees alone. That multiple, the bound on the multipliers, and whether patterns
are brought to one length before, as DeCoste and Schoelkopf (2002) do, are open.

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
from paper_lenet.studies.fig9.squares import Array, flat

SIDES = ((0, 1), (0, -1), (1, 0), (-1, 0))


@dataclass(frozen=True)
class Settings(Declared):
    """Degree and method, and what the paper leaves open.

    Attributes:
        degree: of the kernel.
        unit: whether patterns are divided by their length.
        scale: of the kernel, in mean squared lengths of the training patterns.
        bound: the greatest that a multiplier can be, C.
        machines: what each separates: a class from the others, or two classes.
        virtual: whether support vectors are moved, and the machines trained again.
        reduced: how many vectors stand for those of a class's machine; 0 for its own.
    """

    degree: Annotated[int, Between(1, 20)]
    unit: bool = True
    scale: Annotated[float, Between(1e-3, 1e3)] = 1.0
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
        RecipeError: a class has no pattern, or a pattern has no ink.
    """
    expect_all_classes(sets.labels)
    found = _trained(settings, sets.training, sets.labels)
    if settings.virtual:
        labels = np.tile(sets.labels[found.support], 1 + len(SIDES))
        found = _trained(settings, moved(sets.training[found.support]), labels)
    if settings.reduced and isinstance(found, OfClasses):
        found = found.reduced(settings.reduced)
    scores = found.scores(_inputs(settings, sets.test)).astype(np.float32)
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
    inputs = _inputs(settings, images)
    one = float(np.mean(_squares(inputs)))
    kernel = Kernel(settings.degree, settings.scale * one)
    kind = OfClasses if settings.machines == "classes" else OfPairs
    return kind.trained(inputs, labels, kernel, settings.bound)


def _inputs(settings: Settings, images: NDArray[np.float32]) -> Array:
    """The pixels, (N, inputs), each pattern of length 1 if it shall be."""
    inputs = flat(images)
    if not settings.unit:
        return inputs
    squares = _squares(inputs)
    dark = int(np.count_nonzero(squares == 0))
    expect(not dark, dark, "0 patterns without ink, which have no length", "images")
    result: Array = inputs / np.sqrt(squares)[:, None]
    return result


def _squares(inputs: Array) -> Array:
    """The squared length of each pattern, (N,)."""
    result: Array = np.einsum("ij,ij->i", inputs, inputs)
    return result
