"""The networks of Fig. 9 in training: they learn, go on with the same bits, and refuse the rest."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from paper_lenet.base.errors import RecipeError
from paper_lenet.digits.patterns import Patterns
from paper_lenet.network.layered_weights import initial
from paper_lenet.studies.fig9 import networks
from paper_lenet.studies.fig9.networks import Settings, begin, one_pass
from paper_lenet.training.job import State
from paper_lenet.training.kind import nobody
from paper_lenet.training.passes import Divergence

SHORT = ((4, 0.0005),)
FULL = Settings("full", (30, 12), eta=SHORT, patterns=50)
KINDS = {
    "full": FULL,
    "distorted": dataclasses.replace(FULL, copies=2),
    "lenet_1": Settings("lenet_1", eta=SHORT, patterns=50),
    "lenet_4": Settings("lenet_4", eta=SHORT, patterns=50),
}


@pytest.fixture(scope="module")
def patterns(mnist: tuple[Patterns, Patterns]) -> Patterns:
    return mnist[0].subset(slice(600)).cropped(28)


def after(settings: Settings, patterns: Patterns, state: State, count: int, seed: int = 1) -> State:
    training, test = patterns.subset(slice(300)), patterns.subset(slice(300, 600))
    for _ in range(count):
        state = one_pass(settings, seed, training, test, state, nobody)
    return state


@pytest.mark.parametrize("settings", KINDS.values(), ids=KINDS)
def test_it_learns_and_then_stays(settings, patterns):
    state = after(settings, patterns, begin(settings, 28, 1), 4)
    losses = [row.loss for row in state.rows]
    assert [row.number for row in state.rows] == [1, 2, 3, 4]
    assert losses[-1] < losses[0]
    assert state.rows[-1].test_errors < 150
    assert after(settings, patterns, state, 1) is state


@pytest.mark.parametrize("settings", KINDS.values(), ids=KINDS)
def test_the_rows_errors_are_those_of_the_scores(settings, patterns):
    state = after(settings, patterns, begin(settings, 28, 1), 1)
    test = patterns.subset(slice(300, 600))
    scores = networks.fitted(settings, state, test).scores
    assert np.count_nonzero(scores.argmax(1) != test.labels) == state.rows[-1].test_errors


@pytest.mark.parametrize("settings", KINDS.values(), ids=KINDS)
def test_a_training_of_the_same_seed_is_the_same(settings, patterns):
    """Each pass makes its network anew, so a training that goes on is one that never stopped."""
    first, again, other = (
        after(settings, patterns, begin(settings, 28, seed), 2, seed) for seed in (1, 1, 2)
    )
    assert all(map(np.array_equal, first.parameters.values(), again.parameters.values()))
    assert not any(
        np.array_equal(part, other.parameters[name]) for name, part in first.parameters.items()
    )


def test_copies_change_what_is_shown(patterns):
    plain, distorted = (
        after(KINDS[name], patterns, begin(KINDS[name], 28, 1), 1) for name in ("full", "distorted")
    )
    assert plain.rows[0].patterns == distorted.rows[0].patterns == 300
    assert plain.rows[0].loss != distorted.rows[0].loss


def test_the_beginning_is_the_networks():
    state = begin(FULL, 20, 3)
    expected = initial(networks.network(FULL, 20), FULL.start, 3)
    assert all(map(np.array_equal, state.parameters.values(), expected.values()))
    assert state.rows == ()


def test_the_schedule_is_lenet_5s_by_default():
    settings = Settings("full", (300,))
    assert settings.step == networks.Step()


def test_a_form_becomes_grey_levels():
    images = np.linspace(0, 1, 2 * 16 * 16, dtype=np.float32).reshape(2, 16, 16)
    patterns = networks.as_patterns(images, np.array([3, 4], np.uint8))
    assert np.abs(patterns.grey / 255 - images).max() <= 0.5 / 255 + 1e-7
    assert patterns.levels[[0, 255]].tolist() == pytest.approx([-0.1, 1.175])


def test_hidden_states_are_those_below_the_outputs(patterns):
    settings = KINDS["lenet_4"]
    network = networks.trained(settings, 28, begin(settings, 28, 0))
    assert network.hidden(patterns.subset(slice(5))).shape == (5, 120)


def test_too_large_a_step_diverges(patterns):
    settings = dataclasses.replace(FULL, eta=((1, 1e30),))
    with pytest.raises(Divergence, match="28x28-30-12-10, seed 1 diverges in pass 1"):
        after(settings, patterns, begin(settings, 28, 1), 1)


@pytest.mark.parametrize(
    ("values", "side", "place"),
    [
        ({"network": "lenet_1"}, 20, "20 is not the side 28"),
        ({"network": "full", "copies": 9}, 20, "copies: "),
        ({"network": "lenet_1", "hidden": (3,)}, 28, "hidden: "),
        ({"network": "full", "hidden": (0,)}, 28, r"hidden\[0\]: "),
        ({"network": "lenet_5"}, 28, "network: "),
        ({"network": "full", "eta": ()}, 28, "eta: "),
    ],
)
def test_what_cannot_be_is_refused(values, side, place):
    with pytest.raises(RecipeError, match=f"^{place}"):
        begin(Settings(**values), side, 0)
