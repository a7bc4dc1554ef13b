"""The drawing, the probit and the forward pass by which a network is recovered."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from known import EVEN, normal
from scipy import special

from paper_lenet.network.architecture import squashing
from paper_lenet.network.recipe import Recipe
from paper_lenet.network.weights import initial_parameters
from paper_lenet.paper import fig13
from paper_lenet.studies.recovered import (
    calibrate,
    file,
    forward,
    network,
    palette,
    probit,
    recover,
)
from paper_lenet.studies.recovered.calibrate import START
from paper_lenet.studies.recovered.drawing import Ends, unsquash


def test_levels_are_even_and_meet() -> None:
    edges = palette.even()
    assert np.all(np.diff(edges) > 0)
    zero = palette.LEVELS.index(palette.ZERO)
    assert edges[zero] == -edges[zero + 1] == -0.5
    widths = np.diff(edges[1:-1])
    assert set(widths) == {1.0, 2.0}
    assert (edges[1], edges[-2]) == (-29.5, 29.5)


def test_drawn_states_lie_in_what_is_read_of_them() -> None:
    states = np.linspace(-1.7, 1.7, 900).reshape(9, 100)
    interval = START.interval(palette.read(START.levels(states), EVEN))
    total = unsquash(states)
    assert np.all(interval.low <= total + 1e-9)
    assert np.all(total <= interval.high + 1e-9)


def test_every_level_of_the_figure_is_known() -> None:
    for name in recover.LAYERS:
        assert palette.places(fig13.drawn(name)).min() >= 0
    with pytest.raises(ValueError, match="grey level 7 "):
        palette.places(np.array([7], np.uint8))


def test_a_missing_level_is_shared_by_its_neighbours() -> None:
    """A panel without one level: its two edges become one."""
    place = palette.LEVELS.index(163)
    even = palette.even()
    steps = np.arange(-20, 20, 0.05)
    level = palette.places(palette.draw(steps))
    middle = (even[place] + even[place + 1]) / 2 + 0.2
    level[level == place] = np.where(steps[level == place] < middle, place - 1, place + 1)
    table = np.column_stack([level, np.zeros(len(steps)), steps, np.full(len(steps), 0.02)])
    found = calibrate._moved_edges(even, np.unique(level), table)
    assert found[place] == found[place + 1] == pytest.approx(middle, abs=0.06)


def test_derivatives_of_the_probability() -> None:
    a = np.array([-1.0, 0.2, 3.0, 0.5])
    low, high = np.array([-np.inf, 0.0, 1.0, 5.0]), np.array([-0.5, 0.4, np.inf, 6.0])
    sd = np.array([0.3, 0.1, 1.0, 0.5])
    value, first, second = probit.log_probability(a, low, high, sd)
    upper, lower = (special.ndtr((end - a) / sd) for end in (high, low))
    np.testing.assert_allclose(np.exp(value), upper - lower, rtol=1e-6, atol=1e-12)
    step = 1e-5
    ahead, behind = (probit.log_probability(a + d, low, high, sd) for d in (step, -step))
    np.testing.assert_allclose(first, (ahead[0] - behind[0]) / (2 * step), rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(second, (ahead[1] - behind[1]) / (2 * step), rtol=1e-3, atol=1e-6)


def test_restored_state_is_the_mean_of_the_law_cut_off() -> None:
    a, sd = np.array([0.3, -0.2]), np.array([0.2, 0.4])
    interval = Ends(np.array([0.2, -np.inf]), np.array([0.25, -0.1]))
    grid = np.linspace(-3, 3, 200_001)
    found = forward.restored(a, sd, interval)
    for k in range(2):
        inside = (grid > interval.low[k]) & (grid < interval.high[k])
        law = np.exp(-0.5 * ((grid[inside] - a[k]) / sd[k]) ** 2)
        mean = np.average(grid[inside], weights=law)
        assert found.mean[k] == pytest.approx(squashing(np.array(mean)), abs=1e-4)


def test_fit_does_not_depend_on_order_or_repetition() -> None:
    x = np.column_stack([normal(1, 60, 3), np.ones(60)])
    total = x @ np.array([0.5, -1.0, 2.0, 0.1])
    low = np.floor(total / 0.2) * 0.2
    units = probit.Units(x, np.full_like(x, 1e-4), low, low + 0.2)
    prior = np.full(4, 10.0)
    one = probit.fit(probit.distinct(units), prior)
    rows = np.r_[np.arange(60)[::-1], np.arange(20)]
    other = probit.fit(probit.distinct(units.some(rows)), prior)
    np.testing.assert_allclose(other.w, one.w, atol=1e-6)
    assert np.all(np.abs(one.w - [0.5, -1.0, 2.0, 0.1]) < 4 * one.sd)


def test_parameters_and_rows_are_each_others_inverse(tmp_path: Path) -> None:
    parameters = initial_parameters(Recipe(), 0)
    rows = network.rows(parameters, Recipe())
    again = network.parameters(rows)
    for name, part in again.items():
        np.testing.assert_allclose(part, parameters[name], rtol=1e-6)
    path = tmp_path / "network.safetensors"
    file.save(path, rows, rows, {"source": "here"})
    found, sd = file.load(path)
    assert found.keys() == sd.keys() == again.keys()
    first = path.read_bytes()
    file.save(path, rows, rows, {"source": "here"})
    assert path.read_bytes() == first
    with pytest.raises(file.FileError, match="not a file of the recovery"):
        file.load(tmp_path / "none")
