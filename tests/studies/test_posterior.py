"""The posterior over readings, on made-up trainings whose law is known."""

from __future__ import annotations

import dataclasses
import json
import math
from pathlib import Path
from typing import Any

import known
import numpy as np
import pytest
import yaml
from scipy import linalg, special

from paper_lenet.base import streams
from paper_lenet.base.files import read_csv, write_csv, write_json
from paper_lenet.digits.patterns import Patterns, grey_scale
from paper_lenet.network.recipe import Recipe
from paper_lenet.paper import fig13
from paper_lenet.results.trainings import Pass, Run, Training
from paper_lenet.studies.grid import changed
from paper_lenet.studies.posterior import (
    calibration_check,
    features,
    predictive,
    sampling,
    steps,
    summaries,
)
from paper_lenet.studies.posterior.directions import Direction
from paper_lenet.studies.posterior.emulator import Data, Emulator, Predicted
from paper_lenet.studies.posterior.likelihood import Likelihood, TooFewError
from paper_lenet.studies.posterior.marginals import (
    bayes_factor,
    drawn,
    effective,
    every_option,
    normalised,
    quantiles,
)
from paper_lenet.studies.posterior.population import ACCEPTED, population
from paper_lenet.studies.posterior.posterior import analyse
from paper_lenet.studies.posterior.rounds import Round
from paper_lenet.studies.posterior.summaries import CURVE, STEPS, Observed, Summarised
from paper_lenet.studies.posterior.verdict import Evidence, narrowed, verdict
from paper_lenet.studies.posterior.weighing import Posterior, expected
from paper_lenet.studies.prior import draw, draws, name
from paper_lenet.studies.recovered import file
from paper_lenet.studies.recovered.record import NETWORK
from paper_lenet.studies.study import Folders
from paper_lenet.training.execution import maker
from paper_lenet.training.job import Job, beginning, select
from paper_lenet.training.measure import HEADING as MEASURES
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


def one_round(count: int) -> Round:
    """The draws of the prior as a round of which only readings are known."""
    runs = {
        each.run: Run({}, {}, each.recipe)
        for each in trainings(count)
        if each.values is not None or each.seed % 2
    }
    return Round("round_0", PRIOR, runs, {})


@pytest.fixture(scope="module")
def judged(likelihood: Likelihood) -> list[calibration_check.Judged]:
    steepest = np.zeros(features.matrix(sampling.sample(PRIOR, 1).readings, PRIOR).shape[1])
    steepest[0] = -1.0
    along = Direction("less v", steepest)
    return calibration_check.recover([likelihood], PRIOR, [one_round(90)], [along], 10_000)


def test_intervals_cover_at_the_stated_rate(judged: list[calibration_check.Judged]) -> None:
    axes = {each.axis: each for each in calibration_check.by_axis(judged)}
    assert set(axes) == {*PRIOR, "less v"}
    for key in ("initial.bound", "initial.coefficient", "loss.j"):
        half, most = axes[key].within
        assert half == pytest.approx(0.5, abs=0.17)
        assert most == pytest.approx(0.9, abs=0.1)
    assert all(each.uniform > 0.01 for each in axes.values())
    assert all(calibration_check.calibrated(judged).values())
    assert axes["loss.equation"].gain > 0.2
    assert axes["loss.equation"].right > axes["loss.equation"].first
    order = axes["presentation.order"]
    assert abs(order.gain) < max(0.05, 3 * order.error)


def test_rank_along_a_direction_is_that_of_its_axis(judged: list[calibration_check.Judged]) -> None:
    ranks = {
        axis: {each.run: each.rank for each in judged if each.axis == axis}
        for axis in ("initial.bound", "less v")
    }
    for run, rank in ranks["initial.bound"].items():
        assert ranks["less v"][run] == pytest.approx(1 - rank, abs=1e-6)


