"""The record of trainings as it is read."""

from __future__ import annotations

import pytest
from made_up_study import TEST, Made, errors, write

from paper_lenet.results import trainings


def test_study_is_read_run_by_run(tmp_path):
    made = Made({3: 5, 7: 1}, (50, 20))
    write(tmp_path / "s", {"b": {1: made, 0: errors(4)}, "a": {0: None, 1: errors(TEST)}})
    runs = trainings.read_study(tmp_path / "s")
    assert list(runs) == ["b", "a"]
    assert runs["b"].seeds[1].misread == made.misread
    assert runs["b"].seeds[1].on_the_fly == (5.0, 2.0)
    assert runs["b"].seeds[1].tests == (1.0, 1.0)
    assert runs["b"].tests == {1: 1.0, 0: 2.0}
    assert (runs["b"].diverged, runs["b"].collapsed) == (0, 0)
    assert (runs["a"].diverged, runs["a"].collapsed, len(runs["a"].seeds)) == (1, 1, 1)


def test_missing_and_damaged_files_are_named(tmp_path):
    with pytest.raises(trainings.TableError, match=r"recipes\.json: there is no such file"):
        trainings.read_study(tmp_path)
    folder = tmp_path / "s"
    write(folder, {"a": {0: errors(2)}})
    text = (folder / "misread.csv").read_text().splitlines(keepends=True)
    (folder / "misread.csv").write_text("".join(text[:-1]))
    with pytest.raises(trainings.TableError, match="a, seed 0: errors do not add up"):
        trainings.read_study(folder)
