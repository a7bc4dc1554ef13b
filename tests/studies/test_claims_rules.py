"""Each rule of the claims by brute force, or on both sides of its tolerance."""

from __future__ import annotations

import math
import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from paper_lenet.base.statistics import over_seeds
from paper_lenet.paper.numbers import Published
from paper_lenet.studies.claims import rules
from paper_lenet.studies.claims.catalogue import RULES
from paper_lenet.studies.claims.model import Finding, Ours, Verdict

YES, NO, FEW = Verdict.REPRODUCED, Verdict.NOT_REPRODUCED, Verdict.NOT_MEASURED
NUMBER = (Published("it", 0.95, "Fig. 1", 0.01),)
SPREAD = (1.0, 1.1, 0.9, 1.05, 0.95)
SEEDS = st.lists(st.floats(-100, 100), min_size=2, max_size=12).map(tuple)


def one(value: float, n: int | None = None) -> Ours:
    return Ours((value,), n, note="so")


def printed(low: float, high: float) -> tuple[Published, ...]:
    return Published("least", low, "Fig. 1"), Published("most", high, "Fig. 1")


def interval(values: tuple[float, ...], factor: float) -> tuple[float, float]:
    """Student's 95% interval around the mean, `factor` standard deviations being its unit."""
    half = stats.t.ppf(0.975, len(values) - 1) * statistics.stdev(values) * factor
    return statistics.fmean(values) - half, statistics.fmean(values) + half


def mean_interval(values: tuple[float, ...]) -> tuple[float, float]:
    return interval(values, math.sqrt(1 / len(values)))


def run_interval(values: tuple[float, ...]) -> tuple[float, float]:
    return interval(values, math.sqrt(1 + 1 / len(values)))


def test_every_rule_is_tested_here() -> None:
    tested = {name.removeprefix("test_") for name in globals() if name.startswith("test_")}
    assert set(RULES) <= tested


def test_equal() -> None:
    assert rules.equal(one(0.95, 7), NUMBER) == Finding(YES, 0.95, n=7, note="so")
    assert rules.equal(one(0.95 + 1e-12), NUMBER).verdict is NO


@given(st.integers(-10_000, 10_000), st.integers(-10_000, 10_000))
def test_rounded(ours: int, digits: int) -> None:
    """In hundredths of the last digit, so that whole numbers can tell what is within half of it."""
    number = (Published("it", digits / 100, "Fig. 1", 0.01),)
    assert (rules.rounded(one(ours / 10_000), number).verdict is YES) == (
        abs(ours - 100 * digits) <= 50
    )


@given(st.integers(-50, 50), st.integers(-50, 50), st.integers(0, 50))
def test_near(ours: int, value: int, limit: int) -> None:
    number = (Published("it", value, "Fig. 1", 1),)
    close = rules.near(one(ours), number, limit).verdict is YES
    assert close == (ours in range(value - limit, value + limit + 1))


def test_small() -> None:
    for value, verdict in ((0.05, YES), (-0.05, YES), (0.051, NO), (-0.051, NO)):
        assert rules.small(one(value, 20), 0.05) == Finding(verdict, value, n=20, note="so")


def test_at_least() -> None:
    ends = [rules.at_least(one(value), NUMBER).verdict for value in (0.9499, 0.95, 2.0)]
    assert ends == [NO, YES, YES]


def test_at_most() -> None:
    ends = [rules.at_most(one(value), NUMBER).verdict for value in (-1.0, 0.9549, 0.9551)]
    assert ends == [YES, YES, NO]


def test_order() -> None:
    ends = [rules.order(one(value)._replace(other=(34.0,))).verdict for value in (33.0, 34.0, 35.0)]
    assert ends == [YES, NO, NO]


@given(st.lists(st.booleans(), max_size=30))
def test_count(cases: list[bool]) -> None:
    found = rules.count(Ours(tuple(cases)))
    assert found.ours == cases.count(True)
    assert found.n == len(cases)
    assert (found.verdict is YES) == (cases.count(True) == len(cases) > 0)
    assert rules.count(Ours((True, True), n=20)).n == 20


