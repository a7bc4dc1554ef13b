"""Receptive fields: the recurrence, the paper's remark on C3, and what autograd sees."""

from __future__ import annotations

import pytest
import torch

from paper_lenet.network.architecture import Network
from paper_lenet.network.lenet5 import LeNet5
from paper_lenet.network.receptive_field import receptive_fields

FIELDS = {field.name: field for field in receptive_fields()}


def test_sizes_and_jumps_from_input_to_c5():
    assert list(FIELDS) == ["input", "C1", "S2", "C3", "S4", "C5"]
    assert [field.size for field in FIELDS.values()] == [1, 5, 6, 14, 16, 32]
    assert [field.jump for field in FIELDS.values()] == [1, 1, 2, 2, 4, 4]


def test_c3_centres_are_the_ten_odd_edges_from_7_to_25():
    assert FIELDS["C3"].centres == tuple(range(7, 26, 2))


def test_c3_centres_tile_the_central_20_pixels():
    """Section II-B: the centres of C3's fields form a 20 x 20 area in the middle of the input."""
    first, last = FIELDS["C3"].tiled
    assert (first, last) == (6, 26)
    assert last - first == 20
    assert (first + last) / 2 == FIELDS["input"].units / 2


@pytest.mark.parametrize("side", [28, 32])
def test_every_field_lies_inside_the_input_and_the_last_one_ends_at_its_edge(side):
    for field in receptive_fields(Network(input=side)):
        assert field.start(0) == 0
        assert field.start(field.units - 1) + field.size <= side
    assert field.size == side


@pytest.fixture(scope="module")
def states():
    """Every layer's states with the graph to the input; positive weights, so nothing cancels."""
    network = LeNet5().double()
    with torch.no_grad():
        for part in network.parameters():
            part.fill_(0.01)
    x = torch.full((1, 1, 32, 32), 0.5, dtype=torch.float64, requires_grad=True)
    return x, network.activations(x)


@pytest.mark.parametrize(
    ("name", "units"),
    [
        ("C1", [(0, 0), (27, 27), (3, 17)]),
        ("S2", [(0, 0), (13, 13), (2, 9)]),
        ("C3", [(0, 0), (9, 9), (4, 7)]),
        ("S4", [(0, 0), (4, 4), (1, 3)]),
        ("C5", [(0, 0)]),
    ],
)
def test_fields_are_the_support_of_the_gradient(states, name, units):
    x, layer = states[0], states[1][name]
    field = FIELDS[name]
    assert layer.shape[2:] == (field.units, field.units)
    for row, column in units:
        (gradient,) = torch.autograd.grad(layer[0, -1, row, column], x, retain_graph=True)
        expected = torch.zeros(32, 32, dtype=torch.bool)
        top, left = field.start(row), field.start(column)
        expected[top : top + field.size, left : left + field.size] = True
        assert torch.equal(gradient[0, 0] != 0, expected)
        rows, columns = torch.nonzero(gradient[0, 0], as_tuple=True)
        assert (rows.min() + rows.max() + 1) / 2 == field.centre(row)
        assert (columns.min() + columns.max() + 1) / 2 == field.centre(column)
