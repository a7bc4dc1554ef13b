"""Units that are linear in their inputs, with a bias, fitted at once by least squares.

They are the last layer of several classifiers of Section III-C: of pixels, of products of principal
components, of Gaussian units. Targets are +1 for the class and -1 for the others. The paper says
"regularized pseudo-inverse" of one of them and of none how strongly: `decay` is the square that is
added to every input's mean square, and 0 gives the pseudo-inverse, the shortest of all solutions.
The bias is free of it.
"""

from __future__ import annotations

from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from paper_lenet.base.declared import Between
from paper_lenet.network.architecture import CLASSES

Decay = Annotated[float, Between(0.0, 1e6)]
Array = NDArray[np.float64]


def flat(images: NDArray[np.float32]) -> Array:
    """Images (N, side, side) as the inputs of units, (N, inputs), float64."""
    return images.reshape(len(images), -1).astype(np.float64)


def targets(labels: NDArray[np.uint8]) -> Array:
    """+1 for the class of each pattern and -1 for the others, (N, 10)."""
    return np.where(labels[:, None] == np.arange(CLASSES), 1.0, -1.0)


def moments(inputs: Array) -> Array:
    """The sums over N patterns of the products of two inputs, or the bias: (n + 1, n + 1)."""
    count = inputs.shape[1]
    result = np.empty((count + 1, count + 1))
    result[:count, :count] = inputs.T @ inputs
    result[count, :count] = result[:count, count] = inputs.sum(axis=0)
    result[count, count] = len(inputs)
    return result


def products(inputs: Array, wanted: Array) -> Array:
    """The sums over N patterns of inputs, the bias the last, times targets (N, c): (n + 1, c)."""
    return np.concatenate([inputs.T @ wanted, wanted.sum(axis=0)[None]])


def solved(square: Array, mixed: Array, decay: float) -> Array:
    """The weights of the least squares, (n + 1, c), the biases the last row.

    Args:
        square: what `moments` gives.
        mixed: what `products` gives.
        decay: how strongly weights are kept small.
    """
    patterns = square[-1, -1]
    penalty = np.append(np.full(len(square) - 1, decay * patterns), 0.0)
    least = len(square) * np.finfo(np.float64).eps  # of what the greatest eigenvalue is
    found: Array = np.linalg.pinv(square + np.diag(penalty), rtol=least, hermitian=True) @ mixed
    return found


def fitted(inputs: Array, labels: NDArray[np.uint8], decay: float) -> Array:
    """The weights of ten units, one a class, (n + 1, 10), for inputs (N, n)."""
    return solved(moments(inputs), products(inputs, targets(labels)), decay)


def outputs(inputs: Array, weights: Array) -> Array:
    """The outputs of units with `weights`, (n + 1, c), for inputs (M, n): (M, c)."""
    found: Array = inputs @ weights[:-1] + weights[-1]
    return found
