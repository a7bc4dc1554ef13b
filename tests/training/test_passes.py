"""One seed's training: order, curvature sample, steps, counts, and how it fails."""

from __future__ import annotations

from dataclasses import replace
from math import inf

import numpy as np
import pytest
from fake_training import Fake, digits, fake_execution, small_recipe, wrong
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from paper_lenet.base import streams
from paper_lenet.base.errors import RecipeError
from paper_lenet.digits.distort import Presentation
from paper_lenet.digits.patterns import Patterns
from paper_lenet.network.recipe import Network, Recipe
from paper_lenet.network.weights import digest
from paper_lenet.training import execution as executions
from paper_lenet.training import passes
from paper_lenet.training.execution import maker
from paper_lenet.training.job import Data, Job, State, beginning, select
from paper_lenet.training.passes import Divergence

TRAINING, TEST = digits(60, 1), digits(20, 2)


@pytest.fixture(autouse=True)
def fake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(executions, "execution", fake_execution)
    for name, value in (("calls", []), ("not_finite", -1), ("guessing", False)):
        monkeypatch.setattr(Fake, name, value)


def run(recipe: Recipe, seed: int = 5, state: State | None = None) -> list[State]:
    job = Job("small", recipe, seed, "engine")
    data = select(recipe, TRAINING, TEST)
    return list(passes.passes(job, data, state or beginning(job), maker(job), lambda *_: None))


def orders(count: int) -> list[NDArray[np.int64]]:
    """What was learned, pass by pass of `count` patterns."""
    shown = np.concatenate([part for name, part in Fake.calls if name == "learn"])
    return list(shown.reshape(-1, count))


def samples() -> list[NDArray[np.int64]]:
    return [part for name, part in Fake.calls if name == "curvature"]


def test_constant_order_is_one_random_order_in_every_pass() -> None:
    run(small_recipe(passes=4))
    first, *others = orders(40)
    assert (first == streams.permutation(streams.key(5, "order", 0), 40)).all()
    assert not (first == np.arange(40)).all()
    assert len(others) == 3 and all((order == first).all() for order in others)


def test_reshuffled_order_is_new_in_every_pass_and_shows_each_pattern_once() -> None:
    run(small_recipe(passes=4, order="reshuffled"))
    found = orders(40)
    assert len({tuple(order) for order in found}) == 4
    assert all((np.sort(order) == np.arange(40)).all() for order in found)


def test_file_order_is_the_data_sets() -> None:
    run(small_recipe(passes=2, order="file"))
    assert all((order == np.arange(40)).all() for order in orders(40))


