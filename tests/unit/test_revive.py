"""The recovery of a network from drawn states, where the truth is known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy import special

from paper_lenet import fig13, streams
from paper_lenet.architecture import TABLE_I
from paper_lenet.engine import Engine
from paper_lenet.patterns import Patterns, grey_scale
from paper_lenet.recipe import Recipe
from paper_lenet.revive import (
    calibrate,
    file,
    forward,
    heldout,
    network,
    palette,
    probit,
    profile,
    recover,
    table_one,
    truth,
    upper,
)
from paper_lenet.revive.calibrate import START
from paper_lenet.revive.drawing import Ends, Known, squash, unsquash
from paper_lenet.weights import initial_parameters

EVEN = np.tile(palette.even(), (9, 1))


def normal(number: int, *shape: int) -> np.ndarray:
    stream = streams.key(number, "noise", 2**60)
    count = int(np.prod(shape))
    return np.array(special.ndtri(streams.uniform(stream, count))).reshape(shape)


@pytest.fixture(scope="module")
def rows() -> network.Rows:
    """A network with kernels as large as trained ones, and subsampling of its own in each map."""
    found = network.rows(initial_parameters(Recipe(), 3), Recipe())
    found["C1"] = [6 * row + 0.3 * normal(k, 26) for k, row in enumerate(found["C1"])]
    found["C3"] = [5 * row for row in found["C3"]]
    for name, size in (("S2", 0.25), ("S4", 0.06)):
        found[name] = [
            np.array([size * (1 + 0.3 * normal(50 + k, 1)[0]), 0.3 * normal(90 + k, 1)[0]])
            for k in range(len(found[name]))
        ]
    return found


@pytest.fixture(scope="module")
def inputs() -> np.ndarray:
    return fig13.drawn("input")


@pytest.fixture(scope="module")
def drawn(rows: network.Rows, inputs: np.ndarray) -> dict[str, np.ndarray]:
    return truth.drawn(rows, inputs, 1)


@pytest.fixture(scope="module")
def layers(drawn: dict[str, np.ndarray], inputs: np.ndarray) -> dict[str, recover.RecoveredLayer]:
    levels = {name: palette.read(drawn[name], EVEN) for name in recover.LAYERS}
    return recover.recover(levels, START.inputs(inputs), START)


@pytest.mark.parametrize(
    ("name", "relative"), [("C1", 0.01), ("S2", 0.01), ("C3", 0.25), ("S4", 0.02)]
)
def test_parameters_that_were_there_are_found(
    rows: network.Rows, layers: dict[str, recover.RecoveredLayer], name: str, relative: float
) -> None:
    error = truth.error(layers[name], rows[name])
    assert error.relative < relative
    assert error.covered > 0.8
    assert error.spread < 2


def test_restored_states_serve_better_than_drawn_ones(
    rows: network.Rows,
    layers: dict[str, recover.RecoveredLayer],
    drawn: dict[str, np.ndarray],
    inputs: np.ndarray,
) -> None:
    levels = {name: palette.read(drawn[name], EVEN) for name in recover.LAYERS}
    other = recover.recover(levels, START.inputs(inputs), START, "drawn")
    for name in ("S2", "C3", "S4"):
        restored, middle = (truth.error(each[name], rows[name]) for each in (layers, other))
        assert restored.median < middle.median


def test_table_1_is_told_from_the_other_choices(
    layers: dict[str, recover.RecoveredLayer],
    drawn: dict[str, np.ndarray],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Of the choices of three maps, and of one more or less than those of each map's row."""
    near = {tuple(sorted(set(row) ^ {k})) for row in TABLE_I for k in range(6) if set(row) != {k}}
    choices = tuple(sorted(near | set(TABLE_I)))
    monkeypatch.setattr(table_one, "CHOICES", choices)
    one = layers["C3"]._replace(fits=layers["C3"].fits[:1])
    interval = START.interval(palette.read(drawn["C3"], EVEN))
    evidence = table_one.evidences(layers["S2"].states, interval, one)
    (found,) = table_one.connected(evidence)
    assert found.best == TABLE_I[0]
    assert found.missing > 10
    assert found.needless > 5


def test_left_out_panel_is_predicted(
    layers: dict[str, recover.RecoveredLayer], drawn: dict[str, np.ndarray], inputs: np.ndarray
) -> None:
    """Two panels of the nine: what is left is about the width of a level, 1.2 grey levels."""
    known = START.inputs(inputs)
    some = Known(known.mean[3:6], known.variance[3:6])
    levels = {n: palette.read(drawn[n][3:6], EVEN[:3]) for n in recover.LAYERS}
    found = {each.layer: each for each in heldout.leave_out(levels, some, START, layers)}
    assert found["C1"].rms < 2.5
    assert found["S2"].rms < 2.5
    assert found["C1"].near > 0.9


def test_edges_of_an_even_drawing_stay_even(
    layers: dict[str, recover.RecoveredLayer], drawn: dict[str, np.ndarray]
) -> None:
    edges = calibrate.own_edges(drawn, START, layers)
    inner = edges[:, 1:-1] - palette.even()[1:-1]
    assert np.abs(np.median(inner, axis=0)).max() < 0.3


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
        assert found.mean[k] == pytest.approx(squash(np.array(mean)), abs=1e-4)


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
    with pytest.raises(file.FileError, match="not a recovered network"):
        file.load(tmp_path / "none")


def test_likelihood_falls_as_the_intervals_say(
    layers: dict[str, recover.RecoveredLayer], drawn: dict[str, np.ndarray]
) -> None:
    interval = START.interval(palette.read(drawn["S2"], EVEN))
    falls = profile.falls("S2", layers["S2"], interval)
    assert len(falls) == 24
    assert np.median(falls) == pytest.approx(1, abs=0.3)


def test_upper_layers_learn_as_in_the_engine() -> None:
    """The same bits as with steps of zero below C5."""
    uniform = streams.uniform(streams.key(0, "noise", 2**60), 40 * 1024)
    grey = (256 * uniform).astype(np.uint8).reshape(40, 32, 32)
    labels = (np.arange(40) % 10).astype(np.uint8)
    patterns = Patterns(grey, labels, grey_scale(-0.1, 1.175))
    parameters = initial_parameters(Recipe(), 0)
    upward = [name.split(".")[0] in upper.TRAINED for name in parameters]
    parts = zip(parameters.values(), upward, strict=True)
    steps = np.concatenate([np.full(part.size, 1e-3 * up) for part, up in parts])
    one, other = Engine(Recipe(), parameters), upper.Held(Recipe(), parameters)
    for network_ in (one, other):
        learned = network_.learn(patterns, np.arange(40), steps.astype(np.float32))
        assert learned.shown == 40
    found = other.parameters()
    assert all(np.array_equal(part, found[name]) for name, part in one.parameters().items())
    assert np.array_equal(found["C3.weight"], parameters["C3.weight"])
    assert not np.array_equal(found["C5.weight"], parameters["C5.weight"])


def test_pulled_units_lie_in_what_is_drawn() -> None:
    below = normal(4, 9, 400)
    low = normal(5, 9, 120)
    pull = upper.Pull(below, Ends(low, low + 0.1))
    moved = upper.pulled(initial_parameters(Recipe(), 0), pull)
    total = below @ moved["C5.weight"].reshape(120, 400).T.astype(np.float64) + moved["C5.bias"]
    assert np.all(total > low - 1e-4)
    assert np.all(total < low + 0.1 + 1e-4)
    again = upper.pulled(moved, pull)
    np.testing.assert_allclose(again["C5.weight"], moved["C5.weight"], atol=1e-6)
