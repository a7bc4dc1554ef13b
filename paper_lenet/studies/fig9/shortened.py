"""Fewer vectors in place of a machine's support vectors: the reduced set of Burges (1996).

A machine's output is the product of a pattern with Psi = sum alpha_i Phi(x_i) in the space of the
kernel. Vectors z_j, which need not be patterns, and coefficients beta_j are sought for which
``|Psi - sum beta_j Phi(z_j)|^2`` is least. For given z_j the best beta solve a linear system, so
the distance is a function of the z_j alone, and its gradient is the one at fixed beta.

Burges finds the z_j one after the other and then moves them together. Here they begin as support
vectors, chosen one after the other by what they take off the distance, and are then moved together
by L-BFGS for `STEPS` steps. `RIDGE` of the greatest kernel keeps the system regular.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import solve
from scipy.optimize import minimize

from paper_lenet.studies.fig9.squares import Array

STEPS = 200
RIDGE = 1e-7


class Kernel(NamedTuple):
    """The polynomial kernel (1 + x y / scale)^degree."""

    degree: int
    scale: float

    def values(self, one: Array, other: Array) -> Array:
        """The kernels of each of (m, inputs) and each of (n, inputs): (m, n)."""
        found: Array = (1 + one @ other.T / self.scale) ** self.degree
        return found

    def slopes(self, one: Array, other: Array) -> Array:
        """By how much `values` grow with the product of the two, (m, n)."""
        power = (1 + one @ other.T / self.scale) ** (self.degree - 1)
        found: Array = self.degree / self.scale * power
        return found


def shortened(
    vectors: Array, coefficients: Array, kernel: Kernel, count: int
) -> tuple[Array, Array]:
    """The vectors z, (count, inputs), and the coefficients beta, (count,).

    Args:
        vectors: (n, inputs), x.
        coefficients: (n,), alpha.
        kernel: of the machine.
        count: how many are wanted, at most n.
    """
    square = kernel.values(vectors, vectors)
    ridge = RIDGE * float(square.max())

    def distance(flat: Array) -> tuple[float, Array]:
        short = flat.reshape(count, -1)
        return distance_and_gradient(vectors, coefficients, short, kernel, ridge)

    start = vectors[greedy(square, coefficients, count, ridge)]
    found = minimize(
        distance, start.ravel(), jac=True, method="L-BFGS-B", options={"maxiter": STEPS}
    )
    short: Array = found.x.reshape(count, -1)
    return short, _best(vectors, coefficients, short, kernel, ridge)[0]


def greedy(square: Array, coefficients: Array, count: int, ridge: float) -> NDArray[np.int64]:
    """Which vectors to begin with, (count,), given the kernels of all pairs, (n, n)."""
    whole, own = square @ coefficients, np.diag(square)
    chosen, left = list[int](), whole.copy()
    for _ in range(count):
        gain = left**2 / own
        gain[chosen] = -1
        chosen.append(int(gain.argmax()))
        some = square[np.ix_(chosen, chosen)] + ridge * np.eye(len(chosen))
        left = whole - square[:, chosen] @ solve(some, whole[chosen], assume_a="pos")
    return np.array(chosen)


def distance_and_gradient(
    vectors: Array, coefficients: Array, short: Array, kernel: Kernel, ridge: float
) -> tuple[float, Array]:
    """``|Psi - sum beta Phi(z)|^2 + ridge |beta|^2`` for the best beta, less ``|Psi|^2``.

    Args:
        vectors: (n, inputs), x.
        coefficients: (n,), alpha.
        short: (count, inputs), z.
        kernel: of the machine.
        ridge: keeps beta small.

    Returns:
        It, and its derivatives by z, (count * inputs,).
    """
    beta, mixed = _best(vectors, coefficients, short, kernel, ridge)
    there = kernel.slopes(short, vectors) * coefficients  # (count, n)
    back = kernel.slopes(short, short) * beta  # (count, count)
    gradient = 2 * beta[:, None] * (back @ short - there @ vectors)
    return -float(beta @ mixed), gradient.ravel()


def _best(
    vectors: Array, coefficients: Array, short: Array, kernel: Kernel, ridge: float
) -> tuple[Array, Array]:
    """The best beta, (count,), and the products of the Phi(z) with Psi, (count,)."""
    mixed = kernel.values(short, vectors) @ coefficients
    square = kernel.values(short, short) + ridge * np.eye(len(short))
    return solve(square, mixed, assume_a="pos"), mixed
