"""The boosted network: which patterns its members are trained on, when they are asked, the cost."""

from __future__ import annotations

from typing import Any

import fig9_small
import numpy as np
import pytest
from fig9_small import TEST, TRAINING, digits

from paper_lenet.digits.distort import Presentation, shown
from paper_lenet.network.layered import connections, parameters
from paper_lenet.network.recipe import SEEDS
from paper_lenet.paper.classifiers import BOOSTED_COST
from paper_lenet.studies.fig9 import boosted, filters, networks
from paper_lenet.studies.fig9.boosted import ITEMS, SURE, Settings
from paper_lenet.studies.fig9.sets import judged
from paper_lenet.training.job import State
from paper_lenet.training.kind import nobody

SEED, PASSES = 3, 2
SETTINGS = Settings(copies=1, filtered=60, eta=((PASSES, 0.0005),))
PATTERNS, UNSEEN = judged(digits(TRAINING), fig9_small.unseen(), "regular", apart=False).patterns
TRAINED_ON = TRAINING * (1 + SETTINGS.copies)  # items of the first


@pytest.fixture(scope="module")
def states() -> list[State]:
    """The state after each pass, the beginning first."""
    result = [boosted.begin(SETTINGS, 28, SEED)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(filters, "AT_ONCE", 100)
        for _ in range(boosted.passes(SETTINGS)):
            state = boosted.one_pass(SETTINGS, SEED, PATTERNS, UNSEEN, result[-1], nobody)
            result.append(state)
    return result


def member(state: State, number: int) -> Any:
    """A network with the parameters of one member."""
    start = f"{number}."
    named = state.parameters.items()
    own = {name.removeprefix(start): part for name, part in named if name.startswith(start)}
    return networks.trained(SETTINGS.member(number), 28, State(own))


def items(state: State) -> np.ndarray:
    copy, pattern = state.parameters[ITEMS].astype(int)
    found: np.ndarray = copy * TRAINING + pattern
    return found


# The filters.


def test_half_of_what_passes_is_misread() -> None:
    labels = np.array([0, 1, 2, 3, 4, 5], np.uint8)
    found = filters.half_wrong(np.array([[0, 1, 9, 3, 9, 5]]), labels)
    assert found.tolist() == [0, 1, 2, 4]
    assert filters.half_wrong(np.array([[9, 1, 9, 9, 9, 5]]), labels).tolist() == [0, 1, 2, 3, 4, 5]
    assert filters.half_wrong(labels[None].astype(int), labels).tolist() == []


def test_what_two_disagree_about_passes_whatever_it_is() -> None:
    answers = np.array([[0, 1, 2, 3], [0, 2, 2, 9]])
    assert filters.disagreed(answers, np.array([5, 1, 2, 9], np.uint8)).tolist() == [1, 3]


@pytest.mark.parametrize("number", [1, 2])
def test_items_are_the_first_that_pass_and_none_that_the_first_was_trained_on(
    number: int, states: list[State]
) -> None:
    """By brute force: each item of the copies that come next, up to the last that was taken."""
    state = states[number * PASSES + 1]
    chosen = items(state)
    assert 0 < len(chosen) <= SETTINGS.filtered
    assert chosen.min() >= TRAINED_ON and (np.diff(chosen) > 0).all()
    every = np.arange(TRAINED_ON, chosen.max() + 1)
    patterns = shown(PATTERNS, every, SEED, 0, Presentation(distorted=1))
    answers = [
        member(states[number * PASSES], m).outputs(patterns).argmax(1) for m in range(number)
    ]
    misread = answers[0] != patterns.labels
    if number == 1:
        of_chosen = misread[np.isin(every, chosen)]
        assert set(every[misread]) <= set(chosen)
        assert of_chosen.mean() == pytest.approx(0.5, abs=0.1)
    else:
        assert every[answers[0] != answers[1]].tolist() == chosen.tolist()


def test_where_nothing_passes_it_is_told() -> None:
    first = networks.trained(SETTINGS.member(0), 28, networks.begin(SETTINGS.member(0), 28, 0))
    with (
        pytest.MonkeyPatch.context() as patch,
        pytest.raises(filters.FilterError, match="no distorted pattern passes the filter"),
    ):
        patch.setattr(filters, "ROUNDS", 1)
        filters.picked([first, first], PATTERNS, TRAINED_ON, 60, SEED)


# The members.


def test_members_are_trained_one_after_the_other_and_differ(states: list[State]) -> None:
    assert boosted.passes(SETTINGS) == len(states) - 1 == 3 * PASSES
    rows = states[-1].rows
    assert [row.number for row in rows] == list(range(1, 3 * PASSES + 1))
    assert {row.seed for row in rows} == {SEED}
    counts = [TRAINING, *(len(items(states[number * PASSES + 1])) for number in (1, 2))]
    assert [row.patterns for row in rows] == [count for count in counts for _ in range(PASSES)]
    for before, after, number in zip(states, states[1:], range(3 * PASSES), strict=False):
        own = f"{number // PASSES}."
        for name, part in before.parameters.items():
            if not name.startswith(own) and name not in (ITEMS, SURE):
                assert np.array_equal(part, after.parameters[name])
    outputs = [member(states[-1], number).outputs(UNSEEN) for number in range(3)]
    assert not any(np.allclose(outputs[m], outputs[n]) for m, n in ((0, 1), (0, 2), (1, 2)))


def test_each_member_is_a_network_trained_on_its_patterns(states: list[State]) -> None:
    for number in range(3):
        training, own = PATTERNS, SETTINGS.member(number)
        if number:
            chosen = items(states[number * PASSES + 1])
            training = shown(PATTERNS, chosen, SEED, 0, Presentation(distorted=1))
        seed = SEED + number * SEEDS
        state = networks.begin(own, 28, seed)
        for _ in range(PASSES):
            state = networks.one_pass(own, seed, training, UNSEEN, state, nobody)
        for name, part in state.parameters.items():
            assert np.array_equal(part, states[-1].parameters[f"{number}.{name}"])


# What is asked, and the cost.


def test_the_printed_mean_cost_comes_out_on_the_training_patterns(states: list[State]) -> None:
    gaps = boosted.gaps(member(states[PASSES], 0).outputs(PATTERNS))
    asked = (gaps < states[-1].parameters[SURE]).mean()
    assert 1 + 2 * asked == pytest.approx(BOOSTED_COST.value, abs=2 / TRAINING)


def test_gaps_are_those_of_the_two_greatest() -> None:
    outputs = np.array([[0, 3, 1, -5], [2, 2, 0, 0]], np.float32)
    assert boosted.gaps(outputs).tolist() == [2, 0]


def test_scores_and_cost_are_those_of_each_pattern_by_itself(states: list[State]) -> None:
    state = states[-1]
    members = [member(state, number) for number in range(3)]
    sure, asked, expected = float(state.parameters[SURE][0]), 0, []
    for place in range(TEST):
        pattern = UNSEEN.subset(slice(place, place + 1))
        first, *others = (each.outputs(pattern)[0] for each in members)
        least, greatest = sorted(first)[-2:]
        if greatest - least < sure:
            asked += 2
            first = (first + others[0] + others[1]) / 3
        expected.append(first)
    found = boosted.fitted(SETTINGS, state, UNSEEN)
    assert np.allclose(found.scores, expected, rtol=1e-5)
    single = members[0].layered
    assert 0 < asked < 2 * TEST
    assert found.operations == round(connections(single) * (1 + asked / TEST))
    assert found.variables == 3 * parameters(single)
