"""Support vector machines with a polynomial kernel (Section III-C), one for each class.

The kernel is (1 + x y / scale)^degree, and a machine separates its class from the nine others:
machines of pairs are a later habit, and the costs that the paper prints are those of machines that
share no vector. The greatest of their outputs is the answer. The paper prints degrees alone. The
scale, the product of two patterns that counts as one, and the bound on the multipliers are open.

V-SVM (Schoelkopf, Burges, Vapnik 1996): after a first training the support vectors of all machines
are moved by a pixel to the four sides, and the machines are trained once more on these and the
vectors themselves. RS-SVM: each machine's vectors are replaced by fewer ones (`shortened`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sklearn.svm import SVC

from paper_lenet.base.declared import Between, Declared
from paper_lenet.base.errors import expect
from paper_lenet.network.architecture import CLASSES
from paper_lenet.studies.fig9.classifier import Fitted, Sets
from paper_lenet.studies.fig9.shortened import Kernel, shortened
from paper_lenet.studies.fig9.squares import Array, flat

CACHE = 1000  # MB for products of patterns
SIDES = ((0, 1), (0, -1), (1, 0), (-1, 0))


@dataclass(frozen=True)
class Settings(Declared):
    """Degree and method, and what the paper leaves open.

    Attributes:
        degree: of the kernel.
        scale: of the kernel, for pixels of 0 to 1.
        bound: the greatest that a multiplier can be, C.
        virtual: whether support vectors are moved, and the machines trained again.
        reduced: how many vectors stand for those of a machine; 0 for its own.
    """

    degree: Annotated[int, Between(1, 20)]
    scale: Annotated[float, Between(1e-3, 1e6)] = 50.0
    bound: Annotated[float, Between(1e-6, 1e6)] = 1.0
    virtual: bool = False
    reduced: Annotated[int, Between(0, 10_000)] = 0


class Machine(NamedTuple):
    """One class against the others.

    Attributes:
        chosen: (n,), which patterns are its support vectors.
        vectors: (n, inputs), those that its output is computed from.
        coefficients: (n,), of the kernels of `vectors`.
        bias: is added.
    """

    chosen: NDArray[np.int64]
    vectors: Array
    coefficients: Array
    bias: float

    def outputs(self, inputs: Array, kernel: Kernel) -> Array:
        """Its outputs for inputs (M, n): (M,), positive for its class."""
        found: Array = kernel.values(inputs, self.vectors) @ self.coefficients + self.bias
        return found


def fit(settings: Settings, sets: Sets, seed: int) -> Fitted:
    """Train ten machines on the training patterns; nothing is drawn.

    Raises:
        RecipeError: a class has no pattern.
    """
    expect_all_classes(sets.labels)
    kernel = Kernel(settings.degree, settings.scale)
    machines = trained(flat(sets.training), sets.labels, kernel, settings.bound)
    if settings.virtual:
        chosen = np.unique(np.concatenate([each.chosen for each in machines]))
        patterns, labels = (
            moved(sets.training[chosen]),
            np.tile(sets.labels[chosen], 1 + len(SIDES)),
        )
        machines = trained(flat(patterns), labels, kernel, settings.bound)
    if settings.reduced:
        machines = [_reduced(each, kernel, settings.reduced) for each in machines]
    test = flat(sets.test)
    scores = np.stack([each.outputs(test, kernel) for each in machines], axis=1)
    products = sum(each.vectors.size + each.coefficients.size for each in machines)
    return Fitted(scores.astype(np.float32), products, products + len(machines))


def expect_all_classes(labels: NDArray[np.uint8]) -> None:
    """Raise a RecipeError unless each of the ten classes is among `labels`."""
    found = len(np.unique(labels))
    expect(found == CLASSES, found, f"{CLASSES} classes, each with a pattern", "labels")


def trained(
    inputs: Array, labels: NDArray[np.uint8], kernel: Kernel, bound: float
) -> list[Machine]:
    """The machines of the ten classes, by inputs (N, n)."""
    found = []
    for label in range(CLASSES):
        machine = SVC(C=bound, cache_size=CACHE, **kernel.in_library()).fit(inputs, labels == label)
        vectors, coefficients = inputs[machine.support_], machine.dual_coef_[0]
        found.append(Machine(machine.support_, vectors, coefficients, machine.intercept_[0]))
    return found


def moved(images: NDArray[np.float32]) -> NDArray[np.float32]:
    """Images (N, side, side), then the same moved by a pixel to each side: (5 N, side, side)."""
    side = images.shape[1]
    field = np.pad(images, ((0, 0), (1, 1), (1, 1)))
    parts = [
        field[:, 1 + down : 1 + down + side, 1 + right : 1 + right + side] for down, right in SIDES
    ]
    return np.concatenate([images, *parts])


def _reduced(machine: Machine, kernel: Kernel, count: int) -> Machine:
    if count >= len(machine.vectors):
        return machine
    vectors, coefficients = shortened(machine.vectors, machine.coefficients, kernel, count)
    return machine._replace(vectors=vectors, coefficients=coefficients)
