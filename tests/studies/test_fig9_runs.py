"""Trainings of Fig. 9: kept and gone on with to the bit, named by what decides them."""

from __future__ import annotations

import dataclasses
import pickle
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import fig9_small
import numpy as np
import pytest
from fig9_small import TRAINING, digits

from paper_lenet.network.weights import Parameters
from paper_lenet.studies.fig9 import behaviour, filters, networks, runs, spec
from paper_lenet.studies.fig9.run import Run, State
from paper_lenet.studies.fig9.runs import pack, unpack
from paper_lenet.studies.fig9.sets import Sent, judged
from paper_lenet.training import checkpoint
from paper_lenet.training.checkpoint import CheckpointError
from paper_lenet.training.kind import DIVERGED, Advance, nobody
from paper_lenet.training.pool import Threads
from paper_lenet.training.runner import DivergedError, trained
from paper_lenet.training.store import Store

SOURCE = Sent(digits(TRAINING), fig9_small.unseen())
SUMS = ["of made-up digits"]
NAMES = ("squares", "lenet", "boosted", "above")


@pytest.fixture(scope="module")
def fig9(tmp_path_factory: pytest.TempPathFactory) -> spec.Fig9:
    return fig9_small.write_grid(tmp_path_factory.mktemp("grid") / "fig9.yaml")


