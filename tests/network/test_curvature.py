"""Appendix C against three oracles in float64.

Eqs. 23 and 27 drop terms, so the true Hessian is no oracle for the whole network. These are:

1. loops over single, unshared connections, as eqs. 19 to 27 are written (the paper's network);
2. for every layer of every kind of network, autograd's Jacobian of the layer's total inputs,
   squared entry by entry: eq. 27 is its transpose times b, and eqs. 23 and 25 the same for weights;
3. where nothing is dropped, autograd on the whole: the squared Jacobian of F6's states for F6 and
   C5, the Hessian of the loss for the layers with no squashing, or a piecewise linear one, above.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.autograd.functional import hessian
from torch.nn import functional

from paper_lenet.network.architecture import Network, parameter_shapes
from paper_lenet.network.curvature import curvature
from paper_lenet.network.lenet5 import LeNet5
from paper_lenet.network.losses import losses
from paper_lenet.network.recipe import Loss

LABELS = torch.tensor([3, 8])
NEAR = -1.0  # stands for a j near the smallest penalty, so that no posterior is all or nothing
CASES = [
    (Network(28), Loss(9, 2.0), "constant"),
    (Network(28), Loss(9, NEAR), "exact"),
    (Network(28, subsampling="sum"), Loss(8, half=False), "exact"),
    (Network(28, c3="full", squashing="tanh", subsampling="max"), Loss(9, NEAR, False), "exact"),
    (Network(28, squashing="relu", subsampling="fixed_average"), Loss(9, NEAR), "exact"),
    (Network(28, output="trainable_rbf"), Loss(9, NEAR), "exact"),
    (Network(28, output="trainable_rbf", subsampling="max"), Loss(8), "exact"),
    (Network(28, output="trainable_rbf", squashing="tanh"), Loss(9, 1.0), "constant"),
    (Network(28, output="targets"), Loss(9, 2.0), "exact"),
    (Network(28, output="targets", subsampling="sum"), Loss(8), "constant"),
    (Network(28, output="softmax"), Loss(9, math.inf), "exact"),
    (Network(28, output="softmax", squashing="relu"), Loss(9, math.inf), "exact"),
]


def network_of(kind: Network, half: bool = True, scale: float = 0.1) -> LeNet5:
    """In float64, every array drawn anew, so that no bias is 0 and no coefficient 1."""
    network = LeNet5(kind, half).double()
    generator = torch.Generator().manual_seed(7)
    for part in network.parameters():
        noise = torch.randn(part.shape, dtype=torch.float64, generator=generator)
        part.data = part.data + scale * noise
    return network


def with_near(loss: Loss, network: LeNet5, image: torch.Tensor) -> Loss:
    """The loss, a j of `NEAR` made half a unit more than the first pattern's least penalty."""
    if loss.j != NEAR:
        return loss
    return replace(loss, j=network(image)[0].min().item() + 0.5)


def inputs(side: int = 28, count: int = 2) -> torch.Tensor:
    generator = torch.Generator().manual_seed(3)
    x = torch.rand(count, 1, side, side, dtype=torch.float64, generator=generator)
    return x * 1.275 - 0.1


def names(network: LeNet5) -> list[str]:
    """The layers that have total inputs, from the top."""
    upper = {"softmax": ["output", "F6"], "targets": ["output"]}
    return [*upper.get(network.network.output, ["F6"]), "C5", "S4", "C3", "S2", "C1"]


def total(kind: Network, name: str, parts: dict[str, torch.Tensor], x: torch.Tensor):
    """a_i of one layer as a function of its parameters and the states below, for one pattern."""
    if name in ("S2", "S4"):
        if kind.subsampling == "max":
            return functional.max_pool2d(x, 2)
        four = [x[:, :, r::2, c::2] for r, c in itertools.product((0, 1), repeat=2)]
        pooled = sum(four) / (1 if kind.subsampling == "sum" else 4)
        if not kind.trainable_subsampling:
            return pooled
        return pooled * parts["coefficient"][:, None, None] + parts["bias"][:, None, None]
    if name in ("F6", "output"):
        return functional.linear(x.flatten(1), parts["weight"], parts["bias"])
    weight = parts["weight"]
    if name == "C3":
        nothing = torch.zeros(5, 5, dtype=weight.dtype)
        number = {pair: k for k, pair in enumerate(kind.kernels)}
        rows = [
            torch.stack([weight[number[i, j]] if (i, j) in number else nothing for j in range(6)])
            for i in range(16)
        ]
        weight = torch.stack(rows)
    return functional.conv2d(x, weight, parts["bias"])