def test_a_posterior_too_sure_is_not_calibrated(judged: list[calibration_check.Judged]) -> None:
    """Ranks pushed to the ends, as by intervals of half the length."""
    pushed = [
        each._replace(rank=min(max(2 * each.rank - 0.5, 0.0), 1.0))
        for each in judged
        if each.axis == "initial.bound"
    ]
    assert calibration_check.calibrated(pushed) == {"initial.bound": False}


def test_under_equation_8_nothing_is_asked_of_j(judged: list[calibration_check.Judged]) -> None:
    under_8 = {each.run for each in judged if each.axis == "loss.equation" and each.truth == "8"}
    assert under_8
    assert under_8.isdisjoint(each.run for each in judged if each.axis == "loss.j")


def test_run_left_out_as_if_never_there() -> None:
    """The closed forms against a second solution of the normal equations without the row."""
    generator = np.random.default_rng(0)
    inputs = generator.uniform(-1, 1, (40, 3))
    targets = np.column_stack([np.sin(inputs[:, 0]), inputs[:, 1] ** 2, inputs.sum(1)])
    targets += 0.05 * generator.standard_normal(targets.shape)
    emulator = Emulator(Data(inputs, targets, np.ones(40, int)))
    where = np.vstack([generator.uniform(-1, 1, (5, 3)), inputs[7:8]])
    fast = emulator.without(emulator.ask(where), 7)
    keep = np.arange(40) != 7
    scores, variances = [], []
    for each in emulator.components:
        kernel = each.process.kernel_
        total = kernel(inputs[keep]) + np.diag(each.process.alpha[keep])
        near = kernel(where, inputs[keep])
        scores.append(near @ linalg.solve(total, each.process.y_train_[keep]))
        explained = np.diag(near @ linalg.solve(total, near.T))
        variances.append(kernel.k1(where).diagonal() - explained)
    means = np.column_stack(scores) @ emulator.loadings + targets.mean(0)
    np.testing.assert_allclose(fast.means, means, atol=1e-8)
    np.testing.assert_allclose(fast.variances, np.column_stack(variances), atol=1e-6)
    left = emulator.left_out()
    np.testing.assert_allclose(left.means[7], means[5], atol=1e-8)
    np.testing.assert_allclose(left.variances[7], fast.variances[5], atol=1e-6)


def test_far_from_all_runs_the_emulator_is_less_sure() -> None:
    generator = np.random.default_rng(0)
    inputs = generator.uniform(-1, 0, (40, 2))
    emulator = Emulator(Data(inputs, np.sin(3 * inputs), np.ones(40, int)))
    near, far = emulator.predict(np.array([[-0.5, -0.5], [1.0, 1.0]])).variances
    assert (far > 10 * near).all()


def test_feature_that_never_varies_has_no_effect() -> None:
    generator = np.random.default_rng(0)
    inputs = np.column_stack([generator.uniform(-1, 1, 40), np.full(40, -1.0)])
    emulator = Emulator(Data(inputs, inputs[:, :1] + [[0.0, 1.0]], np.ones(40, int)))
    there, elsewhere = emulator.predict(np.array([[0.3, -1.0], [0.3, 1.0]])).means
    np.testing.assert_array_equal(there, elsewhere)


def test_error_is_never_less_than_the_spread_between_seeds(likelihood: Likelihood) -> None:
    error = likelihood.error(likelihood.observed.values)
    assert np.sqrt(np.diag(error.seeds)) == pytest.approx(SPREAD, rel=0.35)
    least = linalg.eigvalsh(error.total - error.seeds - error.reading).min()
    assert least > -1e-9


def test_what_the_emulator_does_not_know_widens_the_likelihood(likelihood: Likelihood) -> None:
    """A reading of which little is known is neither believed nor ruled out."""
    target, error = likelihood.observed.values, likelihood.error(likelihood.observed.values)
    loadings = likelihood.emulator.loadings
    means = np.vstack([target, target + 1.0] * 2)
    variances = np.zeros((4, len(loadings)))
    variances[2:] = 100.0
    sure_here, sure_there, here, there = likelihood.logarithm(
        Predicted(means, variances, loadings), target, error
    )
    assert sure_here > here
    assert sure_there < there
    assert here - there < 0.1 * (sure_here - sure_there)


