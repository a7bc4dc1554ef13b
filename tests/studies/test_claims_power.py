"""Each power by simulation: what it says is shown is shown in four of five cases."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import special, stats

from paper_lenet.studies.claims import power

CASES = 40_000
CLOSE = 0.01  # four standard errors of a share of so many cases


def drawn(seeds: int, sd: float, salt: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Means, and half of their t intervals, of `CASES` samples."""
    values = sd * np.random.default_rng(salt).standard_normal((CASES, seeds))
    t = stats.t.ppf(0.975, seeds - 1)
    return values.mean(axis=1), t * values.std(axis=1, ddof=1) / math.sqrt(seeds)


@pytest.mark.parametrize("seeds", [5, 20])
def test_a_further_run_so_far_off_is_shown(seeds: int) -> None:
    means, halves = drawn(seeds, 0.3, seeds)
    run = power.of_further_run(0.3, seeds) + 0.3 * np.random.default_rng(0).standard_normal(CASES)
    shown = np.abs(run - means) > halves * math.sqrt(seeds + 1)
    assert shown.mean() == pytest.approx(power.SHOWN, abs=CLOSE)


def test_a_stricter_level_shows_less() -> None:
    assert power.of_further_run(1, 20, 0.9975) > power.of_further_run(1, 20)
    assert power.of_further_run(0, 20) == power.of_mean(0, 20) == 0


@pytest.mark.parametrize("seeds", [5, 20])
def test_a_mean_so_far_from_a_limit_is_shown(seeds: int) -> None:
    means, halves = drawn(seeds, 2, seeds)
    shown = means + power.of_mean(2, seeds) > halves
    assert shown.mean() == pytest.approx(power.SHOWN, abs=CLOSE)


def test_every_case_shows_what_fails_so_often() -> None:
    assert 1 - (1 - power.of_every(20)) ** 20 == pytest.approx(power.SHOWN)
    assert power.of_every(40) < power.of_every(20)


@pytest.mark.parametrize(("seeds", "allowed"), [(19, 0), (39, 1)])
def test_one_more_seed_so_far_below_is_the_least(seeds: int, allowed: int) -> None:
    generator = np.random.default_rng(seeds)
    others = generator.standard_normal((CASES, seeds))
    one = generator.standard_normal(CASES) - power.of_rank(1, seeds)
    shown = (others < one[:, None]).sum(axis=1) <= allowed
    assert shown.mean() == pytest.approx(power.SHOWN, abs=CLOSE)
    assert math.isinf(power.of_rank(1, 18)), "with fewer the least is no sign of anything"


def test_two_means_so_far_apart_have_intervals_apart() -> None:
    (one, half), (other, beside) = drawn(20, 1, 1), drawn(10, 2, 2)
    shown = one + power.of_two_means(1, 20, 2, 10) - half > other + beside
    assert shown.mean() == pytest.approx(power.SHOWN, abs=CLOSE)
    assert power.of_two_means(0, 5, 0, 5) == 0


def test_the_fewest_seeds_are_those_whose_spread_is_known_to_a_factor_of_three() -> None:
    """The true spread over the one that is seen, at the end of its interval that is farther off."""
    factors = [math.sqrt((n - 1) / special.chdtri(n - 1, 0.975)) for n in (4, power.FEWEST)]
    assert factors[0] > 3 > factors[1]
