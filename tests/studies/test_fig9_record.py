"""The record of Fig. 9's trainings: what its analysis reads, and seconds that add up."""

from __future__ import annotations

from pathlib import Path

import fig9_small
import numpy as np
import pytest
from numpy.typing import NDArray

from paper_lenet.base.files import read_csv, read_json
from paper_lenet.studies.fig9 import reading, record, spec
from paper_lenet.studies.fig9.classifier import Scored
from paper_lenet.studies.fig9.run import State
from paper_lenet.studies.study import Folders
from paper_lenet.training.job import Row
from paper_lenet.training.job import State as Passed

PATTERNS = 400
TRUTH = (np.arange(PATTERNS) % 10).astype(np.uint8)
SECONDS = {("squares", 0): (4.0,), ("lenet", 0): (60.0, 30.5), ("lenet", 1): (90.0, 1.5)}


def scores(wrong: int, seed: int) -> NDArray[np.float32]:
    """The first so many patterns are taken for the next class, at gaps of all sizes."""
    gaps = np.random.default_rng(seed).uniform(0.01, 1, PATTERNS)
    result = np.zeros((PATTERNS, 10), np.float32)
    places = np.arange(PATTERNS)
    result[places, (TRUTH + (places < wrong)) % 10] = gaps
    return result


def state(name: str, seed: int, wrong: int) -> State:
    seconds = SECONDS[name, seed]
    rows = tuple(
        Row(seed, number, 5e-4, 1.0, 7 * number, 160, None, wrong, PATTERNS, 1e-4, 0.01)
        for number in range(1, len(seconds) + 1)
    )
    return State(Passed({}, rows, seconds), Scored(scores(wrong, seed), 1234, 567))


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    return Folders("fig9", tmp_path / "data", grids=tmp_path)


@pytest.fixture
def finals(folders: Folders) -> list[record.Trained]:
    fig9 = fig9_small.write_grid(folders.grid())
    errors = {("squares", 0): 20, ("lenet", 0): 3, ("lenet", 1): 0}
    return [
        (fig9_small.run(fig9, name, seed), state(name, seed, wrong))
        for (name, seed), wrong in errors.items()
    ]


@pytest.fixture
def tried(finals: list[record.Trained]) -> list[record.Tried]:
    run, kept = finals[0]
    return [("decay", value, run._replace(apart=True), kept) for value in ("0.1", "1.0")]


def rejected(found: NDArray[np.float32], of_all: bool) -> float:
    """How many go before 0.5% or less is wrong, one after the other from the smallest gap on."""
    gaps = np.sort(found, axis=1)[:, -1] - np.sort(found, axis=1)[:, -2]
    order = np.argsort(gaps)
    wrong = found.argmax(axis=1)[order] != TRUTH[order]
    for count in range(PATTERNS):
        base = PATTERNS if of_all else PATTERNS - count
        if wrong[count:].sum() <= 0.005 * base:
            return 100 * count / PATTERNS
    return 100.0


def test_what_is_written_is_what_the_analysis_reads(
    folders: Folders, finals: list[record.Trained], tried: list[record.Tried]
) -> None:
    record.record(finals, tried, TRUTH, folders.trained())
    timings = folders.data / "timings/studies/fig9.json"
    record.write_timings(timings, finals, [(run, kept) for _, _, run, kept in tried], 12.3456)
    found = reading.outcomes(folders)
    assert list(found) == ["squares", "lenet"]
    assert isinstance(found["lenet"].classifier, spec.Classifier)
    for run, kept in finals:
        trial, of = found[run.name].seeds[run.seed], kept.fitted
        assert of is not None
        answers = of.scores.argmax(axis=1)
        wrong = np.flatnonzero(answers != TRUTH)
        assert trial.misread == dict(zip(wrong.tolist(), answers[wrong].tolist(), strict=True))
        assert (trial.errors, trial.patterns) == (len(wrong), PATTERNS)
        assert (trial.operations, trial.variables) == (1234, 567)
        assert trial.rejected == pytest.approx(rejected(of.scores, False), abs=0.005)
        assert trial.rejected_of_all == pytest.approx(rejected(of.scores, True), abs=0.005)
    assert reading.choices(folders) == [
        reading.Choice("squares", "decay", value, 0, 20, PATTERNS) for value in ("0.1", "1.0")
    ]


def test_passes_are_those_of_the_networks(
    folders: Folders, finals: list[record.Trained], tried: list[record.Tried]
) -> None:
    record.record(finals, tried, TRUTH, folders.trained())
    rows = read_csv(folders.trained() / "passes.csv")
    found = [(row["classifier"], row["seed"], row["pass"]) for row in rows]
    assert found == [("lenet", seed, number) for seed in "01" for number in "12"]
    assert [row["errors_on_the_fly"] for row in rows] == ["7", "14", "7", "14"]
    assert [row["test_errors"] for row in rows] == ["3", "3", "0", "0"]
    assert {row["patterns"] for row in rows} == {"160"}


def test_seconds_add_up(
    folders: Folders, finals: list[record.Trained], tried: list[record.Tried]
) -> None:
    path = folders.data / "timings.json"
    record.write_timings(path, finals, [(run, kept) for _, _, run, kept in tried], 12.3456)
    tree = read_json(path)
    assert tree["seconds"] == {"squares": {"0": 4.0}, "lenet": {"0": 90.5, "1": 91.5}}
    means = {row["classifier"]: row["seconds"] for row in tree["trainings"]}
    assert means == {"squares": 4.0, "lenet": 91.0}
    assert tree["core_minutes"] == pytest.approx((4 + 90.5 + 91.5 + 2 * 4) / 60, abs=0.05)
    assert tree["core_minutes_of_candidates"] == pytest.approx(2 * 4 / 60, abs=0.05)
    assert tree["seconds_of_this_run"] == 12.346


def test_a_training_that_is_not_finished_has_no_answers(finals: list[record.Trained]) -> None:
    run, kept = finals[0]
    with pytest.raises(AssertionError):
        record.answered(run, kept._replace(fitted=None), TRUTH)
