"""The subsampling units of Fig. 13: fits of states whose truth is known, and of the figure."""

from __future__ import annotations

import numpy as np
import pytest

from paper_lenet.network.architecture import parameter_shapes
from paper_lenet.network.recipe import Recipe
from paper_lenet.network.weights import initial_parameters
from paper_lenet.paper import fig13
from paper_lenet.studies import fig13_units
from paper_lenet.training.execution import execution

# The grey levels that occur in the figure.
LEVELS = np.unique(np.concatenate([fig13.drawn(name).ravel() for name in ("C1", "S2", "C3", "C5")]))
# Section II-A: the recipe's coefficients are on the average of four, the figure's on their sum.
QUARTER = 0.25


def draw(states: np.ndarray) -> np.ndarray:
    """States as the figure draws them: black for high, clipped, on its grey levels."""
    grey = (1 - np.clip(states, -fig13.DRAWN, fig13.DRAWN) / fig13.DRAWN) / 2 * fig13.GREY
    return LEVELS[np.abs(LEVELS[None] - grey.reshape(-1, 1)).argmin(1)].reshape(states.shape)


@pytest.fixture(scope="module")
def network():
    """A network of ours with the coefficients of a trained one, and its states on nine inputs."""
    recipe = Recipe()
    parameters = dict(initial_parameters(recipe, 3))
    generator = np.random.default_rng(3)
    for name, low, high in (("S2", 0.4, 1.4), ("S4", 0.15, 0.35)):
        shape = parameter_shapes()[f"{name}.bias"]
        parameters[f"{name}.coefficient"] = generator.uniform(low, high, shape).astype(np.float32)
        parameters[f"{name}.bias"] = generator.uniform(-0.6, 0.6, shape).astype(np.float32)
    # Kernels as large as trained ones, so that states saturate.
    parameters["C1.weight"] = parameters["C1.weight"] * np.float32(8)
    parameters["C3.weight"] = parameters["C3.weight"] * np.float32(2)
    inputs = np.where(generator.random((9, 32, 32)) < 0.2, 1.175, -0.1).astype(np.float32)
    run = execution("engine", recipe, parameters)
    found = [run.activations(each[None]) for each in inputs]
    states = {name: np.array([each[name] for each in found]) for name in ("C1", "S2", "C3", "S4")}
    return parameters, states


@pytest.mark.parametrize("layer", ["S2", "S4"])
def test_coefficients_of_a_drawn_network_are_recovered(network, layer):
    parameters, states = network
    below = draw(states[fig13_units.FED_BY[layer]].astype(np.float64))
    units = fig13_units.fit_maps(below, draw(states[layer].astype(np.float64)))
    truth = QUARTER * parameters[f"{layer}.coefficient"]
    found = np.array([unit.coefficient for unit in units])
    # Of a state that is clipped the figure does not say how far beyond it lies.
    np.testing.assert_allclose(found, truth, rtol=0.1)
    assert found.mean() == pytest.approx(truth.mean(), rel=0.02)
    biases = np.array([unit.bias for unit in units])
    np.testing.assert_allclose(biases, parameters[f"{layer}.bias"], atol=0.05)
    assert all(unit.residual < 4 for unit in units)


def test_saturated_share_of_a_drawn_network_is_enclosed(network):
    _, states = network
    truth = np.mean(np.abs(states["C1"]) > fig13.SATURATED)
    share = fig13.saturated(draw(states["C1"].astype(np.float64)))
    assert 0.1 < share.low <= truth <= share.high < 0.9


@pytest.mark.parametrize(("layer", "maps", "least"), [("S2", 6, 0.1), ("S4", 16, 0.04)])
def test_units_of_1998_are_squashed_sums(layer, maps, least):
    units = fig13_units.subsampling(layer)
    assert len(units) == maps
    assert all(unit.residual < 4 for unit in units), "grey levels are about 5 apart"
    assert all(unit.coefficient_sd < 0.001 for unit in units)
    alive = [unit.coefficient for unit in units if unit.coefficient > least]
    assert len(alive) == maps - (layer == "S4")


def test_fit_does_not_depend_on_the_order_of_the_units():
    rng = np.random.default_rng(0)
    inputs = rng.uniform(-6, 6, 400)
    outputs = fig13_units.squashed(0.2 * inputs - 0.3)
    order = rng.permutation(400)
    unit = fig13_units.fit_map(inputs, outputs)
    other = fig13_units.fit_map(inputs[order], outputs[order])
    assert unit.coefficient == pytest.approx(0.2, abs=1e-6)
    assert unit.bias == pytest.approx(-0.3, abs=1e-6)
    assert other.coefficient == pytest.approx(unit.coefficient, abs=1e-6)
