"""The stage: its files, its threads, and what is kept when it does not come to its end."""

from __future__ import annotations

import csv
import json
import os
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fake_training import Fake, digits, fake_execution, small_recipe

from paper_lenet.network import weights
from paper_lenet.network.recipe import Data, Params, Recipe, Scale, Train
from paper_lenet.pipeline import train
from paper_lenet.training import passes
from paper_lenet.training.passes import Divergence

HEADER = (
    "seed,pass,eta,loss,errors_on_the_fly,patterns,errors_after_pass,test_errors,test_patterns,"
    "smallest_step,largest_step"
)


class Stage:
    """The stage in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.models, self.results = folder / "models", folder / "results"
        self.timings = folder / "timings/train.json"
        (folder / "processed").mkdir()
        digits(60, 1).save(folder / "processed/train.safetensors")
        digits(20, 2).save(folder / "processed/test.safetensors")

    def run(self, seeds: int = 3, recipe: Recipe | None = None) -> None:
        recipes = {"small": recipe or small_recipe()}
        params = Params(Data("none", (), {}), Scale(), Train("small", seeds), recipes)
        work = self.folder / "work"
        train.train(
            params, self.folder / "processed", self.models, self.results, work, self.timings
        )

    def outputs(self) -> dict[str, bytes]:
        paths = sorted([*self.models.iterdir(), *self.results.iterdir()])
        return {path.name: path.read_bytes() for path in paths}

    def kept(self) -> int:
        """How many jobs have a checkpoint."""
        return len(list(self.folder.glob("work/checkpoints/*/state.safetensors")))


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stage:
    monkeypatch.setattr(passes, "execution", fake_execution)
    for name, value in (("calls", []), ("not_finite", -1), ("guessing", False)):
        monkeypatch.setattr(Fake, name, value)
    return Stage(tmp_path)


def test_files_are_those_of_the_contract(stage: Stage) -> None:
    stage.run()
    names = [f"seed-{seed:02d}.safetensors" for seed in range(3)]
    assert sorted(stage.outputs()) == sorted([*names, "passes.csv", "weights.json"])
    text = (stage.results / "passes.csv").read_text()
    rows = list(csv.DictReader(text.splitlines()))
    assert text.splitlines()[0] == HEADER and text.endswith("\n")
    assert [(row["seed"], row["pass"]) for row in rows] == [
        (str(seed), str(number)) for seed in range(3) for number in (1, 2, 3)
    ]
    assert {row["patterns"] for row in rows} == {"40"} and rows[0]["eta"] == "0.0005"
    # Nine digits bring a float32 back whole.
    step = rows[0]["largest_step"]
    assert f"{float(np.float32(step)):.9g}" == step
    digests = json.loads((stage.results / "weights.json").read_text())
    for seed, name in enumerate(names):
        trained = weights.load(stage.models / name)
        assert trained.seed == seed and trained.recipe == small_recipe()
        assert digests[str(seed)] == weights.digest(trained.parameters)
    assert len(set(digests.values())) == 3


def test_seconds_and_environment_stand_apart_from_the_results(stage: Stage) -> None:
    stage.run(seeds=2)
    timings = json.loads(stage.timings.read_text())
    assert [len(timings["seconds_per_pass"][seed]) for seed in "01"] == [3, 3]
    assert all(part >= 0 for part in timings["seconds_per_pass"]["0"])
    assert {"processor", "cores", "python", "numpy"} <= set(timings["environment"])


@pytest.mark.parametrize("count", [1, 2, 5])
def test_number_of_threads_changes_no_byte(
    stage: Stage, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(train, "threads", lambda _: 3)
    stage.run()
    expected = stage.outputs()
    monkeypatch.setattr(train, "threads", lambda _: count)
    stage.run()
    assert stage.outputs() == expected


def test_another_seeds_stale_weights_are_removed_and_nothing_is_left_over(stage: Stage) -> None:
    stage.run(seeds=3)
    note = stage.models / "README"
    note.write_text("not ours")
    stage.run(seeds=1)
    assert sorted(path.name for path in stage.models.iterdir()) == ["README", "seed-00.safetensors"]
    assert list(stage.folder.glob("work/checkpoints/*/*")) == []
    assert list(stage.folder.rglob("*.partial")) == []


def interrupt_at(call: int, monkeypatch: pytest.MonkeyPatch, action: Any) -> None:
    """Let the learning number `call`, counted from 1 over all threads, do `action` first."""
    count, learn = [0], Fake.learn

    def interrupted(self: Fake, *arguments: Any) -> Any:
        count[0] += 1
        if count[0] == call:
            action()
        return learn(self, *arguments)

    monkeypatch.setattr(Fake, "learn", interrupted)


def test_ctrl_c_ends_all_threads_keeps_finished_passes_and_goes_on_to_the_same_bytes(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(train, "threads", lambda _: 1)
    stage.run()
    expected = stage.outputs()
    for path in [*stage.models.iterdir(), *stage.results.iterdir()]:
        path.unlink()

    def ctrl_c() -> None:
        os.kill(os.getpid(), 2)
        threading.Event().wait(0.3)

    with monkeypatch.context() as patch:
        interrupt_at(6, patch, ctrl_c)
        kept = r"finished passes are kept \(seed 0 3 of 3, seed 1 2 of 3\)"
        with pytest.raises(KeyboardInterrupt, match=kept):
            stage.run()
    assert [thread.name for thread in threading.enumerate() if "ThreadPool" in thread.name] == []
    assert stage.kept() == 2 and stage.outputs() == {}
    Fake.calls.clear()
    stage.run()
    assert sum(name == "learn" for name, _ in Fake.calls) == 4
    assert stage.outputs() == expected and stage.kept() == 0


def test_divergence_of_one_seed_stops_the_stage_and_keeps_old_results_and_finished_passes(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(train, "threads", lambda _: 1)
    stage.run()
    before = stage.outputs()
    recipe = small_recipe(passes=4)
    with monkeypatch.context() as patch:
        interrupt_at(7, patch, lambda: setattr(Fake, "not_finite", 0))
        with pytest.raises(Divergence, match="recipe small, seed 1 diverges in pass 3"):
            stage.run(recipe=recipe)
    assert stage.outputs() == before and stage.kept() == 2
    monkeypatch.setattr(Fake, "not_finite", -1)
    stage.run(recipe=recipe)
    assert stage.kept() == 0


def test_checkpoints_stay_when_the_parent_is_gone_and_the_next_run_trains_nothing(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    parents = iter([1000, 1])
    with monkeypatch.context() as patch:
        patch.setattr(os, "getppid", lambda: next(parents))
        stage.run()
    assert "the next run finds the work done" in capsys.readouterr().err
    expected = stage.outputs()
    assert stage.kept() == 3
    Fake.calls.clear()
    stage.run()
    assert Fake.calls == [] and stage.outputs() == expected and stage.kept() == 0


def test_another_recipe_takes_up_no_checkpoint(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        interrupt_at(3, patch, lambda: setattr(Fake, "not_finite", 0))
        with pytest.raises(Divergence):
            stage.run(seeds=1)
    monkeypatch.setattr(Fake, "not_finite", -1)
    recipe = small_recipe()
    other = replace(recipe, step=replace(recipe.step, mu=0.03))
    Fake.calls.clear()
    stage.run(seeds=1, recipe=other)
    assert sum(name == "learn" for name, _ in Fake.calls) == 3


def test_missing_patterns_are_one_clear_line(stage: Stage) -> None:
    (stage.folder / "processed/test.safetensors").write_bytes(b"no")
    with pytest.raises(train.TrainError, match=r"test\.safetensors: no patterns .* preprocess"):
        stage.run()
    (stage.folder / "processed/test.safetensors").unlink()
    with pytest.raises(train.TrainError, match=r"test\.safetensors: no patterns .* preprocess"):
        stage.run()


def test_elsewhere_than_on_a_terminal_each_pass_is_a_line(
    stage: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    stage.run(seeds=1)
    lines = capsys.readouterr().err.splitlines()
    assert [line.partition(":")[0] for line in lines] == [
        f"seed 0, pass {number}/3" for number in (1, 2, 3)
    ]
    assert "35.00% wrong on the fly" in lines[0]
