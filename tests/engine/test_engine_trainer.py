"""`Engine` as it is called: what it refuses, and what does not compile it anew."""

from __future__ import annotations

from dataclasses import replace

import engine_run
import numpy as np
import pytest

from paper_lenet.engine import Engine, network
from paper_lenet.network.recipe import Recipe


@pytest.fixture
def engine() -> Engine:
    return Engine(Recipe(), engine_run.wild(Recipe(), 0))


STEPS = np.zeros(60_000, np.float32)


def test_patterns_of_another_size_are_refused(engine):
    small = engine_run.patterns(20, 28)
    message = "the patterns must be 32 x 32, not 28 x 28"
    with pytest.raises(ValueError, match=message):
        engine.penalties(small)
    with pytest.raises(ValueError, match=message):
        engine.learn(small, np.arange(3), STEPS)
    with pytest.raises(ValueError, match=message):
        engine.curvature(small, np.arange(3))
    with pytest.raises(ValueError, match=r"the input must be \(1, 32, 32\), not \(1, 28, 28\)"):
        engine.activations(small.inputs(slice(0, 1))[0])


@pytest.mark.parametrize("order", [[0, 20], [-1]])
def test_patterns_that_are_not_there_are_refused(engine, order):
    shown = engine_run.patterns(20)
    for call in (engine.learn, engine.curvature):
        rest = (STEPS,) if call == engine.learn else ()
        with pytest.raises(ValueError, match="patterns beyond the 20 that there are"):
            call(shown, np.array(order), *rest)


def test_labels_beyond_nine_are_refused(engine):
    shown = engine_run.patterns(20)
    wrong = replace(shown, labels=np.where(shown.labels == 3, 10, shown.labels).astype(np.uint8))
    with pytest.raises(ValueError, match="labels are 0 to 9, but one is 10"):
        engine.learn(wrong, np.arange(3), STEPS)


def test_steps_for_another_network_are_refused(engine):
    with pytest.raises(ValueError, match="shape"):
        engine.learn(engine_run.patterns(20), np.arange(3), STEPS[:-1])


def test_arrays_of_another_kind_give_the_same_and_compile_nothing(engine):
    """Read-only, strided, narrower: the engine is compiled once."""
    shown = engine_run.patterns(20)
    steps, order = engine_run.steps(Recipe(), engine, shown), np.arange(10)
    engine.learn(shown, order, steps)
    other = Engine(Recipe(), engine_run.wild(Recipe(), 0))
    locked = engine_run.patterns(20)
    for part in (locked.grey, locked.labels, locked.levels, steps):
        part.flags.writeable = False
    odd = np.arange(20, dtype=np.int32)
    odd = odd[::2] // 2
    odd.flags.writeable = False
    other.learn(locked, odd, steps)
    assert np.array_equal(other.weights, engine.weights)
    other.curvature(locked, odd)
    other.penalties(locked)
    for kernel in (network.learn, network.curvature, network.answer):
        assert len(kernel.signatures) == 1


def test_no_patterns_are_no_work(engine):
    before, shown = engine.weights.copy(), engine_run.patterns(20)
    assert engine.learn(shown, np.arange(0), STEPS) == (0.0, 0, 0)
    assert not engine.curvature(shown, np.arange(0)).any()
    assert engine.penalties(shown.subset(slice(0, 0))).shape == (0, 10)
    assert np.array_equal(engine.weights, before)


@pytest.mark.parametrize("name", ["paper", "eq. 8", "softmax", "exact curvature, trainable codes"])
def test_a_loss_that_is_not_finite_stops_before_its_update(name):
    recipe = engine_run.RECIPES[name]
    parameters = engine_run.wild(recipe, 0)
    parameters["F6.bias"][3] = np.nan
    engine, shown = Engine(recipe, parameters), engine_run.patterns(20)
    steps = np.ones(len(engine.places), np.float32)
    before = engine.weights.copy()
    assert engine.learn(shown, np.arange(20), steps) == (0.0, 0, 0)
    assert np.array_equal(engine.weights, before, equal_nan=True)


def test_a_training_that_diverges_stops_at_the_pattern_whose_loss_is_not_finite():
    engine, shown = Engine(Recipe(), engine_run.wild(Recipe(), 0)), engine_run.patterns(20)
    steps = np.full(len(engine.places), 1e30, np.float32)
    learned = engine.learn(shown, np.arange(20), steps)
    assert learned.errors <= learned.shown < 20
    assert np.isfinite(learned.loss)


def test_of_equal_penalties_the_lower_class_answers():
    """Ten linear outputs that are all 0: the answer is 0, right for two patterns of twenty."""
    recipe = engine_run.RECIPES["softmax"]
    parameters = engine_run.wild(recipe, 0)
    parameters["output.weight"][:] = 0
    parameters["output.bias"][:] = 0
    engine, shown = Engine(recipe, parameters), engine_run.patterns(20)
    assert not engine.penalties(shown).any()
    learned = engine.learn(shown, np.arange(20), np.zeros(len(engine.places), np.float32))
    assert (learned.errors, learned.shown) == (18, 20)
    assert learned.loss == pytest.approx(20 * np.log(10), rel=1e-6)
