"""The study ``ladder`` on made-up trainings."""

from __future__ import annotations

import pytest
from made_up_study import TEST, drawn, errors, write

from paper_lenet.base.files import read_csv, write_csv
from paper_lenet.network.architecture import layers
from paper_lenet.pipeline.study import analyse
from paper_lenet.results import trainings
from paper_lenet.studies.study import Folders


def test_rungs_are_laid_beside_the_one_before_and_the_first(tmp_path):
    runs = {
        "0-paper": {0: errors(10), 1: errors(10)},
        "1-full-c3": {0: errors(12), 1: errors(14)},
        "2-max-pool": {0: errors(8), 1: errors(8)},
    }
    full = {"network.c3": "full"}
    folders = Folders("ladder", tmp_path)
    write(
        folders.trained(),
        runs,
        {"1-full-c3": full, "2-max-pool": full | {"network.subsampling": "max"}},
    )
    analyse(folders)
    first, second, third = read_csv(folders.results() / "rungs.csv")
    assert first["before_difference"] == first["first_difference"] == ""
    assert (second["change"], second["before_difference"]) == ("full C3", "1.5000")
    assert (third["before_difference"], third["first_difference"]) == ("-2.5000", "-1.0000")
    assert int(first["parameters"]) == sum(layer.parameters for layer in layers())
    # 36 more kernels of 25 weights; then S2 and S4 lose 6 and 16 pairs.
    assert int(second["parameters"]) - int(first["parameters"]) == 36 * 25
    assert int(third["parameters"]) - int(second["parameters"]) == -2 * (6 + 16)
    assert drawn(folders.figures) == ["ladder"]


def test_last_rung_is_that_of_the_tutorials(tmp_path):
    folders = Folders("ladder", tmp_path)
    write(folders.trained(), {"0-paper": {0: errors(10), 1: errors(12)}})
    tutorials = folders.trained("tutorials")
    tutorials.mkdir(parents=True)
    names = ("tutorial", "seed", "parameters", "errors_on_the_fly", "patterns")
    names += ("test_errors", "test_patterns")
    rows = [("other", 0, 5, 9, 9, 9, 9)]
    rows += [("ladder_adam", seed, 60_000, 5, 1000, 6 + 4 * seed, TEST) for seed in (0, 1)]
    write_csv(tutorials / "runs.csv", names, rows)
    analyse(folders)
    last = read_csv(folders.results() / "rungs.csv")[-1]
    assert (last["change"], last["seeds"], last["test_mean"]) == ("Adam batch 128", "2", "4.0000")
    assert (last["before_difference"], last["before_pairs"]) == ("-1.5000", "2")
    assert last["before_mcnemar_median"] == ""
    rows[-1] = ("ladder_adam", 1, 60_001, *rows[-1][3:])
    write_csv(tutorials / "runs.csv", names, rows)
    with pytest.raises(trainings.TableError, match="not the network of the rung before"):
        analyse(folders)
