"""Support vector machines together: ten, a class against the others, or 45, one a pair of classes.

Those of Cortes and Vapnik (1995), which the paper cites, are of classes; each machine's vectors are
counted, also where two machines share one. Those of pairs are scikit-learn's habit: each sees a
fifth of the patterns, so they are trained in a fraction of the time, and a shared vector is counted
once. Both give a score for each class: the output of its machine, or the votes of the pairs with
the sum of their outputs to decide among equal ones.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from sklearn.svm import SVC

from paper_lenet.network.architecture import CLASSES
from paper_lenet.studies.fig9.shortened import Kernel, shortened
from paper_lenet.studies.fig9.squares import Array

CACHE = 1000  # MB for products of patterns


class Machine(NamedTuple):
    """One class against the others: vectors (n, inputs), their coefficients (n,), and a bias."""

    vectors: Array
    coefficients: Array
    bias: float


class OfClasses:
    """Ten machines, in the order of the classes.

    Attributes:
        support: which patterns are support vectors of one or more.
        operations: multiply-accumulates of a pattern.
        variables: numbers stored.
    """

    def __init__(self, kernel: Kernel, machines: list[Machine], support: NDArray[np.int64]) -> None:
        self.support = support
        self.operations = sum(part.vectors.size + part.coefficients.size for part in machines)
        self.variables = self.operations + len(machines)
        self._kernel, self._machines = kernel, machines

    @classmethod
    def trained(
        cls, inputs: Array, labels: NDArray[np.uint8], kernel: Kernel, bound: float
    ) -> OfClasses:
        """Those of inputs (N, n); all ten classes are among `labels`."""
        machines, support = [], []
        for label in range(CLASSES):
            found = _library(kernel, bound).fit(inputs, labels == label)
            vectors, bias = inputs[found.support_], float(found.intercept_[0])
            machines.append(Machine(vectors, found.dual_coef_[0], bias))
            support.append(found.support_)
        return cls(kernel, machines, np.unique(np.concatenate(support)))

    def reduced(self, count: int) -> OfClasses:
        """The same with at most `count` vectors a machine."""
        machines = [self._reduced(part, count) for part in self._machines]
        return OfClasses(self._kernel, machines, self.support)

    def _reduced(self, machine: Machine, count: int) -> Machine:
        vectors, coefficients, bias = machine
        if count >= len(vectors):
            return machine
        return Machine(*shortened(vectors, coefficients, self._kernel, count), bias)

    def scores(self, inputs: Array) -> Array:
        """The outputs for inputs (M, n): (M, 10)."""
        outputs = [
            self._kernel.values(inputs, vectors) @ coefficients + bias
            for vectors, coefficients, bias in self._machines
        ]
        return np.stack(outputs, axis=1)


class OfPairs:
    """The library's 45 machines; attributes as those of `OfClasses`."""

    def __init__(self, found: SVC) -> None:
        self.support: NDArray[np.int64] = found.support_
        # A kernel a vector, and its coefficients in the nine machines of its class.
        self.operations: int = found.support_vectors_.size + found.dual_coef_.size
        self.variables: int = self.operations + found.intercept_.size
        self._found = found

    @classmethod
    def trained(
        cls, inputs: Array, labels: NDArray[np.uint8], kernel: Kernel, bound: float
    ) -> OfPairs:
        """As those of classes."""
        return cls(_library(kernel, bound).fit(inputs, labels))

    def scores(self, inputs: Array) -> Array:
        """The votes and sums for inputs (M, n): (M, 10)."""
        scores: Array = self._found.decision_function(inputs)
        return scores


def _library(kernel: Kernel, bound: float) -> SVC:
    degree, scale = kernel
    return SVC(C=bound, kernel="poly", degree=degree, gamma=1 / scale, coef0=1.0, cache_size=CACHE)
