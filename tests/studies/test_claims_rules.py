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
from paper_lenet.studies.claims import power, rules
from paper_lenet.studies.claims.catalogue import RULES
from paper_lenet.studies.claims.model import Finding, Ours, Verdict

YES, NO, FEW = Verdict.REPRODUCED, Verdict.NOT_REPRODUCED, Verdict.NOT_MEASURED
WEAK = Verdict.COMPATIBLE
NUMBER = (Published("it", 0.95, "Fig. 1", 0.01),)
SPREAD = (1.0, 1.1, 0.9, 1.05, 0.95)
SEEDS = st.lists(st.floats(-100, 100), min_size=5, max_size=12).map(tuple)


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


def few(seeds: int, ours: float | None = None) -> Finding:
    return Finding(FEW, ours, n=seeds, note=f"too few seeds: {seeds}, and it takes 5")


def test_small() -> None:
    for value, verdict in ((0.05, YES), (-0.05, YES), (0.051, NO), (-0.051, NO)):
        assert rules.small(one(value, 20), 0.05) == Finding(verdict, value, n=20, note="so")
    assert rules.small(one(0.0, 4), 0.05) == few(4, 0.0)


def test_at_least() -> None:
    ends = [rules.at_least(one(value), NUMBER).verdict for value in (0.9499, 0.95, 2.0)]
    assert ends == [NO, YES, YES]
    assert rules.at_least(one(2.0, 4), NUMBER) == few(4, 2.0)


def test_at_most() -> None:
    ends = [rules.at_most(one(value), NUMBER).verdict for value in (-1.0, 0.9549, 0.9551)]
    assert ends == [YES, YES, NO]


def test_order() -> None:
    ends = [rules.order(one(value)._replace(other=(34.0,))).verdict for value in (33.0, 34.0, 35.0)]
    assert ends == [YES, NO, NO]


@given(st.lists(st.booleans(), min_size=5, max_size=30))
def test_count(cases: list[bool]) -> None:
    found = rules.count(Ours(tuple(cases)), 0.3)
    assert found.ours == cases.count(True)
    assert found.n == len(cases)
    assert found.power is not None
    assert 1 - (1 - found.power) ** len(cases) == pytest.approx(0.8)
    if not all(cases):
        assert found.verdict is NO
    else:
        assert found.verdict is (YES if found.power <= 0.3 else WEAK)


def test_count_of_points_has_the_seeds_and_the_power_that_it_is_told() -> None:
    points = Ours((True, True), n=20, power=0.2)
    assert rules.count(points, 0.2) == Finding(YES, 2, n=20, power=0.2)
    assert rules.count(points, 0.1).verdict is WEAK
    assert rules.count(points._replace(n=4), 0.2) == few(4)


@given(SEEDS, st.floats(-300, 300), st.floats(0, 100))
def test_one_run(values: tuple[float, ...], start: float, width: float) -> None:
    low, high = run_interval(values)
    found = rules.one_run(Ours(values, note="so"), printed(start, start + width), math.inf)
    assert (found.n, found.note) == (len(values), "so")
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-6)
    if min(abs(start - high), abs(start + width - low)) > 1e-6:
        assert (found.verdict is YES) == (start < high and low < start + width)
        weak = rules.one_run(Ours(values), printed(start, start + width), -1.0).verdict
        assert weak is {YES: WEAK, NO: NO}[found.verdict]


def test_one_run_at_the_printed_rounding() -> None:
    edge = over_seeds(SPREAD).run_high
    for value, verdict in ((edge + 0.0049, YES), (edge + 0.0051, NO)):
        number = (NUMBER[0]._replace(value=value),)
        assert rules.one_run(Ours(SPREAD), number, 1.0).verdict is verdict


def test_one_run_counts_the_rounding_that_it_allows_to_what_it_cannot_see() -> None:
    exact = (NUMBER[0]._replace(unit=0.0),)
    powers = [rules.one_run(Ours(SPREAD), number, 1.0).power for number in (NUMBER, exact)]
    assert powers[1] == power.of_further_run(over_seeds(SPREAD).sd, 5)
    assert powers[0] == pytest.approx(powers[1] + 0.005)