def squashed(kind: Network, name: str) -> bool:
    fixed = name in ("S2", "S4") and not kind.trainable_subsampling
    return not fixed and not (name == "output" and kind.output == "softmax")


def start(network: LeNet5, states: dict, label: torch.Tensor, loss: Loss, output: str):
    """d2E/dx2 at the top by autograd, and the codes' own, one pattern."""
    kind = network.network
    if kind.output == "softmax":
        scores = -states["output"]
        return torch.diag(hessian(lambda a: losses(-a[None], label, loss)[0], scores[0])), {}
    taken = loss if output == "exact" else Loss(8)
    rbf = network.targets or network.output
    x = states["units" if kind.output == "targets" else "F6"][0]
    g = torch.diag(hessian(lambda x: losses(rbf(x[None]), label, taken)[0], x))
    if kind.output != "trainable_rbf":
        return g, {}
    if taken.equation == 8:
        scale = 0.5 if loss.half else 1.0
        row = hessian(lambda code: scale * ((x - code) ** 2).sum(), rbf.codes[0])
        codes = torch.zeros(10, 84, dtype=x.dtype)
        codes[label[0]] = torch.diag(row)
    else:
        in_penalties = hessian(lambda y: losses(y[None], label, loss)[0], rbf(x[None])[0])
        jacobian = torch.func.jacrev(lambda codes: rbf.scale * (x - codes).square().sum(1))(
            rbf.codes.detach()
        )
        codes = torch.einsum("ii,iij->ij", in_penalties, jacobian**2)
    return g, {"output.codes": codes}


def jacobian(function, at: torch.Tensor, outputs: int) -> torch.Tensor:
    """d function / d at, (outputs, entries): by autograd, row by row, if there are fewer rows.

    Else column by column: total inputs are linear in the weights and in the states below, apart
    from a constant, so that a step of 1 in each entry gives them without error.
    """
    if outputs < at.numel():
        return torch.func.jacrev(function)(at).reshape(outputs, -1)
    ones = torch.eye(at.numel(), dtype=at.dtype).view(-1, *at.shape)
    columns = torch.vmap(function)(ones) - function(torch.zeros_like(at))
    return columns.flatten(1).T


def layer_squared(network: LeNet5, name: str, g: torch.Tensor, x: torch.Tensor):
    """One layer of oracle 2: its h_kk by role, and g of the layer below (None below C1)."""
    kind = network.network
    parts = {
        key.removeprefix(f"{name}."): part.detach()
        for key, part in network.named_parameters()
        if key.startswith(f"{name}.")
    }
    a = total(kind, name, parts, x).requires_grad_()
    b = g.flatten()
    if squashed(kind, name):
        (slope,) = torch.autograd.grad(network.squash(a).sum(), a)
        b = slope.flatten() ** 2 * b
    h = {}
    for role, part in parts.items():

        def of_part(value, role=role):
            return total(kind, name, parts | {role: value}, x)

        h[role] = (b @ jacobian(of_part, part, len(b)) ** 2).view(part.shape)
    if name == "C1":
        return h, None
    return h, b @ jacobian(lambda states: total(kind, name, parts, states), x, len(b)) ** 2


def squared_jacobians(network: LeNet5, image, label, loss: Loss, output: str):
    """Oracle 2, for one pattern."""
    states = {name: part.detach() for name, part in network.activations(image).items()}
    g, result = start(network, states, label, loss, output)
    walk = names(network)
    for name, below in zip(walk, [*walk[1:], "input"], strict=True):
        h, g = layer_squared(network, name, g, states[below])
        result |= {f"{name}.{role}": part for role, part in h.items()}
    return result


