"""The committed rounds: laws on the axes of the prior, of which each keeps a quarter."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from paper_lenet.network.params import read_params
from paper_lenet.studies.grid import read_study
from paper_lenet.studies.posterior.rounds import WAYS, rounds
from paper_lenet.studies.posterior.sampling import KEPT_OF_ROUND, PARTS_OF_ROUND, density, sample
from paper_lenet.studies.prior import read_prior
from paper_lenet.studies.study import Folders

ROOT = Path(__file__).parents[2]
GRIDS = sorted((ROOT / "studies").glob("round_*.yaml"))
PRIOR = read_prior(ROOT / "studies/round_0.yaml")


@pytest.mark.parametrize("grid", GRIDS, ids=lambda path: path.stem)
def test_a_quarter_of_every_law_is_the_prior(grid: Path) -> None:
    law = read_prior(grid)
    assert list(law) == list(PRIOR)
    for key, each in law.items():
        readings = sample({key: PRIOR[key]}, 5000).readings
        ratio = np.exp(density({key: each}, readings) - density({key: PRIOR[key]}, readings))
        assert ratio.min() >= KEPT_OF_ROUND - 0.01  # weights are stated to three digits
        assert len(each.get("parts", [])) in (0, PARTS_OF_ROUND)


def test_no_number_is_drawn_twice_and_every_draw_is_trained_in_both_ways() -> None:
    recipes = read_params(ROOT / "params.yaml").recipes
    names = [name for grid in GRIDS for name in read_study(grid, recipes).runs]
    assert len(set(names)) == len(names)
    draws = {name.rsplit("-", 1)[0] for name in names}
    assert set(names) == {f"{draw}-{way}" for draw in draws for way in WAYS}


def test_rounds_are_read_in_their_order() -> None:
    found = rounds(Folders("posterior", ROOT / "data", grids=ROOT / "studies"))
    assert [each.name for each in found] == [path.stem for path in GRIDS]
    for each in found:
        assert each.clean.keys() == each.inverted.keys()
        for name, run in each.clean.items():
            other = each.inverted[name].recipe
            assert run.recipe["presentation"].pop("inverted") == 0
            assert other["presentation"].pop("inverted") == 0.1
            assert run.recipe == other