def test_one_run_takes_five_seeds_and_tells_how_many_diverged() -> None:
    found = rules.one_run(Ours(SPREAD, diverged=2, note="so"), NUMBER, 1.0)
    assert found.note == "2 of 7 trainings diverged; so"
    none = rules.one_run(Ours(diverged=5), NUMBER, 1.0)
    assert none == Finding(NO, n=0, note="5 of 5 trainings diverged")
    assert rules.one_run(Ours(diverged=4), NUMBER, 1.0) == few(0)
    assert rules.one_run(Ours(SPREAD[:4], diverged=9), NUMBER, 1.0) == few(4, pytest.approx(1.0125))


@given(SEEDS, st.floats(-200, 200))
def test_below(values: tuple[float, ...], limit: float) -> None:
    low, high = mean_interval(values)
    found = rules.below(Ours(values, note="so"), limit, math.inf)
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-6)
    assert (found.n, found.note) == (len(values), "so")
    if abs(high - limit) > 1e-6:
        assert (found.verdict is YES) == (high < limit)
        shown = {True: YES, False: NO if low > limit else WEAK}[high < limit]
        assert rules.below(Ours(values), limit, -1.0).verdict is shown
    assert found.power == pytest.approx(power.of_mean(statistics.stdev(values), len(values)))


@given(SEEDS, st.floats(-200, 200))
def test_above(values: tuple[float, ...], limit: float) -> None:
    """It is `below` seen in a mirror."""
    for matters in (-1.0, math.inf):
        mirrored = rules.below(Ours(tuple(-value for value in values)), -limit, matters).verdict
        assert rules.above(Ours(values), limit, matters).verdict is mirrored


@given(SEEDS, st.floats(0, 200))
def test_within(values: tuple[float, ...], limit: float) -> None:
    """It is `below` and `above` at once."""
    ours = Ours(values)
    for matters in (-1.0, math.inf):
        both = [
            rules.below(ours, limit, matters).verdict,
            rules.above(ours, -limit, matters).verdict,
        ]
        worst = NO if NO in both else WEAK if WEAK in both else YES
        assert rules.within(ours, limit, matters).verdict is worst


@pytest.mark.parametrize("rule", [rules.below, rules.above, rules.within])
@pytest.mark.parametrize("values", [(), SPREAD[:4]])
def test_an_interval_takes_five_seeds(rule: object, values: tuple[float, ...]) -> None:
    assert callable(rule)
    assert rule(Ours(values), 9.0, 9.0) == few(len(values))


@given(SEEDS, SEEDS)
def test_higher(values: tuple[float, ...], other: tuple[float, ...]) -> None:
    (low, _), (_, high) = mean_interval(values), mean_interval(other)
    found = rules.higher(Ours(values, other=other), math.inf)
    assert found.ours == over_seeds(values).mean
    if abs(low - high) > 1e-6:
        assert (found.verdict is YES) == (low > high)
        if not low > high:
            apart = mean_interval(values)[1] < mean_interval(other)[0]
            weak = rules.higher(Ours(values, other=other), -1.0).verdict
            assert weak is (NO if apart else WEAK)
    assert rules.higher(Ours(values, other=other[:4]), 1.0) == few(4)


def test_one_of_ours() -> None:
    """Of 19 seeds the smallest p is a twentieth, of 18 it is more."""
    values = tuple(map(float, range(19)))
    for rank, strong, verdict in ((1, True, NO), (1, False, NO), (2, True, YES), (2, False, WEAK)):
        ours = Ours(values, p=rank / 20, power=3.0, note="so")
        found = rules.one_of_ours(ours, 3.0 if strong else 2.9)
        assert (found.verdict, found.n, found.note, found.power) == (verdict, 19, "so", 3.0)
        assert (found.low, found.high) == over_seeds(values)[3:5]
    less = rules.one_of_ours(Ours(values[:18], p=1 / 19, note="so"), 3.0)
    assert (less.verdict, less.n) == (FEW, 18)
    assert less.note == "so; with fewer than 19 seeds this test cannot say no"
    assert rules.one_of_ours(Ours((3.0,)), 3.0) == few(1, 3.0)
    assert rules.one_of_ours(Ours(diverged=5), 3.0).verdict is NO


def test_undecided() -> None:
    assert rules.undecided(Ours(note="so")) == Finding(Verdict.NOT_TESTABLE, note="so")
    assert rules.undecided(Ours(SPREAD)) == Finding(
        Verdict.NOT_TESTABLE, over_seeds(SPREAD).mean, n=5
    )
