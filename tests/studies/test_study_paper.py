"""The study ``paper`` on made-up trainings: overlaps with Fig. 8, and power."""

from __future__ import annotations

import json
import math

import pytest
from made_up_study import ALL, Made, drawn, errors, write

from paper_lenet.base.files import read_csv
from paper_lenet.pipeline.study import analyse
from paper_lenet.results import mistakes
from paper_lenet.studies.study import Folders

FIG8 = mistakes.fig8()


def test_study_paper_writes_and_draws(tmp_path):
    keys = list(FIG8)
    first = Made({index: FIG8[index] for index in keys[:40]} | {0: 1}, patterns=ALL)
    second = Made(
        dict.fromkeys(keys[30:40], 0) | {0: 1} | dict.fromkeys(range(5, 34), 1),
        (90,) * 20,
        patterns=ALL,
    )
    folders = Folders("paper", tmp_path)
    write(folders.trained(), {"paper": {0: first, 1: second}})
    near = {0: errors(1), 1: errors(4)}
    runs = {"paper": {0: errors(1), 1: errors(2)}, "other": near}
    write(folders.trained("readings"), runs)
    analyse(folders)
    tree = json.loads((folders.results() / "statistics.json").read_text())
    found = tree["overlap"]
    assert (found["fig8"]["shared"], found["fig8"]["shared_greatest"]) == (25.0, 40)
    assert found["two_seeds"]["shared"] == 11.0
    same = sum(FIG8[index] == 0 for index in keys[30:40])
    assert found["two_seeds"]["same_answer"] == same + 1
    assert found["fig8"]["same_answer"] == (40 + same) / 2
    # The first misreads 41, the second 40, and both 11 of them.
    counts = found["misread_by_some"], found["misread_by_all"], found["misread_by_one"]
    assert counts == (70, 11, 59)
    assert (found["fig8_misread_by_none"], found["fig8_misread_by_all"]) == (42, 10)
    assert found["ours_in_all_but_not_in_fig8"] == 1
    assert tree["power"]["sd_paired"] == pytest.approx(math.sqrt(0.5), abs=1e-4)
    assert len(read_csv(folders.results() / "overlap.csv")) == 3
    assert drawn(folders.figures) == ["overlap", "times"]


def test_spread_within_seeds_is_left_out_without_the_study_readings(tmp_path):
    folders = Folders("paper", tmp_path)
    two = {0: errors(1), 1: Made({1: 1, 2: 1}, (90,) * 20)}
    write(folders.trained(), {"paper": two})
    analyse(folders)
    tree = json.loads((folders.results() / "statistics.json").read_text())
    assert tree["power"]["sd_paired"] is None