def test_the_second_method_takes_the_nearest_runs(likelihood: Likelihood) -> None:
    found = population(PRIOR, [one_round(90)], [likelihood])
    accepted = found.weights > 0
    assert accepted.sum() == round(ACCEPTED * len(found.names))
    assert found.distances[accepted].max() < found.distances[~accepted].min()
    assert found.weights.sum() == pytest.approx(1)
    # Drawn from the prior itself, all count the same.
    assert np.ptp(found.weights[accepted]) < 1e-12
    right = found.readings["loss.equation"] == 9
    assert found.probability("loss.equation", right, 0.75) > 0.75
    nobody = np.zeros(len(found.names), bool)
    assert 0 < found.probability("loss.equation", nobody, 0.25) < 0.05


def test_an_aimed_round_counts_less_where_it_was_aimed(likelihood: Likelihood) -> None:
    aim = {**PRIOR, "loss.half": {"choice": {True: 3, False: 1}}}
    found = population(PRIOR, [one_round(90)._replace(law=aim)], [likelihood])
    weights = {
        half: set(np.round(found.weights[(found.readings["loss.half"] == half)], 9)) - {0.0}
        for half in (True, False)
    }
    (more,), (less,) = weights[False], weights[True]
    assert more == pytest.approx(3 * less, rel=1e-5)


def test_without_seeds_of_one_reading_there_is_no_second_method() -> None:
    alone = Likelihood(observed(), PRIOR, trainings(90))
    with pytest.raises(TooFewError, match="too few readings have several seeds"):
        population(PRIOR, [one_round(90)], [alone])


def test_under_equation_8_a_law_of_j_does_not_count() -> None:
    aim = {**PRIOR, "loss.j": {"uniform": [0.0, 5.0], "parts": [1, 8, 1]}}
    readings = sampling.sample(PRIOR, 2000).readings
    ratio = sampling.density(aim, readings) - sampling.density(PRIOR, readings)
    under_8 = readings["loss.equation"] == 8
    assert np.abs(ratio[under_8]).max() < 1e-12
    assert set(np.round(np.exp(ratio[~under_8]), 6)) == {0.3, 2.4}


def test_the_strict_rule() -> None:
    sure = Evidence("9", 0.5, 0.99, 0.96, "steps", 0.97)
    assert verdict(sure, True) == "decided"
    assert verdict(sure, False) == "open"
    assert verdict(sure._replace(least=0.94), True) == "favoured"
    assert verdict(sure._replace(population=0.9), True) == "favoured"
    assert verdict(sure._replace(population=0.6), True) == "open"
    assert verdict(sure._replace(population=0.4), True) == "the methods differ"
    assert verdict(sure._replace(after=0.7, least=0.5, population=0.7), True) == "open"


def test_sample_follows_the_prior() -> None:
    found = sampling.sample(PRIOR, 50_000).readings
    assert np.mean(found["loss.equation"] == 9) == pytest.approx(0.75, abs=0.01)
    assert np.mean(found["presentation.order"] == "file") == pytest.approx(0.25, abs=0.01)
    assert np.mean(found["initial.coefficient"] < 1) == pytest.approx(0.5, abs=0.01)
    assert np.mean(found["initial.bound"] < 1.4) == pytest.approx(0.25, abs=0.01)


def test_aimed_sample_still_stands_for_the_prior() -> None:
    first = sampling.sample(PRIOR, 20_000)
    narrow = first.readings["loss.half"].astype(bool) & (first.readings["initial.bound"] < 1.4)
    found = sampling.aimed(PRIOR, first.readings, narrow / narrow.sum(), 50_000)
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


