"""Queues of trainings, worked out by hand and held to the bounds that every order has."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paper_lenet.bench.queued import LOCK, WHOLE, WORKERS, Side, makespan, outcome, undivided

some_seconds = st.lists(st.floats(0.1, 100.0), min_size=1, max_size=40)


@pytest.mark.parametrize(
    ("seconds", "workers", "expected"),
    [
        ([3.0, 2.0, 2.0, 1.0], 1, 8.0),
        ([3.0, 2.0, 2.0, 1.0], 2, 4.0),  # 3 + 1 beside 2 + 2
        ([1.0, 1.0, 4.0], 2, 5.0),  # in order, though the longest first would take 4
        ([5.0], 64, 5.0),
        ([1.0] * 20, 8, 3.0),  # two full rounds, and four more
    ],
)
def test_seconds_until_the_last_ends(seconds: list[float], workers: int, expected: float) -> None:
    assert makespan(seconds, workers) == expected


@given(some_seconds, st.integers(1, 64))
def test_no_queue_beats_its_bounds(seconds: list[float], workers: int) -> None:
    total, taken = math.fsum(seconds), makespan(seconds, workers)
    assert taken >= max(total / workers, undivided(seconds, workers)) * (1 - 1e-9)
    assert undivided(seconds, workers) >= max(seconds)
    assert taken <= (total / workers + max(seconds)) * (1 + 1e-9)  # Graham's, for any order
    found = outcome(seconds, workers, Side(1.05, 0.01, 2.0))
    assert found.times_one <= min(workers, len(seconds)) * (1 + 1e-9)


@given(some_seconds, st.integers(2, 64))
def test_without_a_start_the_bound_holds(seconds: list[float], workers: int) -> None:
    found = outcome(seconds, workers, Side(1.1, 0.02))
    assert found.times_one <= found.at_most * (1 + 1e-9)


def test_one_worker_has_nobody_beside() -> None:
    found = outcome([2.0, 3.0], 1, Side(slower=2.0, one_by_one=0.5, start=7.0))
    assert found == (12.0, 1.0, 1.0, WORKERS)


def test_the_start_and_the_neighbour_count() -> None:
    found = outcome([10.0] * 4, 2, Side(slower=1.25, start=5.0))
    assert found.seconds == 5.0 + 25.0
    assert found.times_one == pytest.approx(45 / 30)
    assert (found.at_most, found.bound) == (1.6, WORKERS)


def test_the_longest_training_bounds_many_workers() -> None:
    found = outcome([10.0] * 20, 64)
    assert found == (10.0, 20.0, 20.0, WHOLE)


def test_a_second_round_bounds_what_begins_one() -> None:
    found = outcome([10.0] * 20, 16)
    assert found == (20.0, 10.0, 10.0, WHOLE)
    assert undivided([5.0, 4.0, 3.0, 2.0], 2) == 7.0  # of the three longest, two on one worker
    assert undivided([9.0, 1.0, 1.0], 2) == 9.0


def test_what_is_done_one_by_one_bounds_all() -> None:
    found = outcome([1.0] * 1000, 64, Side(one_by_one=0.05))
    assert found.seconds == pytest.approx(50.0)
    assert (found.at_most, found.bound) == (20.0, LOCK)
