"""The posterior as tables: what `posterior.analyse` writes as CSV and JSON.

- ``posterior_options.csv``: each option of each axis, its probability before and after, by each
  group of fingerprints alone, by all, and among the runs nearest to the paper.
- ``posterior_ranges.csv``: quantiles of the axes that are ranges.
- ``posterior_likeliest.csv``: the likeliest choices of all options together.
- ``posterior_fingerprints.csv``: the paper beside what the posterior expects, and the errors.
- ``posterior_tension.csv``: each group against itself and against all others.
- ``posterior_recovery.csv`` and ``posterior_check.csv``: our own runs in the paper's place.
- ``posterior.json``: counts and effective sample sizes.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from paper_lenet.studies import predictive, recovery
from paper_lenet.studies.evidence import (
    LEVELS,
    bayes_factor,
    combinations,
    effective,
    every_option,
    quantiles,
)
from paper_lenet.studies.features import is_continuous
from paper_lenet.studies.fingerprints import GROUPS, columns, natural
from paper_lenet.studies.recovery import INTERVALS, Judged
from paper_lenet.studies.weighing import Expected, Part, Posterior, expected, nearest
from paper_lenet.tables import fixed, significant, write_csv, write_json

LIKELIEST = 10
BAND = (0.025, 0.5, 0.975)


def write(posterior: Posterior, judged: Mapping[str, list[Judged]], folder: Path) -> None:
    """Write all tables into `folder`, made if missing; `judged` by kind of training."""
    folder.mkdir(parents=True, exist_ok=True)
    _options(posterior, folder / "posterior_options.csv")
    _ranges(posterior, folder / "posterior_ranges.csv")
    _likeliest(posterior, folder / "posterior_likeliest.csv")
    made = {part.name: expected(posterior, part) for part in posterior.parts}
    rows = [row for part in posterior.parts for row in _fingerprints(part, made[part.name])]
    write_csv(folder / "posterior_fingerprints.csv", FINGERPRINTS, rows)
    rows = [row for part in posterior.parts for row in _tension(part, made[part.name])]
    write_csv(folder / "posterior_tension.csv", ("group", "p", "p_by_others"), rows)
    _recovery(posterior, judged, folder)
    write_json(folder / "posterior.json", _summary(posterior))


def _options(posterior: Posterior, path: Path) -> None:
    groups, kinds = posterior.groups, posterior.kinds
    weights = [posterior.weights((group,)) for group in groups] + [posterior.weights()]
    heading = (
        *("axis", "option", "before", *groups, "after", "bayes_factor"),
        *(f"nearest_{kind}" for kind in kinds),
    )
    near = [nearest(posterior.of(kind)) for kind in kinds]
    sets = [
        every_option(posterior.of(kind)[0].evidence.readings, posterior.prior) for kind in kinds
    ]
    rows = []
    for place, option in enumerate(every_option(posterior.readings, posterior.prior)):
        before = float(option.chosen.mean())
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
    equal = np.full(len(weights), 1 / len(weights))
    names = [f"{round(100 * level):02d}" for level in LEVELS]
    heading = ("axis", *(f"before_{name}" for name in names), *(f"after_{name}" for name in names))
    rows = []
    for key, law in posterior.prior.items():
        if is_continuous(law):
            values = posterior.readings[key].astype(float)
            found = quantiles(values, equal) + quantiles(values, weights)
            rows.append((key, *(significant(each, 4) for each in found)))
    write_csv(path, heading, rows)


def _likeliest(posterior: Posterior, path: Path) -> None:
    found = combinations(posterior.readings, posterior.weights(), posterior.prior, LIKELIEST)
    heading = ("place", "before", "after", *found[0].choice, *found[0].medians)
    rows = [
        (
            *(place, fixed(each.before, 5), fixed(each.after)),
            *each.choice.values(),
            *(significant(value, 3) for value in each.medians.values()),
        )
        for place, each in enumerate(found, 1)
    ]
    write_csv(path, heading, rows)


FINGERPRINTS = (
    *("fingerprint", "group", "unit", "paper", "low", "expected", "high", "p", "p_by_others"),
    *("sd_seeds", "sd_reading", "sd_total", "emulator_error", "spread_of_runs"),
)


def _fingerprints(part: Part, made: Expected) -> Iterator[tuple[str, ...]]:
    """A row for each fingerprint: in its natural unit, then spreads in logarithms or logits."""
    evidence, error = part.evidence, part.error
    observed = evidence.observed
    p = predictive.tail(made.every, observed.values)
    by_others = np.full_like(p, math.nan)
    if made.others is not None:
        by_others = predictive.tail(made.others, observed.values)
    missed = np.sqrt(np.mean(evidence.residuals**2, 0))
    spread = evidence.own.std(0)
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
    observed = part.evidence.observed
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
    write_csv(folder / "posterior_recovery.csv", heading, each_run)
    each_axis = [
        (
            *(kind, each.axis, str(each.draws), fixed(each.uniform), *map(fixed, each.within)),
            *map(fixed, (each.gain, each.error, each.right, each.first)),
        )
        for kind, found in judged.items()
        for each in recovery.by_axis(found, posterior.prior)
    ]
    write_csv(folder / "posterior_check.csv", CHECK, each_axis)


def _summary(posterior: Posterior) -> dict[str, Any]:
    weights = posterior.weights()
    return {
        "sample": len(weights),
        "effective": {
            "all": round(effective(weights)),
            **{group: round(effective(posterior.weights((group,)))) for group in posterior.groups},
        },
        "parts": {part.name: _part(part) for part in posterior.parts},
    }


def _part(part: Part) -> dict[str, Any]:
    evidence = part.evidence
    return {
        "draws": len(evidence.learns.outcomes),
        "learned": len(evidence.runs),
        "readings_of_several_seeds": len(evidence.emulator.data.seeds) - len(evidence.runs),
        "seeds_freedom": evidence.deviations,
        "error_measured_on": part.error.runs,
        "learns_score": round(evidence.learns.score, 4),
        "learns_base": round(evidence.learns.base, 4),
    }
