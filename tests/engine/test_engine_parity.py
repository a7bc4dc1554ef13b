"""The engine agrees with the reference in float64: states, penalties, loss, gradients, h_kk."""

from __future__ import annotations

import math

import engine_run
import numpy as np
import pytest
import torch
from allowed import choices
from engine_run import CROSS_ENTROPY, RECIPES
from hypothesis import given, settings
from hypothesis import strategies as st
from roughened import roughened

from paper_lenet.digits.patterns import Patterns
from paper_lenet.engine import Engine
from paper_lenet.network.architecture import Network, parameter_shapes
from paper_lenet.network.recipe import Loss, Recipe, Step
from paper_lenet.network.weights import initial_parameters
from paper_lenet.training.reference import Reference

# Greatest error in a layer over the greatest value in it, from weights of Appendix A's size.
ROUNDING = {
    "state C1": 6e-7,
    "state S2": 8e-7,
    "state C3": 1.2e-6,
    "state S4": 1.5e-6,
    "state C5": 3e-6,
    "state F6": 2e-6,
    "state units": 2e-6,
    "state output": 1.5e-6,
    "penalties": 1.5e-6,
    "loss": 1.5e-6,
    "gradient C1": 2e-6,
    "gradient S2": 3e-6,
    "gradient C3": 3e-6,
    "gradient S4": 5e-6,
    "gradient C5": 3e-6,
    "gradient F6": 3e-6,
    "gradient output": 3e-6,
    "h C1": 1.5e-6,
    "h S2": 1.5e-6,
    "h C3": 1.5e-6,
    "h S4": 1.5e-6,
    "h C5": 1.5e-6,
    "h F6": 1.5e-6,
    "h output": 1e-5,
}
STEP = 2.0**50
# So small a gradient drowns in the rounding of the weights that it is taken from.
DROWNED = 1e-20


def named(recipe: Recipe, kind: str, flat: np.ndarray) -> dict[str, np.ndarray]:
    """What stands end to end in layout order, by parameter array."""
    result, start = {}, 0
    for name, shape in parameter_shapes(recipe.network).items():
        size = int(np.prod(shape))
        result[f"{kind} {name}"] = flat[start : start + size].astype(np.float64)
        start += size
    return result


def gradient(engine: Engine, shown: Patterns, place: int) -> tuple[float, np.ndarray]:
    """Loss and gradient: a step so great that the weights' own rounding vanishes beside it."""
    before = engine.weights[engine.places].astype(np.float64)
    learned = engine.learn(shown, np.array([place]), np.full(len(before), STEP, np.float32))
    return learned.loss, (before - engine.weights[engine.places]) / STEP


def answers(
    recipe: Recipe, asked: Engine | Reference, shown: Patterns, place: int
) -> dict[str, np.ndarray]:
    """All that an execution can be asked, float64 and flat, by what it is; the gradient last."""
    inputs = shown.inputs(np.array([place]))[0]
    states = asked.activations(inputs)
    result = {f"state {name}": part for name, part in states.items() if name != "input"}
    result["penalties"] = asked.penalties(shown)
    result |= named(recipe, "h", asked.curvature(shown, np.arange(5)))
    if isinstance(asked, Engine):
        loss, flat = gradient(asked, shown, place)
    else:
        loss, flat = asked.gradient(inputs, int(shown.labels[place]))
    # A loss is a difference of penalties, and as exact as they are.
    result["loss"] = np.append(result["state output"].ravel(), loss)
    result |= named(recipe, "gradient", flat)
    return {name: part.astype(np.float64).ravel() for name, part in result.items()}


def error(found: np.ndarray, exact: np.ndarray) -> float:
    return float(np.abs(found - exact).max())


@pytest.mark.parametrize("name", RECIPES)
def test_everything_agrees_with_float64_to_rounding(name):
    recipe = RECIPES[name]
    for seed in range(2):
        parameters = engine_run.wild(recipe, seed)
        shown = engine_run.patterns(20, recipe.network.input)
        found = answers(recipe, Engine(recipe, parameters), shown, 3 + seed)
        exact = answers(recipe, Reference(recipe, parameters, torch.float64), shown, 3 + seed)
        assert set(found) == set(exact)
        for what, part in exact.items():
            bound = ROUNDING[what.split(".")[0]]
            assert error(found[what], part) <= bound * np.abs(part).max(), what


@st.composite
def recipes(draw: st.DrawFn) -> Recipe:
    network = Network(*(draw(st.sampled_from(values)) for values in choices(Network).values()))
    if network.output == "softmax":
        return Recipe(network=network, loss=CROSS_ENTROPY, step=Step(output="exact"))
    loss = Loss(
        equation=draw(st.sampled_from([8, 9])),
        j=draw(st.sampled_from([-5.0, 0.1, 2.0, 50.0, math.inf])),
        half=draw(st.booleans()),
    )
    step = Step(output=draw(st.sampled_from(choices(Step)["output"])))
    return Recipe(network=network, loss=loss, step=step)


@settings(max_examples=40)
@given(
    recipes(),
    st.integers(0, 1000),
    st.sampled_from([0.01, 0.1, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0]),
    st.integers(0, 19),
)
def test_the_engine_is_as_near_as_float32_can_be(recipe, seed, scale, place):
    """Also where weights are tiny, or so large that every unit saturates (see `roughened`)."""
    parameters = engine_run.wild(recipe, seed, scale)
    shown = engine_run.patterns(20, recipe.network.input)

    def ask(asked: Engine | Reference) -> dict[str, np.ndarray]:
        return answers(recipe, asked, shown, place)

    found = ask(Engine(recipe, parameters))
    exact = ask(Reference(recipe, parameters, torch.float64))
    others = [ask(roughened(recipe, parameters, k)) for k in range(2)]
    others.append(ask(Reference(recipe, parameters)))
    for what, part in exact.items():
        allowed = max(error(other[what], part) for other in others)
        floor = 2.0**-21 * np.abs(part).max() + DROWNED
        assert error(found[what], part) <= 4 * allowed + floor, what


def test_a_thousand_updates_stay_together():
    """With the steps of the first pass, and to a ten thousandth of the way that weights went."""
    recipe = RECIPES["paper"]
    start = initial_parameters(recipe, 0)
    engine, exact = Engine(recipe, start), Reference(recipe, start, torch.float64)
    shown = engine_run.patterns(200)
    steps, order = engine_run.steps(recipe, engine, shown), np.arange(1000) % 200
    mine, other = engine.learn(shown, order, steps), exact.learn(shown, order, steps)
    assert (mine.errors, mine.shown) == (other.errors, 1000)
    assert mine.errors < 500, "it learns"
    assert mine.loss == pytest.approx(other.loss, rel=1e-6)
    found = engine.parameters()
    for name, part in exact.parameters().items():
        assert error(found[name], part) <= 1e-4 * error(part, start[name]), name
