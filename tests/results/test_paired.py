"""Two runs beside each other, on made-up trainings whose differences are known."""

from __future__ import annotations

import math

import pytest
from made_up_study import Made, errors, write
from scipy import stats

from paper_lenet.base.statistics import mcnemar, over_seeds
from paper_lenet.results import paired, trainings


def test_difference_is_taken_within_common_seeds(tmp_path):
    base = {0: errors(10), 1: errors(20), 2: errors(30), 5: errors(99)}
    write(tmp_path / "s", {"base": base, "run": {0: errors(12), 1: errors(24), 2: errors(33)}})
    runs = trainings.read_study(tmp_path / "s")
    found = paired.difference(runs["run"], runs["base"])
    # 2, 4 and 3 of 200 patterns more.
    assert found == over_seeds([1.0, 2.0, 1.5])
    p = stats.ttest_rel([12, 24, 33], [10, 20, 30]).pvalue
    cells = dict(zip(paired.HEADING, paired.fields(runs["run"], runs["base"]), strict=True))
    assert cells["pairs"] == "3"
    assert (cells["differs"] == "yes") == (p < 0.05)
    half = float(cells["difference_high"]) - 1.5
    assert half == pytest.approx(stats.t.ppf(0.975, 2) * 0.5 / math.sqrt(3), abs=1e-4)


def test_runs_without_common_seeds_have_no_difference(tmp_path):
    write(tmp_path / "s", {"base": {0: errors(1)}, "run": {1: errors(2)}, "gone": {0: None}})
    runs = trainings.read_study(tmp_path / "s")
    assert paired.fields(runs["run"], runs["base"]) == ["0"] + [""] * 6
    assert paired.fields(runs["gone"], runs["base"]) == ["0"] + [""] * 6


def test_mcnemar_is_one_test_a_seed(tmp_path):
    one = {0: Made({1: 3, 2: 3, 3: 3}), 1: errors(20), 2: errors(5)}
    other = {0: Made({3: 4, 4: 3}), 1: errors(0), 2: errors(5)}
    write(tmp_path / "s", {"one": one, "other": other})
    runs = trainings.read_study(tmp_path / "s")
    found = paired.on_patterns(runs["one"], runs["other"])
    # Seed 0: two against one; seed 1: twenty against none; seed 2: the same patterns.
    assert [mcnemar(2, 1), mcnemar(20, 0), mcnemar(0, 0)] == [1.0, 2.0**-19, 1.0]
    assert found == (3, 1.0, 1)
