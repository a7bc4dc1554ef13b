"""The spread pooled over runs, against an analysis of variance and by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from made_up_study import errors, write
from scipy import stats

from paper_lenet.base.statistics import over_seeds
from paper_lenet.results import pooled
from paper_lenet.results.trainings import read_study


def read(folder, counts):
    write(folder, {name: dict(enumerate(map(errors, part))) for name, part in counts.items()})
    return read_study(folder)


def test_spread_is_that_within_the_groups(tmp_path):
    counts = {"a": (10, 14, 11), "b": (40, 43), "c": (7,)}
    sd, freedom = pooled.spread(read(tmp_path / "s", counts))
    squares = sum(((np.array(part) / 2 - np.mean(part) / 2) ** 2).sum() for part in counts.values())
    assert freedom == 3
    assert sd == pytest.approx(math.sqrt(squares / 3))


def test_interval_of_one_run_alone_is_its_t_interval(tmp_path):
    runs = read(tmp_path / "s", {"a": (10, 14, 11)})
    found = over_seeds([5.0, 7.0, 5.5])
    assert pooled.interval(runs["a"], runs) == pytest.approx((found.low, found.high))
    assert pooled.standard_error(runs, 3) == pytest.approx(stats.sem([5.0, 7.0, 5.5]))


def test_single_seeds_have_no_interval(tmp_path):
    runs = read(tmp_path / "s", {"a": (10,), "b": (20,)})
    assert pooled.spread(runs) == (0.0, 0)
    assert all(map(math.isnan, pooled.interval(runs["a"], runs)))
