"""The layers by hand, by loops and by autograd in float64."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.autograd import gradcheck

from paper_lenet.base.errors import RecipeError
from paper_lenet.network.architecture import FULL_TABLE, TABLE_I, codes
from paper_lenet.network.layers import (
    RadialBasis,
    Rectifier,
    ScaledTanh,
    SparseConv2d,
    Subsampling,
    squashing,
)


def drawn(*shape: int, seed: int = 0) -> torch.Tensor:
    """Normal numbers in float64."""
    return torch.randn(*shape, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


def filled(layer: torch.nn.Module, seed: int = 1) -> torch.nn.Module:
    """The layer in float64 with all its parameters drawn."""
    layer = layer.double()
    for number, part in enumerate(layer.parameters()):
        part.data = drawn(*part.shape, seed=seed + number)
    return layer


def test_scaled_tanh_meets_plus_and_minus_one():
    """Appendix A: f(1) = 1 and f(-1) = -1, to 3e-6 with the printed constants."""
    f = ScaledTanh()
    ends = f(torch.tensor([-1.0, 0.0, 1.0], dtype=torch.float64))
    assert ends.tolist() == pytest.approx([-0.999997, 0.0, 0.999997], abs=1e-6)


def test_scaled_tanh_has_the_gain_and_curvature_that_appendix_a_describes():
    """f'(0) is about 1, and |f''| is greatest near 1."""
    a = torch.linspace(-3, 3, 6001, dtype=torch.float64, requires_grad=True)
    (slope,) = torch.autograd.grad(ScaledTanh()(a).sum(), a, create_graph=True)
    (bend,) = torch.autograd.grad(slope.sum(), a)
    assert slope[3000].item() == pytest.approx(1.7159 * 2 / 3)
    assert abs(a[bend.abs().argmax()].item()) == pytest.approx(0.988, abs=0.001)


@pytest.mark.parametrize("kind", ["scaled_tanh", "tanh", "relu"])
def test_derivative_from_the_state_is_autograds(kind):
    f = squashing(kind)
    a = torch.cat([drawn(200) * 2, torch.zeros(1, dtype=torch.float64)]).requires_grad_()
    x = f(a)
    (slope,) = torch.autograd.grad(x.sum(), a)
    torch.testing.assert_close(f.derivative(x.detach()), slope)


@given(st.floats(-200, 200, width=32))
def test_derivative_is_never_negative_in_single_precision(a):
    for kind in ("scaled_tanh", "tanh", "relu"):
        f = squashing(kind)
        assert f.derivative(f(torch.tensor(a))).item() >= 0


def test_squashing_kinds_are_what_they_say():
    a = drawn(50)
    assert torch.equal(squashing("tanh")(a), torch.tanh(a))
    assert torch.equal(squashing("relu")(a), a.clamp(min=0))
    expected = [1.7159 * math.tanh(2 / 3 * value) for value in a.tolist()]
    assert squashing("scaled_tanh")(a).tolist() == pytest.approx(expected)
    assert isinstance(squashing("relu"), Rectifier)


@pytest.mark.parametrize("kind", ["average", "sum"])
def test_subsampling_by_hand(kind):
    layer = filled(Subsampling(3, kind))
    x = drawn(2, 3, 4, 6)
    expected = torch.empty(2, 3, 2, 3, dtype=torch.float64)
    for n, i, row, column in np.ndindex(2, 3, 2, 3):
        four = [x[n, i, 2 * row + r, 2 * column + c].item() for r in (0, 1) for c in (0, 1)]
        value = sum(four) / (4 if kind == "average" else 1)
        a = layer.coefficient[i].item() * value + layer.bias[i].item()
        expected[n, i, row, column] = 1.7159 * math.tanh(2 / 3 * a)
    torch.testing.assert_close(layer(x), expected)


def test_sum_is_average_with_a_coefficient_four_times_as_large():
    average, total = filled(Subsampling(5, "average")), filled(Subsampling(5, "sum"))
    total.coefficient.data /= 4
    x = drawn(1, 5, 8, 8)
    torch.testing.assert_close(average(x), total(x))


def test_fixed_subsampling_has_nothing_to_train_and_does_not_squash():
    x = 100 * drawn(2, 3, 4, 4)
    windows = x.unfold(2, 2, 2).unfold(3, 2, 2).flatten(4)
    torch.testing.assert_close(Subsampling(3, "fixed_average")(x), windows.mean(-1))
    torch.testing.assert_close(Subsampling(3, "max")(x), windows.amax(-1))
    for kind in ("fixed_average", "max"):
        assert not list(Subsampling(3, kind).parameters())


def test_max_gives_a_tie_to_the_first_in_row_major_order():
    x = torch.ones(1, 1, 2, 2, requires_grad=True)
    Subsampling(1, "max")(x).sum().backward()
    assert x.grad.flatten().tolist() == [1, 0, 0, 0]


