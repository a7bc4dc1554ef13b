"""Where parameters lie in the engine, and that what is not a parameter stays as it was."""

from __future__ import annotations

import itertools

import engine_run
import numpy as np
import pytest
from allowed import choices

from paper_lenet.engine import Engine, layout
from paper_lenet.network.architecture import TABLE_I, Network, codes, parameter_shapes
from paper_lenet.network.weights import digest

NETWORKS = [Network(*chosen) for chosen in itertools.product(*choices(Network).values())]


def numbered(network: Network) -> dict[str, np.ndarray]:
    """Parameters that are all different: 1, 2, 3, ..."""
    result, start = {}, 1
    for name, shape in parameter_shapes(network).items():
        size = int(np.prod(shape))
        result[name] = np.arange(start, start + size, dtype=np.float32).reshape(shape)
        start += size
    return result


def test_every_parameter_of_every_network_has_a_place_of_its_own():
    assert len(NETWORKS) == 2 * 2 * 3 * 4 * 4
    for network in NETWORKS:
        places = layout.places(network)
        count = sum(int(np.prod(shape)) for shape in parameter_shapes(network).values())
        assert len(places) == len(set(places.tolist())) == count, network
        assert places.min() >= 0
        assert places.max() < layout.TOTAL


def test_unpack_gives_back_what_was_packed():
    for network in NETWORKS:
        parameters = numbered(network)
        found = layout.unpack(network, layout.pack(network, parameters))
        assert list(found) == list(parameters)
        for name, part in parameters.items():
            assert np.array_equal(found[name], part), (network, name)


def test_parameters_are_packed_by_name():
    """A dictionary in another order is the same network."""
    network = Network()
    parameters = engine_run.wild(engine_run.RECIPES["paper"], 0)
    mixed = dict(reversed(parameters.items()))
    assert np.array_equal(layout.pack(network, parameters), layout.pack(network, mixed))


def test_places_are_those_of_the_documented_table():
    """A second transcription of the module's docstring, one parameter of each block."""
    network = Network()
    parameters = numbered(network)
    packed = layout.pack(network, parameters)

    def at(block: str, *index: int, shape: tuple[int, ...]) -> float:
        return packed[getattr(layout, block) + np.ravel_multi_index(index, shape)]

    part = parameters
    assert at("C1W", 3, 1, 19 - 16, shape=(5, 2, 16)) == part["C1.weight"][3, 0, 3, 3]
    assert at("C1W", 3, 0, 2 * 5 + 4, shape=(5, 2, 16)) == part["C1.weight"][2, 0, 3, 4]
    assert at("C1B", 5, shape=(16,)) == part["C1.bias"][5]
    assert at("S2C", 4, shape=(16,)) == part["S2.coefficient"][4]
    assert at("S2B", 3, shape=(16,)) == part["S2.bias"][3]
    for kernel, (unit, source) in enumerate(network.kernels):
        found = at("C3W", source, 1, 2, unit, shape=(6, 5, 5, 16))
        assert found == part["C3.weight"][kernel, 1, 2]
    assert at("C3B", 15, shape=(16,)) == part["C3.bias"][15]
    assert at("S4C", 14, shape=(16,)) == part["S4.coefficient"][14]
    assert at("S4B", 13, shape=(16,)) == part["S4.bias"][13]
    assert at("C5W", 1, 2, 3, 119, shape=(5, 5, 16, 128)) == part["C5.weight"][119, 3, 1, 2]
    assert at("C5B", 118, shape=(128,)) == part["C5.bias"][118]
    assert at("F6W", 117, 83, shape=(128, 96)) == part["F6.weight"][83, 117]
    assert at("F6B", 82, shape=(96,)) == part["F6.bias"][82]
    assert at("CODES", 9, 81, shape=(10, 96)) == codes()[9][81]


@pytest.mark.parametrize("name", engine_run.RECIPES)
def test_training_leaves_all_that_is_not_a_parameter_as_it_was(name):
    """Padding, kernels that Table I leaves out, fixed codes and targets: to the last bit."""
    recipe = engine_run.RECIPES[name]
    engine = Engine(recipe, engine_run.wild(recipe, 1))
    before = engine.weights.copy()
    shown = engine_run.patterns(20, recipe.network.input)
    steps = engine_run.steps(recipe, engine, shown)
    assert engine.learn(shown, np.arange(20), steps).shown == 20
    fixed = np.ones(layout.TOTAL, bool)
    fixed[engine.places] = False
    assert np.array_equal(engine.weights[fixed].view(np.uint32), before[fixed].view(np.uint32))
    # Every parameter of the squashing networks was reached; a rectifier's may have slept.
    moved = (engine.weights != before)[engine.places]
    assert moved.mean() > (0.3 if recipe.network.squashing == "relu" else 0.9)


def test_kernels_that_table_i_leaves_out_are_zero():
    engine = Engine(engine_run.RECIPES["paper"], engine_run.wild(engine_run.RECIPES["paper"], 1))
    kernels = engine.weights[layout.C3W : layout.C3B].reshape(6, 25, 16)
    for source, unit in itertools.product(range(6), range(16)):
        exists = source in TABLE_I[unit]
        assert bool(kernels[source, :, unit].any()) == exists


def test_an_engine_owns_its_parameters():
    recipe = engine_run.RECIPES["paper"]
    given = engine_run.wild(recipe, 1)
    engine, before = Engine(recipe, given), digest(given)
    given["C1.bias"] += 1
    assert digest(engine.parameters()) == before
    engine.parameters()["C1.bias"] += 1
    assert digest(engine.parameters()) == before
