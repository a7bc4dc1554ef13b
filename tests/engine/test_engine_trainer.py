"""`Engine` as it is called: what it refuses, and what does not compile it anew."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import engine_run
import numpy as np
import pytest

from paper_lenet.base.errors import RecipeError
from paper_lenet.engine import Engine, compiled, layout, many, network
from paper_lenet.network.protocol import InputError
from paper_lenet.network.recipe import Recipe
from paper_lenet.network.weights import initial_parameters


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
    with pytest.raises(ValueError, match=r"be float32 \(1, 32, 32\), not float32 \(1, 28, 28\)"):
        engine.activations(small.inputs(slice(0, 1))[0])


@pytest.mark.parametrize("order", [[0, 20], [-1]])
def test_patterns_that_are_not_there_are_refused(engine, order):
    shown = engine_run.patterns(20)
    for call in (engine.learn, engine.curvature):
        rest = (STEPS,) if call == engine.learn else ()
        with pytest.raises(ValueError, match="patterns beyond the 20 that there are"):
            call(shown, np.array(order), *rest)


def test_labels_that_became_greater_than_nine_are_refused(engine):
    shown = engine_run.patterns(20)
    shown.labels[3] = 10
    with pytest.raises(InputError, match="labels are 0 to 9, but one is 10"):
        engine.learn(shown, np.arange(3), STEPS)


@pytest.mark.parametrize("steps", [STEPS[:-1], STEPS.astype(int), STEPS[None], STEPS[0]])
def test_steps_that_are_not_one_a_parameter_are_refused(engine, steps):
    with pytest.raises(InputError, match=r"the steps must be real numbers \(60000,\), not"):
        engine.learn(engine_run.patterns(20), np.arange(3), steps)


@pytest.mark.parametrize(
    "order", [np.zeros(3), np.full(3, np.nan), np.zeros(3, bool), np.ones((3, 1), int), np.int8(0)]
)
def test_an_order_that_is_not_whole_numbers_in_a_row_is_refused(engine, order):
    shown = engine_run.patterns(20)
    with pytest.raises(InputError, match="an order is whole numbers"):
        engine.learn(shown, order, STEPS)
    with pytest.raises(InputError, match="an order is whole numbers"):
        engine.curvature(shown, order)


@pytest.mark.parametrize("spoil", [lambda x: x.astype(np.float64), lambda x: x * np.float32("nan")])
def test_an_input_that_is_not_float32_or_not_finite_is_refused(engine, spoil):
    with pytest.raises(InputError, match=r"float32|not finite"):
        engine.activations(spoil(engine_run.patterns(1).inputs(slice(1))[0]))


def test_parameters_of_any_layout_in_memory_are_the_same_network():
    parameters = engine_run.wild(Recipe(), 0)
    turned = {name: np.asfortranarray(part) for name, part in parameters.items()}
    shown = engine_run.patterns(20)
    answers = [Engine(Recipe(), each).penalties(shown) for each in (parameters, turned)]
    assert np.array_equal(*answers)


def test_parameters_that_are_not_the_networks_are_refused():
    parameters = engine_run.wild(Recipe(), 0)
    turned = parameters["C5.weight"].transpose(1, 0, 2, 3)
    for part in (turned, parameters["C5.weight"].astype(np.float64), np.float32("inf") * turned.T):
        with pytest.raises(RecipeError, match=r"^C5\.weight: "):
            Engine(Recipe(), {**parameters, "C5.weight": part})
    with pytest.raises(RecipeError, match=r"^F7\.weight: the arrays of this network are C1"):
        Engine(Recipe(), {**parameters, "F7.weight": turned})


def test_threads_that_share_an_engine_take_turns(engine):
    """Each asks for other patterns, and gets the answers that it would get alone."""
    parts = [engine_run.patterns(404).subset(slice(start, 400 + start)) for start in range(4)]
    expected = [engine.penalties(part) for part in parts]
    with ThreadPoolExecutor(4) as pool:
        for _ in range(10):
            answers = pool.map(engine.penalties, parts)
            assert all(map(np.array_equal, answers, expected))


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
    for kernel in (network.learn, network.curvature, many.answer):
        assert len(kernel.signatures) == 1


@pytest.fixture
def called(monkeypatch) -> list:
    """The kernels that are made ready, each of them called."""
    found = []

    def ready(calls, _):
        for kernel, given in calls:
            kernel(*given)
            found.append(kernel)

    monkeypatch.setattr(compiled, "ready", ready)
    return found


def test_calls_that_compile_leave_the_weights(called):
    start = initial_parameters(Recipe(), 3)
    found = Engine(Recipe(), start).parameters()
    assert len(called) == 4
    assert all(np.array_equal(found[name], start[name]) for name in start)


def test_what_learns_is_compiled_when_it_is_asked_to(called):
    shown = engine_run.patterns(20)
    asked = Engine(Recipe(), engine_run.wild(Recipe(), 0), learns=False)
    asked.penalties(shown)
    assert called == [many.answer, network.states_of]
    for _ in range(2):
        asked.learn(shown, np.arange(3), STEPS)
        asked.curvature(shown, np.arange(3))
    assert called[2:] == [many.answer, network.states_of, network.learn, network.curvature]


def test_no_patterns_are_no_work(engine):
    before, shown = engine.weights.copy(), engine_run.patterns(20)
    assert engine.learn(shown, np.arange(0), STEPS) == (0.0, 0, 0)
    assert not engine.curvature(shown, np.arange(0)).any()
    assert engine.penalties(shown.subset(slice(0, 0))).shape == (0, 10)
    assert np.array_equal(engine.weights, before)


@pytest.mark.parametrize("name", ["paper", "eq. 8", "softmax", "exact curvature, trainable codes"])
def test_a_loss_that_is_not_finite_stops_before_its_update(name):
    recipe = engine_run.RECIPES[name]
    engine, shown = Engine(recipe, engine_run.wild(recipe, 0)), engine_run.patterns(20)
    engine.weights[layout.F6B + 3] = np.nan
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
