r"""The diagonal second derivative of Appendix C (eqs. 18 to 27), by explicit back-propagation.

The notation is the paper's: w_k a shared parameter, u_ij the weight of the connection from unit j
to unit i, V_k the pairs (i, j) that share w_k, a_i a unit's total input, x_i = f(a_i) its state.

========= =====================================================================================
eq. 18    w_k <- w_k - epsilon_k dE^p/dw_k, after each pattern p
eq. 19    dE^p/dw_k = sum over V_k of dE^p/du_ij
eq. 20    u_ij = w_k for all (i, j) in V_k
eq. 21    epsilon_k = eta / (mu + h_kk)
eq. 22    h_kk = sum over V_k, and V_k again, of d2E/du_ij du_kl: exact
eq. 23    h_kk = sum over V_k of d2E/du_ij^2: the terms off the diagonal dropped
eq. 24    d2E/du_ij^2 = 1/P sum over p of d2E^p/du_ij^2
eq. 25    d2E^p/du_ij^2 = d2E^p/da_i^2 x_j^2
eq. 26    d2E^p/da_i^2 = f'(a_i)^2 sum_k u_ki^2 d2E^p/da_k^2 + f''(a_i) dE^p/dx_i: not used
eq. 27    d2E^p/da_i^2 = f'(a_i)^2 sum_k u_ki^2 d2E^p/da_k^2: the Gauss-Newton approximation
========= =====================================================================================

Below, b_i stands for d2E^p/da_i^2 and g_i for d2E^p/dx_i^2, the sum over k in eq. 27. The mean of
eq. 24 is taken at the start of the recursion, in which everything is linear.

The paper leaves open what the recursion starts from. At the last squashed layer (F6) we take
either the second derivative of the right class's penalty, the constant 2s for y = s ||x - w||^2,
or the exact diagonal of the loss's Hessian (`Step.output`). They are the same for eq. 8.
"""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.grad import conv2d_weight

from paper_lenet.base.declared import build
from paper_lenet.network.architecture import layers
from paper_lenet.network.layers import RadialBasis, SparseConv2d, Subsampling
from paper_lenet.network.lenet5 import LeNet5
from paper_lenet.network.losses import posteriors
from paper_lenet.network.recipe import Loss, Step

Curvature = dict[str, Tensor]


@torch.no_grad()
def curvature(
    network: LeNet5,
    inputs: Tensor,
    labels: Tensor,
    loss: Loss,
    output: str = "constant",
    coefficient: str = "pooled",
) -> Curvature:
    """h_kk of every trainable parameter, the mean over the patterns; never negative.

    Args:
        network: the network; nothing in it changes.
        inputs: (N, 1, side, side), of the parameters' dtype.
        labels: (N,), int64.
        loss: eq. 8 or 9, and j. (The penalty's scale is the network's.)
        output: ``constant`` or ``exact``, see `Step.output`.
        coefficient: ``pooled`` or ``connections``, see `Step.coefficient`.

    Returns:
        For each name of the network's state dict an array of its shape.

    Raises:
        RecipeError: there is no such `output` or `coefficient`.
        ValueError: softmax, which has no constant second derivative and no eq. 8.

    Example:
        >>> from paper_lenet.network.recipe import Loss
        >>> inputs, labels = torch.zeros(2, 1, 32, 32), torch.tensor([3, 7])
        >>> found = curvature(LeNet5(), inputs, labels, Loss())
        >>> found["F6.weight"].shape, bool((found["F6.weight"] >= 0).all())
        (torch.Size([84, 120]), True)
    """
    build(Step, {"output": output, "coefficient": coefficient})
    states = network.states(inputs)
    result, g, top = _start(network, states, labels, loss, output)
    x = states | {"output": states.get("units", states["output"])}
    names = [layer.name for layer in layers(network.network)]
    for below, name in reversed([*pairwise(names[: names.index(top) + 1])]):
        b = _squashed(network, name, x[name], g.view_as(x[name]))
        layer = network.get_submodule(name)
        inner = x[below].flatten(1) if isinstance(layer, nn.Linear) else x[below]
        h, g = _through(layer, inner, b, coefficient)
        result |= {f"{name}.{role}": part for role, part in h.items()}
    return {name: result[name] for name, _ in network.named_parameters()}


def _squashed(network: LeNet5, name: str, x: Tensor, g: Tensor) -> Tensor:
    """Eq. 27: b_i = f'(a_i)^2 g_i; f' is 1 in fixed subsampling and in softmax's linear outputs."""
    fixed = name in ("S2", "S4") and not network.network.trainable_subsampling
    if fixed or (name == "output" and network.network.output == "softmax"):
        return g
    return network.squash.derivative(x) ** 2 * g


