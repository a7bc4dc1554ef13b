"""The posterior over readings, on made-up trainings whose law is known."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from scipy import linalg, special

from paper_lenet.base import streams
from paper_lenet.base.files import read_csv, write_csv, write_json
from paper_lenet.digits.patterns import Patterns, grey_scale
from paper_lenet.network.recipe import Recipe
from paper_lenet.paper import fig13
from paper_lenet.studies.grid import changed
from paper_lenet.studies.posterior import (
    calibration_check,
    features,
    predictive,
    sampling,
    steps,
    summaries,
)
from paper_lenet.studies.posterior.emulator import Data, Emulator
from paper_lenet.studies.posterior.likelihood import Likelihood, TooFewError
from paper_lenet.studies.posterior.marginals import (
    bayes_factor,
    drawn,
    effective,
    every_option,
    normalised,
    quantiles,
)
from paper_lenet.studies.posterior.posterior import analyse
from paper_lenet.studies.posterior.summaries import CURVE, STEPS, Observed, Summarised
from paper_lenet.studies.posterior.tables import narrowed
from paper_lenet.studies.posterior.weighing import Posterior, expected, nearest
from paper_lenet.studies.prior import draw, draws, name
from paper_lenet.studies.study import Folders
from paper_lenet.training.execution import maker
from paper_lenet.training.job import Job, beginning, select
from paper_lenet.training.passes import passes
from paper_lenet.training.record import PASSES, RUNS

pytestmark = pytest.mark.xdist_group("posterior")

PRIOR: dict[str, Any] = {
    "initial.bound": {"uniform": [1.0, 2.6]},
    "initial.coefficient": {"logarithmic": [0.5, 2.0]},
    "network.subsampling": {"choice": {"average": 1, "sum": 1}},
    "loss.equation": {"choice": {8: 1, 9: 3}},
    "loss.j": {"uniform": [0.0, 5.0]},
    "loss.half": {"choice": {True: 1, False: 1}},
    "step.memory": {"choice": {0.0: 3, 0.1: 1, 0.5: 1}},
    "presentation.order": {"choice": {"constant": 2, "reshuffled": 1, "file": 1}},
}
NAMES = (*CURVE[:6], *STEPS)
SPREAD = np.array([0.06] * 6 + [0.1, 0.1])  # between seeds
TRUTH = {"initial.bound": 1.7, "loss.j": 2.0, "loss.equation": 9}


def law(recipe: Recipe) -> np.ndarray:
    """The mean statistics of a reading; coefficient, memory and order do nothing."""
    bound, half = recipe.initial.bound, recipe.loss.half
    j = recipe.loss.j * (1 if half else 0.5)
    push = 0.1 * j if recipe.loss.equation == 9 else -0.3
    passes = np.arange(6)
    curve = -3 - 0.4 * passes - 0.2 * push * passes + 0.25 * bound * (passes < 2)
    added = 0.3 if recipe.network.subsampling == "sum" else 0.0
    smallest = -8 - 2 * bound - (0 if half else 0.7) - added
    return np.array([*curve, smallest, -4 - added * bound])


def training(name: str, recipe: Recipe, seed: int) -> Summarised:
    """Statistics with the spread of `SPREAD`, half of a curve's shared by all its passes."""
    noise = standard_normal(seed)
    noise[:6] = (noise[:6] + noise[8]) / np.sqrt(2)
    values = law(recipe) + SPREAD * noise[:8]
    wild = recipe.initial.bound > 2.45
    return Summarised(name, seed, dataclasses.asdict(recipe), None if wild else values)


def standard_normal(seed: int) -> np.ndarray:
    return np.array(special.ndtri(streams.uniform(streams.key(seed, "noise"), 9)))


def trainings(count: int, several: int = 0) -> list[Summarised]:
    """`count` draws of the prior, and two readings of `several` seeds."""
    found = [
        training(name(seed), changed(Recipe(), changes, name(seed)), seed)
        for seed, changes in draws(PRIOR, count).items()
    ]
    for run, bound in (("one", 1.7), ("other", 2.0)):
        recipe = changed(Recipe(), {"initial.bound": bound}, run)
        found += [training(run, recipe, 1000 + seed) for seed in range(several)]
    return found


