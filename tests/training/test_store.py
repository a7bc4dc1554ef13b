"""The store: nothing is trained twice, nothing is lost, no two train the same."""

from __future__ import annotations

import hashlib
import json
import pickle
import re
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from fake_training import Fake, digits, fake_execution, small_recipe

from paper_lenet.base.files import file_digest
from paper_lenet.digits.patterns import PatternsError
from paper_lenet.network import weights
from paper_lenet.network.recipe import Recipe
from paper_lenet.training import execution, runner
from paper_lenet.training import jobs as jobs_of
from paper_lenet.training import train as stage
from paper_lenet.training.checkpoint import CheckpointError
from paper_lenet.training.job import Data, Job, select
from paper_lenet.training.jobs import JOBS
from paper_lenet.training.kind import Finished, nobody
from paper_lenet.training.selection import FILES, Selection
from paper_lenet.training.store import Store

TRAINING, TEST = digits(60, 1), digits(20, 2)


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with patterns; trainings are those of `Fake`."""
    monkeypatch.setattr(execution, "execution", fake_execution)
    monkeypatch.setattr(jobs_of, "behaviour", lambda recipe, trainer: "of the fake")
    for name, value in (("calls", []), ("not_finite", -1), ("guessing", False)):
        monkeypatch.setattr(Fake, name, value)
    TRAINING.save(tmp_path / "train.safetensors")
    TEST.save(tmp_path / "test.safetensors")
    return tmp_path


def jobs(seeds: int = 3, recipe: Recipe | None = None, name: str = "a") -> list[Job]:
    return [Job(name, recipe or small_recipe(), s, "engine", thorough=False) for s in range(seeds)]


def train(place: Path, wanted: list[Job], folder: str = "store") -> list[Finished]:
    return stage.train(wanted, place, place / folder)[0]


def sums(place: Path) -> list[str]:
    return [file_digest(place / name) for name in FILES]


def digests(trainings: list[Finished]) -> list[str]:
    return [weights.digest(one.state.parameters) for one in trainings]


def learned() -> int:
    return sum(name == "learn" for name, _ in Fake.calls)


def test_finished_jobs_are_read_and_not_trained(place: Path) -> None:
    first = train(place, jobs())
    Fake.calls.clear()
    second = train(place, jobs())
    assert not Fake.calls
    assert digests(first) == digests(second)
    for one, other in zip(first, second, strict=True):
        assert (one.job, one.ending.outcome) == (other.job, other.ending.outcome)
        assert one.ending.message == other.ending.message
        assert one.state.rows == other.state.rows
        assert np.array_equal(one.ending.answers, other.ending.answers)
        assert one.ending.answers.dtype == np.uint8


def test_more_seeds_train_the_new_ones_alone(place: Path) -> None:
    train(place, jobs(2))
    Fake.calls.clear()
    assert [one.job.seed for one in train(place, jobs(5))] == [0, 1, 2, 3, 4]
    assert learned() == 3 * small_recipe().step.passes


def test_equal_jobs_of_two_runs_are_trained_once(place: Path) -> None:
    trainings = train(place, jobs(2, name="a") + jobs(2, name="b"))
    assert [one.job.name for one in trainings] == ["a", "a", "b", "b"]
    assert digests(trainings[:2]) == digests(trainings[2:])
    assert learned() == 2 * small_recipe().step.passes


def test_answers_are_those_whose_errors_the_last_pass_counts(place: Path) -> None:
    for one in train(place, jobs()):
        errors = np.count_nonzero(one.ending.answers != TEST.labels)
        assert errors == one.state.rows[-1].test_errors > 0


def test_other_recipe_data_or_judging_is_another_job() -> None:
    job = jobs()[0]
    others = [
        (replace(job, recipe=small_recipe(passes=4)), ["s"]),
        (replace(job, seed=1), ["s"]),
        (replace(job, thorough=True), ["s"]),
        (job, ["t"]),
    ]
    found = [jobs_of.digest(*each) for each in ((job, ["s"]), *others)]
    assert len(set(found)) == len(found)
    assert jobs_of.digest(replace(job, name="other"), ["s"]) == found[0]


def test_a_divergence_is_kept_with_the_passes_before_it(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted, learn, calls = jobs(1), Fake.learn, 0

    def failing(*arguments: object) -> object:
        nonlocal calls
        calls += 1
        Fake.not_finite = 0 if calls == 2 else -1
        return learn(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(Fake, "learn", failing)
    (one,) = train(place, wanted)
    assert one.ending.outcome == "diverged" and len(one.state.rows) == 1
    assert not one.trained and not len(one.ending.answers)
    assert re.match(r"diverges in pass 2 at place \d+ of 40, training pattern", one.ending.message)
    Fake.calls.clear()
    (again,) = train(place, wanted)
    assert not Fake.calls
    assert again.job == one.job and again.ending.outcome == one.ending.outcome
    assert again.ending.message == one.ending.message
    assert again.state.rows == one.state.rows and digests([again]) == digests([one])


def test_a_divergence_in_the_first_pass_is_kept_too(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Fake, "not_finite", 0)
    (one,) = train(place, jobs(1))
    (again,) = train(place, jobs(1))
    assert not one.trained and not again.trained and not again.state.rows


class Halted(Exception):  # noqa: N818 - not an error
    """Ends a training from outside."""


def test_an_unfinished_job_goes_on_from_its_last_pass(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = digests(train(place, jobs(1), "whole"))
    (job,), learn, calls = jobs(1), Fake.learn, 0

    def halting(*arguments: object) -> object:
        nonlocal calls
        calls += 1
        if calls == 3:
            raise Halted
        return learn(*arguments)  # type: ignore[arg-type]

    with monkeypatch.context() as patch, pytest.raises(Halted):
        patch.setattr(Fake, "learn", halting)
        train(place, [job])
    found = Store(place / "store", JOBS, sums(place))
    digest = found.digest(job)
    assert found.load(job, digest) is None
    assert len(found.state(job, digest).rows) == 2
    Fake.calls.clear()
    assert digests(train(place, [job])) == expected and learned() == 1


def test_a_job_that_another_holds_is_left_and_read_later(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    expected = digests(train(place, jobs(), "whole"))
    monkeypatch.setattr(runner, "SECONDS", 0.01)
    wanted = jobs()
    theirs = Store(place / "store", JOBS, sums(place))
    digest = theirs.digest(wanted[1])
    held, release = threading.Event(), threading.Event()

    def other() -> None:
        with theirs.hold(wanted[1], digest):
            held.set()
            assert release.wait(600)
            state, ending = JOBS.begin(wanted[1]), None
            while ending is None:
                advance = JOBS.advance(wanted[1], state, Selection(TRAINING, TEST), nobody)
                theirs.save(digest, advance)
                state, ending = advance

    thread = threading.Thread(target=other)
    thread.start()
    assert held.wait(600)
    # It is let go once the others are done and the wait for it has been told.
    told = runner.Progress.waiting

    def waiting(self: runner.Progress, count: int) -> None:
        told(self, count)
        release.set()

    monkeypatch.setattr(runner.Progress, "waiting", waiting)
    trainings = train(place, wanted)
    thread.join()
    assert digests(trainings) == expected
    assert "waiting for 1 training of other processes" in capsys.readouterr().err


def test_ctrl_c_says_what_is_kept(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    train(place, jobs(1))

    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(runner, "wait", interrupted)
        with pytest.raises(KeyboardInterrupt, match=r"\d of 3 trainings are finished and kept"):
            train(place, jobs(3))
    assert digests(train(place, jobs(3))) == digests(train(place, jobs(3), "whole"))


def test_a_mistake_in_a_training_is_not_swallowed(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(self: Fake, patterns: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(Fake, "penalties", broken)
    with pytest.raises(ZeroDivisionError):
        train(place, jobs(3))


def other_digit(found: re.Match[str]) -> str:
    return f"{found[1]}{(int(found[2]) + 1) % 10}"


@pytest.mark.parametrize(
    "spoil",
    [
        lambda path: path.write_text("{"),
        lambda path: path.write_text("{}"),
        lambda path: path.write_text('{"outcome": "trained", "message": "", "answers": "x"}'),
        lambda path: path.write_text(path.read_text().replace("trained", "diverged")),
        lambda path: path.write_text(re.sub('("answers": ")(.)', other_digit, path.read_text())),
    ],
)
def test_a_spoilt_outcome_is_named(place: Path, spoil: Callable[[Path], None]) -> None:
    train(place, jobs(1))
    (path,) = (place / "store").glob("*/outcome.json")
    spoil(path)
    with pytest.raises(CheckpointError, match=rf"{path.parent.name}/outcome\.json: not a readable"):
        train(place, jobs(1))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"outcome": "finished"}, "not a readable outcome"),
        ({"answers": "12x"}, "not a readable outcome"),
        ({"answers": "1"}, "not the outcome of the passes beside it"),
    ],
)
def test_an_outcome_that_cannot_be_is_named_whatever_its_sum(
    place: Path, change: dict[str, str], told: str
) -> None:
    train(place, jobs(1))
    (path,) = (place / "store").glob("*/outcome.json")
    tree = {**json.loads(path.read_text()), **change}
    del tree["sha256"]
    sum_ = hashlib.sha256(json.dumps(tree, sort_keys=True).encode()).hexdigest()
    path.write_text(json.dumps({**tree, "sha256": sum_}))
    with pytest.raises(CheckpointError, match=rf"outcome\.json: {told}"):
        train(place, jobs(1))


def test_missing_patterns_are_told_with_the_stage_that_makes_them(place: Path) -> None:
    (place / "test.safetensors").unlink()
    with pytest.raises(PatternsError, match=r"test\.safetensors: no patterns .* stage preprocess"):
        train(place, jobs(1))


def test_recipes_that_show_the_same_patterns_share_them() -> None:
    selection = Selection(TRAINING, TEST)
    recipe = small_recipe()
    other = replace(recipe, loss=replace(recipe.loss, j=1.0), step=replace(recipe.step, mu=0.1))
    assert selection(recipe) is selection(other)
    assert selection(recipe) is not selection(small_recipe(patterns=30))


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"patterns": 30},
        {"patterns": 30, "held_out": 10},
        {"patterns": 60, "scale": (0.0, 1.0)},
        {"patterns": 60, "order": "file"},
    ],
)
@pytest.mark.parametrize("side", [28, 32])
def test_selection_is_that_of_the_job(change: dict[str, object], side: int) -> None:
    recipe = small_recipe()
    recipe = replace(
        recipe,
        network=replace(recipe.network, input=side, c3="full"),
        presentation=replace(recipe.presentation, **change),  # type: ignore[arg-type]
    )
    expected = select(recipe, TRAINING, TEST)
    for selection in (Selection(TRAINING, TEST), sent(Selection(TRAINING, TEST))):
        assert same(selection(recipe), expected)


def sent(selection: Selection) -> Selection:
    """As another process receives it: arrays lie in buffers that cannot be written to."""
    buffers: list[pickle.PickleBuffer] = []
    text = pickle.dumps(selection, protocol=5, buffer_callback=buffers.append)
    received: Selection = pickle.loads(text, buffers=[bytes(part.raw()) for part in buffers])
    return received


def same(one: Data, other: Data) -> bool:
    return np.array_equal(one.chosen, other.chosen) and all(
        np.array_equal(getattr(a, name), getattr(b, name))
        for a, b in ((one.training, other.training), (one.test, other.test))
        for name in ("grey", "labels", "levels")
    )


def test_patterns_that_were_sent_can_be_written() -> None:
    data = sent(Selection(TRAINING, TEST))(small_recipe(patterns=60))
    assert data.training.grey.flags.writeable and data.test.grey.flags.writeable