@pytest.mark.parametrize(("kind", "loss", "output"), CASES, ids=str)
def test_curvature_matches_squared_jacobians_layer_by_layer(kind, loss, output):
    network, image, label = network_of(kind, loss.half), inputs(count=1), LABELS[:1]
    loss = with_near(loss, network, image)
    found = curvature(network, image, label, loss, output)
    oracle = squared_jacobians(network, image, label, loss, output)
    assert list(found) == list(parameter_shapes(kind))
    assert set(found) == set(oracle)
    for name, h in found.items():
        greatest = oracle[name].max().item()
        assert greatest > 0, name
        torch.testing.assert_close(h, oracle[name], rtol=1e-6, atol=1e-12 * greatest)


def connections(maps, table, size, side, stride=1):
    """(i, j, k): unit i of a layer, unit j below, the kernel entry of every connection."""
    below = (size - 1) * stride + side
    for number, (i, j) in enumerate((m, source) for m in range(maps) for source in table[m]):
        for row, column, r, c in itertools.product(*map(range, (size, size, side, side))):
            unit = (i * size + row) * size + column
            source = (j * below + row * stride + r) * below + column * stride + c
            yield unit, source, (number * side + r) * side + c


def test_curvature_matches_loops_over_single_connections():
    """Oracle 1: eqs. 19 to 27 as they are written, for the paper's network and one pattern."""
    network, image = network_of(Network()), inputs(32, 1)
    weights = {name: part.flatten().tolist() for name, part in network.state_dict().items()}
    states = {name: part.flatten().tolist() for name, part in network.activations(image).items()}
    h: dict[str, np.ndarray] = {}

    def squash(name, g):  # eq. 27's factor; a_i is recovered from x_i
        slopes = [1.7159 * 2 / 3 / math.cosh(math.atanh(x / 1.7159)) ** 2 for x in states[name]]
        return [slope**2 * part for slope, part in zip(slopes, g, strict=True)]

    def layer(name, b, below, wires, units_per_map):
        of_weights = [0.0] * len(weights[f"{name}.weight"])
        g = [0.0] * len(states[below])
        for i, j, k in wires:
            of_weights[k] += b[i] * states[below][j] ** 2  # eqs. 23 and 25
            g[j] += weights[f"{name}.weight"][k] ** 2 * b[i]  # the sum in eq. 27
        h[f"{name}.weight"] = np.array(of_weights)
        h[f"{name}.bias"] = np.reshape(b, (-1, units_per_map)).sum(1)  # its state below is 1
        return g

    def subsampling(name, b, below, maps, size):
        """The average of four is a unit of its own, with fixed weights 1/4 and no squashing."""
        wires = list(connections(maps, [(i,) for i in range(maps)], size, 2, 2))
        average = [0.0] * len(b)
        for i, j, _ in wires:
            average[i] += states[below][j] / 4
        owner = [i // size**2 for i in range(len(b))]
        of_coefficients = np.zeros(maps)
        for i, value in enumerate(average):
            of_coefficients[owner[i]] += b[i] * value**2
        h[f"{name}.coefficient"] = of_coefficients
        h[f"{name}.bias"] = np.reshape(b, (maps, -1)).sum(1)
        g = [0.0] * len(states[below])
        for i, j, _ in wires:
            g[j] += (1 / 4) ** 2 * weights[f"{name}.coefficient"][owner[i]] ** 2 * b[i]
        return g

    def full(units, inputs):
        return ((i, j, i * inputs + j) for i in range(units) for j in range(inputs))

    table = network.network.table
    g = layer("F6", squash("F6", [1.0] * 84), "C5", full(84, 120), 1)
    g = layer("C5", squash("C5", g), "S4", full(120, 400), 1)
    g = subsampling("S4", squash("S4", g), "C3", 16, 5)
    g = layer("C3", squash("C3", g), "S2", connections(16, table, 10, 5), 100)
    g = subsampling("S2", squash("S2", g), "C1", 6, 14)
    layer("C1", squash("C1", g), "input", connections(6, [(0,)] * 6, 28, 5), 784)

    found = curvature(network, image, LABELS[:1], Loss(9, 2.0), "constant")
    for name, expected in h.items():
        np.testing.assert_allclose(
            found[name].flatten(), expected, rtol=1e-6, atol=1e-12 * expected.max(), err_msg=name
        )
    assert set(found) == set(h)


@pytest.mark.parametrize("half", [True, False])
def test_f6_and_c5_have_the_true_gauss_newton_diagonal(half):
    """Oracle 3: from C5 up no two paths meet and nothing is shared, so eq. 27 drops nothing.

    With E = s ||x - w||^2 the Gauss-Newton diagonal is 2s times the squared Jacobian of x.
    """
    network, x = network_of(Network(28), half), inputs()
    s4 = network.activations(x)["S4"].detach()
    parts = {
        name: part.detach()
        for name, part in network.named_parameters()
        if name.startswith(("C5", "F6"))
    }

    def f6(parts, pattern):
        c5 = network.squash(functional.conv2d(pattern[None], parts["C5.weight"], parts["C5.bias"]))
        a = functional.linear(c5.flatten(1), parts["F6.weight"], parts["F6.bias"])
        return network.squash(a)[0]

    found = curvature(network, x, LABELS, Loss(8), "constant")
    jacobians = [torch.func.jacrev(f6)(parts, pattern) for pattern in s4]
    for name in parts:
        squares = sum((jacobian[name] ** 2).sum(0) for jacobian in jacobians) / len(jacobians)
        expected = squares * (1.0 if half else 2.0)
        torch.testing.assert_close(found[name], expected, rtol=1e-6, atol=1e-14)


@pytest.mark.parametrize("loss", [Loss(8), Loss(9, NEAR), Loss(9, math.inf)], ids=str)
def test_a_single_piecewise_linear_layer_has_the_losss_true_hessian(loss):
    """F6 of rectifiers has no second derivative of its own: the Hessian's whole diagonal is met."""
    network, x = network_of(Network(28, squashing="relu")), inputs(count=1)
    loss = with_near(loss, network, x)
    label, c5 = LABELS[:1], network.activations(x)["C5"].detach().flatten(1)
    found = curvature(network, x, label, loss, "exact")
    weight, bias = network.F6.weight.detach(), network.F6.bias.detach()

    def error(bias, column, k):
        changed = weight.index_copy(1, torch.tensor([k]), column[:, None])
        states = torch.relu(functional.linear(c5, changed, bias))
        return losses(network.output(states), label, loss)[0]

    k = int(c5.argmax())
    column = weight[:, k]
    of_bias = torch.diag(hessian(lambda b: error(b, column, k), bias))
    of_column = torch.diag(hessian(lambda w: error(bias, w, k), column))
    torch.testing.assert_close(found["F6.bias"], of_bias)
    torch.testing.assert_close(found["F6.weight"][:, k], of_column)
    assert found["F6.bias"].count_nonzero() > 10
    assert found["F6.weight"][:, k].count_nonzero() > 10


def test_softmaxs_linear_layer_has_the_losss_true_hessian():
    network, x = network_of(Network(28, output="softmax")), inputs()
    f6, loss = network.activations(x)["F6"].detach(), Loss(9, math.inf)

    weight, bias = network.output.weight.detach(), network.output.bias.detach()

    def error(row, bias):
        changed = torch.cat([weight[:3], row[None], weight[4:]])
        return losses(-functional.linear(f6, changed, bias), LABELS, loss).mean()

    blocks = hessian(error, (weight[3], bias))
    found = curvature(network, x, LABELS, loss, "exact")
    torch.testing.assert_close(found["output.weight"][3], torch.diag(blocks[0][0]))
    torch.testing.assert_close(found["output.bias"], torch.diag(blocks[1][1]))


def test_the_start_by_hand():
    """The constant, and eq. 9's exact one, at F6's biases."""
    network, x = network_of(Network(28), half=False), inputs(count=1)
    states = {name: part[0].detach() for name, part in network.activations(x).items()}
    f6, y = states["F6"].tolist(), states["output"].tolist()
    j = min(y) + 1  # so that the rubbish class has its share
    slopes = [1.7159 * 2 / 3 * (1 - (value / 1.7159) ** 2) for value in f6]
    constant = curvature(network, x, LABELS[:1], Loss(9, j, False), "constant")["F6.bias"]
    assert constant.tolist() == pytest.approx([2 * slope**2 for slope in slopes])

    least = min(y)
    evidence = math.exp(least - j) + sum(math.exp(least - value) for value in y)
    p = [math.exp(least - value) / evidence for value in y]
    rubbish = math.exp(least - j) / evidence
    assert 0.01 < rubbish < 0.99
    exact = curvature(network, x, LABELS[:1], Loss(9, j, False), "exact")["F6.bias"]
    for unit, slope in enumerate(slopes):
        pull = [2 * (f6[unit] - code) for code in network.output.codes[:, unit].tolist()]
        mean = sum(share * part for share, part in zip(p, pull, strict=True))
        square = sum(share * part**2 for share, part in zip(p, pull, strict=True))
        expected = slope**2 * (2 * rubbish + square - mean**2)
        assert exact[unit].item() == pytest.approx(expected)


def test_max_passes_curvature_to_the_winner_alone():
    """Of equals the first in row-major order wins: with all of C1 tied, rows and columns 0, 2, ...

    So the odd entries of a kernel, in each direction, meet only the odd pixels.
    """
    network, x = network_of(Network(28, subsampling="max")), inputs()
    network.C1.weight.data.zero_()
    x[:, :, 1::2] = 0
    h = curvature(network, x, LABELS, Loss(9, 2.0), "constant")["C1.weight"]
    assert (h[:, :, 1::2] == 0).all()
    assert (h[:, :, 0::2] > 0).all()


@pytest.mark.parametrize(("kind", "loss", "output"), CASES, ids=str)
def test_curvature_is_the_mean_over_the_patterns(kind, loss, output):
    """Eq. 24: the mean of single patterns', while the sum over shared connections is no mean."""
    network, x, labels = network_of(kind, loss.half), inputs(count=3), torch.tensor([3, 8, 3])
    loss = with_near(loss, network, x)
    whole = curvature(network, x, labels, loss, output)
    single = [curvature(network, x[p : p + 1], labels[p : p + 1], loss, output) for p in range(3)]
    for name, h in whole.items():
        torch.testing.assert_close(h, sum(part[name] for part in single) / 3)


@settings(max_examples=20)
@given(
    case=st.sampled_from(CASES),
    scale=st.floats(0, 3),
    j=st.floats(-20, 400),
    labels=st.lists(st.integers(0, 9), min_size=2, max_size=2),
)
def test_curvature_is_never_negative_in_single_precision(case, scale, j, labels):
    kind, loss, output = case
    taken = Loss(loss.equation, math.inf if kind.output == "softmax" else j, loss.half)
    network = network_of(kind, loss.half, scale).float()
    h = curvature(network, inputs().float(), torch.tensor(labels), taken, output)
    for name, part in h.items():
        assert part.min() >= 0, name
        assert torch.isfinite(part).all(), name


def test_softmax_has_no_constant_second_derivative_and_no_eq_8():
    network = network_of(Network(28, output="softmax"))
    for loss, output in ((Loss(9, math.inf), "constant"), (Loss(8), "exact")):
        with pytest.raises(ValueError, match="softmax needs"):
            curvature(network, inputs(), LABELS, loss, output)


def test_curvature_changes_nothing():
    network = network_of(Network(28))
    before = {name: part.clone() for name, part in network.state_dict().items()}
    curvature(network, inputs(), LABELS, Loss(), "constant")
    assert all(torch.equal(before[name], part) for name, part in network.state_dict().items())
    assert all(part.grad is None for part in network.parameters())
