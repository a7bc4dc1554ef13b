"""The posterior as figures: `posterior.analyse` draws them for light and dark pages."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np

from paper_lenet.figures import draw, marginals, predicted, ranks, ruled_out
from paper_lenet.figures.draw import Drawing
from paper_lenet.studies.laws import is_continuous, options
from paper_lenet.studies.posterior import calibration_check, labels, predictive
from paper_lenet.studies.posterior.calibration_check import Judged
from paper_lenet.studies.posterior.features import asked
from paper_lenet.studies.posterior.marginals import bayes_factor, every_option, normalised, text
from paper_lenet.studies.posterior.summaries import CURVE
from paper_lenet.studies.posterior.weighing import Posterior


def write(posterior: Posterior, judged: Sequence[Judged], folder: Path) -> None:
    """Draw every figure as ``NAME-light.svg`` and ``NAME-dark.svg`` into `folder`."""
    drawings: dict[str, Drawing] = {
        "marginals": partial(marginals.draw, _panels(posterior)),
        "predicted": partial(predicted.draw, _curves(posterior)),
        "ruled_out": _matrix(posterior),
        "ranks": _ranks(judged),
    }
    draw.write(folder, drawings)


def _panels(posterior: Posterior) -> list[marginals.Range | marginals.Choice]:
    weights = posterior.weights()
    result: list[marginals.Range | marginals.Choice] = []
    for key, law in posterior.prior.items():
        values, title = posterior.readings[key], labels.axis(key)
        if is_continuous(law):
            some = asked(key, posterior.readings)
            result.append(
                marginals.Range(
                    title,
                    values[some].astype(float),
                    posterior.before[some] / posterior.before[some].sum(),
                    weights[some] / weights[some].sum(),
                    "logarithmic" in law,
                )
            )
            continue
        sums = [
            [float(each[values == option].sum()) for option in options(law)]
            for each in (posterior.before, weights)
        ]
        names = [labels.option(text(each)) for each in options(law)]
        result.append(marginals.Choice(title, names, *sums))
    return result


def _curves(posterior: Posterior) -> predicted.Curves:
    part = next(part for part in posterior.parts if part.name == "curve")
    observed = part.likelihood.observed
    some = [observed.names.index(name) for name in CURVE]
    total = part.error.total
    learns = normalised(np.log(posterior.before) + part.learns)
    before, after = (
        100 * np.exp(predictive.trainings(part.predicted, weights, total, 100)[:, some])
        for weights in (learns, posterior.weights())
    )
    return predicted.Curves(before, after, 100 * np.exp(observed.values[some]))


def _matrix(posterior: Posterior) -> Drawing:
    weights = [posterior.weights((group,)) for group in posterior.groups]
    weights.append(posterior.weights())
    rows = []
    for option in every_option(posterior.readings, posterior.prior):
        factors = [
            bayes_factor(option.before, float(each[option.chosen].sum())) for each in weights
        ]
        label = labels.option(option.label).replace(" to ", "–")
        rows.append(ruled_out.Ruled(labels.axis(option.axis), label, factors))
    headings = [labels.GROUPS[group] for group in (*posterior.groups, "all")]
    return partial(ruled_out.draw, rows, headings)


def _ranks(judged: Sequence[Judged]) -> Drawing:
    panels = []
    for each in calibration_check.by_axis(judged):
        found = np.sort([one.rank for one in judged if one.axis == each.axis])
        panels.append(ranks.Panel(labels.axis(each.axis), found, each.uniform))
    return partial(ranks.draw, panels)
