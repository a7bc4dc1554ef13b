"""What the seeds of a run misread in common with each other and with Fig. 8."""

from __future__ import annotations

import pytest
from made_up_study import ALL, Made, by_run, errors, write

from paper_lenet.base.files import read_csv
from paper_lenet.results import mistakes, trainings
from paper_lenet.studies import overlap

FIG8 = mistakes.fig8()
KEYS = list(FIG8)


def run(folder, seeds):
    write(folder, {"run": seeds})
    return trainings.read_study(folder)["run"]


# Of Fig. 8 one is misread by both and two by one; of the others one by both and one by one.
TWO = {
    0: Made(dict.fromkeys((KEYS[0], KEYS[1], 0, 2), 1), patterns=ALL),
    1: Made(dict.fromkeys((KEYS[0], KEYS[2], 0), 1), patterns=ALL),
}


def test_patterns_are_counted_by_how_many_seeds_misread_them(tmp_path):
    in_fig8, others = overlap.by_times(run(tmp_path / "s", TWO))
    assert not FIG8.keys() & {0, 2}
    assert (in_fig8, others) == ([79, 2, 1], [0, 1, 1])


def test_indices_are_of_all_pairs_and_of_each_seed_with_fig8(tmp_path):
    found = overlap.indices(run(tmp_path / "s", TWO))
    assert found.own == [2 / 5]
    assert found.beside == [2 / 84, 2 / 83]


def test_errors_are_counted_by_half_of_the_test_set(tmp_path):
    seeds = {
        0: Made({4999: 1, 5000: 1, 9999: 1}, patterns=ALL),
        1: Made({0: 1, 5000: 1}, patterns=ALL),
    }
    found = overlap.halves(run(tmp_path / "s", seeds))
    assert found["errors"] == {"first": 2, "second": 3}
    first = sum(index <= 4999 for index in FIG8)
    assert found["fig8"] == {"first": first, "second": 82 - first}


def test_all_pairs_are_written(tmp_path):
    path = tmp_path / "pairs.csv"
    overlap.write_pairs(path, {"run": run(tmp_path / "s", TWO)})
    rows = read_csv(path)
    pairs = [(row["one"], row["other"]) for row in rows]
    assert pairs == [("0", "1"), ("0", "fig8"), ("1", "fig8")]
    assert list(by_run(path)) == ["run"]
    first = rows[0]
    assert (first["errors_one"], first["errors_other"], first["shared"]) == ("4", "3", "2")
    assert (first["same_answer"], first["jaccard"]) == ("2", "0.4000")
    same = sum(FIG8[key] == 1 for key in (KEYS[0], KEYS[1]))
    assert (rows[1]["shared"], rows[1]["same_answer"]) == ("2", str(same))


def test_an_overlap_needs_two_networks(tmp_path):
    with pytest.raises(trainings.TableError, match="two trained networks or more"):
        overlap.summary(run(tmp_path / "s", {0: errors(3), 1: None}))
