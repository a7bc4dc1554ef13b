"""Layered networks in the engine, against autograd in float64 and a second Appendix C."""

from __future__ import annotations

import engine_run
import layered_torch as oracle
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paper_lenet.base.errors import RecipeError
from paper_lenet.digits.patterns import Patterns
from paper_lenet.engine import general_layout
from paper_lenet.engine.general_trainer import General
from paper_lenet.network import lenets
from paper_lenet.network.layered import (
    Convolution,
    Full,
    Layered,
    Subsampling,
    parameter_shapes,
    parameters,
)
from paper_lenet.network.layered_weights import initial
from paper_lenet.network.protocol import InputError
from paper_lenet.network.recipe import Initial

SMALL = Layered(12, (Convolution(((0,), (0,), (0,))), Subsampling((2, 0, 0, 1)), Full(7), Full(10)))
NETWORKS = {
    "full": lenets.fully_connected(28, (245,)),
    "deslanted": lenets.fully_connected(20, (20,)),
    "two hidden layers": lenets.fully_connected(28, (33, 12)),
    "no hidden layer": lenets.fully_connected(28, ()),
    "LeNet-1": lenets.lenet_1(),
    "LeNet-4": lenets.lenet_4(),
    "small": SMALL,
}
EVERY = pytest.mark.parametrize("layered", NETWORKS.values(), ids=NETWORKS)


def shown(layered: Layered, count: int = 20) -> Patterns:
    return engine_run.patterns(count, 28).cropped(layered.side)


def same(network: General, other: General) -> bool:
    return all(map(np.array_equal, network.parameters().values(), other.parameters().values()))


@EVERY
def test_one_update_descends_along_autograds_gradient(layered):
    start, patterns = oracle.wild(layered), shown(layered)
    network = General(layered, start)
    steps = np.full(parameters(layered), 0.5, np.float32)
    learned = network.learn(patterns, np.array([13]), steps)
    parts, x = oracle.tensors(start), oracle.inputs(patterns, 13)
    expected = oracle.flat(oracle.gradient(layered, parts, x, 3))
    moved = oracle.flat(parts) - oracle.flat(oracle.tensors(network.parameters()))
    assert np.allclose(moved / 0.5, expected, rtol=0, atol=3e-6 * np.abs(expected).max())
    assert learned.loss == pytest.approx(float(oracle.loss(layered, parts, x, 3)), rel=1e-5)
    answer = int(oracle.states(layered, parts, x)[-1].argmax())
    assert (learned.errors, learned.shown) == (int(answer != 3), 1)


@EVERY
def test_updates_follow_each_other_as_in_float64(layered):
    """Also where the background is held back: each weight has another step."""
    start, patterns, order = oracle.wild(layered), shown(layered), np.arange(12)
    network = General(layered, start)
    steps = np.linspace(0.001, 0.01, parameters(layered), dtype=np.float32)
    network.learn(patterns, order, steps)
    parts, place = oracle.tensors(start), np.cumsum([part.size for part in start.values()])[:-1]
    epsilon = [
        oracle.torch.tensor(step.reshape(part.shape), dtype=oracle.torch.float64)
        for step, part in zip(np.split(steps, place), start.values(), strict=True)
    ]
    for index in order:
        x, label = oracle.inputs(patterns, index), int(patterns.labels[index])
        slopes = oracle.gradient(layered, parts, x, label)
        parts = [w - e * d for w, e, d in zip(parts, epsilon, slopes, strict=True)]
    moved = oracle.flat(parts) - oracle.flat(oracle.tensors(start))
    found = oracle.flat(oracle.tensors(network.parameters())) - oracle.flat(oracle.tensors(start))
    assert np.allclose(found, moved, rtol=0, atol=1e-6 + 1e-5 * np.abs(moved).max())


@EVERY
def test_curvature_is_that_of_squared_jacobians(layered):
    start, patterns = oracle.wild(layered), shown(layered)
    chosen = np.array([4, 17] if layered.side < 28 else [4])
    h = General(layered, start).curvature(patterns, chosen)
    parts = oracle.tensors(start)
    expected = [oracle.curvature(layered, parts, oracle.inputs(patterns, i)) for i in chosen]
    # The slopes of units near 1.7159 are small differences, of which float32 has fewer digits.
    assert np.allclose(h, np.mean(expected, axis=0), rtol=5e-4, atol=1e-9)
    assert (h >= 0).all()


@EVERY
def test_states_that_are_asked_for_are_those_of_float64(layered):
    start, patterns = oracle.wild(layered), shown(layered)
    network, parts = General(layered, start), oracle.tensors(start)
    every = [oracle.states(layered, parts, oracle.inputs(patterns, i)) for i in range(3)]
    first = patterns.subset(slice(3))
    outputs = [states[-1].numpy() for states in every]
    assert np.allclose(network.outputs(first), outputs, atol=5e-6)
    assert np.array_equal(network.penalties(first), -network.outputs(first))
    if len(layered.layers) > 1:
        hidden = [states[-2].flatten().numpy() for states in every]
        assert np.allclose(network.hidden(first), hidden, atol=5e-6)


