"""What the recovered parameters say of the open places of the paper.

The size of the trained weights of C1 and C3, their root mean square, can now be read off the
network of 1998. The study ``noise`` has it for every training with inverted pixels, the chosen
reading's seeds and draws of a prior. So it joins the fingerprints of Fig. 13 that the study
``posterior`` uses, S2's and S4's coefficients and the saturated shares, in one joint likelihood.
Emulator, covariance and the sample of readings are that study's (`paper_lenet.studies`).

- ``compare.csv``: the network of 1998 beside ours, the chosen reading's seeds and all draws;
- ``evidence.csv``: the probability of each option before, by ``posterior``, and with sizes;
- ``coefficients.csv``: Fig. 13's coefficients by two readings (`coefficients`);
- ``nearest.csv``: the trainings whose fingerprints are nearest to theirs, and the chosen reading's;
- ``evidence.json``: how likely the sizes are under what the rest expects.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from paper_lenet.base.files import fixed, read_csv, significant, write_csv, write_json
from paper_lenet.base.statistics import over_seeds
from paper_lenet.studies.posterior import fingerprints, labels, predictive
from paper_lenet.studies.posterior.features import Matrix, matrix, reading
from paper_lenet.studies.posterior.fingerprints import FingerprintError, Observed, Training
from paper_lenet.studies.posterior.likelihood import Evidence
from paper_lenet.studies.posterior.marginals import (
    bayes_factor,
    effective,
    every_option,
    normalised,
    text,
)
from paper_lenet.studies.posterior.posterior import SAMPLE, gather
from paper_lenet.studies.posterior.predictive import distance
from paper_lenet.studies.posterior.weighing import Posterior
from paper_lenet.studies.prior import Prior
from paper_lenet.studies.recovered import coefficients, file
from paper_lenet.studies.recovered.record import NETWORK

SIZES = ("C1_rms", "C3_rms")
NEAREST = 5
SCALE = 0.02  # of logarithms: how well the drawing's scale fixes the size of weights
RUN = "paper"
COMPARED = (
    *("S2_mean", "S2_least", "S2_greatest", "S4_mean", "S4_least", "S4_greatest"),
    *SIZES,
)

Vector = NDArray[np.float64]


def sizes(folder: Path) -> Observed:
    """The logarithms of the sizes of the network of 1998, and how well they are known."""
    found, sd = file.load(folder / NETWORK)
    values, spread = [], []
    for name in ("C1.weight", "C3.weight"):
        weights, deviations = (part[name].astype(np.float64) for part in (found, sd))
        values.append(math.log(np.sqrt(np.mean(weights**2))))
        error = np.sqrt(np.sum((weights * deviations) ** 2)) / np.sum(weights**2)
        spread.append(math.hypot(float(error), SCALE))
    return Observed(SIZES, np.array(values), np.array(spread))


def joint(folder: Path, noise: Path) -> tuple[Observed, list[Training]]:
    """Fig. 13's fingerprints with the sizes, of the paper and of each training of ``noise``."""
    printed, size = fingerprints.noise_of_paper(), sizes(folder)
    observed = Observed(
        (*printed.names, *size.names),
        np.r_[printed.values, size.values],
        np.r_[printed.reading, size.reading],
    )
    rows = {(row["run"], int(row["seed"])): row for row in read_csv(noise / "runs.csv")}
    trainings = []
    for each in fingerprints.noise(noise):
        values = each.values
        if values is not None:
            row = rows[each.run, each.seed]
            values = np.r_[values, [math.log(float(row[name])) for name in SIZES]]
        trainings.append(each._replace(values=values))
    return observed, trainings


