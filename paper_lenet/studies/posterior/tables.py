"""The posterior as tables: what `posterior.analyse` writes as CSV and JSON.

- ``prior.csv``: the axes and their laws, in words.
- ``options.csv``: each option of each axis, its probability before and after, by each group of
  summary statistics alone, by all, and among the runs nearest to the paper, of each kind of
  trainings.
- ``ranges.csv``: quantiles of the axes that are ranges.
- ``verdict.csv``: for each axis what is likeliest, and in a word how sure that is.
- ``likeliest.csv``: the likeliest choices of all options together.
- ``summaries.csv``: the paper beside what the posterior expects, and the errors.
- ``tension.csv``: each group against itself and against all others.
- ``recovery.csv`` and ``check.csv``: our own runs in the paper's place, one by one and by axis.
- ``posterior.json``: counts, effective sample sizes, and what pages cite.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from paper_lenet.base.files import fixed, significant, write_csv, write_json
from paper_lenet.studies.posterior import calibration_check, labels, predictive
from paper_lenet.studies.posterior.calibration_check import INTERVALS, Judged
from paper_lenet.studies.posterior.features import is_continuous
from paper_lenet.studies.posterior.marginals import (
    LEVELS,
    bayes_factor,
    combinations,
    effective,
    every_option,
    quantiles,
    text,
)
from paper_lenet.studies.posterior.summaries import GROUPS, columns, natural
from paper_lenet.studies.posterior.weighing import Expected, Part, Posterior, expected, nearest

LIKELIEST = 10
DECIDED, FAVOURED = 0.95, 3.0
BAND = (0.025, 0.5, 0.975)


def write(posterior: Posterior, judged: Mapping[str, list[Judged]], folder: Path) -> None:
    """Write all tables into `folder`; `judged` by kind of training."""
    write_csv(folder / "prior.csv", ("axis", "key", "law"), _prior(posterior))
    _options(posterior, folder / "options.csv")
    _ranges(posterior, folder / "ranges.csv")
    write_csv(folder / "verdict.csv", VERDICT, _verdict(posterior))
    _likeliest(posterior, folder / "likeliest.csv")
    made = {part.name: expected(posterior, part) for part in posterior.parts}
    rows = [row for part in posterior.parts for row in _statistics(part, made[part.name])]
    write_csv(folder / "summaries.csv", STATISTICS, rows)
    rows = [row for part in posterior.parts for row in _tension(part, made[part.name])]
    write_csv(folder / "tension.csv", ("group", "p", "p_by_others"), rows)
    _recovery(posterior, judged, folder)
    write_json(folder / "posterior.json", _summary(posterior))


def _prior(posterior: Posterior) -> Iterator[tuple[str, str, str]]:
    for key, law in posterior.prior.items():
        ((kind, what),) = law.items()
        if is_continuous(law):
            words = f"{kind} from {what[0]:g} to {what[1]:g}"
        else:
            total = sum(what.values())
            shares = (f"{text(option)} {weight / total:.0%}" for option, weight in what.items())
            words = ", ".join(shares)
        yield labels.axis(key), key, words


VERDICT = ("axis", "key", "likeliest", "before", "after", "bayes_factor", "verdict")


def narrowed(
    law: Mapping[str, Any], after: tuple[float, float], before: tuple[float, float]
) -> bool:
    """Whether an interval is less than half of the one before, in the scale of the law."""
    scale = math.log if "logarithmic" in law else float
    now, then = (scale(high) - scale(low) for low, high in (after, before))
    return now < then / 2


def _verdict(posterior: Posterior) -> Iterator[tuple[str, ...]]:
    """For an axis with options the likeliest one; for a range the central interval of 90%.

    Of an option: ``decided`` from `DECIDED` on, ``favoured`` if its odds rose `FAVOURED`-fold, else
    ``open``. Of a range: ``narrowed`` if the interval is less than half of the prior's, else
    ``open``; of a logarithmic law both are measured in the logarithm.
    """
    weights = posterior.weights()
    options = every_option(posterior.readings, posterior.prior)
    for key, law in posterior.prior.items():
        if is_continuous(law):
            some = posterior.subset(key)
            values = posterior.readings[key][some].astype(float)
            low, high = quantiles(values, weights[some], (0.05, 0.95))
            least, most = quantiles(values, posterior.before[some], (0.05, 0.95))
            word = "narrowed" if narrowed(law, (low, high), (least, most)) else "open"
            yield labels.axis(key), key, f"{low:.2f} to {high:.2f}", "", "", "", word
            continue
        chances = [
            (
                float(weights[each.chosen].sum()),
                float(posterior.before[each.chosen].sum()),
                each.label,
            )
            for each in options
            if each.axis == key
        ]
        after, before, label = max(chances)
        factor = bayes_factor(before, after)
        word = "favoured" if factor >= FAVOURED else "open"
        word = "decided" if after >= DECIDED else word
        shown = (fixed(before, 2), fixed(after, 3), significant(factor, 2))
        yield labels.axis(key), key, label, *shown, word


def _options(posterior: Posterior, path: Path) -> None:
    groups, kinds = posterior.groups, posterior.kinds
    weights = [posterior.weights((group,)) for group in groups] + [posterior.weights()]
    heading = (
        *("axis", "option", "before", *groups, "after", "bayes_factor"),
        *(f"nearest_{kind}" for kind in kinds),
    )
    near = [nearest(posterior.of(kind)) for kind in kinds]
    sets = [
        every_option(posterior.of(kind)[0].likelihood.readings, posterior.prior) for kind in kinds
    ]
    rows = []
    for place, option in enumerate(every_option(posterior.readings, posterior.prior)):
        before = float(posterior.before[option.chosen].sum())
        after = [float(each[option.chosen].sum()) for each in weights]
        rejected = [
            float(each[options[place].chosen].sum())
            for each, options in zip(near, sets, strict=True)
        ]
        factor = bayes_factor(before, after[-1])
        rows.append(
            (
                *(option.axis, option.label, fixed(before), *map(fixed, after)),
                *(significant(factor, 3), *map(fixed, rejected)),
            )
        )
    write_csv(path, heading, rows)


def _ranges(posterior: Posterior, path: Path) -> None:
    weights = posterior.weights()
    names = [f"{round(100 * level):02d}" for level in LEVELS]
    heading = ("axis", *(f"before_{name}" for name in names), *(f"after_{name}" for name in names))
    rows = []
    for key, law in posterior.prior.items():
        if is_continuous(law):
            some = posterior.subset(key)
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
            *(
                significant(math.sqrt(each[place, place]), 3)
                for each in (error.seeds, error.reading, error.total)
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
CHECK = ("kind", "axis", "draws", "p_uniform", *WITHIN, "gain", "gain_error", "right", "first")


def _recovery(posterior: Posterior, judged: Mapping[str, list[Judged]], folder: Path) -> None:
    each_run = [
        (kind, each.run, each.axis, each.truth, fixed(each.before), fixed(each.after))
        for kind, found in judged.items()
        for each in found
    ]
    heading = ("kind", "run", "axis", "truth", "before", "after")
    write_csv(folder / "recovery.csv", heading, each_run)
    each_axis = [
        (
            *(kind, each.axis, str(each.draws), fixed(each.uniform), *map(fixed, each.within)),
            *map(fixed, (each.gain, each.error, each.right, each.first)),
        )
        for kind, found in judged.items()
        for each in calibration_check.by_axis(found, posterior.prior)
    ]
    write_csv(folder / "check.csv", CHECK, each_axis)


def _summary(posterior: Posterior) -> dict[str, Any]:
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
        "probability": chances,
    }


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