def observed(shift: np.ndarray | float = 0.0) -> Observed:
    """What `TRUTH` gives without any spread, `shift` apart."""
    return Observed(NAMES, law(changed(Recipe(), TRUTH, "truth")) + shift, np.full(8, 0.01))


@pytest.fixture(scope="module")
def likelihood() -> Likelihood:
    return Likelihood(observed(), PRIOR, trainings(90, several=20))


@pytest.fixture(scope="module")
def posterior(likelihood: Likelihood) -> Posterior:
    return Posterior(PRIOR, {"curve": likelihood}, 20_000)


def probabilities(posterior: Posterior, groups: tuple[str, ...] | None = None) -> dict[str, float]:
    weights = posterior.weights(groups)
    options = every_option(posterior.readings, PRIOR)
    return {f"{each.axis} {each.label}": float(weights[each.chosen].sum()) for each in options}


def test_known_reading_is_recovered(posterior: Posterior) -> None:
    weights = posterior.weights()
    assert effective(weights) > 100
    low, middle, high = quantiles(posterior.readings["initial.bound"], weights, (0.05, 0.5, 0.95))
    assert low < TRUTH["initial.bound"] < high
    assert middle == pytest.approx(TRUTH["initial.bound"], abs=0.2)
    found = probabilities(posterior)
    assert found["loss.equation 9"] > 0.9
    assert found["network.subsampling average"] > 0.9


def test_axis_without_effect_keeps_its_prior(posterior: Posterior) -> None:
    found = probabilities(posterior)
    assert found["presentation.order constant"] == pytest.approx(0.5, abs=0.15)
    assert found["step.memory 0.0"] == pytest.approx(0.6, abs=0.15)
    quarter = quantiles(
        posterior.readings["initial.coefficient"], posterior.weights(), (0.25, 0.75)
    )
    assert quarter == pytest.approx([2**-0.5, 2**0.5], rel=0.2)


def test_group_of_statistics_speaks_of_its_own_axes(posterior: Posterior) -> None:
    steps, curve = (probabilities(posterior, (group,)) for group in ("steps", "passes 3-20"))
    assert curve["loss.equation 8"] < 0.05 < steps["loss.equation 8"]
    assert curve["initial.bound 1 to 1.53"] > 0.2 > steps["initial.bound 2.07 to 2.6"]


def test_fitting_statistics_do_not_conflict(posterior: Posterior) -> None:
    (part,) = posterior.parts
    made = expected(posterior, part)
    assert predictive.tail(made.every, part.likelihood.observed.values).min() > 0.2
    assert predictive.together(made.every, part.likelihood.observed.values) > 0.2


def test_conflicting_statistics_are_flagged(likelihood: Likelihood) -> None:
    """Passes 1 and 2 three spreads apart from what any reading that meets the rest has."""
    shift = np.zeros(8)
    shift[:2] = [0.5, -0.5]
    apart = Likelihood(observed(shift), PRIOR, trainings(90, several=20))
    posterior = Posterior(PRIOR, {"curve": apart}, 20_000)
    (part,) = posterior.parts
    made = expected(posterior, part)
    assert made.others is not None
    by_others = predictive.together(made.others[:, :2], apart.observed.values[:2])
    steps = predictive.together(made.others[:, 6:], apart.observed.values[6:])
    assert by_others < 0.01 < steps
    assert predictive.together(made.every, apart.observed.values) < 0.01


@pytest.fixture(scope="module")
def judged(likelihood: Likelihood) -> list[calibration_check.Judged]:
    return calibration_check.recover([likelihood], PRIOR, PRIOR, 10_000)


def test_intervals_cover_at_the_stated_rate(judged: list[calibration_check.Judged]) -> None:
    axes = {each.axis: each for each in calibration_check.by_axis(judged, PRIOR)}
    for key in ("initial.bound", "initial.coefficient", "loss.j"):
        assert axes[key].uniform > 0.01
        half, most = axes[key].within
        assert half == pytest.approx(0.5, abs=0.17)
        assert most == pytest.approx(0.9, abs=0.1)
    assert axes["loss.equation"].gain > 0.2
    assert axes["loss.equation"].right > axes["loss.equation"].first
    order = axes["presentation.order"]
    assert abs(order.gain) < max(0.05, 3 * order.error)


