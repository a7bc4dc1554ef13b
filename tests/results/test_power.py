"""How many seeds tell two recipes apart, against SciPy and tables."""

from __future__ import annotations

import math

import pytest
from made_up_study import errors, write
from scipy import stats

from paper_lenet.base.statistics import over_seeds
from paper_lenet.results import power, trainings


@pytest.mark.parametrize("seeds", [2, 3, 10, 40])
@pytest.mark.parametrize("effect", [0.0, 0.4, 1.3, 5.0])
def test_power_is_that_of_the_noncentral_t(seeds, effect):
    freedom, shift = 2 * seeds - 2, effect * math.sqrt(seeds / 2)
    limit = stats.t.ppf(0.975, freedom)
    law = stats.nct(freedom, shift)
    # SciPy's lower tail is NaN where it is far below any tolerance.
    expected = law.sf(limit) + (law.cdf(-limit) if effect < 2 else 0)
    assert power.power(seeds, effect, paired=False) == pytest.approx(expected, abs=1e-7)
    law = stats.nct(seeds - 1, effect * math.sqrt(seeds))
    limit = stats.t.ppf(0.975, seeds - 1)
    expected = law.sf(limit) + (law.cdf(-limit) if effect < 2 else 0)
    assert power.power(seeds, effect, paired=True) == pytest.approx(expected, abs=1e-7)


def test_power_without_a_difference_is_the_level():
    assert power.power(7, 0.0, paired=False) == pytest.approx(power.LEVEL)


def test_seeds_needed_are_those_of_the_books():
    # Cohen's d of 0.5 and 0.8: 64 and 26 a group; one sample, d of 0.5: 34.
    assert power.seeds_needed(0.5, 1.0, paired=False) == 64
    assert power.seeds_needed(0.8, 1.0, paired=False) == 26
    assert power.seeds_needed(0.5, 1.0, paired=True) == 34
    with pytest.raises(ValueError, match="is none"):
        power.seeds_needed(0.5, 0.0, paired=True)
    with pytest.raises(ValueError, match="is none"):
        power.one_of_ours(0.95, [1.0, 1.0])


def test_printed_number_is_set_against_one_further_run():
    values = [0.9, 1.0, 1.1, 1.3]
    ours = over_seeds(values)
    at_the_end = power.one_of_ours(ours.run_low, values)
    assert at_the_end.p == pytest.approx(0.05)
    # An interval for one run of four: the t of three degrees, below the mean.
    assert at_the_end.t == pytest.approx(stats.t.ppf(0.025, 3))
    assert power.one_of_ours(ours.mean, values).p == pytest.approx(1.0)
    assert (at_the_end.low, at_the_end.high) == (ours.run_low, ours.run_high)


def test_spread_within_seeds_leaves_out_what_failed(tmp_path):
    base = {seed: errors(10) for seed in range(3)}
    runs = {
        "base": base,
        "near": {0: errors(10), 1: errors(12), 2: errors(14)},
        "collapsed": {0: errors(150), 1: errors(12), 2: errors(14)},
        "diverged": {0: None, 1: errors(1), 2: errors(90)},
    }
    write(tmp_path / "s", runs)
    assert power.paired_sd(trainings.read_study(tmp_path / "s"), "base") == pytest.approx(1.0)
    write(tmp_path / "t", {"base": base})
    assert power.paired_sd(trainings.read_study(tmp_path / "t"), "base") is None


def test_what_may_be_negative_keeps_its_whole_interval() -> None:
    """Differences are judged here too: no end of theirs is cut at zero."""
    found = power.draw_tree(0.1, [-0.1, 0.0, 0.1])
    assert found["low"] == pytest.approx(-found["high"])
    assert found["run_low"] == pytest.approx(-found["run_high"])
    assert found["run_low"] < found["low"] < 0
