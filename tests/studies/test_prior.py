"""Draws from a prior: the stated laws, the recipe's units, and one word an axis."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.stats import kstest

from paper_lenet.base.errors import RecipeError
from paper_lenet.network.recipe import Recipe
from paper_lenet.studies.grid import read_study
from paper_lenet.studies.prior import draw, draws

PRIOR = {
    "initial.bound": {"uniform": [1.0, 2.6]},
    "initial.coefficient": {"logarithmic": [0.5, 2.0]},
    "network.subsampling": {"choice": {"average": 1, "sum": 3}},
    "loss.half": {"choice": {True: 1, False: 1}},
    "loss.j": {"uniform": [0.0, 5.0]},
}


def test_axes_follow_their_laws() -> None:
    found = list(draws(PRIOR, 2000).values())
    bounds = np.array([draw["initial.bound"] for draw in found])
    assert kstest(bounds, "uniform", (1.0, 1.6)).pvalue > 0.01
    sums = np.array([draw["network.subsampling"] == "sum" for draw in found])
    assert sums.mean() == pytest.approx(0.75, abs=0.03)
    logs = np.log2([draw["initial.coefficient"] for draw in found])
    assert kstest(np.where(sums, logs + 2, logs), "uniform", (-1.0, 2.0)).pvalue > 0.01


def test_a_quarter_on_the_sum_and_twice_j_without_the_half() -> None:
    plain = {
        "initial.coefficient": {"uniform": [0.9, 0.90001]},
        "loss.j": {"uniform": [2, 2.00001]},
    }
    for half, factor in ((True, 1), (False, 2)):
        for kind, share in (("average", 1), ("sum", 0.25)):
            fixed = {
                "network.subsampling": {"choice": {kind: 1}},
                "loss.half": {"choice": {half: 1}},
            }
            found = draw({**plain, **fixed}, 0)
            assert found["loss.j"] == 2.0 * factor
            assert found["initial.coefficient"] == pytest.approx(0.9 * share)


def test_more_draws_leave_the_earlier_ones_as_they_are() -> None:
    few, many = draws(PRIOR, 3), draws(PRIOR, 30)
    assert few == dict(list(many.items())[:3])
    assert list(many)[:2] == [0, 1] and draws(PRIOR, 2, first=1) == {1: many[1], 2: many[2]}


@pytest.mark.parametrize(
    "law",
    [3, {}, {"normal": [0, 1]}, {"uniform": [2, 1]}, {"logarithmic": [0, 1]}, {"choice": {"a": 0}}],
)
def test_a_law_that_is_none_is_named(law: object) -> None:
    with pytest.raises(RecipeError, match=r"posterior\.yaml: prior\.loss\.j: .* is not one of"):
        draws({"loss.j": law}, 1, "posterior.yaml: prior")  # type: ignore[dict-item]


def test_a_grid_has_its_draws_each_with_its_own_seed(tmp_path: Path) -> None:
    path = tmp_path / "posterior.yaml"
    path.write_text("recipe: paper\ndraws: 3\nprior:\n  loss.j: {uniform: [0, 5]}\n")
    study = read_study(path, {"paper": Recipe()})
    assert [(job.name, job.seed) for job in study.jobs] == [(f"draw-00{i}", i) for i in range(3)]
    assert len({job.recipe.loss.j for job in study.jobs}) == 3
    path.write_text("recipe: paper\ndraws: 3\n")
    with pytest.raises(RecipeError, match="prior: not a mapping"):
        read_study(path, {"paper": Recipe()})