@pytest.fixture
def network(tmp_path: Path) -> Path:
    """A recovered network whose parameters are known, each to 0.01."""
    rows = known.rows()
    sd = {name: [np.full_like(row, 0.01) for row in part] for name, part in rows.items()}
    path = Folders("recovered", tmp_path / "data").results() / NETWORK
    path.parent.mkdir(parents=True)
    file.save(path, rows, sd, {})
    return path


def weights_of(layer: str) -> np.ndarray:
    return np.concatenate([row[:-1] for row in known.rows()[layer]])


def test_paper_has_all_statistics_and_no_test_error(network: Path) -> None:
    kinds = (
        summaries.curve_of_paper(),
        summaries.steps_of_paper(),
        summaries.noise_of_paper(network),
    )
    for found in kinds:
        assert len(found.names) == len(found.values) == len(found.reading)
        assert (found.reading > 0).all()
        assert not any("test_" in name for name in found.names)
    grouped = [name for names in summaries.GROUPS.values() for name in names]
    assert sorted(grouped) == sorted(name for found in kinds for name in found.names)


def test_sizes_and_coefficients_are_those_of_the_recovered_network(network: Path) -> None:
    found = summaries.noise_of_paper(network)
    stated = dict(zip(found.names, zip(found.values, found.reading, strict=True), strict=True))
    for layer in ("C1", "C3"):
        value, reading = stated[f"{layer}_rms"]
        size = np.sqrt(np.mean(weights_of(layer) ** 2))
        assert math.exp(value) == pytest.approx(size, rel=1e-5)
        error = 0.01 / size / math.sqrt(len(weights_of(layer)))
        assert reading == pytest.approx(math.hypot(error, summaries.SCALE), rel=1e-4)
    for layer in ("S2", "S4"):
        value, _ = stated[f"{layer}_greatest"]
        assert math.exp(value) == pytest.approx(weights_of(layer).max(), rel=1e-5)


def test_gain_is_a_scale_of_c1() -> None:
    """A network with twice the inputs and half of C1's weights has the states of Fig. 13 too."""
    measures = dict.fromkeys(summaries.NOISE, 0.3)
    one = Pass(20, 0.1, 600, 60000, 7, 90, 10000, 1e-4, 0.02)
    plain, twice = (
        changed(Recipe(), changes, "x") for changes in ({}, {"presentation.scale": [-0.2, 2.35]})
    )
    runs = {
        "plain": Run({0: Training((one,), {}, measures)}, {}, dataclasses.asdict(plain)),
        "twice": Run(
            {0: Training((one,), {}, {**measures, "C1_rms": 0.15})}, {}, dataclasses.asdict(twice)
        ),
    }
    first, second = summaries.noise(runs)
    np.testing.assert_allclose(first.values, second.values, rtol=1e-12)


def test_small_parts() -> None:
    assert bayes_factor(0.25, 0.75) == pytest.approx(9)
    assert bayes_factor(0.5, 0.0) == 0
    assert list(drawn(np.array([0.5, 0.25, 0.25]), 4)) == [0, 0, 1, 2]


JOINT = {
    **{key: law for key, law in PRIOR.items() if key != "initial.coefficient"},
    "initial.coefficient_S2": {"logarithmic": [0.5, 2.0]},
    "initial.coefficient_S4": {"logarithmic": [0.5, 2.0]},
    "presentation.gain": {"logarithmic": [0.7, 3.4]},
    "presentation.offset": {"choice": {"printed": 2, "mean_28": 1}},
}


def write_round(folder: Path, count: int, tests: int) -> None:
    """The record of made-up draws in both ways; each network misreads `tests` test patterns."""
    write_record(
        folder,
        [
            (f"{name(seed)}-{way}", seed + (100_000 if more else 0), {**changes, **more})
            for seed, changes in draws(JOINT, count).items()
            for way, more in (("clean", {}), ("inverted", {"presentation.inverted": 0.1}))
        ],
        tests,
    )
    write_csv(folder / steps.FILE, steps.HEADING, [("draw-1000", 1000, 1e-4, 0.02)])


