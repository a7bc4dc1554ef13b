"""Draws from a prior: the stated laws, the recipe's units, and one word an axis."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import kstest

from paper_lenet.base.errors import RecipeError
from paper_lenet.network.recipe import Recipe
from paper_lenet.studies import prior
from paper_lenet.studies.grid import changed, read_study
from paper_lenet.studies.prior import draw, draws, gain, in_the_priors_units, in_the_recipes_units

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


def test_a_range_in_parts_has_their_weights() -> None:
    law = {"loss.j": {"uniform": [0.0, 4.0], "parts": [3, 0.5, 0.5, 4]}}
    found = np.array([draw["loss.j"] for draw in draws(law, 4000).values()])
    shares = np.histogram(found, [0, 1, 2, 3, 4])[0] / len(found)
    assert shares == pytest.approx([3 / 8, 1 / 16, 1 / 16, 1 / 2], abs=0.03)
    within = found[found < 1]
    assert kstest(within, "uniform", (0.0, 1.0)).pvalue > 0.01


def test_gain_and_zero_are_the_inputs_of_background_and_foreground() -> None:
    def scale(gain: float, zero: str) -> tuple[float, float]:
        reading = {"presentation.gain": gain, "presentation.offset": zero}
        return in_the_recipes_units(reading)["presentation.scale"]

    assert scale(1.0, "printed") == (-0.1, 1.175)
    assert scale(2.0, "background") == (0.0, 2.55)
    # Of MNIST's training patterns, as the docs' page on the data has them.
    for name, mean in (("mean_28", 0.13066), ("mean_32", 0.10004)):
        low, high = scale(1.5, name)
        assert low + (high - low) * mean == pytest.approx(0, abs=2e-4)


@pytest.mark.parametrize("kind", ["average", "sum"])
@pytest.mark.parametrize("half", [True, False])
def test_a_reading_comes_back_from_its_recipe(kind: str, half: bool) -> None:
    own = {
        "network.subsampling": kind,
        "loss.half": half,
        "loss.j": 3.0,
        "initial.coefficient_S2": 0.8,
        "initial.coefficient_S4": 1.6,
        "presentation.gain": 2.0,
        "presentation.offset": "mean_28",
    }
    recipe = dataclasses.asdict(changed(Recipe(), in_the_recipes_units(own), "x"))
    found = in_the_priors_units(recipe)
    for key, value in own.items():
        assert found[key] == (pytest.approx(value, rel=1e-3) if type(value) is float else value)
    assert gain(recipe) == pytest.approx(2.0, rel=1e-3)


def test_the_printed_inputs_are_a_gain_of_1() -> None:
    recipe = dataclasses.asdict(Recipe())
    found = in_the_priors_units(recipe)
    assert found["presentation.gain"] == pytest.approx(1)
    assert found["presentation.offset"] == "printed"
    assert found["initial.coefficient"] == 1.0


def test_more_draws_leave_the_earlier_ones_as_they_are() -> None:
    few, many = draws(PRIOR, 3), draws(PRIOR, 30)
    assert few == dict(list(many.items())[:3])
    assert list(many)[:2] == [0, 1] and draws(PRIOR, 2, first=1) == {1: many[1], 2: many[2]}


@pytest.mark.parametrize(
    "law",
    [
        *(3, {}, {"normal": [0, 1]}, {"uniform": [0, 1], "parts": []}),
        *({"uniform": [0, 1], "parts": [1, 0]}, {"choice": {"a": 1}, "parts": [1]}),
        *({"uniform": [2, 1]}, {"logarithmic": [0, 1]}, {"choice": {"a": 0}}),
    ],
)
def test_a_law_that_is_none_is_named(law: object) -> None:
    with pytest.raises(RecipeError, match=r"posterior\.yaml: prior\.loss\.j: .* is not one of"):
        draws({"loss.j": law}, 1, "posterior.yaml: prior")  # type: ignore[dict-item]


@pytest.mark.parametrize("pair", prior.PAIRS)
def test_an_axis_without_its_other_half_is_named(pair: tuple[str, str]) -> None:
    for axis in pair:
        with pytest.raises(RecipeError, match=rf"^p: {axis}: .*{pair[0]} and {pair[1]}"):
            draws({axis: {"uniform": [0.5, 2.0]}}, 1, "p")


def test_a_grid_has_its_draws_each_with_its_own_seed(tmp_path: Path) -> None:
    path = tmp_path / "posterior.yaml"
    path.write_text("recipe: paper\ndraws: 3\nprior:\n  loss.j: {uniform: [0, 5]}\n")
    study = read_study(path, {"paper": Recipe()})
    assert [(job.name, job.seed) for job in study.jobs] == [(f"draw-00{i}", i) for i in range(3)]
    assert len({job.recipe.loss.j for job in study.jobs}) == 3
    path.write_text("recipe: paper\ndraws: 3\n")
    with pytest.raises(RecipeError, match="prior: not a mapping"):
        read_study(path, {"paper": Recipe()})