@pytest.mark.parametrize("chunk", [1, 7, 40])
def test_weights_do_not_depend_on_the_chunk(chunk: int, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = run(small_recipe())[-1]
    monkeypatch.setattr(passes, "CHUNK", chunk)
    found = run(small_recipe())[-1]
    assert digest(found.parameters) == digest(expected.parameters)
    assert [row._replace(loss=0) for row in found.rows] == [
        row._replace(loss=0) for row in expected.rows
    ]


def test_step_is_eta_over_mu_plus_curvature_of_a_new_sample_before_each_pass() -> None:
    last = run(small_recipe(passes=3))[-1]
    found = samples()
    assert len(found) == 3 and len({tuple(sample) for sample in found}) == 3
    assert all(len(set(sample)) == 20 for sample in found)
    # The fake's curvature runs from 1/n of its greatest value to that value.
    count = sum(part.size for part in last.parameters.values())
    for row, eta in zip(last.rows, (0.0005, 0.0002, 0.0002), strict=True):
        assert row.eta == eta
        greatest = eta / row.smallest_step - 0.02
        assert eta / row.largest_step - 0.02 == pytest.approx(greatest / count, rel=1e-2)
    assert last.rows[1].largest_step == pytest.approx(0.0002 / 0.02, rel=0.01)


def test_curvature_once_is_that_of_the_initial_weights_also_when_resumed() -> None:
    recipe = small_recipe(passes=4, curvature="once")
    states = run(recipe)
    steps = {row.smallest_step / row.eta for row in states[-1].rows}
    assert max(steps) == pytest.approx(min(steps), rel=1e-6)
    assert len({tuple(sample) for sample in samples()}) == 1
    assert run(recipe, state=states[1])[-1].rows == states[-1].rows


def test_without_curvature_every_step_is_eta() -> None:
    rows = run(small_recipe(curvature="never"))[-1].rows
    assert samples() == []
    for row in rows:
        assert row.smallest_step == row.largest_step == np.float32(row.eta)


def test_errors_are_counted_before_the_update_and_after_the_pass() -> None:
    row = run(small_recipe())[-1].rows[1]
    assert (row.seed, row.number, row.patterns, row.test_patterns) == (5, 2, 40, 20)
    assert row.errors_on_the_fly == sum(wrong(index) for index in range(40))
    # All penalties tie for odd labels; the lower class answers, so 0 is never right for them.
    data = select(small_recipe(), TRAINING, TEST)
    assert row.errors_after_pass == np.count_nonzero(data.training.labels % 2)
    assert row.test_errors == np.count_nonzero(data.test.labels % 2)


ALTERED = Presentation(patterns=40, distorted=2, inverted=0.1)


@pytest.mark.parametrize("chunk", [1, 7])
def test_altered_patterns_do_not_depend_on_the_chunk(
    chunk: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    recipe = replace(small_recipe(), presentation=ALTERED)
    expected = run(recipe)[-1]
    monkeypatch.setattr(passes, "CHUNK", chunk)
    assert digest(run(recipe)[-1].parameters) == digest(expected.parameters)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    order=st.sampled_from(["constant", "reshuffled", "file", "originals_first"]),
    curvature=st.sampled_from(["each_pass", "originals", "once", "never"]),
    cut=st.integers(0, 3),
    seed=st.integers(0, 100),
    distorted=st.sampled_from([0, 2]),
    inverted=st.sampled_from([0.0, 0.1]),
)
def test_a_training_resumed_from_any_pass_is_the_same(
    order: str, curvature: str, cut: int, seed: int, distorted: int, inverted: float
) -> None:
    first = order == "originals_first"
    recipe = small_recipe(passes=4, curvature=curvature)
    how = Presentation(
        patterns=40, order=order, distorted=2 if first else distorted, inverted=inverted
    )
    step = replace(recipe.step, eta=recipe.step.first(2).eta * 2) if first else recipe.step
    recipe = replace(recipe, presentation=how, step=step)
    whole = run(recipe, seed)
    resumed = run(recipe, seed, whole[cut])
    assert len(resumed) == 3 - cut
    last = (resumed or whole)[-1]
    assert last.rows == whole[-1].rows
    assert digest(last.parameters) == digest(whole[-1].parameters)


def test_a_smaller_training_set_lies_within_a_larger_one_in_the_data_sets_order() -> None:
    few, many = (select(small_recipe(patterns=n), TRAINING, TEST) for n in (10, 30))
    everything = select(small_recipe(patterns=60), TRAINING, TEST)
    assert len(few.training) == 10 and set(few.chosen) < set(many.chosen)
    assert (np.diff(many.chosen) > 0).all() and (everything.chosen == np.arange(60)).all()
    assert (many.training.grey == TRAINING.grey[many.chosen]).all()
    assert (many.training.labels == TRAINING.labels[many.chosen]).all()
    assert len(few.test) == len(many.test) == 20


def test_an_input_of_28_takes_the_padding_off() -> None:
    data = select(replace(small_recipe(), network=Network(input=28)), TRAINING, TEST)
    assert data.training.grey.shape == (40, 28, 28) and data.test.grey.shape == (20, 28, 28)
    assert (data.test.grey == TEST.grey[:, 2:-2, 2:-2]).all()


def test_more_patterns_than_there_are_is_refused() -> None:
    with pytest.raises(RecipeError, match=r"presentation\.patterns: 61 .* the data set has 60"):
        select(small_recipe(patterns=61), TRAINING, TEST)


def test_a_loss_that_is_not_finite_names_pass_pattern_and_largest_step(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    recipe = small_recipe()
    data = select(recipe, TRAINING, TEST)
    order = streams.permutation(streams.key(5, "order", 0), 40)
    monkeypatch.setattr(passes, "CHUNK", 8)
    monkeypatch.setattr(Fake, "not_finite", int(order[19]))
    with pytest.raises(Divergence) as caught:
        run(recipe)
    text = str(caught.value)
    assert text.startswith("recipe small, seed 5 diverges in pass 1 at place 20 of 40")
    assert f"training pattern {data.chosen[order[19]]}: the loss is not finite" in text
    assert "the largest step is 0.02" in text


def long_data(count: int) -> Data:
    few = digits(1, 0)
    grey = np.broadcast_to(few.grey, (count, 32, 32))
    many = Patterns(grey, np.zeros(count, np.uint8), few.levels)
    return Data(many, TEST, np.arange(count))


@pytest.mark.parametrize(
    ("count", "number", "at"),
    [(12000, 1, 10000), (5000, 2, 5000), (6000, 2, 5000), (2000, 4, 2000)],
)
def test_errors_that_stay_at_chance_stop_the_training_after_two_windows(
    count: int, number: int, at: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Fake, "guessing", True)
    recipe = small_recipe(passes=6, patterns=count)
    job = Job("small", recipe, 0, "engine")
    text = rf"pass {number} at place {at} of {count}.* patterns 85% or more were wrong"
    with pytest.raises(Divergence, match=text):
        list(passes.passes(job, long_data(count), beginning(job), maker(job), lambda *_: None))


def test_many_errors_that_are_fewer_than_a_guess_makes_do_not_stop_it() -> None:
    job = Job("small", small_recipe(passes=2, patterns=12000), 0, "engine")
    data = long_data(12000)
    last = list(passes.passes(job, data, beginning(job), maker(job), lambda *_: None))[-1]
    assert last.rows[-1].errors_on_the_fly == 4000


def test_weights_lost_in_the_last_update_are_found_after_the_pass(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Fake, "penalties", lambda _, patterns: np.full((len(patterns), 10), inf))
    with pytest.raises(Divergence, match="pass 1 at its end: the penalties are not finite"):
        run(small_recipe())


def test_memory_blends_the_old_curvature_with_the_new_also_when_resumed() -> None:
    forgetful = replace(small_recipe().step, memory=0.0)
    recipe = replace(small_recipe(), step=replace(forgetful, memory=0.25))
    states = run(recipe)
    fresh = run(
        replace(small_recipe(), step=forgetful)
    )  # the same weights before pass 2, other steps in it
    first, second = states[0].curvature, states[1].curvature
    assert first is not None and second is not None and fresh[0].curvature is None
    greatest = [0.0005 / states[0].rows[0].smallest_step - 0.02]
    greatest += [0.0002 / fresh[1].rows[1].smallest_step - 0.02]
    assert 0.0002 / states[1].rows[1].smallest_step - 0.02 == pytest.approx(
        0.25 * greatest[0] + 0.75 * greatest[1], rel=1e-4
    )
    resumed = run(recipe, state=states[1])[-1]
    assert resumed.rows == states[-1].rows
    assert digest(resumed.parameters) == digest(states[-1].parameters)


def test_training_patterns_are_judged_after_the_last_pass_at_least() -> None:
    recipe = small_recipe()
    job = Job("small", recipe, 5, "engine", thorough=False)
    data = select(recipe, TRAINING, TEST)
    rows = list(passes.passes(job, data, beginning(job), maker(job), lambda *_: None))[-1].rows
    assert [row.errors_after_pass is None for row in rows] == [True, True, False]
    assert rows[-1] == run(recipe)[-1].rows[-1]


def test_patterns_kept_apart_take_the_test_sets_place_and_are_never_shown() -> None:
    how = Presentation(patterns=40, held_out=15)
    data = select(replace(small_recipe(), presentation=how), TRAINING, TEST)
    assert (len(data.training), len(data.test)) == (40, 15)
    order = streams.permutation(streams.key(0, "subset"), 60)
    apart = np.sort(order[45:])
    assert not set(apart) & set(data.chosen)
    assert (data.test.grey == TRAINING.grey[apart]).all()
    assert (data.test.labels == TRAINING.labels[apart]).all()
    with pytest.raises(RecipeError, match="46 and 15 kept apart asked for, the data set has 60"):
        select(
            replace(small_recipe(), presentation=replace(how, patterns=46)),
            TRAINING,
            TEST,
        )


def test_a_recipes_own_scale_takes_the_place_of_the_papers() -> None:
    how = Presentation(patterns=40, scale=(0.0, 2.55))
    data = select(replace(small_recipe(), presentation=how), TRAINING, TEST)
    for patterns in (data.training, data.test):
        assert patterns.levels[[0, 100, 255]] == pytest.approx([0, 1, 2.55])
    assert TRAINING.levels[0] == np.float32(-0.1)


def test_a_step_beyond_32_bits_is_infinite_and_warns_of_nothing() -> None:
    recipe = small_recipe()
    job = Job("small", replace(recipe, step=replace(recipe.step, eta=((1, 1e38),))), 5, "engine")
    steps = passes.first_steps(job, select(job.recipe, TRAINING, TEST), maker(job))
    assert np.isinf(steps).any()
