"""The two losses of Section II-C, for each pattern, from its penalties.

The paper leaves open which of the two gave its results, and j. Softmax with cross-entropy is eq. 9
with penalties y_i = -a_i and no rubbish class (j infinite).
"""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional

from paper_lenet.network.recipe import Loss


def maximum_likelihood(penalties: Tensor, labels: Tensor) -> Tensor:
    """Eq. 8 without its mean: E = y_D, the penalty of the right class.

    Args:
        penalties: (N, 10).
        labels: (N,), int64.

    Returns:
        (N,), one loss per pattern.

    Example:
        >>> penalties = torch.tensor([[0.5, 3.0]])
        >>> maximum_likelihood(penalties, torch.tensor([1]))
        tensor([3.])
    """
    return penalties.gather(1, labels[:, None])[:, 0]


def maximum_a_posteriori(penalties: Tensor, labels: Tensor, j: float) -> Tensor:
    """Eq. 9 without its mean: E = y_D + log(exp(-j) + sum_i exp(-y_i)).

    The sum runs over all classes, the right one too. Never overflows.

    Args:
        penalties: (N, 10).
        labels: (N,), int64.
        j: the rubbish class's constant penalty; infinite for no rubbish class.

    Returns:
        (N,), one loss per pattern.

    Example:
        >>> penalties = torch.tensor([[0.0, 0.0]])
        >>> loss = maximum_a_posteriori(penalties, torch.tensor([1]), math.inf)
        >>> round(loss.item(), 4) == round(math.log(2), 4)
        True
    """
    evidence = torch.logsumexp(_with_rubbish(-penalties, j), 1)
    return maximum_likelihood(penalties, labels) + evidence


def posteriors(penalties: Tensor, j: float) -> Tensor:
    """exp(-y_i) / (exp(-j) + sum_k exp(-y_k)), (N, 10), of the classes of penalties (N, 10).

    What is missing to 1 is the rubbish class's posterior (text under eq. 9).

    Example:
        >>> posteriors(torch.tensor([[0.0, 0.0]]), j=0.0).numpy().round(4)
        array([[0.3333, 0.3333]], dtype=float32)
        >>> posteriors(torch.tensor([[0.0, 0.0]]), j=math.inf).numpy().round(4)
        array([[0.5, 0.5]], dtype=float32)
    """
    return torch.softmax(_with_rubbish(-penalties, j), 1)[:, : penalties.shape[1]]


def losses(penalties: Tensor, labels: Tensor, loss: Loss) -> Tensor:
    """The loss that the recipe names, (N,), one per pattern.

    Example:
        >>> losses(torch.tensor([[0.5, 3.0]]), torch.tensor([0]), Loss(equation=8))
        tensor([0.5000])
    """
    if loss.equation == 8:
        return maximum_likelihood(penalties, labels)
    return maximum_a_posteriori(penalties, labels, loss.j)


def mean_loss(penalties: Tensor, labels: Tensor, loss: Loss) -> Tensor:
    """E(W) of eq. 8 or eq. 9: the mean over the patterns, a scalar.

    Example:
        >>> penalties = torch.tensor([[0.5, 3.0], [1.5, 2.0]])
        >>> mean_loss(penalties, torch.tensor([0, 0]), Loss(equation=8)).item()
        1.0
    """
    return losses(penalties, labels, loss).mean()


def _with_rubbish(scores: Tensor, j: float) -> Tensor:
    """The scores with a column -j after them, unless that is minus infinity."""
    return scores if j == math.inf else functional.pad(scores, (0, 1), value=-j)
