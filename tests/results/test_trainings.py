"""The record of trainings, as it is read: whole records, broken ones, and what is summed."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pytest
from made_up_study import PATTERNS, TEST, Made, errors, write

from paper_lenet.base.files import read_csv
from paper_lenet.base.statistics import over_seeds
from paper_lenet.results.trainings import TableError, read_study

ROOT = Path(__file__).parents[2]


def test_study_is_read_run_by_run(tmp_path):
    made = Made({3: 5, 7: 1}, (50, 20))
    other = Made(errors(4).misread, (9, 9))
    write(tmp_path / "s", {"b": {1: made, 0: other}, "a": {0: None, 1: errors(TEST)}})
    runs = read_study(tmp_path / "s")
    assert list(runs) == ["b", "a"]
    assert runs["b"].seeds[1].misread == made.misread
    assert runs["b"].seeds[1].on_the_fly == (5.0, 2.0)
    assert runs["b"].seeds[1].tests == (1.0, 1.0)
    assert runs["b"].tests == {1: 1.0, 0: 2.0}
    assert (runs["b"].diverged, runs["b"].collapsed) == (0, 0)
    assert (runs["a"].diverged, runs["a"].collapsed, len(runs["a"].seeds)) == (1, 1, 1)
    assert runs["a"].failed == {0: ()}


def test_passes_are_summed_over_seeds(tmp_path):
    write(tmp_path / "s", {"a": {0: Made({}, (50, 20)), 1: Made({}, (60, 10)), 2: None}})
    run = read_study(tmp_path / "s")["a"]
    assert run.over_seeds(1, lambda each: each.on_the_fly) == over_seeds([5.0, 6.0], floor=0)
    assert run.over_seeds(2, lambda each: each.smallest_step).mean == 1e-5
    assert (run.last.number, run.last.patterns, run.last.test_patterns) == (2, PATTERNS, TEST)
    first, last = run.seeds[0].passes
    assert math.isnan(first.after)  # judged after the last pass alone
    assert last.after == 0.7
    assert run.seeds[0].measures == {}


def test_what_a_training_did_before_it_diverged_is_kept(tmp_path):
    folder = tmp_path / "s"
    write(folder, {"a": {0: Made({1: 2}, (50, 20)), 1: None}})
    with (folder / "passes.csv").open("a") as passes:
        passes.write("a,1,1,1e-4,1,900,1000,,150,200,1e-5,2\n")
    run = read_study(folder)["a"]
    assert [each.largest_step for each in run.failed[1]] == [2.0]
    assert list(run.seeds) == [0]


def test_what_was_measured_is_read_by_its_column(tmp_path):
    folder = tmp_path / "s"
    write(folder, {"a": {0: errors(1)}})
    heading, row, *_ = (folder / "runs.csv").read_text().split("\n")
    place = heading.split(",").index("S4_mean")
    cells = row.split(",")
    cells[place] = "0.25"
    (folder / "runs.csv").write_text(f"{heading}\n{','.join(cells)}\n")
    assert read_study(folder)["a"].seeds[0].measures == {"S4_mean": 0.25}


@pytest.mark.parametrize("name", ["recipes.json", "runs.csv", "passes.csv", "misread.csv"])
def test_missing_files_are_named_with_the_stage_that_makes_them(tmp_path, name):
    write(tmp_path / "s", {"a": {0: errors(2)}})
    (tmp_path / "s" / name).unlink()
    with pytest.raises(TableError, match=rf"{name}: there is no such file; run the stage train"):
        read_study(tmp_path / "s")


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("misread.csv", "a,0,1,1,3\n", "", "a, seed 0: errors do not add up"),
        ("runs.csv", ",2,200,", ",3,200,", "a, seed 0: errors do not add up"),
        ("runs.csv", ",20,1000,", ",19,1000,", "a, seed 0: errors do not add up"),
        ("runs.csv", ",7,7e-05,", ",8,7e-05,", "a, seed 0: errors do not add up"),
        ("runs.csv", "7e-05", "6e-05", "a, seed 0: errors do not add up"),
        ("runs.csv", "trained,3", "trained,4", "a, seed 0: 3 of 4 passes are there"),
        ("passes.csv", "a,0,2,", "a,0,4,", "a, seed 0: pass 4 is out of turn"),
        ("passes.csv", "a,0,1,", "a,0,x,", "not a record of trainings"),
        ("passes.csv", "a,1,1,0.0001,1,50,1000,", "a,1,1,0.0001,1,50,900,", "patterns changes"),
        ("passes.csv", "1000", "0", "a, seed 0: a pass without patterns"),
        ("passes.csv", "smallest_step", "step", "not a record of trainings"),
        ("runs.csv", "a,1,trained", "a,0,trained", "a, seed 0: trained, or named twice"),
        ("runs.csv", "a,1,trained", "a,1,finished", "a, seed 1: finished, or"),
        ("runs.csv", "a,1,trained", "a,2,trained", "a, seed 2: 0 of 3 passes"),
        ("misread.csv", "a,1,0,1,3", "a,1,0,1,10", "pattern 0 is not misread so"),
        ("misread.csv", "a,1,0,", "a,1,-1,", "pattern -1 is not misread so"),
        ("misread.csv", "a,1,0,", "a,1,200,", "a, seed 1: a test pattern is misread that is not"),
        ("misread.csv", "seed,index", "seed,seed", "not a table"),
        ("passes.csv", "a,0,1,", "a,0,1,1,", "not a table"),
        ("recipes.json", '"a": {', '"a": {"network": 1, "network": 2,', "a key stands twice"),
        ("recipes.json", '"a"', '"b"', "not a record of trainings"),
        ("recipes.json", "{", "", "not a record of trainings"),
    ],
)
def test_broken_records_are_refused(tmp_path, file, old, new, message):
    folder = tmp_path / "s"
    write(folder, {"a": {seed: Made(errors(2).misread, (50, 40, 20)) for seed in (0, 1)}})
    text = (folder / file).read_text()
    assert old in text
    (folder / file).write_text(text.replace(old, new))
    with pytest.raises(TableError, match=message):
        read_study(folder)


def test_all_seeds_of_a_run_have_as_many_passes(tmp_path):
    write(tmp_path / "s", {"a": {0: Made({}, (1, 1)), 1: Made({}, (1, 1, 1))}})
    with pytest.raises(TableError, match="a: not every seed has the same passes"):
        read_study(tmp_path / "s")


# Networks of tutorials and the classifiers of Fig. 9 have no recipe, and records of their own.
OTHERS = {ROOT / "data/trainings" / name for name in ("tutorials", "fig9")}
RECORDS = sorted(set((ROOT / "data/trainings").iterdir()) - OTHERS)


@pytest.mark.parametrize("folder", RECORDS, ids=lambda path: path.name)
def test_committed_records_are_whole(folder):
    runs = read_study(folder)
    assert all(run.seeds or run.failed for run in runs.values())


def test_no_committed_interval_of_an_error_rate_reaches_below_zero():
    rates = re.compile(r"(test|training|validation|on_the_fly|error)_(run_)?low|wilson_low")
    seen = 0
    for path in sorted((ROOT / "data/results").rglob("*.csv")):
        for row in read_csv(path):
            for column in filter(rates.fullmatch, row):
                seen += 1
                assert not row[column] or float(row[column]) >= 0, (path, column, row)
    assert seen > 50