def _start(
    network: LeNet5, states: dict[str, Tensor], labels: Tensor, loss: Loss, output: str
) -> tuple[Curvature, Tensor, str]:
    """The codes' own h_kk, if they are trained; g of the topmost layer with weights; its name."""
    kind, patterns = network.network.output, len(labels)
    p = posteriors(states["output"], loss.j)
    if kind == "softmax":
        if output != "exact" or loss.equation != 9:
            raise ValueError("softmax needs loss.equation 9 and step.output exact")
        return {}, p * (1 - p) / patterns, "output"
    rbf = network.output if network.targets is None else network.targets
    top, x = ("F6", states["F6"]) if network.targets is None else ("output", states["units"])
    assert isinstance(rbf, RadialBasis)
    exact = output == "exact" and loss.equation == 9
    difference = 2 * rbf.scale * (x[:, None] - rbf.codes)  # y'_ij = dy_i/dx_j, (N, 10, units)
    g = _loss_hessian(p, difference, rbf.scale) if exact else torch.full_like(x, 2 * rbf.scale)
    trained = {}
    if kind == "trainable_rbf":
        trained["output.codes"] = _codes(p, difference, rbf.scale, labels, exact) / patterns
    return trained, g / patterns, top


def _loss_hessian(p: Tensor, difference: Tensor, scale: float) -> Tensor:
    """The exact d2E^p/dx_j^2 of eq. 9, (N, units).

    With p_0 the rubbish class's posterior it is 2s p_0 + sum_i p_i y'_ij^2 - (sum_i p_i y'_ij)^2,
    the last two the variance of y'_ij over the classes and the rubbish class, whose y' is 0. It is
    summed as a variance, so that rounding cannot make it negative.
    """
    rubbish = (1 - p.sum(1, keepdim=True)).clamp(min=0)  # (N, 1)
    mean = (p[:, :, None] * difference).sum(1)  # (N, units)
    variance = (p[:, :, None] * (difference - mean[:, None]) ** 2).sum(1) + rubbish * mean**2
    return 2 * scale * rubbish + variance


def _codes(p: Tensor, difference: Tensor, scale: float, labels: Tensor, exact: bool) -> Tensor:
    """The codes' h_kk summed over the patterns, (10, units).

    The constant one, and the exact one of eq. 8, is 2s in the row of the right class. For eq. 9
    the Gauss-Newton part p_i (1 - p_i) y'_ij^2 is taken: the other, 2s (1 - p_i) for the right
    class and -2s p_i for the rest, can be negative.
    """
    if exact:
        return ((p * (1 - p))[:, :, None] * difference**2).sum(0)
    rows = functional.one_hot(labels, p.shape[1]).sum(0).to(p.dtype)
    return (2 * scale * rows)[:, None].expand_as(difference[0])


def _through(layer: nn.Module, x: Tensor, b: Tensor, coefficient: str) -> tuple[Curvature, Tensor]:
    """One layer down: its h_kk (eqs. 23 to 25) and g of the layer below (the sum in eq. 27).

    Args:
        layer: the layer with the total inputs a_i.
        x: the states x_j below it.
        b: d2E^p/da_i^2, of the shape of the layer's states.
        coefficient: see `Step.coefficient`.
    """
    if isinstance(layer, Subsampling):
        return _subsampling(layer, x, b, coefficient)
    if isinstance(layer, nn.Linear):
        return {"weight": b.T @ x**2, "bias": b.sum(0)}, b @ layer.weight**2
    assert isinstance(layer, SparseConv2d | nn.Conv2d)
    u = layer.dense() if isinstance(layer, SparseConv2d) else layer.weight
    h = conv2d_weight(x**2, u.shape, b)  # type: ignore[no-untyped-call]
    if isinstance(layer, SparseConv2d):
        h = h.flatten(0, 1)[layer.kernels]
    return {"weight": h, "bias": b.sum((0, 2, 3))}, functional.conv_transpose2d(b, u**2)


def _subsampling(
    layer: Subsampling, x: Tensor, b: Tensor, coefficient: str
) -> tuple[Curvature, Tensor]:
    """A unit's four connections share one coefficient, and its total input is linear in it.

    So d2E^p/dc^2 = b_i A_i^2 for the unit, with A_i the average (or sum) of its four inputs, and
    eq. 23 sums that over the map. Each of the four has the weight c/4 (or c) towards the unit.
    Taken by the letter, eqs. 23 and 25 have the four x_j^2 (over 16) in place of A_i^2.
    """
    if layer.kind == "max":
        _, winners = functional.max_pool2d(x, 2, return_indices=True)
        return {}, functional.max_unpool2d(b, winners, [2, 2])
    spread = functional.interpolate(b, scale_factor=2)  # each b_i at its four inputs
    if not layer.trainable:
        return {}, spread / 16
    share = 1 / 4 if layer.kind == "average" else 1
    u = layer.coefficient[:, None, None] * share
    squares = share * layer.pool(x**2) if coefficient == "connections" else layer.pool(x) ** 2
    h = {"coefficient": (b * squares).sum((0, 2, 3)), "bias": b.sum((0, 2, 3))}
    return h, spread * u**2
