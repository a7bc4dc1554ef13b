"""The posterior as tables: what `posterior.analyse` writes as CSV and JSON.

- ``prior.csv``: the axes and their laws, in words.
- ``options.csv``: each option of each axis, its probability before and after, by each group of
  summary statistics alone, by all, and by the second method.
- ``ranges.csv``: quantiles of the axes that are ranges.
- ``verdict.csv``: for each axis what is likeliest, and in a word how sure that is (`verdict`).
- ``accepted.csv``: the draws that the second method accepts.
- ``directions.csv``: where the posterior is narrowest across axes.
- ``likeliest.csv``: the likeliest choices of all options together.
- ``summaries.csv``: the paper beside what the posterior expects, and the errors.
- ``tension.csv``: each group against itself and against all others.
- ``recovery.csv`` and ``check.csv``: draws of our own in the paper's place, one by one and by axis.
- ``posterior.json``: counts, effective sample sizes, and what pages cite.
- ``next_round.yaml``: the law of the next round, by the rule of round 0.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from paper_lenet.base.files import fixed, significant, write_csv, write_json, write_text
from paper_lenet.studies.laws import ends, is_continuous, options, shares
from paper_lenet.studies.posterior import calibration_check, labels, predictive, verdict
from paper_lenet.studies.posterior.calibration_check import INTERVALS, Judged
from paper_lenet.studies.posterior.directions import Narrow
from paper_lenet.studies.posterior.features import asked
from paper_lenet.studies.posterior.marginals import (
    LEVELS,
    bayes_factor,
    combinations,
    effective,
    every_option,
    quantiles,
    text,
)
from paper_lenet.studies.posterior.population import Population
from paper_lenet.studies.posterior.sampling import KEPT_OF_ROUND, PARTS_OF_ROUND, toward
from paper_lenet.studies.posterior.summaries import GROUPS, columns, natural
from paper_lenet.studies.posterior.weighing import Expected, Part, Posterior, expected
from paper_lenet.studies.prior import Prior

LIKELIEST = 10
NEAR = 1.1  # a gain within this factor of 1 is near the printed one
BAND = (0.025, 0.5, 0.975)


def write(
    posterior: Posterior,
    judged: Sequence[Judged],
    population: Population,
    directions: Sequence[Narrow],
    folder: Path,
) -> None:
    """Write all tables into `folder`."""
    write_csv(folder / "prior.csv", ("axis", "key", "law"), _prior(posterior))
    _options(posterior, population, folder / "options.csv")
    _ranges(posterior, folder / "ranges.csv")
    calibrated = calibration_check.calibrated(judged)
    write_csv(
        folder / "verdict.csv", verdict.HEADING, verdict.rows(posterior, population, calibrated)
    )
    _accepted(population, folder / "accepted.csv")
    narrow = [(each.direction.title, each.words, fixed(each.ratio, 3)) for each in directions]
    write_csv(folder / "directions.csv", ("direction", "words", "ratio"), narrow)
    _likeliest(posterior, folder / "likeliest.csv")
    made = {part.name: expected(posterior, part) for part in posterior.parts}
    rows = [row for part in posterior.parts for row in _statistics(part, made[part.name])]
    write_csv(folder / "summaries.csv", STATISTICS, rows)
    rows = [row for part in posterior.parts for row in _tension(part, made[part.name])]
    write_csv(folder / "tension.csv", ("group", "p", "p_by_others"), rows)
    _recovery(judged, folder)
    write_json(folder / "posterior.json", _summary(posterior, population, judged))
    law = _rounded(
        toward(
            posterior.prior,
            posterior.readings,
            posterior.weights(),
            KEPT_OF_ROUND,
            PARTS_OF_ROUND,
        )
    )
    write_text(folder / "next_round.yaml", yaml.safe_dump(law, sort_keys=False, width=95))


def _rounded(law: Prior) -> dict[str, Any]:
    """A law as a grid states it: weights to three digits behind the point."""

    def rounded(kind: str, what: Any) -> Any:
        if kind == "choice":
            return {option: round(weight, 3) for option, weight in what.items()}
        return [round(weight, 3) for weight in what] if kind == "parts" else what

    return {
        key: {kind: rounded(kind, what) for kind, what in each.items()} for key, each in law.items()
    }


def _prior(posterior: Posterior) -> Iterator[tuple[str, str, str]]:
    for key, law in posterior.prior.items():
        if is_continuous(law):
            kind, low, high = ends(law)
            words = f"{kind} from {low:g} to {high:g}"
        else:
            each = zip(options(law), shares(law), strict=True)
            words = ", ".join(f"{text(option)} {share:.0%}" for option, share in each)
        yield labels.axis(key), key, words


def _options(posterior: Posterior, population: Population, path: Path) -> None:
    groups = posterior.groups
    weights = [posterior.weights((group,)) for group in groups] + [posterior.weights()]
    heading = ("axis", "option", "before", *groups, "after", "bayes_factor", "population")
    mine = every_option(population.readings, posterior.prior)
    rows = []
    for option, own in zip(every_option(posterior.readings, posterior.prior), mine, strict=True):
        after = [float(each[option.chosen].sum()) for each in weights]
        factor = bayes_factor(option.before, after[-1])
        by_runs = population.probability(option.axis, own.chosen, option.before)
        numbers = (fixed(option.before), *map(fixed, after), significant(factor, 3), fixed(by_runs))
        rows.append((option.axis, option.label, *numbers))
    write_csv(path, heading, rows)


def _accepted(population: Population, path: Path) -> None:
    """The draws that the second method accepts, the nearest first."""
    axes = list(population.readings)
    heading = ("run", "distance", "weight", *(axis.replace(".", "_") for axis in axes))
    rows = []
    for place in np.argsort(population.distances, kind="stable"):
        if population.weights[place] > 0:
            apart, weight = (
                float(each[place]) for each in (population.distances, population.weights)
            )
            cells = [text(population.readings[axis][place]) for axis in axes]
            rows.append((population.names[place], fixed(apart, 1), fixed(weight), *cells))
    write_csv(path, heading, rows)


def _ranges(posterior: Posterior, path: Path) -> None:
    weights = posterior.weights()
    names = [f"{round(100 * level):02d}" for level in LEVELS]
    heading = ("axis", *(f"before_{name}" for name in names), *(f"after_{name}" for name in names))
    rows = []
    for key, law in posterior.prior.items():
        if is_continuous(law):
            some = asked(key, posterior.readings)
            values = posterior.readings[key][some].astype(float)
            found = quantiles(values, posterior.before[some]) + quantiles(values, weights[some])
            rows.append((key, *(significant(each, 4) for each in found)))
    write_csv(path, heading, rows)


def _likeliest(posterior: Posterior, path: Path) -> None:
    found = combinations(
        posterior.readings, posterior.before, posterior.weights(), posterior.prior, LIKELIEST
    )
    keys = (key.replace(".", "_") for key in (*found[0].choice, *found[0].medians))
    heading = ("place", "before", "after", *keys)
    rows = [
        (
            *(place, fixed(each.before, 5), fixed(each.after)),
            *each.choice.values(),
            *(significant(value, 3) for value in each.medians.values()),
        )
        for place, each in enumerate(found, 1)
    ]
    write_csv(path, heading, rows)


STATISTICS = (
    *("fingerprint", "group", "unit", "paper", "low", "expected", "high", "p", "p_by_others"),
    *("sd_seeds", "sd_reading", "sd_total", "emulator_error", "spread_of_runs"),
)


def _statistics(part: Part, made: Expected) -> Iterator[tuple[str, ...]]:
    """A row for each statistic: in its natural unit, then spreads in logarithms or logits."""
    likelihood, error = part.likelihood, part.error
    observed = likelihood.observed
    p = predictive.tail(made.every, observed.values)
    by_others = np.full_like(p, math.nan)
    if made.others is not None:
        by_others = predictive.tail(made.others, observed.values)
    missed = np.sqrt(np.mean(likelihood.residuals**2, 0))
    spread = likelihood.own.std(0)
    for place, name in enumerate(observed.names):
        band = np.quantile(made.every[:, place], BAND)
        group = next(group for group, names in GROUPS.items() if name in names)
        unit, paper = natural(name, observed.values[place])
        yield (
            *(name, group, unit, significant(paper, 4)),
            *(significant(natural(name, each)[1], 4) for each in band),
            *(fixed(p[place]), fixed(by_others[place])),
            significant(math.sqrt(error.seeds[place, place]), 3) if likelihood.freedom else "",
            *(
                significant(math.sqrt(each[place, place]), 3)
                for each in (error.reading, error.total)
            ),
            *(significant(missed[place], 3), significant(spread[place], 3)),
        )


def _tension(part: Part, made: Expected) -> Iterator[tuple[str, str, str]]:
    """A row for each group, and one for the whole part if it has several."""
    observed = part.likelihood.observed
    groups = [group for group in GROUPS if columns(observed.names, (group,))]
    for group in groups:
        some = columns(observed.names, (group,))
        p = predictive.together(made.every[:, some], observed.values[some])
        others = math.nan
        if made.others is not None:
            others = predictive.together(made.others[:, some], observed.values[some])
        yield group, fixed(p), fixed(others)
    if len(groups) > 1:
        p = predictive.together(made.every, observed.values)
        yield f"all of {part.name}", fixed(p), ""


WITHIN = tuple(f"within_{round(100 * part)}" for part in INTERVALS)
CHECK = ("axis", "key", "draws", "p_uniform", *WITHIN, "gain", "gain_error", "right", "first")


def _recovery(judged: Sequence[Judged], folder: Path) -> None:
    each_run = [
        (
            *(each.run, each.axis, each.truth),
            *map(fixed, (each.before, each.after, each.rank)),
            fixed(each.size, 0),
        )
        for each in judged
    ]
    heading = ("run", "axis", "truth", "before", "after", "rank", "effective")
    write_csv(folder / "recovery.csv", heading, each_run)
    each_axis = [
        (
            *(labels.axis(each.axis), each.axis, str(each.draws), fixed(each.uniform)),
            *map(fixed, (*each.within, each.gain, each.error, each.right, each.first)),
        )
        for each in calibration_check.by_axis(judged)
    ]
    write_csv(folder / "check.csv", CHECK, each_axis)


def _summary(
    posterior: Posterior, population: Population, judged: Sequence[Judged]
) -> dict[str, Any]:
    sizes = [each.size for each in judged]
    weights = posterior.weights()
    chances: dict[str, dict[str, float]] = {}
    for option in every_option(posterior.readings, posterior.prior):
        # Keys without dots, which pages cite by.
        axis, label = (each.replace(".", "_") for each in (option.axis, option.label))
        chances.setdefault(axis, {})[label] = round(float(weights[option.chosen].sum()), 4)
    return {
        "sample": len(weights),
        "effective": {
            "all": round(effective(weights)),
            **{group: round(effective(posterior.weights((group,)))) for group in posterior.groups},
        },
        "parts": {part.name: _part(part) for part in posterior.parts},
        "population": {
            "draws": len(population.names),
            "accepted": int((population.weights > 0).sum()),
            "effective": round(population.effective, 1),
            "most": round(population.most, 3),
        },
        "check": {
            "draws": len({each.run for each in judged}),
            "effective": {"median": round(float(np.median(sizes))), "least": round(min(sizes))},
        },
        "gain": _gain(posterior),
        "probability": chances,
    }


def _gain(posterior: Posterior) -> dict[str, float]:
    """How much likelier than before a gain near the printed 1 is, and one of 2 or more."""
    gain = posterior.readings["presentation.gain"].astype(float)
    near, large = np.abs(np.log(gain)) < math.log(NEAR), gain >= 2
    found = {}
    for name, chosen in (("printed", near), ("twice_or_more", large)):
        before, after = (
            float(weights[chosen].sum()) for weights in (posterior.before, posterior.weights())
        )
        found[name] = round(after, 4)
        found[f"{name}_factor"] = float(f"{bayes_factor(before, after):.3g}")
        by_steps = float(posterior.weights(("steps",))[chosen].sum())
        found[f"{name}_factor_by_steps"] = float(f"{bayes_factor(before, by_steps):.3g}")
    return found


def _part(part: Part) -> dict[str, Any]:
    likelihood = part.likelihood
    return {
        "draws": len(likelihood.learns.outcomes),
        "learned": len(likelihood.runs),
        "readings_of_several_seeds": len(likelihood.emulator.data.seeds) - len(likelihood.runs),
        "seeds_freedom": likelihood.freedom,
        "error_measured_on": part.error.runs,
        "learns_score": round(likelihood.learns.score, 4),
        "learns_base": round(likelihood.learns.base, 4),
    }