@given(SEEDS, st.floats(-300, 300), st.floats(0, 100))
def test_one_run(values: tuple[float, ...], start: float, width: float) -> None:
    low, high = run_interval(values)
    found = rules.one_run(Ours(values, note="so"), printed(start, start + width))
    assert (found.n, found.note) == (len(values), "so")
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-6)
    if min(abs(start - high), abs(start + width - low)) > 1e-6:
        assert (found.verdict is YES) == (start < high and low < start + width)


def test_one_run_at_the_printed_rounding() -> None:
    edge = over_seeds(SPREAD).run_high
    for value, verdict in ((edge + 0.0049, YES), (edge + 0.0051, NO)):
        number = (NUMBER[0]._replace(value=value),)
        assert rules.one_run(Ours(SPREAD), number).verdict is verdict


def test_one_run_takes_two_seeds_and_tells_how_many_diverged() -> None:
    found = rules.one_run(Ours(SPREAD, diverged=2, note="so"), NUMBER)
    assert found.note == "2 of 7 trainings diverged; so"
    none = rules.one_run(Ours(diverged=2), NUMBER)
    assert none == Finding(NO, n=0, note="2 of 2 trainings diverged")
    assert rules.one_run(Ours((1.0,)), NUMBER) == Finding(FEW, 1.0, n=1, note=rules.TWO)


@given(SEEDS, st.floats(-200, 200))
def test_below(values: tuple[float, ...], limit: float) -> None:
    low, high = mean_interval(values)
    found = rules.below(Ours(values, note="so"), limit)
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-6)
    assert (found.n, found.note) == (len(values), "so")
    if abs(high - limit) > 1e-6:
        assert (found.verdict is YES) == (high < limit)


@given(SEEDS, st.floats(-200, 200))
def test_above(values: tuple[float, ...], limit: float) -> None:
    """It is `below` seen in a mirror."""
    mirrored = rules.below(Ours(tuple(-value for value in values)), -limit).verdict
    assert rules.above(Ours(values), limit).verdict is mirrored


@given(SEEDS, st.floats(0, 200))
def test_within(values: tuple[float, ...], limit: float) -> None:
    """It is `below` and `above` at once."""
    both = rules.below(Ours(values), limit).verdict, rules.above(Ours(values), -limit).verdict
    assert (rules.within(Ours(values), limit).verdict is YES) == (both == (YES, YES))


@pytest.mark.parametrize("rule", [rules.below, rules.above, rules.within])
@pytest.mark.parametrize("values", [(), (1.0,)])
def test_an_interval_takes_two_seeds(rule: object, values: tuple[float, ...]) -> None:
    assert callable(rule)
    assert rule(Ours(values), 9.0) == Finding(FEW, n=len(values), note=rules.TWO)


@given(SEEDS, SEEDS)
def test_higher(values: tuple[float, ...], other: tuple[float, ...]) -> None:
    (low, _), (_, high) = mean_interval(values), mean_interval(other)
    found = rules.higher(Ours(values, other=other))
    assert found.ours == over_seeds(values).mean
    if abs(low - high) > 1e-6:
        assert (found.verdict is YES) == (low > high)
    assert rules.higher(Ours(values, other=other[:1])).verdict is FEW


def test_one_of_ours() -> None:
    """Of 19 seeds the smallest p is a twentieth, of 18 it is more."""
    values = tuple(map(float, range(19)))
    for rank, verdict in ((1, NO), (2, YES)):
        found = rules.one_of_ours(Ours(values, p=rank / 20, note="so"))
        assert (found.verdict, found.n, found.note) == (verdict, 19, "so")
        assert (found.low, found.high) == over_seeds(values)[3:5]
    few = rules.one_of_ours(Ours(values[:18], p=1 / 19, note="so"))
    assert (few.verdict, few.n) == (FEW, 18)
    assert few.note == "so; with fewer than 19 seeds this test cannot say no"
    assert rules.one_of_ours(Ours((3.0,))) == Finding(FEW, 3.0, n=1, note=rules.TWO)
    assert rules.one_of_ours(Ours(diverged=1)).verdict is NO


def test_undecided() -> None:
    assert rules.undecided(Ours(note="so")) == Finding(Verdict.NOT_TESTABLE, note="so")
    assert rules.undecided(Ours(SPREAD)) == Finding(
        Verdict.NOT_TESTABLE, over_seeds(SPREAD).mean, n=5
    )
