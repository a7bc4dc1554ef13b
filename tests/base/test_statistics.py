"""Intervals against printed tables, root finding and enumeration."""

from __future__ import annotations

import itertools
import math
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, stats

from paper_lenet.base.statistics import mcnemar, over_seeds, wilson, wilson_percent

# Student's t, 97.5%, as printed in tables: by degrees of freedom.
TABLE = {1: 12.706, 2: 4.303, 3: 3.182, 4: 2.776, 9: 2.262, 19: 2.093}


@pytest.mark.parametrize(("freedom", "t"), TABLE.items())
def test_t_interval_agrees_with_printed_tables(freedom, t):
    n = freedom + 1
    values = [float(i) for i in range(n)]
    summary = over_seeds(values)
    sd = math.sqrt(n * (n + 1) / 12)  # of 0 .. n - 1, over n - 1
    assert summary.n == n
    assert summary.mean == (n - 1) / 2
    assert summary.sd == pytest.approx(sd, rel=1e-12)
    assert summary.high - summary.mean == pytest.approx(t * sd / math.sqrt(n), rel=2e-4)
    assert summary.run_high - summary.mean == pytest.approx(t * sd * math.sqrt(1 + 1 / n), rel=2e-4)
    assert summary.mean - summary.low == pytest.approx(summary.high - summary.mean, rel=1e-12)
    assert summary.mean - summary.run_low == pytest.approx(summary.run_high - summary.mean)
    assert (summary.least, summary.greatest) == (0.0, n - 1.0)


def test_t_interval_agrees_with_scipy():
    values = [1.11, 0.87, 1.04, 0.99]
    low, high = stats.ttest_1samp(values, 0.0).confidence_interval(0.95)
    summary = over_seeds(values)
    assert (summary.low, summary.high) == pytest.approx((low, high), rel=1e-12)


def test_an_interval_of_a_rate_begins_at_zero_and_nothing_else_moves():
    rates = [0.0, 0.0, 0.03]
    free, rate = over_seeds(rates), over_seeds(rates, floor=0)
    assert free.run_low < free.low < 0
    assert rate == free._replace(low=0.0, run_low=0.0)
    assert over_seeds([0.9, 1.0, 1.1], floor=0) == over_seeds([0.9, 1.0, 1.1])
    assert math.isnan(over_seeds([0.5], floor=0).low), "one seed has no interval to cut"


def test_intervals_cover_as_often_as_they_say():
    """2,000 draws: 95% is 1,900, and four standard deviations of a binomial are 39."""
    draw = random.Random(1)
    mean = run = 0
    for _ in range(2000):
        *seeds, one_more = (draw.gauss(0.0, 1.0) for _ in range(6))
        summary = over_seeds(seeds)
        mean += summary.low <= 0 <= summary.high
        run += summary.run_low <= one_more <= summary.run_high
    assert abs(mean - 1900) < 39
    assert abs(run - 1900) < 39


def test_one_seed_has_no_spread():
    summary = over_seeds([0.95])
    assert (summary.n, summary.mean, summary.least, summary.greatest) == (1, 0.95, 0.95, 0.95)
    for value in (summary.sd, summary.low, summary.high, summary.run_low, summary.run_high):
        assert math.isnan(value)


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=12), st.randoms())
def test_order_of_seeds_does_not_change_a_bit(values, shuffler):
    shuffled = list(values)
    shuffler.shuffle(shuffled)
    assert over_seeds(values) == over_seeds(shuffled)


def test_nothing_to_summarise_is_refused():
    with pytest.raises(ValueError, match="no values"):
        over_seeds([])


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 100_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_agrees_with_scipy(case):
    errors, patterns = case
    expected = stats.binomtest(errors, patterns).proportion_ci(method="wilson")
    found = wilson(errors, patterns)
    assert found == pytest.approx((expected.low, expected.high), rel=1e-9, abs=1e-12)


@pytest.mark.parametrize(("errors", "patterns"), [(95, 10_000), (97.3, 10_000), (1, 30), (7.5, 10)])
def test_wilson_ends_are_where_the_score_test_rejects(errors, patterns):
    """The ends are the rates p for which (rate - p)^2 = z^2 p (1 - p) / n, by root finding."""
    rate = errors / patterns

    def score(p):
        return (rate - p) ** 2 - 1.959963984540054**2 * p * (1 - p) / patterns

    low = optimize.brentq(score, 1e-12, rate, xtol=1e-15)
    high = optimize.brentq(score, rate, 1 - 1e-12, xtol=1e-15)
    assert wilson(errors, patterns) == pytest.approx((low, high), rel=1e-9)


def test_wilson_stays_within_zero_and_one():
    assert wilson(0, 50).low == 0.0
    assert wilson(50, 50).high == 1.0
    assert wilson(0, 50).high == pytest.approx(1.0 - wilson(50, 50).low)


@pytest.mark.parametrize("percent", [0.0, 0.943, 100 / 3, 100.0])
def test_wilson_of_a_mean_is_that_of_one_network_with_it(percent):
    low, high = wilson_percent(percent, 50)
    assert (low / 100, high / 100) == pytest.approx(wilson(percent / 2, 50), rel=1e-12, abs=1e-15)
    assert low <= percent <= high


@pytest.mark.parametrize(("errors", "patterns"), [(1, 0), (-1, 10), (11, 10)])
def test_impossible_error_rates_are_refused(errors, patterns):
    with pytest.raises(ValueError, match="not an error rate"):
        wilson(errors, patterns)


@pytest.mark.parametrize("discordant", range(11))
def test_mcnemar_agrees_with_enumeration(discordant):
    """Every way that fair coins can fall, counted if it is at most as likely as what was seen."""
    heads = [sum(coins) for coins in itertools.product((0, 1), repeat=discordant)]
    for first in range(discordant + 1):
        distance = abs(2 * first - discordant)
        extreme = sum(abs(2 * count - discordant) >= distance for count in heads)
        expected = extreme / 2**discordant
        assert mcnemar(first, discordant - first) == pytest.approx(expected, rel=1e-12)


def test_mcnemar_refuses_negative_counts():
    with pytest.raises(ValueError, match="not counts"):
        mcnemar(-1, 3)
