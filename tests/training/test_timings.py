"""What every file of timings has."""

from __future__ import annotations

from paper_lenet.base.machine import environment
from paper_lenet.training.timings import timings


def test_seconds_are_added_up_and_kept_to_a_thousandth():
    found = timings({"a": {"0": 60.00049, "1": 120.0}, "b": {"0": 0.0}}, 61.23456, besides=30.0)
    assert found["core_minutes"] == 3.5
    assert found["seconds_of_this_run"] == 61.235
    assert found["seconds"] == {"a": {"0": 60.0, "1": 120.0}, "b": {"0": 0.0}}
    assert found["environment"] == environment()


def test_nothing_trained_is_nothing_spent():
    assert timings({}, 0.5)["core_minutes"] == 0.0
