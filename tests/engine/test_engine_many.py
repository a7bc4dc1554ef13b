"""Answers for many patterns have the bits of one pattern by itself."""

from __future__ import annotations

import engine_run
import numpy as np
import pytest
from engine_run import RECIPES

from paper_lenet.digits.patterns import Patterns
from paper_lenet.engine import Engine, many
from paper_lenet.engine.state import plan
from paper_lenet.network.architecture import Network
from paper_lenet.network.recipe import Recipe

COUNTS = (1, 15, 16, 17, 33)


def one_by_one(engine: Engine, shown: Patterns) -> np.ndarray:
    """The penalties as `network.forward` finds them, whose layout is another."""
    inputs = shown.inputs(slice(None))
    return np.array([engine.activations(each)["output"] for each in inputs])


def bits(penalties: np.ndarray) -> np.ndarray:
    return penalties.view(np.uint32)


def mixed(count: int, side: int) -> Patterns:
    """Drawn digits, noise in every pixel, and nothing but background."""
    shown = engine_run.patterns(count, side)
    shown.grey[1::5] = np.random.default_rng(0).integers(0, 256, shown.grey[1::5].shape)
    shown.grey[3::5] = 0
    return shown


@pytest.mark.parametrize("scale", [1.0, 5.0])
@pytest.mark.parametrize("name", RECIPES)
def test_every_variant_answers_many_as_one(name, scale):
    """Also where most units are saturated."""
    recipe = RECIPES[name]
    engine = Engine(recipe, engine_run.wild(recipe, 1, scale))
    shown = mixed(max(COUNTS), recipe.network.input)
    expected = one_by_one(engine, shown)
    assert len(np.unique(expected, axis=0)) > 10
    for count in COUNTS:
        found = engine.penalties(shown.subset(slice(count)))
        assert np.array_equal(bits(found), bits(expected[:count])), count


def test_what_was_answered_before_leaves_no_trace():
    """A last group that is not full finds others' states in its spare lanes."""
    engine = Engine(Recipe(), engine_run.wild(Recipe(), 0))
    shown = mixed(40, 32)
    first = engine.penalties(shown.subset(slice(3)))
    engine.penalties(shown.subset(slice(3, None)))
    assert np.array_equal(bits(engine.penalties(shown.subset(slice(3)))), bits(first))


@pytest.mark.parametrize("value", [np.nan, np.inf, 1e38])
def test_a_pattern_that_is_not_finite_spoils_no_other(value):
    """Grey level 255 stands for the value, and one pattern alone has it."""
    engine = Engine(RECIPES["relu"], engine_run.wild(RECIPES["relu"], 0))
    shown = engine_run.patterns(33)
    shown.grey[shown.grey == 255] = 254
    before = engine.penalties(shown)
    shown.grey[20, 16, 16] = 255
    shown.levels[255] = value
    after = engine.penalties(shown)
    assert not np.isfinite(after[20]).all()
    others = np.arange(33) != 20
    assert np.array_equal(bits(before[others]), bits(after[others]))


def test_weights_that_are_not_finite_show_in_every_answer():
    engine = Engine(Recipe(), engine_run.wild(Recipe(), 0))
    engine.weights[engine.places[0]] = np.nan
    assert not np.isfinite(engine.penalties(engine_run.patterns(17))).any()


@pytest.mark.parametrize(("c3", "kernels"), [("table", 60), ("full", 96)])
def test_the_connections_are_those_of_the_network(c3, kernels):
    recipe = Recipe(network=Network(c3=c3))
    connected = many.group(recipe.network, plan(recipe)).connected
    assert connected.sum() == kernels
    assert connected[[0, 1, 2], 0].all()
    assert connected[3:, 0].any() == (c3 == "full")
