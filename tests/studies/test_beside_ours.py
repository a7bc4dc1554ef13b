"""The recovered network beside made-up trainings."""

from __future__ import annotations

from pathlib import Path

import known
import numpy as np
import pytest

from paper_lenet.base.files import read_csv
from paper_lenet.results.trainings import Run, Training
from paper_lenet.studies.recovered import file
from paper_lenet.studies.revived import beside_ours

SD = 0.01  # of each parameter


@pytest.fixture
def network(tmp_path: Path) -> Path:
    rows = known.rows()
    sd = {name: [np.full_like(row, SD) for row in part] for name, part in rows.items()}
    file.save(tmp_path / "network.safetensors", rows, sd, {})
    return tmp_path / "network.safetensors"


def weights(name: str) -> np.ndarray:
    return np.concatenate([row[:-1] for row in known.rows()[name]])


def test_coefficients_are_those_on_the_sum(network: Path) -> None:
    found = beside_ours.theirs(network)
    assert set(found) == set(beside_ours.COMPARED)
    for name in ("S2", "S4"):
        assert found[f"{name}_mean"] == pytest.approx(weights(name).mean(), rel=1e-5)
        assert found[f"{name}_least"] == pytest.approx(weights(name).min(), rel=1e-5)
        assert found[f"{name}_greatest"] == pytest.approx(weights(name).max(), rel=1e-5)
    for name in ("C1", "C3"):
        size = np.sqrt(np.mean(weights(name) ** 2))
        assert found[f"{name}_rms"] == pytest.approx(size, rel=1e-5)


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
