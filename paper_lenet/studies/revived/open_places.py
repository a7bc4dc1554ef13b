"""What the recovered parameters say of the open places of the paper.

The sizes of the trained weights of C1 and C3 can be read off the network of 1998, and of every
training with inverted pixels of the study ``noise`` (`beside_ours`). So they join the summary
statistics of Fig. 13 that the study ``posterior`` uses, S2's and S4's coefficients and the
saturated shares, in one likelihood. Emulator, covariance and the sample of readings are those of
that study.

- ``compare.csv``: the network of 1998 beside ours (`beside_ours`);
- ``open_places.csv``: the probability of each option before, by ``posterior``, and with the sizes;
- ``coefficients.csv``: Fig. 13's coefficients by two readings (`coefficients`);
- ``nearest.csv``: the trainings whose statistics are nearest to theirs, and the chosen reading's;
- ``open_places.json``: how likely the sizes are under what the rest expects.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from paper_lenet.base.errors import RecipeError
from paper_lenet.base.files import fixed, significant, write_csv, write_json
from paper_lenet.results.trainings import Run, read_study
from paper_lenet.studies.posterior import labels, predictive, summaries
from paper_lenet.studies.posterior.features import Matrix, matrix, reading
from paper_lenet.studies.posterior.likelihood import Likelihood
from paper_lenet.studies.posterior.marginals import (
    bayes_factor,
    effective,
    every_option,
    normalised,
    text,
)
from paper_lenet.studies.posterior.posterior import SAMPLE, gather
from paper_lenet.studies.posterior.predictive import distance
from paper_lenet.studies.posterior.summaries import Observed, Summarised
from paper_lenet.studies.posterior.weighing import Posterior
from paper_lenet.studies.prior import Prior, read_prior
from paper_lenet.studies.recovered.record import NETWORK
from paper_lenet.studies.revived import beside_ours, coefficients
from paper_lenet.studies.revived.beside_ours import CHOSEN, SIZES
from paper_lenet.studies.study import Folders

NEAREST = 5
OF_FIG_13 = ("coefficients", "saturation")  # groups of statistics
HEADING = ("axis", "key", "option", "before", "posterior", "with_sizes", "factor")

Vector = NDArray[np.float64]


def write(folders: Folders) -> None:
    """Write the tables.

    Raises:
        FileError: the network of 1998 has not been recovered.
        RecipeError: the chosen reading is not one of the prior's.
        TableError: a record of trainings is not whole.
    """
    folder, network = folders.results(), folders.results("recovered") / NETWORK
    noise = read_study(folders.trained("noise"))
    theirs = beside_ours.theirs(network)
    beside_ours.write(folder / "compare.csv", theirs, noise)
    prior = read_prior(folders.grid("posterior"))
    posterior = Posterior(prior, gather(prior, folders), SAMPLE)
    observed, trainings = joint(network, noise)
    likelihood = Likelihood(observed, prior, trainings)
    features = matrix(posterior.readings, prior)
    predicted, error = likelihood.emulator.predict(features), likelihood.error(observed.values)
    clean = posterior.weights([group for group in posterior.groups if group not in OF_FIG_13])
    learns = likelihood.learns.logarithm(features)
    after = normalised(
        np.log(clean) + learns + likelihood.logarithm(predicted, observed.values, error)
    )
    write_csv(folder / "open_places.csv", HEADING, _options(posterior, after))
    coefficients.write(folder, theirs, observed, error.total)
    rows = _nearest(likelihood, error.total, trainings, prior)
    names = [axis.replace(".", "_") for axis in likelihood.readings]
    write_csv(folder / "nearest.csv", ("run", "distance", *names), rows)
    made = predictive.trainings(predicted, posterior.weights(), error.total, 90)
    summary = _summary(observed, made)
    summary |= {"effective_before": effective(posterior.weights()), "effective": effective(after)}
    write_json(folder / "open_places.json", summary)


def joint(network: Path, noise: Mapping[str, Run]) -> tuple[Observed, list[Summarised]]:
    """Fig. 13's statistics with the sizes, of the paper and of each training of ``noise``."""
    printed, size = summaries.noise_of_paper(), beside_ours.sizes(network)
    observed = Observed(
        (*printed.names, *size.names),
        np.r_[printed.values, size.values],
        np.r_[printed.reading, size.reading],
    )
    trainings = []
    for each in summaries.noise(noise):
        values = each.values
        if values is not None:
            measures = noise[each.run].seeds[each.seed].measures
            values = np.r_[values, [math.log(measures[name]) for name in SIZES]]
        trainings.append(each._replace(values=values))
    return observed, trainings


def _options(posterior: Posterior, after: Vector) -> list[tuple[str, ...]]:
    """Each option: its probability before, by the study ``posterior``, and with the sizes."""
    columns = [posterior.before, posterior.weights(), after]
    rows = []
    for option in every_option(posterior.readings, posterior.prior):
        shares = [float(weights[option.chosen].sum()) for weights in columns]
        factor = bayes_factor(shares[1], shares[2])
        name = option.label.replace("_", " ")
        cells = (fixed(share, 4) for share in shares)
        rows.append((labels.axis(option.axis), option.axis, name, *cells, significant(factor, 3)))
    return rows


def _nearest(
    likelihood: Likelihood, total: Matrix, trainings: Sequence[Summarised], prior: Prior
) -> list[tuple[str, ...]]:
    """The `NEAREST` draws, and the mean of the chosen reading's seeds in the last row."""
    target = likelihood.observed.values
    apart = distance(likelihood.own, target, total)
    axes = list(likelihood.readings)
    rows = []
    for place in np.argsort(apart, kind="stable")[:NEAREST]:
        cells = [text(likelihood.readings[axis][place]) for axis in axes]
        rows.append((likelihood.runs[place].run, fixed(float(apart[place]), 1), *cells))
    seeds = [one for one in trainings if one.run == CHOSEN and one.values is not None]
    chosen = reading(seeds[0].recipe, prior)
    if chosen is None:
        raise RecipeError("the chosen reading is not one of the prior's")
    values = np.array([one.values for one in seeds])
    mean = fixed(float(np.mean(distance(values, target, total))), 1)
    return [*rows, ("the chosen reading", mean, *(text(chosen[axis]) for axis in axes))]


def _summary(observed: Observed, made: Matrix) -> dict[str, Any]:
    """The sizes beside those of trainings that are made up from what the rest expects."""
    places = [observed.names.index(name) for name in SIZES]
    named = list(zip(SIZES, places, strict=True))
    return {
        "p_of_sizes": predictive.together(made[:, places], observed.values[places]),
        "expected": {
            name: [math.exp(float(np.quantile(made[:, at], q))) for q in (0.025, 0.975)]
            for name, at in named
        },
        "theirs": {name: math.exp(float(observed.values[at])) for name, at in named},
    }