@pytest.mark.parametrize("kind", ["average", "sum", "fixed_average", "max"])
def test_subsampling_touches_its_own_map_only(kind):
    layer = filled(Subsampling(4, kind))
    x = drawn(1, 4, 6, 6)
    jacobian = torch.autograd.functional.jacobian(layer, x)[0, :, :, :, 0]  # (4, 3, 3, 4, 6, 6)
    seen = jacobian.abs().amax((1, 2, 4, 5)) > 0
    assert torch.equal(seen, torch.eye(4, dtype=torch.bool))
    inside = jacobian[2, 1, 2, 2] != 0  # the unit in row 1, column 2 of map 2
    assert inside[2:4, 4:6].any()
    assert not inside[:2].any()
    assert not inside[4:].any()
    assert not inside[:, :4].any()


def test_subsampling_parameters_touch_their_own_map_only():
    layer = filled(Subsampling(4))
    for number in range(4):
        layer.zero_grad()
        layer(drawn(1, 4, 6, 6))[:, number].sum().backward()
        for part in (layer.coefficient, layer.bias):
            assert [value != 0 for value in part.grad.tolist()] == [n == number for n in range(4)]


@pytest.mark.parametrize("table", [TABLE_I, FULL_TABLE], ids=["table", "full"])
def test_sparse_convolution_by_loops(table):
    layer = filled(SparseConv2d(table))
    x = drawn(1, 6, 7, 8)
    expected = torch.empty(1, 16, 3, 4, dtype=torch.float64)
    for i, row, column in np.ndindex(16, 3, 4):
        expected[0, i, row, column] = layer.bias[i]
    kernel = 0
    for i, sources in enumerate(table):
        for j in sources:
            for row, column in np.ndindex(3, 4):
                window = x[0, j, row : row + 5, column : column + 5]
                expected[0, i, row, column] += (window * layer.weight[kernel]).sum()
            kernel += 1
    assert kernel == len(layer.weight)
    torch.testing.assert_close(layer(x), expected.detach(), check_dtype=True)


def test_c3_maps_see_the_maps_of_table_1_only():
    layer = filled(SparseConv2d(TABLE_I))
    x = drawn(1, 6, 5, 5)
    jacobian = torch.autograd.functional.jacobian(layer, x)[0, :, 0, 0, 0]  # (16, 6, 5, 5)
    seen = jacobian.abs().amax((2, 3)) > 0
    assert tuple(tuple(row.nonzero()[:, 0].tolist()) for row in seen) == TABLE_I


def test_absent_kernels_do_not_exist_as_parameters():
    layer = SparseConv2d(TABLE_I)
    assert sum(part.numel() for part in layer.parameters()) == 1_516
    assert list(layer.state_dict()) == ["weight", "bias"]


@pytest.mark.parametrize(("half", "scale"), [(True, 0.5), (False, 1.0)])
def test_penalties_by_hand(half, scale):
    """Eq. 7, with the factor of the recipe."""
    layer = RadialBasis(torch.tensor(codes(), dtype=torch.float64), half)
    x = drawn(3, 84)
    for n, i in np.ndindex(3, 10):
        pairs = zip(x[n].tolist(), codes()[i], strict=True)
        expected = scale * sum((value - mark) ** 2 for value, mark in pairs)
        assert layer(x)[n, i].item() == pytest.approx(expected)


def test_a_states_own_code_has_penalty_zero_and_codes_are_fixed():
    layer = RadialBasis(torch.tensor(codes(), dtype=torch.float32))
    penalties = layer(layer.codes)
    assert torch.equal(penalties.diagonal(), torch.zeros(10))
    assert penalties[6, 8] == 0.5 * 4 * 12
    assert not list(layer.parameters())
    assert not layer.state_dict()


def test_trained_codes_are_parameters():
    given_codes = torch.tensor(codes(), dtype=torch.float32)
    layer = RadialBasis(given_codes, trainable=True)
    layer.codes.data += 1
    assert list(layer.state_dict()) == ["codes"]
    assert given_codes.abs().max() == 1


@pytest.mark.parametrize(
    ("layer", "shape"),
    [
        (ScaledTanh(), (3, 4)),
        (Subsampling(2, "average"), (1, 2, 4, 4)),
        (Subsampling(2, "sum"), (1, 2, 4, 4)),
        (Subsampling(2, "fixed_average"), (1, 2, 4, 4)),
        (Subsampling(2, "max"), (1, 2, 4, 4)),
        (SparseConv2d(((0, 1), (1, 2)), 3, 3), (1, 3, 4, 4)),
        (RadialBasis(drawn(3, 5), trainable=True), (2, 5)),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, torch.nn.Module) else "",
)
def test_gradients_in_float64(layer, shape):
    layer = filled(layer)
    names = [name for name, _ in layer.named_parameters()]

    def function(x, *parts):
        given_parts = dict(zip(names, parts, strict=True))
        return torch.func.functional_call(layer, given_parts, (x,))

    parts = [part.detach().clone().requires_grad_() for part in layer.parameters()]
    assert gradcheck(function, (drawn(*shape).requires_grad_(), *parts))


def test_a_kind_that_there_is_not_is_refused_as_in_a_recipe():
    with pytest.raises(RecipeError, match=r"^squashing: 'ReLU' is not one of scaled_tanh, tanh, r"):
        squashing("ReLU")
    with pytest.raises(RecipeError, match=r"^subsampling: 'Max' is not one of average, sum, fi"):
        Subsampling(6, "Max")
