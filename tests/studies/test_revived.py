"""C5 and F6 trained on top of lower layers that are held, and what the networks misread."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import known
import numpy as np
import pytest
import yaml
from known import normal
from numpy.typing import NDArray

from paper_lenet.base import streams
from paper_lenet.base.files import read_csv
from paper_lenet.digits.distort import shown
from paper_lenet.digits.patterns import Patterns, grey_scale
from paper_lenet.engine import Engine
from paper_lenet.network.protocol import Learned
from paper_lenet.network.recipe import Presentation, Recipe, Step
from paper_lenet.network.weights import initial_parameters
from paper_lenet.pipeline import study
from paper_lenet.studies.recovered import c5, file, ours
from paper_lenet.studies.recovered.calibrate import START, Calibrated
from paper_lenet.studies.recovered.drawing import Ends
from paper_lenet.studies.recovered.record import NETWORK
from paper_lenet.studies.revived import kept, revival, tops, train_top
from paper_lenet.studies.study import Folders, Trained
from paper_lenet.training.job import Job, State
from paper_lenet.training.jobs import one_pass
from paper_lenet.training.kind import Advance, nobody
from paper_lenet.training.passes import ASIDE
from paper_lenet.training.record import record
from paper_lenet.training.selection import Selection, selection
from paper_lenet.training.train import train

KINDS = ("1998", "held", "ours", "random", "whole")  # as they are trained
SHOWN, TESTED = 30, 20
RECIPE = Recipe(
    step=Step(eta=((1, 0.0005), (1, 0.0002)), patterns=5),
    presentation=Presentation(patterns=SHOWN, inverted=0.1),
)


def made_up(count: int) -> Patterns:
    """Patterns of grey noise."""
    uniform = streams.uniform(streams.key(0, "noise", 2**60), count * 1024)
    grey = (256 * uniform).astype(np.uint8).reshape(count, 32, 32)
    labels = (np.arange(count) % 10).astype(np.uint8)
    return Patterns(grey, labels, grey_scale(-0.1, 1.175))


PATTERNS = Selection(made_up(SHOWN), made_up(TESTED))


def upward(recipe: Recipe) -> NDArray[np.bool_]:
    """Which parameters are those of C5 and F6, end to end in layout order."""
    parameters = initial_parameters(recipe, 0)
    parts = [
        np.full(part.size, name.split(".")[0] in train_top.TRAINED)
        for name, part in parameters.items()
    ]
    return np.concatenate(parts)


class Masked(Engine):
    """The engine with steps of zero below C5."""

    def learn(
        self, patterns: Patterns, order: NDArray[np.int64], steps: NDArray[np.float32]
    ) -> Learned:
        return super().learn(patterns, order, (steps * upward(RECIPE)).astype(np.float32))


def drawn() -> c5.Pull:
    """Some nine total inputs of each unit of C5."""
    low = normal(5, 9, 120)
    return c5.Pull(normal(4, 9, 400), Ends(low, low + 0.1))


def totals(pull: c5.Pull, parameters: dict[str, NDArray[np.float32]]) -> NDArray[np.float64]:
    """The total inputs of C5 over the states of `pull`, (9, 120)."""
    weights = parameters["C5.weight"].reshape(120, 400).T.astype(np.float64)
    return pull.below @ weights + parameters["C5.bias"]


def test_upper_layers_learn_as_in_the_engine() -> None:
    """The same bits as with steps of zero below C5."""
    parameters = initial_parameters(RECIPE, 0)
    steps = np.full(len(upward(RECIPE)), 1e-3, np.float32)
    one, other = Masked(RECIPE, parameters), train_top.Held(RECIPE, parameters)
    for network in (one, other):
        learned = network.learn(made_up(40), np.arange(40), steps)
        assert learned.shown == 40
    found = other.parameters()
    assert all(np.array_equal(part, found[name]) for name, part in one.parameters().items())
    assert np.array_equal(found["C3.weight"], parameters["C3.weight"])
    assert not np.array_equal(found["C5.weight"], parameters["C5.weight"])


def trained(top: tops.Top) -> list[Advance]:
    """Every pass of a training."""
    found = [Advance(tops.begin(top), None)]
    while found[-1].ending is None:
        found.append(tops.advance(top, found[-1].state, PATTERNS, nobody))
    return found[1:]


def test_a_training_is_that_of_the_engine_with_steps_of_zero_below() -> None:
    """Over two passes with inverted pixels, to the last bit."""
    job = Job("noise", RECIPE, 3, "engine", thorough=False)
    top = tops.top(job, ours.lower(initial_parameters(RECIPE, 8)))
    state = State({**initial_parameters(RECIPE, 3), **top.below})
    for after in trained(top):
        other = one_pass(job, state, PATTERNS, partial(Masked, RECIPE), nobody)
        state = other.state
        assert after.state.parameters.keys() == state.parameters.keys()
        for name, part in state.parameters.items():
            np.testing.assert_array_equal(after.state.parameters[name], part)
            assert name not in top.below or np.array_equal(part, top.below[name])
    assert after.ending is not None
    assert other.ending is not None
    np.testing.assert_array_equal(after.ending.answers, other.ending.answers)


def test_pulled_units_lie_in_what_is_drawn() -> None:
    pull = drawn()
    moved = train_top.pulled(initial_parameters(Recipe(), 0), pull)
    total = totals(pull, moved)
    assert np.all(total > pull.total.low - 1e-4)
    assert np.all(total < pull.total.high + 1e-4)
    again = train_top.pulled(moved, pull)
    np.testing.assert_allclose(again["C5.weight"], moved["C5.weight"], atol=1e-6)


def test_c5_is_held_to_what_is_drawn_after_every_pass() -> None:
    """And the errors and answers are those of the network that was moved."""
    pull = drawn()
    job = Job("held", RECIPE, 3, "engine", thorough=False)
    for after in trained(tops.top(job, {}, pull)):
        assert np.all(totals(pull, after.state.parameters) > pull.total.low - 1e-4)
        assert np.all(totals(pull, after.state.parameters) < pull.total.high + 1e-4)
        answers = Engine(RECIPE, after.state.parameters).penalties(made_up(TESTED)).argmin(1)
        errors = np.count_nonzero(answers != made_up(TESTED).labels)
        assert after.state.rows[-1].test_errors == errors
    assert after.ending is not None
    np.testing.assert_array_equal(after.ending.answers, answers)


@pytest.mark.parametrize("changed", ["below", "pull", "seed"])
def test_digest_is_of_all_that_decides(changed: str) -> None:
    job = Job("held", RECIPE, 3, "engine", thorough=False)
    below = ours.lower(initial_parameters(RECIPE, 8))
    one = tops.digest(tops.top(job, below, drawn()), ["sum"])
    assert one == tops.digest(tops.top(job, dict(below), drawn()), ["sum"])
    other = {
        "below": tops.top(job, ours.lower(initial_parameters(RECIPE, 9)), drawn()),
        "pull": tops.top(job, below),
        "seed": tops.top(Job("held", RECIPE, 4, "engine", thorough=False), below, drawn()),
    }
    assert tops.digest(other[changed], ["sum"]) != one


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    """Patterns, two networks of ours with their record, the recovered network, and a grid."""
    folders = Folders("revived", tmp_path / "data", "x", tmp_path)
    processed = folders.data / "processed" / "x"
    processed.mkdir(parents=True)
    for name, part in (("train", PATTERNS.training), ("test", PATTERNS.test)):
        part.save(processed / f"{name}.safetensors")
    jobs = [Job("paper", RECIPE, seed, "engine", thorough=False) for seed in range(2)]
    trainings, patterns = train(jobs, processed, folders.data / "work" / "trainings")
    record({"paper": RECIPE}, trainings, patterns, folders.trained("revive"))
    ours.examine(Trained(Path(), {}, trainings, patterns, folders.trained("revive")))
    rows = known.rows()
    file.save(folders.results("recovered") / NETWORK, rows, rows, {})
    c5.write(folders.results("recovered"), Calibrated(START, known.EVEN, known.layers()))
    runs = {"1998": {}, "held": {}, "ours": {"seeds": [100, 101]}, "random": {}}
    tree = {"recipe": "small", "seeds": 2, "runs": runs}
    folders.grid().write_text(yaml.safe_dump(tree, sort_keys=False), encoding="utf-8")
    return folders


def test_every_kind_of_network_is_trained_and_counted(folders: Folders) -> None:
    """On a few patterns: four kinds from two seeds each, and ours as they were trained."""
    processed, folder = folders.data / "processed" / "x", folders.results()
    study.train(folders, {"small": RECIPE}, processed)
    folder.mkdir(parents=True)
    revival.write(folders)
    lower = folders.results("recovered") / NETWORK
    assert kept.network(folders.trained() / kept.FILE, lower)["F6.bias"].any()
    table = read_csv(folder / "revived.csv")
    assert [row["kind"] for row in table] == [kind for kind in KINDS for _ in range(2)]
    tree = json.loads((folder / "revival.json").read_text(encoding="utf-8"))
    summary = read_csv(folder / "revival.csv")
    assert [row["kind"] for row in summary] == list(revival.KINDS)
    assert set(tree) == set(revival.KINDS)
    for kind, one in tree.items():
        errors = [int(row["errors"]) for row in table if row["kind"] == kind]
        assert float(one["clean_mean"]) == pytest.approx(100 * np.mean(errors) / TESTED)
        assert float(one["clean_least"]) == pytest.approx(100 * min(errors) / TESTED)


def test_networks_stand_on_the_lower_layers_of_their_kind(folders: Folders) -> None:
    processed = folders.data / "processed" / "x"
    grid = [
        Job(name, RECIPE, seed, "engine", thorough=False)
        for name, first in (("1998", 0), ("held", 0), ("ours", 100), ("random", 0))
        for seed in range(first, first + 2)
    ]
    store = folders.data / "work" / "trainings"
    made, patterns = train(tops.tops(grid, folders), processed, store, kind=tops.TOPS)
    theirs, _ = file.load(folders.results("recovered") / NETWORK)
    mine = {one.seed: one.parameters for one in ours.read(folders.trained("revive"))}
    noisy = shown(patterns.test, np.arange(TESTED), 0, 2 * ASIDE, RECIPE.presentation)
    folder = folders.trained()
    record(dict.fromkeys(("1998", "held", "ours", "random"), RECIPE), made, patterns, folder)
    ours.noisy.examine(Trained(Path(), {}, made, selection(processed), folder))
    counts = ours.noisy.errors(folder)
    for one in made:
        below = {
            "1998": theirs,
            "held": theirs,
            "ours": mine.get(one.job.seed - 100, {}),
            "random": ours.lower(initial_parameters(RECIPE, one.job.seed)),
        }[one.job.name]
        assert below
        for name, part in below.items():
            np.testing.assert_array_equal(one.state.parameters[name], part)
        answers = Engine(RECIPE, one.state.parameters).penalties(noisy).argmin(1)
        wrong = int(np.count_nonzero(answers != noisy.labels))
        assert counts[one.job.name, one.job.seed] == wrong


def test_one_network_is_kept_whole(folders: Folders, tmp_path: Path) -> None:
    lower = folders.results("recovered") / NETWORK
    below, _ = file.load(lower)
    whole = {**initial_parameters(RECIPE, 3), **below}
    kept.write(tmp_path / kept.FILE, whole)
    found = kept.network(tmp_path / kept.FILE, lower)
    assert list(found) == list(whole)
    assert all(np.array_equal(found[name], whole[name]) for name in whole)
    kept.write(tmp_path / kept.FILE, initial_parameters(RECIPE, 3))
    with pytest.raises(file.FileError, match="trained on other lower layers"):
        kept.network(tmp_path / kept.FILE, lower)


def test_networks_of_ours_are_read_as_they_were_trained(folders: Folders) -> None:
    """Nothing of a network without them is read: the error names the file."""
    found = ours.read(folders.trained("revive"))
    assert [one.seed for one in found] == [0, 1]
    assert all(one.recipe == RECIPE for one in found)
    assert {name.split(".")[0] for name in found[0].parameters} == set(ours.LOWER)
    (folders.trained("revive") / ours.FILE).unlink()
    with pytest.raises(file.FileError, match=ours.FILE):
        ours.read(folders.trained("revive"))


def test_what_c5_is_held_to_is_kept_to_the_last_bit(tmp_path: Path) -> None:
    calibrated = Calibrated(START, known.EVEN, known.layers())
    c5.write(tmp_path, calibrated)
    wanted, found = c5.drawn(calibrated), c5.read(tmp_path)
    np.testing.assert_array_equal(found.below, wanted.below)
    for one, other in zip(found.total, wanted.total, strict=True):
        np.testing.assert_array_equal(one, other)
    first = (tmp_path / c5.FILE).read_bytes()
    c5.write(tmp_path, calibrated)
    assert (tmp_path / c5.FILE).read_bytes() == first