def test_under_equation_8_nothing_is_asked_of_j(judged: list[calibration_check.Judged]) -> None:
    under_8 = {each.run for each in judged if each.axis == "loss.equation" and each.truth == "8"}
    assert under_8
    assert under_8.isdisjoint(each.run for each in judged if each.axis == "loss.j")


def test_run_left_out_as_if_never_there() -> None:
    """The closed form against a second solution of the normal equations without the row."""
    generator = np.random.default_rng(0)
    inputs = generator.uniform(-1, 1, (40, 3))
    targets = np.column_stack([np.sin(inputs[:, 0]), inputs[:, 1] ** 2, inputs.sum(1)])
    targets += 0.05 * generator.standard_normal(targets.shape)
    emulator = Emulator(Data(inputs, targets, np.ones(40, int)))
    where = generator.uniform(-1, 1, (5, 3))
    fast = emulator.weighted(emulator.kernels(where), emulator.weights_without(7))
    keep = np.arange(40) != 7
    scores, own = [], []
    for each in emulator.components:
        kernel = each.process.kernel_
        total = kernel(inputs[keep]) + np.diag(each.process.alpha[keep])
        weights = linalg.solve(total, each.process.y_train_[keep])
        scores.append(kernel(where, inputs[keep]) @ weights)
        own.append(kernel(inputs[7:8], inputs[keep]) @ weights)
    np.testing.assert_allclose(fast, emulator.assembled(scores), atol=1e-8)
    np.testing.assert_allclose(emulator.left_out()[7], emulator.assembled(own)[0], atol=1e-8)


def test_feature_that_never_varies_has_no_effect() -> None:
    generator = np.random.default_rng(0)
    inputs = np.column_stack([generator.uniform(-1, 1, 40), np.full(40, -1.0)])
    emulator = Emulator(Data(inputs, inputs[:, :1] + [[0.0, 1.0]], np.ones(40, int)))
    there, elsewhere = emulator.predict(np.array([[0.3, -1.0], [0.3, 1.0]]))
    np.testing.assert_array_equal(there, elsewhere)


def test_error_is_never_less_than_the_spread_between_seeds(likelihood: Likelihood) -> None:
    error = likelihood.error(likelihood.observed.values)
    assert np.sqrt(np.diag(error.seeds)) == pytest.approx(SPREAD, rel=0.35)
    least = linalg.eigvalsh(error.total - error.seeds - error.reading).min()
    assert least > -1e-9


def test_rejection_takes_the_nearest_runs(likelihood: Likelihood, posterior: Posterior) -> None:
    (part,) = posterior.parts
    weights = nearest([part])
    assert weights.sum() == pytest.approx(1)
    apart = likelihood.own - likelihood.observed.values
    distance = np.einsum("np,pq,nq->n", apart, linalg.inv(part.error.total), apart)
    assert distance[weights > 0].max() < distance[weights == 0].min()
    assert weights @ (likelihood.readings["loss.equation"] == 9) > 0.75


def test_sample_follows_the_prior() -> None:
    found = sampling.sample(PRIOR, 50_000).readings
    assert np.mean(found["loss.equation"] == 9) == pytest.approx(0.75, abs=0.01)
    assert np.mean(found["presentation.order"] == "file") == pytest.approx(0.25, abs=0.01)
    assert np.mean(found["initial.coefficient"] < 1) == pytest.approx(0.5, abs=0.01)
    assert np.mean(found["initial.bound"] < 1.4) == pytest.approx(0.25, abs=0.01)


def test_aimed_sample_still_stands_for_the_prior() -> None:
    first = sampling.sample(PRIOR, 20_000)
    narrow = first.readings["loss.half"].astype(bool) & (first.readings["initial.bound"] < 1.4)
    found = sampling.aimed(PRIOR, first, narrow / narrow.sum(), 50_000)
    weights = normalised(found.before)
    bound, half = found.readings["initial.bound"], found.readings["loss.half"]
    assert np.mean(bound < 1.4) > 0.55  # twice the prior's
    assert weights @ (bound < 1.4) == pytest.approx(0.25, abs=0.01)
    assert weights @ bound == pytest.approx(1.8, abs=0.01)
    assert weights @ half.astype(float) == pytest.approx(0.5, abs=0.01)
    assert effective(weights) > 10_000


