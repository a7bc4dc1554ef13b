"""The stage: its files, its threads, and what is kept when it does not come to its end."""

from __future__ import annotations

import csv
import json
import math
import signal
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fake_training import Fake, digits, fake_execution, small_recipe

from paper_lenet.digits.dataset import Data, Scale
from paper_lenet.digits.patterns import Patterns, PatternsError, grey_scale
from paper_lenet.network import weights
from paper_lenet.network.params import Params, Train
from paper_lenet.network.recipe import Recipe
from paper_lenet.pipeline import train
from paper_lenet.pipeline.networks import StageError
from paper_lenet.results.trainings import read_study
from paper_lenet.training import execution, jobs, pool
from paper_lenet.training import train as training
from paper_lenet.training.runner import DivergedError

HEADER = (
    "run,seed,pass,eta,loss,errors_on_the_fly,patterns,errors_after_pass,test_errors,test_patterns,"
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

    def run(
        self,
        seeds: int = 3,
        recipe: Recipe | None = None,
        anew: bool = False,
        scale: Scale | None = None,
    ) -> None:
        recipes = {"small": recipe or small_recipe()}
        params = Params(Data("none", (), {}), scale or Scale(), Train("small", seeds), recipes)
        store = self.folder / "work"
        train.train(
            params, self.folder / "processed", self.models, self.results, store, self.timings, anew
        )

    def outputs(self) -> dict[str, bytes]:
        paths = sorted([*self.models.iterdir(), *self.results.iterdir()])
        return {path.name: path.read_bytes() for path in paths}

    def kept(self) -> int:
        """How many trainings have a state in the store."""
        return len(list(self.folder.glob("work/*/state.safetensors")))

    def finished(self) -> int:
        """How many of them are finished."""
        return len(list(self.folder.glob("work/*/outcome.json")))


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stage:
    monkeypatch.setattr(execution, "execution", fake_execution)
    monkeypatch.setattr(jobs, "behaviour", lambda recipe, trainer: "of the fake")
    for name, value in (("calls", []), ("not_finite", -1), ("guessing", False)):
        monkeypatch.setattr(Fake, name, value)
    return Stage(tmp_path)


def test_files_are_those_of_the_contract(stage: Stage) -> None:
    stage.run()
    names = [f"seed-{seed:02d}.safetensors" for seed in range(3)]
    record = ("failures.csv", "misread.csv", "passes.csv", "recipes.json", "runs.csv")
    assert sorted(stage.outputs()) == sorted([*names, *record, "weights.json"])
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
        assert digests["small"][str(seed)] == weights.digest(trained.parameters)
    assert len(set(digests["small"].values())) == 3


def test_the_record_is_read_back_with_every_pass(stage: Stage) -> None:
    stage.run()
    run = read_study(stage.results)["small"]
    assert list(run.seeds) == [0, 1, 2] and not run.failed
    assert (run.last.number, run.last.patterns, run.last.test_patterns) == (3, 40, 20)
    for one in run.seeds.values():
        assert [each.number for each in one.passes] == [1, 2, 3]
        assert not any(math.isnan(each.errors_after) for each in one.passes)
        # `Fake` answers 0 to every odd label, and right to every even one.
        odd = np.flatnonzero(digits(20, 2).labels % 2)
        assert one.misread == dict.fromkeys(odd.tolist(), 0)


def test_weights_say_what_scale_their_inputs_were_on(stage: Stage) -> None:
    scale = Scale(0.0, 1.0)
    with pytest.raises(StageError, match=r"test\.safetensors: on another scale"):
        stage.run(scale=scale)
    assert not stage.models.exists()
    for name in ("train", "test"):
        path = stage.folder / f"processed/{name}.safetensors"
        replace(Patterns.load(path), levels=grey_scale(0.0, 1.0)).save(path)
    stage.run(scale=scale)
    assert weights.load(stage.models / "seed-00.safetensors").input_scale == scale


def test_seconds_and_environment_stand_apart_from_the_results(stage: Stage) -> None:
    stage.run(seeds=2)
    timings = json.loads(stage.timings.read_text())
    assert list(timings["seconds"]["small"]) == ["0", "1"]
    assert all(part >= 0 for part in timings["seconds"]["small"].values())
    assert {"processor", "cores", "python", "numpy"} <= set(timings["environment"])


@pytest.mark.parametrize("count", [1, 2, 5])
def test_number_of_threads_changes_no_byte(
    stage: Stage, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training, "threads", lambda _: 3)
    stage.run()
    expected = stage.outputs()
    monkeypatch.setattr(training, "threads", lambda _: count)
    Fake.calls.clear()
    stage.run(anew=True)
    assert Fake.calls and stage.outputs() == expected


def test_another_seeds_stale_weights_are_removed_and_nothing_is_left_over(stage: Stage) -> None:
    stage.run(seeds=3)
    note = stage.models / "README"
    note.write_text("not ours")
    stage.run(seeds=1)
    assert sorted(path.name for path in stage.models.iterdir()) == ["README", "seed-00.safetensors"]
    assert not [path for path in stage.folder.glob("work/*/*") if path.name in ("lock", "pid")]
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
    monkeypatch.setattr(training, "threads", lambda _: 1)
    stage.run()
    expected = stage.outputs()
    for path in [*stage.models.iterdir(), *stage.results.iterdir()]:
        path.unlink()

    stopping, close = threading.Event(), pool.Threads.close

    def closed(self: pool.Threads, stopped: bool) -> None:
        stopping.set()
        close(self, stopped)

    def ctrl_c() -> None:
        # To the main thread, which a signal that another one takes does not wake; and again, should
        # the first have come where Python cannot raise.
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
        while not stopping.wait(20):
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)

    with monkeypatch.context() as patch:
        patch.setattr(pool.Threads, "close", closed)
        interrupt_at(6, patch, ctrl_c)
        kept = r"interrupted; 1 of 3 trainings are finished and kept"
        with pytest.raises(KeyboardInterrupt, match=kept):
            stage.run(anew=True)
    assert [thread.name for thread in threading.enumerate() if "ThreadPool" in thread.name] == []
    assert stage.kept() == 2 and stage.finished() == 1 and stage.outputs() == {}
    Fake.calls.clear()
    stage.run()
    assert sum(name == "learn" for name, _ in Fake.calls) == 4
    assert stage.outputs() == expected and stage.finished() == 3


