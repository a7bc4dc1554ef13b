"""The cells of a summary, on made-up trainings."""

from __future__ import annotations

import math

import pytest
from made_up_study import TEST, Made, errors, write
from scipy import stats

from paper_lenet.base.statistics import Interval, over_seeds
from paper_lenet.results import summary
from paper_lenet.results.trainings import read_study


@pytest.fixture
def run(tmp_path):
    made = {0: Made(errors(4).misread, (90, 50)), 1: Made(errors(10).misread, (90, 100))}
    write(tmp_path / "s", {"run": made})
    return read_study(tmp_path / "s")["run"]


def test_error_is_mean_spread_and_both_intervals(run):
    cells = dict(zip(summary.error_heading("test"), summary.error_cells(run), strict=True))
    # 4 and 10 of 200 patterns: 2% and 5%.
    assert (cells["test_mean"], cells["test_sd"]) == ("3.5000", f"{1.5 * math.sqrt(2):.4f}")
    half = stats.t.ppf(0.975, 1) * 1.5
    assert float(cells["test_high"]) == pytest.approx(3.5 + half, abs=1e-4)
    sample = stats.binomtest(7, TEST).proportion_ci(method="wilson")
    assert float(cells["wilson_low"]) == pytest.approx(100 * sample.low, abs=1e-4)
    assert float(cells["wilson_high"]) == pytest.approx(100 * sample.high, abs=1e-4)


def test_another_interval_takes_the_place_of_the_t_interval_alone(run):
    usual, other = summary.error_cells(run), summary.error_cells(run, Interval(1.0, 9.0))
    assert other[2:4] == ["1.0000", "9.0000"]
    assert other[:2] + other[4:] == usual[:2] + usual[4:]


def test_on_the_fly_is_that_of_the_last_pass(run):
    # 50 and 100 of 1,000 patterns.
    assert summary.on_the_fly(run) == over_seeds([5.0, 10.0], floor=0)


def test_parts_are_named_and_formatted_alike():
    found = over_seeds([1.0, 2.0])
    assert summary.heading("x", summary.INTERVAL) == ("x_mean", "x_low", "x_high")
    cells = summary.cells(found, summary.INTERVAL)
    assert list(map(float, cells)) == list(summary.rounded(found, summary.INTERVAL).values())
    assert summary.cells(over_seeds([1.0])) == ["1.0000", "", "", ""]


def test_rows_without_a_training_are_filled():
    assert summary.filled(["a", "0"], ("run", "seeds", "mean", "sd")) == ["a", "0", "", ""]