def write(folder: Path, results: Path, prior: Prior) -> None:
    """Write the tables into `folder`.

    Args:
        folder: the study's results, with the recovered network.
        results: of all studies; ``noise`` and those that ``posterior`` reads must be there.
        prior: of the study ``posterior``.
    """
    compare(folder, results / "noise")
    posterior = Posterior(prior, gather(prior, results), SAMPLE)
    observed, trainings = joint(folder, results / "noise")
    evidence = Evidence(observed, prior, trainings)
    features = matrix(posterior.readings, prior)
    predicted = evidence.emulator.predict(features)
    error = evidence.error(observed.values)
    clean = posterior.weights(
        [g for g in posterior.groups if g not in ("coefficients", "saturation")]
    )
    logarithm = (
        -error.runs
        / 2
        * np.log1p(distance(predicted, observed.values, error.total) / (error.runs - 1))
    )
    learns = evidence.learns.logarithm(features)
    after = normalised(np.log(clean) + learns + logarithm)
    columns = [posterior.before, posterior.weights(), after]
    rows = []
    for option in every_option(posterior.readings, prior):
        shares = [float(weights[option.chosen].sum()) for weights in columns]
        factor = bayes_factor(shares[1], shares[2])
        name = option.label.replace("_", " ")
        cells = (fixed(share, 4) for share in shares)
        rows.append((labels.axis(option.axis), option.axis, name, *cells, significant(factor, 3)))
    heading = ("axis", "key", "option", "before", "posterior", "with_sizes", "factor")
    write_csv(folder / "evidence.csv", heading, rows)
    coefficients.write(folder, own(folder), observed, error.total)
    _nearest(folder / "nearest.csv", evidence, error.total, trainings, prior)
    made = predictive.trainings(predicted, posterior.weights(), error.total, 90)
    some = [observed.names.index(name) for name in SIZES]
    tail = predictive.together(made[:, some], observed.values[some])
    tree = {
        "p_of_sizes": tail,
        "effective_before": effective(columns[1]),
        "effective": effective(after),
        "expected": {
            name: [math.exp(float(np.quantile(made[:, at], q))) for q in (0.025, 0.975)]
            for name, at in zip(SIZES, some, strict=True)
        },
        "theirs": {
            n: math.exp(float(observed.values[at])) for n, at in zip(SIZES, some, strict=True)
        },
    }
    write_json(folder / "evidence.json", tree)


def _nearest(
    path: Path, evidence: Evidence, total: Matrix, trainings: list[Training], prior: Prior
) -> None:
    """The `NEAREST` draws, and the mean of the chosen reading's seeds in the last row."""
    target = evidence.observed.values
    apart = distance(evidence.own, target, total)
    axes = list(evidence.readings)
    rows = []
    for place in np.argsort(apart, kind="stable")[:NEAREST]:
        cells = [text(evidence.readings[axis][place]) for axis in axes]
        rows.append((evidence.runs[place].run, fixed(float(apart[place]), 1), *cells))
    seeds = [one for one in trainings if one.run == RUN and one.values is not None]
    chosen = reading(seeds[0].recipe, prior)
    if chosen is None:
        raise FingerprintError("the chosen reading is not one of the prior's")
    values = np.array([one.values for one in seeds])
    mean = fixed(float(np.mean(distance(values, target, total))), 1)
    rows.append(("the chosen reading", mean, *(text(chosen[axis]) for axis in axes)))
    names = [axis.replace(".", "_") for axis in axes]
    write_csv(path, ("run", "distance", *names), rows)


def compare(folder: Path, noise: Path) -> None:
    """``compare.csv``: what `studies.measure` reads off ours, and the same of the recovered."""
    theirs = own(folder)
    rows = [row for row in read_csv(noise / "runs.csv") if row["outcome"] == "trained"]
    table = []
    for name in COMPARED:
        seeds = over_seeds([float(row[name]) for row in rows if row["run"] == RUN])
        draws = sorted(float(row[name]) for row in rows if row["run"] != RUN)
        below = np.searchsorted(draws, theirs[name]) / len(draws)
        numbers = (theirs[name], seeds.mean, seeds.run_low, seeds.run_high, draws[0], draws[-1])
        where = "inside" if seeds.run_low <= theirs[name] <= seeds.run_high else "outside"
        cells = (significant(number, 4) for number in numbers)
        table.append((name, *cells, fixed(float(below), 2), where))
    heading = (
        *("quantity", "theirs", "ours_mean", "run_low", "run_high", "draws_least"),
        *("draws_greatest", "share_of_draws_below", "one_of_ours"),
    )
    write_csv(folder / "compare.csv", heading, table)


def own(folder: Path) -> dict[str, float]:
    """The quantities `COMPARED` of the network of 1998, coefficients on the sum."""
    found, _ = file.load(folder / NETWORK)
    result = {}
    for layer in ("S2", "S4"):
        values: Sequence[float] = (found[f"{layer}.coefficient"].astype(np.float64) / 4).tolist()
        result[f"{layer}_mean"] = math.fsum(values) / len(values)
        result[f"{layer}_least"], result[f"{layer}_greatest"] = min(values), max(values)
    for name, size in zip(SIZES, sizes(folder).values, strict=True):
        result[name] = math.exp(float(size))
    return result