def test_divergence_of_one_seed_stops_the_stage_and_keeps_old_results_and_finished_passes(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training, "threads", lambda _: 1)
    stage.run()
    before = stage.outputs()
    recipe = small_recipe(passes=4)
    with monkeypatch.context() as patch:
        interrupt_at(7, patch, lambda: setattr(Fake, "not_finite", 0))
        with pytest.raises(DivergedError, match="recipe small, seed 1 diverges in pass 3"):
            stage.run(recipe=recipe)
    assert stage.outputs() == before and stage.finished() == 3 + 2
    monkeypatch.setattr(Fake, "not_finite", -1)
    stage.run(recipe=recipe, anew=True)
    assert stage.finished() == 3 + 3


def test_what_is_finished_is_not_trained_again_until_it_is_asked_for(stage: Stage) -> None:
    stage.run()
    expected = stage.outputs()
    Fake.calls.clear()
    stage.run()
    assert Fake.calls == [] and stage.outputs() == expected
    stage.run(anew=True)
    assert sum(name == "learn" for name, _ in Fake.calls) == 9 and stage.outputs() == expected


def test_another_recipe_takes_up_no_checkpoint(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        interrupt_at(3, patch, lambda: setattr(Fake, "not_finite", 0))
        with pytest.raises(DivergedError):
            stage.run(seeds=1)
    monkeypatch.setattr(Fake, "not_finite", -1)
    recipe = small_recipe()
    other = replace(recipe, step=replace(recipe.step, mu=0.03))
    Fake.calls.clear()
    stage.run(seeds=1, recipe=other)
    assert sum(name == "learn" for name, _ in Fake.calls) == 3


def test_missing_patterns_are_one_clear_line(stage: Stage) -> None:
    (stage.folder / "processed/test.safetensors").write_bytes(b"no")
    with pytest.raises(PatternsError, match=r"test\.safetensors: no patterns .* preprocess"):
        stage.run()
    (stage.folder / "processed/test.safetensors").unlink()
    with pytest.raises(PatternsError, match=r"test\.safetensors: no patterns .* preprocess"):
        stage.run()


def test_elsewhere_than_on_a_terminal_each_pass_is_a_line(
    stage: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    stage.run(seeds=1)
    lines = capsys.readouterr().err.splitlines()
    assert [line.partition(":")[0] for line in lines] == [
        "recipe small, seed 0, pass 1/3",
        "recipe small, seed 0, pass 2/3",
        "recipe small, seed 0",
    ]
    assert "35.00% wrong on the fly" in lines[0] and lines[-1].endswith("(1 of 1)")
