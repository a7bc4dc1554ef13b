"""The recovery of a network from drawn states, where the truth is known."""

from __future__ import annotations

from itertools import permutations

import known
import numpy as np
import pytest

from paper_lenet.network.architecture import TABLE_I
from paper_lenet.paper import fig13
from paper_lenet.studies.recovered import (
    bootstrap,
    calibrate,
    heldout,
    profile,
    recover,
    table_one,
    truth,
)
from paper_lenet.studies.recovered.calibrate import START
from paper_lenet.studies.recovered.drawing import Drawing, Known
from paper_lenet.studies.recovered.palette import Drawn, even

pytestmark = pytest.mark.xdist_group("revived")


@pytest.mark.parametrize(
    ("name", "relative"), [("C1", 0.01), ("S2", 0.01), ("C3", 0.25), ("S4", 0.02)]
)
def test_parameters_that_were_there_are_found(name: str, relative: float) -> None:
    error = truth.error(known.layers()[name], known.rows()[name])
    assert error.relative < relative
    assert error.covered > 0.8
    assert error.spread < 2


def test_restored_states_serve_better_than_drawn_ones() -> None:
    inputs = START.inputs(fig13.drawn("input"))
    other = recover.recover(known.levels(), inputs, START, "drawn")
    for name in ("S2", "C3", "S4"):
        rows = known.rows()[name]
        restored, middle = (truth.error(each[name], rows) for each in (known.layers(), other))
        assert restored.median < middle.median


@pytest.mark.slow
def test_scale_is_found_from_a_start_that_is_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """The drawing's three lengths are 1% longer than where the search starts; six panels."""
    inputs = fig13.drawn("input")
    true = Drawing(*(1.01 * length for length in START))
    monkeypatch.setattr(truth, "START", true)
    grey = truth.drawn(known.rows(), inputs, 1)
    found = calibrate.lengths(inputs[:6], grey["C1"][:6], known.EVEN[:6])
    np.testing.assert_allclose(found[:2], true[:2], rtol=1e-3)
    np.testing.assert_allclose(found.dim, true.dim, rtol=4e-3)


def test_table_1_is_told_from_the_other_choices(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the choices of three maps, and of one more or less than those of each map's row."""
    near = {tuple(sorted(set(row) ^ {k})) for row in TABLE_I for k in range(6) if set(row) != {k}}
    choices = tuple(sorted(near | set(TABLE_I)))
    monkeypatch.setattr(table_one, "CHOICES", choices)
    layers = known.layers()
    one = layers["C3"]._replace(fits=layers["C3"].fits[:1])
    evidence = table_one.evidences(layers["S2"].states, known.interval("C3"), one)
    (found,) = table_one.connected(evidence)
    assert found.best == TABLE_I[0]
    assert found.missing > 10
    assert found.needless > 5


@pytest.mark.parametrize("maps", [(0, 1, 2, 3, 4, 5), (2, 0, 1, 5, 4, 3)])
def test_order_of_the_maps_below_is_told(maps: tuple[int, ...]) -> None:
    """Each map of C3 likes the choice of its row best, with S2's maps renamed by `maps`."""
    rows = [{maps[k] for k in row} for row in TABLE_I]
    evidence = np.array([[-len(row ^ set(c)) for c in table_one.CHOICES] for row in rows], float)
    first, second, *others = table_one.orders(evidence)
    assert first.maps == maps
    assert first.evidence == 0
    assert second.evidence < 0
    assert len(others) == len(list(permutations(maps))) - 2


def test_left_out_panel_is_predicted() -> None:
    """Three panels of the nine. What is left is at least the rounding of a level of one step.

    That is a step's width in grey levels, about 4.2, over the square root of 12.
    """
    some = Known(*(part[3:6] for part in START.inputs(fig13.drawn("input"))))
    levels = {name: Drawn(*(p[3:6] for p in part)) for name, part in known.levels().items()}
    found = heldout.leave_out(levels, some, START, known.layers())
    assert [(each.panel, each.layer) for each in found[::4]] == [(k, "C1") for k in range(3)]
    rounding = START.step * heldout.GREY_OF_STATE / np.sqrt(12)
    for name, most in LEFT.items():
        mine = [each for each in found if each.layer == name]
        assert rounding / 2 < min(each.rms for each in mine)
        assert max(each.rms for each in mine) < most
    assert all(each.near > 0.9 for each in found if each.layer != "C3")


# The greatest root mean square of a panel, in grey levels. Two panels do not fix C3's kernels.
LEFT = {"C1": 2.5, "S2": 2.5, "C3": 25.0, "S4": 2.5}


def test_edges_of_an_even_drawing_stay_even() -> None:
    edges = calibrate.own_edges(known.drawn(), START, known.layers())
    inner = edges[:, 1:-1] - even()[1:-1]
    assert np.abs(np.median(inner, axis=0)).max() < 0.3


def test_likelihood_falls_as_the_intervals_say() -> None:
    falls = profile.falls("S2", known.layers()["S2"], known.interval("S2"))
    assert len(falls) == 24
    assert np.median(falls) == pytest.approx(1, abs=0.3)


def test_resampled_units_spread_as_the_intervals_say() -> None:
    layer, interval = known.layers()["S2"], known.interval("S2")
    own = np.array([fit.sd for fit in layer.fits])
    units, panels = (
        np.array(bootstrap.deviations("S2", layer, interval, kind)) for kind in bootstrap.KINDS
    )
    assert units.shape == panels.shape == own.shape
    assert np.median(units / own) == pytest.approx(1, abs=0.35)
    assert 0.4 < np.median(panels / own) < 2.5
    assert not np.allclose(units, panels)
    again = bootstrap.deviations("S2", layer, interval, "units")
    np.testing.assert_array_equal(again, units)