def test_reading_undoes_the_recipes_units() -> None:
    unlike = {"network.subsampling": "sum", "loss.half": False, "loss.equation": 9}
    changes = {**unlike, "loss.j": 3.0, "initial.coefficient": 0.3}
    found = features.reading(dataclasses.asdict(changed(Recipe(), changes, "x")), PRIOR)
    assert found is not None
    assert found["loss.j"] == 1.5
    assert found["initial.coefficient"] == pytest.approx(1.2)
    outside = dataclasses.asdict(changed(Recipe(), {"initial.bound": 3.0}, "x"))
    assert features.reading(outside, PRIOR) is None


def test_equation_8_is_one_point_for_every_j() -> None:
    found = sampling.sample(PRIOR, 1000).readings
    points = features.matrix(found, PRIOR)
    assert np.abs(points).max() <= 1
    under_8 = found["loss.equation"] == 8
    column = 4  # after bound, coefficient, sum, equation
    assert np.unique(points[under_8, column]).size == 1
    assert np.unique(points[~under_8, column]).size > 500


def test_steps_of_pass_1_without_training() -> None:
    """The same bits as a training records of its first pass."""
    grey = np.random.default_rng(0).integers(0, 256, (40, 32, 32)).astype(np.uint8)
    patterns = Patterns(grey, np.arange(40, dtype=np.uint8) % 10, grey_scale(-0.1, 1.175))
    recipe = changed(Recipe(), {"step.patterns": 20, "presentation.patterns": 40}, "few")
    job = Job("few", recipe, 3, "engine", thorough=False)
    data = select(recipe, patterns, patterns)
    state = next(passes(job, data, beginning(job), maker(job), lambda *_: None))
    first = state.rows[0]
    assert steps.ends(job, data) == (first.smallest_step, first.largest_step)


def test_draws_of_steps_are_the_priors(tmp_path: Path) -> None:
    rows = [("draw-1000", 1000, 1e-4, 0.02), ("draw-1001", 1001, 1e-5, 0.01)]
    write_csv(tmp_path / steps.FILE, steps.HEADING, rows)
    found = steps.read(tmp_path, PRIOR, dataclasses.asdict(Recipe()))
    wanted = changed(Recipe(), draw(PRIOR, 1001), "draw-1001")
    assert found[1].recipe == dataclasses.asdict(wanted)
    assert found[1].values == pytest.approx(np.log([1e-5, 0.01]))


def test_other_recipes_are_left_out() -> None:
    runs = trainings(40)
    odd = dataclasses.asdict(changed(Recipe(), {"step.mu": 0.2}, "x"))
    with_odd = Likelihood(observed(), PRIOR, [*runs, runs[0]._replace(recipe=odd)])
    assert len(with_odd.runs) == len(Likelihood(observed(), PRIOR, runs).runs)


def test_too_few_draws_say_so() -> None:
    with pytest.raises(TooFewError, match="8 draws learned; at least 20"):
        Likelihood(
            observed(), PRIOR, [each for each in trainings(12) if each.values is not None][:8]
        )


def test_saturated_share_lies_between_the_grey_levels() -> None:
    low, high = fig13.saturated(fig13.drawn("S2"))
    value, sd = summaries.share_of_paper("S2")
    assert low < 1 / (1 + np.exp(-value)) < high
    assert sd > (special.logit(high) - special.logit(low)) / 4


def test_paper_has_all_statistics_and_no_test_error() -> None:
    kinds = (
        summaries.curve_of_paper(),
        summaries.steps_of_paper(),
        summaries.noise_of_paper(),
    )
    for found in kinds:
        assert len(found.names) == len(found.values) == len(found.reading)
        assert (found.reading > 0).all()
        assert not any("test_" in name for name in found.names)
    grouped = [name for names in summaries.GROUPS.values() for name in names]
    assert sorted(grouped) == sorted(name for found in kinds for name in found.names)


