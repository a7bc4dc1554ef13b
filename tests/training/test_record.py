"""The files of a study, against counts made here by other means."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from fake_training import digits, small_recipe
from numpy.typing import NDArray

from paper_lenet.base import streams
from paper_lenet.base.files import read_csv
from paper_lenet.engine import Engine
from paper_lenet.network import weights
from paper_lenet.network.recipe import Recipe
from paper_lenet.network.weights import initial_parameters
from paper_lenet.studies.grid import Run, Study
from paper_lenet.training import measure
from paper_lenet.training.job import Row, State
from paper_lenet.training.kind import DIVERGED, Ending, Finished
from paper_lenet.training.measure import measures
from paper_lenet.training.record import PASSES, RUNS, record, write_timings
from paper_lenet.training.selection import Selection
from paper_lenet.training.train import train

PATTERNS = Selection(digits(60, 1), digits(40, 2))
FILES = ["failures.csv", "misread.csv", "passes.csv", "recipes.json", "runs.csv", "weights.json"]


def recipe(**network: str) -> Recipe:
    base = small_recipe(passes=2)
    return replace(base, network=replace(base.network, **network))


RUNS_OF = {
    "paper": Run(recipe(), (0, 1)),
    "sum": Run(recipe(subsampling="sum"), (0,)),
    "max": Run(recipe(subsampling="max", output="targets"), (0,)),
}
STUDY = Study("tiny", RUNS_OF)
RECIPES = {name: run.recipe for name, run in RUNS_OF.items()}


@pytest.fixture(scope="module")
def trainings(tmp_path_factory: pytest.TempPathFactory) -> list[Finished]:
    folder = tmp_path_factory.mktemp("studies")
    digits(60, 1).save(folder / "train.safetensors")
    digits(40, 2).save(folder / "test.safetensors")
    return train(STUDY.jobs, folder, folder / "store")[0]


@pytest.fixture
def rows(trainings: list[Finished], tmp_path: Path) -> list[dict[str, str]]:
    record(RECIPES, trainings, PATTERNS, tmp_path)
    return read_csv(tmp_path / "runs.csv")


def test_a_row_has_the_last_pass_and_the_first_steps(
    trainings: list[Finished], rows: list[dict[str, str]]
) -> None:
    assert list(rows[0]) == list(RUNS)
    for row, one in zip(rows, trainings, strict=True):
        first, last = one.state.rows[0], one.state.rows[-1]
        whole = ("test_errors", "test_patterns", "on_the_fly_errors", "patterns", "errors_after")
        assert (row["run"], int(row["seed"])) == (one.job.name, one.job.seed)
        assert (row["outcome"], row["passes"]) == ("trained", "2")
        assert [int(row[name]) for name in whole] == [
            last.test_errors,
            40,
            last.errors_on_the_fly,
            40,
            last.errors_after_pass,
        ]
        assert float(row["smallest_step"]) == pytest.approx(first.smallest_step, rel=1e-8)
        assert float(row["largest_step"]) == pytest.approx(first.largest_step, rel=1e-8)


def test_passes_are_judged_after_the_last_alone(trainings: list[Finished], tmp_path: Path) -> None:
    record(RECIPES, trainings, PATTERNS, tmp_path)
    rows = read_csv(tmp_path / "passes.csv")
    assert tuple(rows[0]) == PASSES
    assert [(row["run"], row["seed"], row["pass"]) for row in rows] == [
        (one.job.name, str(one.job.seed), str(number)) for one in trainings for number in (1, 2)
    ]
    assert all((row["errors_after_pass"] == "") == (row["pass"] == "1") for row in rows)


def test_misread_patterns_are_as_many_as_the_errors(
    trainings: list[Finished], tmp_path: Path
) -> None:
    record(RECIPES, trainings, PATTERNS, tmp_path)
    rows = read_csv(tmp_path / "misread.csv")
    truth = digits(40, 2).labels
    for one in trainings:
        mine = [r for r in rows if (r["run"], r["seed"]) == (one.job.name, str(one.job.seed))]
        assert len(mine) == one.state.rows[-1].test_errors
        assert all(int(row["truth"]) == truth[int(row["index"])] for row in mine)
        assert all(row["answer"] != row["truth"] for row in mine)


def test_weights_and_recipes_are_those_that_were_trained(
    trainings: list[Finished], tmp_path: Path
) -> None:
    record(RECIPES, trainings, PATTERNS, tmp_path)
    digests = json.loads((tmp_path / "weights.json").read_text())
    for one in trainings:
        assert digests[one.job.name][str(one.job.seed)] == weights.digest(one.state.parameters)
    recipes = json.loads((tmp_path / "recipes.json").read_text())
    assert recipes == {name: json.loads(run.recipe.to_json()) for name, run in RUNS_OF.items()}


def test_no_rubbish_class_is_written_as_in_grids(tmp_path: Path) -> None:
    base = recipe()
    infinite = replace(base, loss=replace(base.loss, j=float("inf")))
    record({"a": infinite}, [], PATTERNS, tmp_path)
    assert json.loads((tmp_path / "recipes.json").read_text())["a"]["loss"]["j"] == ".inf"


def test_what_a_network_does_not_have_is_empty(rows: list[dict[str, str]]) -> None:
    empty = {name for name in RUNS if rows[-1][name] == ""}
    assert empty == {
        *(f"{layer}_{kind}" for layer in ("S2", "S4") for kind in ("mean", "least", "greatest")),
        "F6_saturated",
        "F6_rms",
    }
    assert not [name for row in rows[:-1] for name in RUNS if row[name] == ""]


def test_a_divergence_is_a_failure_with_its_finished_passes(tmp_path: Path) -> None:
    job = STUDY.jobs[0]
    row = Row(0, 1, 0.1, 2.5, 30, 40, None, 20, 40, 1e-5, 0.02)
    state = State(initial_parameters(job.recipe, 0), (row,), (1.0,))
    ending = Ending(DIVERGED, np.zeros(0, np.uint8), "diverges in pass 2 at place 3")
    record({"paper": job.recipe}, [Finished(job, state, ending)], PATTERNS, tmp_path)
    assert read_csv(tmp_path / "failures.csv") == [
        {"run": "paper", "seed": "0", "pass": "2", "message": "diverges in pass 2 at place 3"}
    ]
    (found,) = read_csv(tmp_path / "runs.csv")
    assert [found[name] for name in RUNS[:4]] == ["paper", "0", "diverged", "1"]
    assert not any(found[name] for name in RUNS[4:])
    assert len(read_csv(tmp_path / "passes.csv")) == 1
    assert not read_csv(tmp_path / "misread.csv")
    assert json.loads((tmp_path / "weights.json").read_text()) == {"paper": {}}


def test_the_files_are_the_same_bytes_each_time(trainings: list[Finished], tmp_path: Path) -> None:
    for name in ("one", "two"):
        record(RECIPES, trainings, PATTERNS, tmp_path / name)
    assert sorted(path.name for path in (tmp_path / "one").iterdir()) == FILES
    for name in FILES:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_coefficients_are_those_of_the_sum(trainings: list[Finished]) -> None:
    for one, share in ((trainings[0], 4), (trainings[2], 1)):
        found = measures(one, PATTERNS(one.job.recipe))
        for layer in ("S2", "S4"):
            own = one.state.parameters[f"{layer}.coefficient"].astype(float) / share
            expected = (own.mean(), own.min(), own.max())
            kinds = ("mean", "least", "greatest")
            assert [found[f"{layer}_{kind}"] for kind in kinds] == pytest.approx(expected)


def states(one: Finished, inputs: NDArray[np.float32]) -> dict[str, NDArray[np.float64]]:
    """C1's and S2's states, unit by unit, from eqs. 5 and 6 and Section II-B, float64."""
    part = {name: value.astype(float) for name, value in one.state.parameters.items()}
    windows = np.lib.stride_tricks.sliding_window_view(inputs[:, 0].astype(float), (5, 5), (1, 2))
    total = np.einsum("nyxij,mij->nmyx", windows, part["C1.weight"][:, 0])
    c1 = 1.7159 * np.tanh(2 / 3 * (total + part["C1.bias"][:, None, None]))
    mean = c1.reshape(*c1.shape[:2], 14, 2, 14, 2).mean((3, 5))
    line = part["S2.coefficient"][:, None, None] * mean + part["S2.bias"][:, None, None]
    return {"C1": c1, "S2": 1.7159 * np.tanh(2 / 3 * line)}


@pytest.mark.parametrize("inverted", [0.0, 0.1])
def test_saturation_is_that_of_the_first_patterns_as_presented(
    trainings: list[Finished], inverted: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measure, "PATTERNS", 30)
    one = trainings[1]
    how = replace(one.job.recipe.presentation, inverted=inverted)
    job = replace(one.job, recipe=replace(one.job.recipe, presentation=how))
    one = one._replace(job=job)
    # Larger weights, so that there is something beyond 1.5.
    large = {name: part * np.float32(3) for name, part in one.state.parameters.items()}
    one = one._replace(state=one.state._replace(parameters=large))
    data = PATTERNS(job.recipe)
    grey = data.test.grey[:30].copy()
    for index, pattern in enumerate(grey.reshape(30, -1) if inverted else ()):
        stream = streams.key(job.seed, "noise", 2**41 + index)
        flipped = streams.uniform(stream, pattern.size) < inverted
        pattern[flipped] = 255 - pattern[flipped]
    inputs = data.test.levels[grey][:, None]
    found = measures(one, data)
    for name, expected in states(one, inputs).items():
        share = float((np.abs(expected) > 1.5).mean())
        assert 0 < share < 1
        assert found[f"{name}_saturated"] == pytest.approx(share, abs=1e-4)


def test_saturation_of_every_layer_is_counted_from_its_states(trainings: list[Finished]) -> None:
    one = trainings[0]
    data = PATTERNS(one.job.recipe)
    network = Engine(one.job.recipe, one.state.parameters)
    layers = [network.activations(each) for each in data.test.inputs(slice(None))]
    found = measures(one, data)
    for name in ("C1", "S2", "C3", "S4", "C5", "F6"):
        every = np.concatenate([each[name].ravel() for each in layers])
        assert found[f"{name}_saturated"] == pytest.approx((np.abs(every) > 1.5).mean(), abs=1e-12)


def test_sizes_are_root_mean_squares(trainings: list[Finished]) -> None:
    found = measures(trainings[0], PATTERNS(trainings[0].job.recipe))
    for layer in ("C1", "C3", "C5", "F6"):
        values = trainings[0].state.parameters[f"{layer}.weight"].ravel().astype(float)
        expected = np.linalg.norm(values) / np.sqrt(values.size)
        assert found[f"{layer}_rms"] == pytest.approx(expected)


def test_seconds_stand_apart(trainings: list[Finished], tmp_path: Path) -> None:
    write_timings(tmp_path / "t/tiny.json", trainings, 1.5)
    tree = json.loads((tmp_path / "t/tiny.json").read_text())
    assert tree["seconds_of_this_run"] == 1.5 and "processor" in tree["environment"]
    assert tree["seconds"]["paper"]["1"] == round(sum(trainings[1].state.seconds), 3)