def write_record(folder: Path, jobs: list[tuple[str, int, dict[str, Any]]], tests: int = 5) -> None:
    """The record of made-up trainings: run, seed and changes of the recipe."""
    folder.mkdir(parents=True, exist_ok=True)
    runs, rows, recipes, misread = [], [], {}, []
    for run, seed, changes in jobs:
        key = run, seed
        recipe = changed(Recipe(), changes, run)
        recipes[run] = dataclasses.asdict(recipe)
        values = training(run, recipe, seed).values
        if values is None:
            runs.append((*key, "diverged", 0, *[""] * (7 + len(MEASURES))))
            continue
        curve = np.rint(60000 * np.exp(np.pad(values[:6], (0, 14), mode="edge"))).astype(int)
        sizes, tested = np.exp(values[6:]), (tests, 10_000)
        noisy = standard_normal(seed + 7)
        measures = [0.3 * math.exp(0.1 * noisy[place % 8]) for place in range(len(MEASURES))]
        runs.append((*key, "trained", 20, *tested, curve[-1], 60000, 7, *sizes, *measures))
        for number, errors in enumerate(curve, 1):
            after = 7 if number == 20 else ""
            rows.append((*key, number, 0.001, 0.5, errors, 60000, after, *tested, *sizes))
        misread += [(*key, index, 0, 1) for index in range(tests)]
    write_csv(folder / "runs.csv", RUNS, runs)
    write_csv(folder / "passes.csv", PASSES, rows)
    write_csv(folder / "misread.csv", ("run", "seed", "index", "truth", "answer"), misread)
    write_json(folder / "recipes.json", recipes)


def test_analysis_writes_tables_and_figures(
    tmp_path: Path, network: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And the same ones whatever the test errors are."""
    monkeypatch.setattr("paper_lenet.studies.posterior.posterior.SAMPLE", 2000)
    monkeypatch.setattr("paper_lenet.studies.posterior.posterior.CHECKED", 500)
    folders = Folders("posterior", tmp_path / "data", grids=tmp_path)
    folders.grid("round_0").write_text(yaml.safe_dump({"prior": JOINT}), encoding="utf-8")
    write_round(folders.trained("round_0"), 40, tests=5)
    seeds = range(30)  # of one reading: how far seeds differ
    write_record(folders.trained("readings"), [("one", seed, {}) for seed in seeds])
    inverted = {"presentation.inverted": 0.1}
    write_record(folders.trained("noise"), [("one", seed, inverted) for seed in seeds])
    analyse(folders)
    folder = folders.results()
    options = read_csv(folder / "options.csv")
    for moment in ("before", "after", "population"):
        total = sum(float(row[moment]) for row in options if row["axis"] == "loss.half")
        assert total == pytest.approx(1, abs=1e-3)
    summary = json.loads((folder / "posterior.json").read_text(encoding="utf-8"))
    assert summary["parts"]["curve"]["draws"] == summary["population"]["draws"] == 40
    assert len(read_csv(folder / "accepted.csv")) == summary["population"]["accepted"] == 6
    printed = read_csv(folder / "summaries.csv")
    assert [float(row["paper"]) for row in printed][:2] == pytest.approx([4.89, 3.04])
    drawn_files = sorted(path.name for path in folders.figures.iterdir())
    names = ("marginals", "predicted", "ranks", "ruled_out")
    assert drawn_files == [f"{name}-{theme}.svg" for name in names for theme in ("dark", "light")]
    verdict = {row["key"]: row["verdict"] for row in read_csv(folder / "verdict.csv")}
    assert verdict.keys() == JOINT.keys()
    following = yaml.safe_load((folder / "next_round.yaml").read_text(encoding="utf-8"))
    assert draws(following, 2).keys() == {0, 1}
    first = {path: path.read_bytes() for path in folder.iterdir()}
    write_round(folders.trained("round_0"), 40, tests=6)
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
