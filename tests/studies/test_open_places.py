"""The recovered network beside made-up trainings."""

from __future__ import annotations

import math
from pathlib import Path

import known
import numpy as np
import pytest

from paper_lenet.base.files import read_csv
from paper_lenet.results.trainings import Run, Training
from paper_lenet.studies.posterior import summaries
from paper_lenet.studies.posterior.summaries import COEFFICIENTS, Observed, Summarised
from paper_lenet.studies.recovered import file
from paper_lenet.studies.revived import beside_ours, coefficients, open_places

SD = 0.01  # of each parameter


@pytest.fixture
def network(tmp_path: Path) -> Path:
    rows = known.rows()
    sd = {name: [np.full_like(row, SD) for row in part] for name, part in rows.items()}
    file.save(tmp_path / "network.safetensors", rows, sd, {})
    return tmp_path / "network.safetensors"


def weights(name: str) -> np.ndarray:
    return np.concatenate([row[:-1] for row in known.rows()[name]])


def test_sizes_are_those_of_the_weights_and_as_sure(network: Path) -> None:
    found = beside_ours.sizes(network)
    assert found.names == ("C1_rms", "C3_rms")
    for name, value, reading in zip(("C1", "C3"), found.values, found.reading, strict=True):
        size = np.sqrt(np.mean(weights(name) ** 2))
        assert math.exp(value) == pytest.approx(size, rel=1e-5)
        error = SD / size / math.sqrt(len(weights(name)))  # of the logarithm, for equal deviations
        assert reading == pytest.approx(math.hypot(error, beside_ours.SCALE), rel=1e-4)


def test_coefficients_are_those_on_the_sum(network: Path) -> None:
    found = beside_ours.theirs(network)
    assert set(found) == set(beside_ours.COMPARED)
    for name in ("S2", "S4"):
        assert found[f"{name}_mean"] == pytest.approx(weights(name).mean(), rel=1e-5)
        assert found[f"{name}_least"] == pytest.approx(weights(name).min(), rel=1e-5)
        assert found[f"{name}_greatest"] == pytest.approx(weights(name).max(), rel=1e-5)


def noise(factors: dict[tuple[str, int], float], theirs: dict[str, float]) -> dict[str, Run]:
    """Trainings whose every quantity is `theirs` times a factor; one more diverged."""
    result = {"draw-9": Run({}, {0: ()}, {})}
    for (run, seed), factor in factors.items():
        measures = {name: factor * value for name, value in theirs.items()}
        result.setdefault(run, Run({}, {}, {})).seeds[seed] = Training((), {}, measures)
    return result


def test_theirs_is_set_beside_seeds_and_draws(network: Path, tmp_path: Path) -> None:
    theirs = beside_ours.theirs(network)
    seeds = {("paper", k): 1.0 + 0.01 * k for k in range(5)}
    draws = {(f"draw-{k}", 0): factor for k, factor in enumerate((0.5, 0.8, 1.5, 4.0))}
    beside_ours.write(tmp_path / "compare.csv", theirs, noise(seeds | draws, theirs))
    table = read_csv(tmp_path / "compare.csv")
    assert [row["quantity"] for row in table] == list(beside_ours.COMPARED)
    for row in table:
        own = theirs[row["quantity"]]
        assert float(row["theirs"]) == pytest.approx(own, rel=1e-3)
        assert float(row["ours_mean"]) == pytest.approx(1.02 * own, rel=1e-3)
        assert float(row["draws_greatest"]) == pytest.approx(4 * own, rel=1e-3)
        assert (row["share_of_draws_below"], row["one_of_ours"]) == ("0.50", "inside")


def test_far_from_all_seeds_is_called_outside(network: Path, tmp_path: Path) -> None:
    theirs = beside_ours.theirs(network)
    seeds = {("paper", k): 2.0 + 0.01 * k for k in range(5)}
    beside_ours.write(
        tmp_path / "compare.csv", theirs, noise({**seeds, ("draw-0", 0): 3.0}, theirs)
    )
    assert {row["one_of_ours"] for row in read_csv(tmp_path / "compare.csv")} == {"outside"}


def test_sizes_join_the_statistics_of_each_training(
    network: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = beside_ours.theirs(network)
    runs = noise({("paper", 0): 2.0, ("draw-0", 3): 0.5}, theirs)
    values = np.arange(3.0)
    printed = Observed(("a", "b", "c"), values, np.ones(3))
    made = [
        Summarised("draw-0", 3, {}, values),
        Summarised("paper", 0, {}, values + 1),
        Summarised("draw-9", 0, {}, None),
    ]
    monkeypatch.setattr(summaries, "noise_of_paper", lambda: printed)
    monkeypatch.setattr(summaries, "noise", lambda runs: made)
    observed, trainings = open_places.joint(network, runs)
    assert observed.names == ("a", "b", "c", *beside_ours.SIZES)
    assert len(observed.values) == len(observed.reading) == 5
    sizes = np.log([theirs[name] for name in beside_ours.SIZES])
    np.testing.assert_allclose(observed.values[3:], sizes)
    for one, first, factor in ((trainings[0], 0, 0.5), (trainings[1], 1, 2.0)):
        assert one.values is not None
        np.testing.assert_allclose(one.values[:3], values + first)
        np.testing.assert_allclose(one.values[3:], sizes + math.log(factor))
    assert trainings[2].values is None


def test_two_readings_of_a_coefficient_are_set_beside_each_other(tmp_path: Path) -> None:
    linear = np.array([0.2, 0.3, 0.05, 0.08])
    observed = Observed(("other", *COEFFICIENTS), np.r_[9.0, np.log(linear)], np.ones(5))
    recovered = dict(zip(COEFFICIENTS, 1.05 * linear, strict=True))
    coefficients.write(tmp_path, recovered, observed, np.diag([9.0, 0.04, 0.09, 0.16, 0.25]))
    rows = read_csv(tmp_path / "coefficients.csv")
    assert [row["quantity"] for row in rows] == list(COEFFICIENTS)
    assert [float(row["linear"]) for row in rows] == pytest.approx(linear.tolist())
    assert {row["apart"] for row in rows} == {"5.0"}
    assert [row["spread"] for row in rows] == ["20", "30", "40", "50"]
