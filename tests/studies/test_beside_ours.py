"""Numbers of the recovered network beside made-up trainings."""

from __future__ import annotations

from pathlib import Path

import pytest

from paper_lenet.base.files import read_csv
from paper_lenet.results.trainings import Run, Training
from paper_lenet.studies.recovered.quantities import QUANTITIES
from paper_lenet.studies.revived import beside_ours

THEIRS = {name: 0.1 * (1 + place) for place, name in enumerate(QUANTITIES)}


def noise(factors: dict[tuple[str, int], float]) -> dict[str, Run]:
    """Trainings whose every quantity is theirs times a factor; one more diverged."""
    result = {"draw-9": Run({}, {0: ()}, {})}
    for (run, seed), factor in factors.items():
        measures = {name: factor * value for name, value in THEIRS.items()}
        result.setdefault(run, Run({}, {}, {})).seeds[seed] = Training((), {}, measures)
    return result


def test_theirs_is_set_beside_seeds_and_draws(tmp_path: Path) -> None:
    seeds = {("paper", k): 1.0 + 0.01 * k for k in range(5)}
    draws = {(f"draw-{k}", 0): factor for k, factor in enumerate((0.5, 0.8, 1.5, 4.0))}
    made = noise(seeds | draws)
    beside_ours.write(tmp_path / "compare.csv", THEIRS, made["paper"], made)
    table = read_csv(tmp_path / "compare.csv")
    assert [row["quantity"] for row in table] == list(QUANTITIES)
    for row in table:
        own = THEIRS[row["quantity"]]
        assert float(row["theirs"]) == pytest.approx(own, rel=1e-3)
        assert float(row["ours_mean"]) == pytest.approx(1.02 * own, rel=1e-3)
        assert float(row["draws_greatest"]) == pytest.approx(4 * own, rel=1e-3)
        assert (row["share_of_draws_below"], row["one_of_ours"]) == ("0.50", "inside")


def test_far_from_all_seeds_is_called_outside(tmp_path: Path) -> None:
    seeds = {("paper", k): 2.0 + 0.01 * k for k in range(5)}
    made = noise({**seeds, ("draw-0", 0): 3.0})
    beside_ours.write(tmp_path / "compare.csv", THEIRS, made["paper"], made)
    assert {row["one_of_ours"] for row in read_csv(tmp_path / "compare.csv")} == {"outside"}