@given(cuts=st.lists(st.integers(0, 30), max_size=4), asks=st.booleans())
@settings(max_examples=10)
@pytest.mark.parametrize("name", ["two hidden layers", "small"])
def test_one_call_and_many_give_the_same_bits(name, cuts, asks):
    """Nothing that is asked in between changes them."""
    layered = NETWORKS[name]
    patterns, order = shown(layered), np.arange(30) % 20
    whole, pieces = (General(layered, oracle.wild(layered)) for _ in range(2))
    steps = 0.01 / (0.02 + whole.curvature(patterns, np.arange(20)))
    whole.learn(patterns, order, steps)
    for part in np.split(order, sorted(cuts)):
        pieces.learn(patterns, part, steps)
        if asks:
            pieces.outputs(patterns)
            pieces.curvature(patterns, order)
            pieces.parameters()
    assert same(whole, pieces)


@EVERY
def test_new_steps_go_on_from_the_parameters(layered):
    """A training that is broken off before a pass goes on with the same bits."""
    patterns, order = shown(layered), np.arange(20)
    network = General(layered, oracle.wild(layered))
    first, second = (np.full(parameters(layered), rate, np.float32) for rate in (0.01, 0.004))
    network.learn(patterns, order, first)
    other = General(layered, network.parameters())
    network.learn(patterns, order, second)
    other.learn(patterns, order, second)
    assert same(network, other)


def test_the_sums_of_columns_stay_with_their_weights():
    """Only roundings add up, also over thousands of updates."""
    layered = NETWORKS["two hidden layers"]
    network, patterns = General(layered, oracle.wild(layered)), shown(layered)
    steps = 0.0005 / (0.02 + network.curvature(patterns, np.arange(20)))
    network.learn(patterns, np.arange(5000) % 20, steps)
    weights = network.parameters()["layer0.weight"].astype(np.float64)
    held = network.work.pixels.columns[: len(weights)]
    assert np.abs(network.work.pixels.held).max() > 0.1
    assert np.allclose(held, weights.sum(axis=1), rtol=0, atol=1e-4)


@EVERY
def test_parameters_come_back_as_they_were_laid_out(layered):
    start = oracle.wild(layered)
    plan = general_layout.plan(layered)
    places = general_layout.places(layered, plan)
    packed = general_layout.pack(layered, plan, start)
    assert len(np.unique(places)) == len(places) == parameters(layered)
    assert np.count_nonzero(packed) == np.count_nonzero(packed[places])
    back = general_layout.unpack(layered, plan, packed)
    assert list(back) == list(parameter_shapes(layered))
    assert all(np.array_equal(back[name], part) for name, part in start.items())


def test_padding_stays_zero():
    layered = NETWORKS["LeNet-4"]
    network, patterns = General(layered, oracle.wild(layered)), shown(layered)
    network.learn(patterns, np.arange(20), np.full(parameters(layered), 0.01, np.float32))
    rest = np.delete(network.weights, network.places)
    assert not rest.any()


def test_a_loss_that_is_not_finite_ends_it():
    layered = NETWORKS["two hidden layers"]
    network, patterns = General(layered, oracle.wild(layered)), shown(layered)
    steps = np.full(parameters(layered), 3e38, np.float32)
    learned = network.learn(patterns, np.arange(20), steps)
    assert learned.shown < 20


def test_what_does_not_fit_is_refused():
    layered = NETWORKS["small"]
    start = initial(layered, Initial(bound=1.0), 0)
    network = General(layered, start)
    assert repr(network) == "General(12x12-3@8x8-4@4x4-7-10, 621 parameters)"
    with pytest.raises(InputError, match="the patterns must be 12 x 12, not 28 x 28"):
        network.outputs(engine_run.patterns(3, 28))
    with pytest.raises(InputError, match="the steps must be real numbers"):
        network.learn(shown(layered), np.arange(3), np.zeros(3, np.float32))
    with pytest.raises(InputError, match="patterns beyond the 20"):
        network.learn(shown(layered), np.array([20]), np.zeros(parameters(layered), np.float32))
    with pytest.raises(RecipeError, match=r"^layer2\.weight: float64"):
        General(layered, {**start, "layer2.weight": start["layer2.weight"].astype(np.float64)})


def test_a_network_without_hidden_layers_has_no_states_of_one():
    layered = NETWORKS["no hidden layer"]
    with pytest.raises(InputError, match="no layer before its outputs"):
        General(layered, initial(layered, Initial(bound=1.0), 0)).hidden(shown(layered))


@pytest.mark.parametrize(
    "layered",
    [
        Layered(32, (Convolution(((0,),) * 6), Full(10))),
        Layered(12, (Convolution(((0,),) * 17), Full(10))),
        Layered(12, (Subsampling((0,)), Full(10))),
    ],
)
def test_maps_that_the_engine_has_no_room_for_are_refused(layered):
    with pytest.raises(RecipeError, match=r"^layers\[0\]: (28 is not a row|17 is not at most|Sub)"):
        General(layered, initial(layered, Initial(bound=1.0), 0))