def test_small_parts() -> None:
    assert bayes_factor(0.25, 0.75) == pytest.approx(9)
    assert bayes_factor(0.5, 0.0) == 0
    assert list(drawn(np.array([0.5, 0.25, 0.25]), 4)) == [0, 0, 1, 2]


def write_study(folder: Path, count: int, tests: int) -> None:
    """The record of made-up draws; each network misreads `tests` test patterns after each pass."""
    folder.mkdir(parents=True, exist_ok=True)
    runs, rows, recipes, misread = [], [], {}, []
    for each in trainings(count):
        key = each.run, each.seed
        recipes[each.run] = each.recipe
        if each.values is None:
            runs.append((*key, "diverged", 0, *[""] * 7))
            continue
        curve = np.rint(60000 * np.exp(np.pad(each.values[:6], (0, 14), mode="edge"))).astype(int)
        sizes = np.exp(each.values[6:])
        tested = tests, 10_000
        runs.append((*key, "trained", 20, *tested, curve[-1], 60000, 7, *sizes))
        for number, errors in enumerate(curve, 1):
            after = 7 if number == 20 else ""
            rows.append((*key, number, 0.001, 0.5, errors, 60000, after, *tested, *sizes))
        misread += [(*key, index, 0, 1) for index in range(tests)]
    write_csv(folder / "runs.csv", RUNS[:11], runs)
    write_csv(folder / "passes.csv", PASSES, rows)
    write_csv(folder / "misread.csv", ("run", "seed", "index", "truth", "answer"), misread)
    write_json(folder / "recipes.json", recipes)


def test_analysis_writes_tables_and_figures(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """And the same ones whatever the test errors are."""
    monkeypatch.setattr("paper_lenet.studies.posterior.posterior.SAMPLE", 4000)
    monkeypatch.setattr("paper_lenet.studies.posterior.posterior.CHECKED", 2000)
    folders = Folders("posterior", tmp_path / "data", grids=tmp_path)
    folders.grid().write_text(yaml.safe_dump({"prior": PRIOR}), encoding="utf-8")
    write_study(folders.trained(), 60, tests=5)
    analyse(folders)
    assert "posterior: without Fig. 13" in capsys.readouterr().err
    folder = folders.results()
    options = read_csv(folder / "options.csv")
    for moment in ("before", "after"):
        total = sum(float(row[moment]) for row in options if row["axis"] == "loss.half")
        assert total == pytest.approx(1, abs=1e-3)
    summary = json.loads((folder / "posterior.json").read_text(encoding="utf-8"))
    assert summary["parts"]["curve"]["draws"] == 60
    printed = read_csv(folder / "summaries.csv")
    assert [float(row["paper"]) for row in printed][:2] == pytest.approx([4.89, 3.04])
    drawn_files = sorted(path.name for path in folders.figures.iterdir())
    names = ("marginals", "predicted", "recovery_clean", "ruled_out")
    assert drawn_files == [f"{name}-{theme}.svg" for name in names for theme in ("dark", "light")]
    verdict = {row["key"]: row["verdict"] for row in read_csv(folder / "verdict.csv")}
    assert verdict.keys() == PRIOR.keys()
    first = {path: path.read_bytes() for path in folder.iterdir()}
    write_study(folders.trained(), 60, tests=6)
    analyse(folders)
    assert first == {path: path.read_bytes() for path in folder.iterdir()}


def test_an_interval_is_measured_in_the_scale_of_its_law() -> None:
    uniform, logarithmic = {"uniform": [0.5, 2.0]}, {"logarithmic": [0.5, 2.0]}
    # 0.5 of 1.5 is less than half; ln 2 of ln 4 is not.
    assert narrowed(uniform, (0.5, 1.0), (0.5, 2.0))
    assert not narrowed(logarithmic, (0.5, 1.0), (0.5, 2.0))
    # 0.9 of 1.5 is more than half; ln(2/1.1) of ln 4 is less.
    assert not narrowed(uniform, (1.1, 2.0), (0.5, 2.0))
    assert narrowed(logarithmic, (1.1, 2.0), (0.5, 2.0))
