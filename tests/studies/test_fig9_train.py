"""The study of Fig. 9 on made-up digits: trained, interrupted, gone on with, recorded and read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import fig9_small
import pytest
from fig9_small import APART, TEST

from paper_lenet.base.errors import RecipeError
from paper_lenet.base.files import read_csv
from paper_lenet.digits.idx import IdxError
from paper_lenet.studies.fig9 import behaviour, filters, reading, runs, sets, spec, train
from paper_lenet.studies.fig9.run import Run, State
from paper_lenet.studies.fig9.sets import Source
from paper_lenet.studies.study import Folders
from paper_lenet.training.kind import Advance, Watch
from paper_lenet.training.pool import Threads

ADVANCE = runs.advance
NAMES = ("squares", "nearest", "lenet", "above")
PASSES = 2 + 2 + 2 * 2  # squares and nearest, above, lenet
CANDIDATES = 2 + 2 + 2  # of squares and above, and the network below the latter
RECORD = ["choices.csv", "misread.csv", "passes.csv", "runs.csv"]


class Halted(Exception):  # noqa: N818 - not an error
    """Ends a training from outside."""


class Counted:
    """Carries out passes until `last`, and says which."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.last = 10**9

    def __call__(self, run: Run, state: State, source: Source, watch: Watch) -> Advance:
        """See `runs.advance`."""
        if len(self.done) == self.last:
            raise Halted
        self.done.append(str(run))
        return ADVANCE(run, state, source, watch)


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[Counted]:
    """All is trained in this process, and fewer digits are kept apart."""
    found = Counted()
    monkeypatch.setattr(runs, "advance", found)
    monkeypatch.setattr(behaviour, "advance", ADVANCE)
    monkeypatch.setattr(sets, "APART", APART)
    monkeypatch.setattr(filters, "AT_ONCE", 100)
    monkeypatch.setattr(train, "Processes", lambda here, prepare: Threads(here, 1))
    yield found
    sets._read.cache_clear()


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    fig9_small.write_raw(tmp_path / "data/raw/mnist")
    folders = Folders("fig9", tmp_path / "data", grids=tmp_path)
    fig9_small.write_grid(folders.grid(), *NAMES)
    return folders


def recorded(folders: Folders) -> list[bytes]:
    assert sorted(path.name for path in folders.trained().iterdir()) == RECORD
    return [(folders.trained() / name).read_bytes() for name in RECORD]


def test_the_whole_study_is_trained_once_and_read(counted: Counted, folders: Folders) -> None:
    train.train(folders)
    assert len(counted.done) == PASSES + CANDIDATES
    found = reading.outcomes(folders)
    assert {name: sorted(each.seeds) for name, each in found.items()} == {
        "squares": [0],
        "nearest": [0],
        "lenet": [0, 1],
        "above": [0, 1],
    }
    assert {each.patterns for each in found.values()} == {TEST}
    assert all(each.first.errors for each in found.values())
    assert all(each.seconds > 0 for each in found.values())
    tried = reading.choices(folders)
    assert [each[:4] for each in tried] == [
        *(("squares", "decay", value, 0) for value in ("0.1", "1.0")),
        *(("above", "k", value, 0) for value in ("10", "20")),
    ]
    assert {each.patterns for each in tried} == {APART}
    passes = read_csv(folders.trained() / "passes.csv")
    assert [(row["classifier"], row["seed"], row["pass"]) for row in passes] == [
        ("lenet", seed, number) for seed in "01" for number in "12"
    ]
    for row in passes[1::2]:
        assert int(row["test_errors"]) == found["lenet"].seeds[int(row["seed"])].errors
    first = recorded(folders)
    train.train(folders)
    assert len(counted.done) == PASSES + CANDIDATES, "nothing is trained twice"
    assert recorded(folders) == first


def test_an_interrupted_study_goes_on_where_it_stopped(
    counted: Counted, folders: Folders, tmp_path: Path
) -> None:
    train.train(folders)
    expected, whole = recorded(folders), sorted(counted.done)
    counted.done.clear()
    other = Folders("fig9", tmp_path / "other", grids=tmp_path)
    fig9_small.write_raw(other.data / "raw/mnist")
    for last in (3, 6, 9):
        counted.last = last
        with pytest.raises(Halted):
            train.train(other)
        assert not other.trained().exists(), "half a study is not recorded"
    counted.last = 10**9
    train.train(other)
    assert sorted(counted.done) == whole
    assert recorded(other) == expected


def test_one_training_is_that_of_the_study(counted: Counted, folders: Folders) -> None:
    row = train.trained_one(folders.grid(), "above", 1, folders)
    assert counted.done == ["lenet, seed 1"] * 2 + ["above, seed 1"], "with the network below"
    train.train(folders)
    assert len(counted.done) == PASSES + CANDIDATES, "which has it from there"
    trial = reading.outcomes(folders)["above"].seeds[1]
    assert row == ("above", 1, trial.errors, TEST)


def test_a_boosted_network_is_recorded_as_the_others_are(
    counted: Counted, folders: Folders
) -> None:
    fig9_small.write_grid(folders.grid(), "boosted")
    row = train.trained_one(folders.grid(), "boosted", 0, folders)
    assert counted.done == ["boosted, seed 0"] * 6
    assert train.trained_one(folders.grid(), "boosted", 0, folders) == row
    assert len(counted.done) == 6


def test_candidates_are_on_patterns_kept_apart_with_a_network_of_their_own(
    folders: Folders,
) -> None:
    fig9 = spec.read(folders.grid())
    for _, _, run in train.choices(fig9):
        assert run.apart and run.seed == 0
        assert run.below is None or run.below.apart
    for run in train.runs(fig9):
        assert not run.apart
        assert run.below is None or (run.below.seed, run.below.apart) == (run.seed, False)


def test_what_is_damaged_or_wrong_is_told_before_anything_is_trained(
    counted: Counted, folders: Folders
) -> None:
    grid = folders.grid().read_text(encoding="utf-8")
    folders.grid().write_text(grid.replace("kind: local", "kind: locals"), encoding="utf-8")
    with pytest.raises(RecipeError, match=r"above\.kind: 'locals' is not one of"):
        train.train(folders)
    folders.grid().write_text(grid, encoding="utf-8")
    for path in (folders.data / "raw/mnist").iterdir():
        path.write_bytes(b"")
    with pytest.raises(IdxError):
        train.train(folders)
    assert counted.done == []
