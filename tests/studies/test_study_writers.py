"""The study ``writers``: whose patterns are misread, and both intervals by hand."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import labelled
import numpy as np
import pytest
from made_up_study import Made, drawn, write
from scipy import stats

from paper_lenet.base.files import read_json
from paper_lenet.digits.writers import Writers, WritersError
from paper_lenet.paper import numbers
from paper_lenet.pipeline.study import analyse
from paper_lenet.results.trainings import read_study
from paper_lenet.studies import writers
from paper_lenet.studies.study import Folders

ROOT = Path(__file__).parents[2]
COMMITTED = ROOT / "data/results/studies/writers"
TRAIN: labelled.Rows = [(1, 0, 7), (2, 4, 2100)]
# Two students, of six and four patterns, and two employees of five each.
TEST: labelled.Rows = [
    *[(3, 4, 2400)] * 6,
    *[(4, 4, 2401)] * 4,
    *[(5, 0, 330)] * 5,
    *[(6, 0, 331)] * 5,
]
MISREAD = ({0: 1, 1: 1, 10: 2}, {0: 1, 6: 1})


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folders:
    labelled.write(tmp_path / "raw/qmnist", TRAIN, [*TEST, (0, 4, 2402)])
    labelled.known(monkeypatch, TRAIN, TEST)
    made = Folders("writers", tmp_path)
    runs = {"paper": {seed: Made(wrong) for seed, wrong in enumerate(MISREAD)}}
    write(made.trained("paper"), runs)
    return made


def rows(path: Path) -> dict[str, dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return {next(iter(row.values())): row for row in csv.DictReader(file)}


def test_each_series_has_its_error_over_seeds(folders: Folders) -> None:
    analyse(folders)
    found = rows(folders.results() / "series.csv")
    assert list(found) == ["employees", "students", "all"]
    assert [row["patterns"] for row in found.values()] == ["10", "10", "20"]
    assert [float(row["error"]) for row in found.values()] == [5.0, 20.0, 12.5]
    half = stats.t.ppf(0.975, 1) * np.std([15, 10], ddof=1) / math.sqrt(2)
    assert 12.5 - half < float(found["all"]["low"]) == 0.0, "a rate is never below zero"
    assert float(found["all"]["high"]) == pytest.approx(12.5 + half, abs=1e-4)
    tree = read_json(folders.results() / "writers.json")
    assert tree["difference"]["mean"] == 15.0
    assert tree["students_percent_of_errors"] == 80.0
    assert tree["sides"]["train"]["students"] == {"patterns": 1, "writers": 1}
    assert tree["sides"]["test_whole"]["students"] == {"patterns": 11, "writers": 3}
    assert tree["shared"] == {"test": 0, "test_whole": 0}
    assert tree["spread"]["students"] == {"writers": 2, "never_misread": 0, "half_of_errors": 1}
    assert tree["spread"]["employees"] == {"writers": 2, "never_misread": 1, "half_of_errors": 1}
    assert drawn(folders.figures) == ["hands", "series"]


def test_each_writer_has_an_error(folders: Folders) -> None:
    analyse(folders)
    with (folders.results() / "writers.csv").open(encoding="utf-8", newline="") as file:
        found = {int(row["writer"]): row for row in csv.DictReader(file)}
    assert {writer: row["errors"] for writer, row in found.items()} == {
        330: "0.50",
        331: "0.00",
        2400: "1.50",
        2401: "0.50",
    }
    assert found[2400]["error"] == "25.00"
    assert float(found[2400]["low"]) < 25 < float(found[2400]["high"])


def test_the_interval_over_writers_has_its_level() -> None:
    """Of many made-up sets of writers, unequal in patterns and in hand."""
    generator = np.random.default_rng(5)
    inside = 0
    for _ in range(600):
        patterns = generator.integers(10, 40, 60)
        rates = generator.beta(1, 30, 60)
        errors = generator.binomial(patterns, rates, (3, 60))
        part = writers.Part("some", np.arange(60, dtype=np.int64), patterns, errors)
        low, high = part.over_writers
        inside += low < 100 / 31 < high
    assert 0.90 < inside / 600 < 0.98


def test_writers_in_both_sets_are_counted() -> None:
    one, other = (
        Writers(np.array([True, False]), np.array(hands, np.int64)) for hands in ([1, 2], [2, 3])
    )
    assert writers.shared(one, other) == 1


def test_without_the_label_files_one_line_says_so_and_nothing_is_lost(folders: Folders) -> None:
    analyse(folders)
    for path in (folders.data / "raw/qmnist").iterdir():
        path.unlink()
    before = {path: path.read_bytes() for path in folders.results().iterdir()}
    with pytest.raises(WritersError, match="lacks qmnist-train-labels"):
        analyse(folders)
    assert {path: path.read_bytes() for path in folders.results().iterdir()} == before


def test_the_committed_results_are_of_the_committed_networks() -> None:
    run = read_study(Folders("writers", ROOT / "data").trained("paper"))["paper"]
    found = rows(COMMITTED / "series.csv")
    assert float(found["all"]["error"]) == pytest.approx(
        np.mean(list(run.tests.values())), abs=1e-4
    )
    assert int(found["all"]["patterns"]) == numbers.TEST_PATTERNS.value
    with (COMMITTED / "writers.csv").open(encoding="utf-8", newline="") as file:
        hands = list(csv.DictReader(file))
    for name in ("employees", "students"):
        mine = [row for row in hands if row["series"] == name]
        assert sum(int(row["patterns"]) for row in mine) == int(found[name]["patterns"])
        assert len(mine) == int(found[name]["writers"])
    assert sum(float(row["errors"]) for row in hands) == pytest.approx(
        np.mean([len(wrong) for wrong in run.misread]), abs=0.5
    )


def test_the_committed_results_follow_from_the_label_files(tmp_path: Path) -> None:
    labels = ROOT / "data/raw/qmnist"
    if not labels.is_dir():
        pytest.skip("the label files are not here: paper-lenet download --writers")
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw/qmnist").symlink_to(labels)
    (tmp_path / "results").mkdir()
    (tmp_path / "results/mnist").symlink_to(ROOT / "data/results/mnist")
    made = Folders("writers", tmp_path)
    analyse(made)
    for path in COMMITTED.iterdir():
        assert (made.results() / path.name).read_bytes() == path.read_bytes()
