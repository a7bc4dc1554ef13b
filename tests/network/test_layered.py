"""Layered networks: counts, shapes, initial weights, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from paper_lenet.base import streams
from paper_lenet.base.errors import RecipeError
from paper_lenet.network.architecture import TABLE_I, fan_in, layers
from paper_lenet.network.layered import (
    Convolution,
    Full,
    Layered,
    Shape,
    Subsampling,
    connections,
    parameter_shapes,
    parameters,
)
from paper_lenet.network.layered_weights import initial
from paper_lenet.network.recipe import Initial

# LeNet-5 with ten squashed outputs after F6.
LENET_5 = Layered(
    32,
    (
        Convolution(((0,),) * 6),
        Subsampling(tuple(range(6))),
        Convolution(TABLE_I),
        Subsampling(tuple(range(16))),
        Full(120),
        Full(84),
        Full(10),
    ),
)


def test_lenet_5_counts_as_the_list_of_its_layers_does():
    trained = layers()[1:-1]
    assert parameters(LENET_5) == sum(layer.parameters for layer in trained) + 850
    assert connections(LENET_5) == sum(layer.connections for layer in trained) + 850
    assert LENET_5.shapes[1:-1] == tuple(Shape(layer.maps, layer.size) for layer in trained)


def test_a_network_is_written_as_the_figures_write_it():
    assert str(LENET_5) == "32x32-6@28x28-6@14x14-16@10x10-16@5x5-120-84-10"


def test_initial_weights_fill_their_bounds():
    start = initial(LENET_5, Initial(bound=2.0), 7)
    for number, name in ((0, "C1"), (2, "C3"), (4, "C5"), (5, "F6")):
        inputs = np.array(fan_in()[name], np.float64)
        if name == "C3":
            inputs = np.repeat(inputs, list(map(len, TABLE_I)))
        weights = np.abs(start[f"layer{number}.weight"]).reshape(len(inputs), -1)
        share = weights.max(axis=1) * np.sqrt(inputs) / 2.0
        assert (share <= 1).all() and share.mean() > 0.9
    assert not any(part.any() for name, part in start.items() if name.endswith("bias"))
    assert all((start[f"layer{number}.coefficient"] == 1).all() for number in (1, 3))


def test_each_array_has_its_own_stream():
    draws = streams.uniform(streams.key(3, "weights", 4), 1500).reshape(60, 25)
    inputs = np.repeat([25 * len(row) for row in TABLE_I], list(map(len, TABLE_I)))
    expected = (2 * draws - 1) / np.sqrt(inputs)[:, None]
    found = initial(LENET_5, Initial(bound=1.0), 3)["layer2.weight"].reshape(60, 25)
    assert np.allclose(found, expected, atol=1e-7)


def test_arrays_are_named_in_order():
    assert list(parameter_shapes(Layered(8, (Convolution(((0,),)), Full(10))))) == [
        "layer0.weight",
        "layer0.bias",
        "layer1.weight",
        "layer1.bias",
    ]


@pytest.mark.parametrize(
    ("side", "stack", "place"),
    [
        (28, (), "layers"),
        (28, (Full(11),), "layers"),
        (0, (Full(10),), "side"),
        (28, (Full(0), Full(10)), r"layers\[0\]"),
        (28, (Full(5), Subsampling((0,)), Full(10)), r"layers\[1\]"),
        (27, (Subsampling((0,)), Full(10)), r"layers\[0\]"),
        (4, (Convolution(((0,),)), Full(10)), r"layers\[0\]"),
        (28, (Convolution(((0, 1),)), Full(10)), r"layers\[0\]"),
        (28, (Convolution(((0,), ())), Full(10)), r"layers\[0\]"),
        (28, (Convolution(()), Full(10)), r"layers\[0\]"),
        (28, (Subsampling((1,)), Full(10)), r"layers\[0\]"),
    ],
)
def test_layers_that_do_not_fit_are_refused(side, stack, place):
    with pytest.raises(RecipeError, match=f"^{place}: "):
        Layered(side, stack)