@pytest.fixture(scope="module", autouse=True)
def quick() -> Iterator[None]:
    """What the code does is not looked at by a brief training, and few copies are at a time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(behaviour, "behaviour", lambda classifier, settings: [0.5])
        patch.setattr(filters, "AT_ONCE", 100)
        yield


def store(folder: Path) -> Store:
    return Store(folder, runs.kind(folder, SUMS), SUMS)


@pytest.fixture(scope="module")
def whole(fig9: spec.Fig9, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], list[Any]]:
    """By name, what comes of a training pass by pass; the network below is in the store."""
    folder = tmp_path_factory.mktemp("whole")

    @cache
    def passes(name: str) -> list[Advance]:
        run, kept = fig9_small.run(fig9, name), store(folder)
        if run.below:
            for advance in passes(run.below.name):
                kept.save(kept.digest(run.below), advance)
        result, state = [], kept.kind.begin(run)
        for _ in range(runs.passes(run)):
            result.append(runs.advance(run, state, SOURCE, nobody))
            state = result[-1].state
        return result

    return passes


def bits(state: State) -> bytes:
    """All but the seconds."""
    kept = pack(state)
    parts = [
        f"{name} {part.dtype}".encode() + part.tobytes() for name, part in kept.tensors.items()
    ]
    return b"".join([*parts, repr(state.rows).encode()])


@pytest.mark.parametrize("name", NAMES)
def test_a_training_that_stops_after_any_pass_goes_on_with_the_same_bits(
    name: str, fig9: spec.Fig9, whole: Callable[[str], list[Advance]], tmp_path: Path
) -> None:
    run, expected = fig9_small.run(fig9, name), whole(name)
    for count in range(len(expected) + 1):
        kept = store(tmp_path / str(count))
        if run.below:
            for advance in whole(run.below.name):
                kept.save(kept.digest(run.below), advance)
        for advance in expected[:count]:
            kept.save(kept.digest(run), advance)
        (found,) = trained([run], kept, Threads(SOURCE, 1))
        last = expected[-1]
        assert last.ending is not None
        assert bits(found.state) == bits(last.state)
        assert found.ending.answers.tobytes() == last.ending.answers.tobytes()


@pytest.mark.parametrize("name", NAMES)
def test_a_state_comes_back_as_it_was_packed(
    name: str, fig9: spec.Fig9, whole: Callable[[str], list[Advance]], tmp_path: Path
) -> None:
    run = fig9_small.run(fig9, name)
    for number, advance in enumerate(whole(name), 1):
        checkpoint.save(tmp_path, pack(advance.state))
        kept = checkpoint.load(tmp_path)
        assert kept is not None
        found = unpack(run, kept)
        assert bits(found) == bits(advance.state)
        assert found.seconds == advance.state.seconds > 0
        assert (found.fitted is None) == (number < runs.passes(run))
        assert list(found.passed.parameters) == list(advance.state.passed.parameters)


@pytest.mark.parametrize("name", NAMES)
def test_the_last_row_has_the_errors_of_the_scores(
    name: str, whole: Callable[[str], list[Advance]]
) -> None:
    state, ending = whole(name)[-1]
    truth = SOURCE.digits[1].labels
    assert ending is not None and state.fitted is not None
    assert np.array_equal(ending.answers, state.fitted.scores.argmax(axis=1))
    assert state.rows[-1].test_patterns == len(truth)
    if name != "boosted":  # whose last pass is the third member's
        assert state.rows[-1].test_errors == np.count_nonzero(ending.answers != truth)


def test_states_of_the_network_below_stand_for_pixels(
    fig9: spec.Fig9, whole: Callable[[str], list[Advance]]
) -> None:
    run, (network, *_) = fig9_small.run(fig9, "above"), whole("lenet")[::-1]
    assert run.below is not None
    data = judged(*SOURCE.digits, "regular", apart=False)
    sets = runs.hidden(run.below, network.state.passed, data)
    trained = networks.trained(run.below.settings, 28, network.state.passed)
    for found, patterns in zip((sets.training, sets.test), data.patterns, strict=True):
        assert np.array_equal(found, trained.hidden(patterns)[:, None])
    alone = run.kind.trains.fit(run.settings, sets, run.seed)
    above = whole("above")[-1].state.fitted
    assert np.array_equal(above.scores, alone.scores)
    below = networks.cost_below_outputs(run.below.settings)
    assert (above.operations - alone.operations, above.variables - alone.variables) == below


@pytest.mark.parametrize("name", NAMES)
def test_a_pass_can_be_sent_to_another_process(
    name: str, fig9: spec.Fig9, whole: Callable[[str], list[Advance]], tmp_path: Path
) -> None:
    run, expected = fig9_small.run(fig9, name), whole(name)[0]
    state = State(whole("lenet")[-1].state.passed._replace(rows=(), seconds=()))
    if run.below is None:
        state = runs.begin_alone(run)
    sent = pickle.dumps((store(tmp_path).kind.advance, run, state, SOURCE, nobody))
    advance, *given = pickle.loads(sent)
    assert bits(pickle.loads(pickle.dumps(advance(*given))).state) == bits(expected.state)


@pytest.mark.parametrize("name", ["lenet", "boosted"])
def test_a_network_that_diverges_is_kept_as_that_and_told_in_one_line(
    name: str, fig9: spec.Fig9, tmp_path: Path
) -> None:
    run = fig9_small.run(fig9, name)
    large = dataclasses.replace(run.settings, eta=((1, 0.0005), (1, 1e30)))
    run, kept = run._replace(settings=large), store(tmp_path)
    said = rf"^{name}, seed 0 diverges in pass 2 at place .* Finished passes are kept"
    for _ in range(2):  # the second time it is not trained
        with pytest.raises(DivergedError, match=said) as error:
            trained([run], kept, Threads(SOURCE, 1), all_needed=True)
        assert "\n" not in str(error.value)
    found = kept.load(run, kept.digest(run))
    assert found is not None and not found.trained
    assert len(found.state.rows) == 1 and not len(found.ending.answers)
    assert pickle.loads(pickle.dumps(Advance(found.state, found.ending))).ending.outcome == DIVERGED


# What a digest hangs on.


def changed(fig9: spec.Fig9, name: str, **parts: Any) -> Run:
    """A training of a classifier whose entry has other parts."""
    run = fig9_small.run(fig9, name)
    entry = dataclasses.replace(run.classifier.entry, **parts)
    return run._replace(classifier=dataclasses.replace(run.classifier, entry=entry))


def test_a_digest_hangs_on_what_decides_the_result_alone(
    fig9: spec.Fig9, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, above = fig9_small.run(fig9, "squares"), fig9_small.run(fig9, "above")
    first, below = runs.digest(run, SUMS), above.below
    assert below is not None
    for same in (
        changed(fig9, "squares", bar="Pairwise"),
        changed(fig9, "squares", seeds=9),
        run._replace(name="other"),
    ):
        assert runs.digest(same, SUMS) == first
    mu = dataclasses.replace(below.settings, mu=0.1)
    others = [
        runs.digest(run._replace(settings=dataclasses.replace(run.settings, decay=1.0)), SUMS),
        runs.digest(run._replace(seed=1), SUMS),
        runs.digest(run._replace(apart=True), SUMS),
        runs.digest(changed(fig9, "squares", form="regular"), SUMS),
        runs.digest(changed(fig9, "squares", kind="neighbours"), SUMS),
        runs.digest(run, ["of others"]),
        runs.digest(above, SUMS),
        runs.digest(above._replace(below=None), SUMS),
        runs.digest(above._replace(below=below._replace(settings=mu)), SUMS),
    ]
    monkeypatch.setattr(behaviour, "behaviour", lambda classifier, settings: [0.5 + 2**-50])
    others.append(runs.digest(run, SUMS))
    assert len({first, *others}) == 1 + len(others)


def test_a_training_is_named_by_its_seed_and_a_candidate_by_its_settings(fig9: spec.Fig9) -> None:
    run = fig9_small.run(fig9, "squares", 3)
    assert str(run) == "squares, seed 3"
    told = "squares, seed 3, Settings(decay=0.1) on patterns kept apart"
    assert str(run._replace(apart=True)) == told
    assert hash(run) == hash(fig9_small.run(fig9, "squares", 3))


# What is damaged.


@pytest.mark.parametrize("name", ["squares", "boosted"])
def test_a_damaged_checkpoint_is_refused(
    name: str, fig9: spec.Fig9, whole: Callable[[str], list[Advance]], tmp_path: Path
) -> None:
    run, kept = fig9_small.run(fig9, name), store(tmp_path)
    kept.save("digest", whole(name)[0])
    path = tmp_path / "digest" / checkpoint.STATE
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(bytes(content))
    with pytest.raises(CheckpointError, match=r"state\.safetensors: not a readable checkpoint"):
        kept.state(run, "digest")


def without_scores(state: State) -> State:
    return state._replace(fitted=None)


def twice(state: State) -> State:
    passed = state.passed
    rows, seconds = passed.rows * 2, passed.seconds * 2
    return state._replace(passed=passed._replace(rows=rows, seconds=seconds))


def without_seconds(state: State) -> State:
    return state._replace(passed=state.passed._replace(seconds=()))


@pytest.mark.parametrize("name", ["squares", "lenet"])
@pytest.mark.parametrize(
    ("spoil", "told"),
    [(without_scores, "scores"), (twice, "its passes"), (without_seconds, "its passes")],
)
def test_a_whole_file_of_another_training_is_refused(
    name: str,
    spoil: Callable[[State], State],
    told: str,
    fig9: spec.Fig9,
    whole: Callable[[str], list[Advance]],
    tmp_path: Path,
) -> None:
    kept = store(tmp_path)
    kept.save("digest", Advance(spoil(whole(name)[-1].state), None))
    with pytest.raises(CheckpointError, match=rf"not a readable checkpoint \(.*{told}"):
        kept.state(fig9_small.run(fig9, name), "digest")


def test_names_of_what_is_kept_are_no_parameters(whole: Callable[[str], list[Advance]]) -> None:
    for name in NAMES:
        parameters: Parameters = whole(name)[-1].state.passed.parameters
        assert not {runs.COST, runs.SCORES, runs.CURVATURE} & parameters.keys()
