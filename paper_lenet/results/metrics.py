"""The numbers of a run: over the seeds, for each seed, for each pass.

Percentages have four decimals: a pattern of 10,000 is 0.01. Steps have six significant digits.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from paper_lenet.base.files import fixed, significant, write_csv
from paper_lenet.base.statistics import Summary, over_seeds, wilson_percent
from paper_lenet.paper import numbers
from paper_lenet.results.beside_paper import settling_pass, settling_passes
from paper_lenet.results.mistakes import Shared, err_equally, fig8, pairs, shared, times_misread
from paper_lenet.results.summary import INTERVAL, error, on_the_fly, wilson_of_mean
from paper_lenet.results.trainings import Pass, Run

Format = Callable[[float], str]
SPREAD = ("mean", "sd", "low", "high", "min", "max")
# By name in ``curve.csv``.
CURVES: dict[str, Callable[[Pass], float]] = {
    "on_the_fly": lambda each: each.on_the_fly,
    "after": lambda each: each.after,
    "test": lambda each: each.test,
}


def metrics(recipe: str, run: Run, known: bool) -> dict[str, Any]:
    """The content of ``metrics.json``: after the last pass, over the seeds.

    ``low`` and ``high`` are the t interval for the mean over seeds. ``one_run_low`` and
    ``one_run_high`` are that for one further seed. ``wilson_low`` and ``wilson_high`` are those of
    one network with the mean error: what another sample of test patterns would change.

    Example:
        >>> from paper_lenet.results.trainings import made
        >>> found = metrics("paper", made(10, 14), known=False)
        >>> found["test_error_percent"]["mean"], found["two_seeds"]["shared"]
        (1.2, 10.0)
        >>> found["misread_by_some_seed"], found["misread_by_every_seed"]
        (14, 10)
    """
    last = run.last.number
    first_steps = {
        "smallest_step": run.over_seeds(1, lambda each: each.smallest_step),
        "largest_step": run.over_seeds(1, lambda each: each.largest_step),
    }
    times = times_misread(run.misread)
    tree: dict[str, Any] = {
        "recipe": recipe,
        "seeds": len(run.seeds),
        "passes": last,
        "training_patterns": run.last.patterns,
        "test_patterns": run.last.test_patterns,
        "test_error_percent": _test_error(run),
        "training_error_on_the_fly_percent": _spread(on_the_fly(run)),
        "training_error_after_last_pass_percent": _spread(run.over_seeds(last, CURVES["after"])),
        "first_pass": {name: _spread(step, significant) for name, step in first_steps.items()},
        "settling_pass": _spread(settling_passes(run)),
        "misread_by_some_seed": len(times),
        "misread_by_every_seed": sum(count == len(run.seeds) for count in times.values()),
    }
    if len(run.seeds) > 1:
        both, same = _shared(pairs(run.misread))
        tree["two_seeds"] = {
            "shared": _json(fixed(both.mean)),
            "same_answer": _json(fixed(same.mean)),
        }
    if known:
        both, same = _shared([shared(network, fig8()) for network in run.misread])
        tree["fig8"] = {"shared": _spread(both), "same_answer": _spread(same)}
    return tree


def errors(run: Run) -> dict[str, Any]:
    """The content of ``errors.json``: of `metrics` what `dvc metrics show` has room for.

    Example:
        >>> from paper_lenet.results.trainings import made
        >>> run = made(10, 14)
        >>> errors(run)["seeds"], errors(run)["test_mean"]
        (2, 1.2)
    """
    spread = _spread(error(run))
    return {
        "seeds": len(run.seeds),
        **{f"test_{part}": spread[part] for part in INTERVAL},
        "training_mean": _spread(on_the_fly(run))["mean"],
    }


def _test_error(run: Run) -> dict[str, float | None]:
    found, sample = error(run), wilson_of_mean(run)
    return _spread(found) | {
        "one_run_low": _json(fixed(found.run_low)),
        "one_run_high": _json(fixed(found.run_high)),
        "wilson_low": _json(fixed(sample.low)),
        "wilson_high": _json(fixed(sample.high)),
    }


def _shared(found: Sequence[Shared]) -> tuple[Summary, Summary]:
    """The patterns that two networks misread, and those of them with the same answer."""
    return over_seeds([each.both for each in found]), over_seeds([each.same for each in found])


def write_curve(path: Path, run: Run, known: bool) -> None:
    """Each pass over the seeds, in percent, beside the points of Fig. 5.

    A pass that only one of the two has keeps its row: the figure draws 21.

    Example:
        >>> from paper_lenet.base.files import read_csv
        >>> from paper_lenet.results.trainings import made
        >>> write_curve(Path("curve.csv"), made(10), known=True)
        >>> first, *_, last = read_csv(Path("curve.csv"))
        >>> first["test_mean"], last["pass"], last["test_mean"], last["fig5_test"]
        ('1.0000', '21', '', '0.95')
    """
    printed = numbers.fig5() if known else ()
    rows = []
    for number in range(1, max(run.last.number, len(printed)) + 1):
        row = [str(number)]
        for quantity in CURVES.values():
            if number <= run.last.number:
                row += _fields(run.over_seeds(number, quantity), fixed)
            else:
                row += [""] * len(SPREAD)
        point = printed[number - 1] if number <= len(printed) else None
        row += [fixed(point.training_error, 2), fixed(point.test_error, 2)] if point else ["", ""]
        rows.append(row)
    names = [f"{name}_{part}" for name in CURVES for part in SPREAD]
    write_csv(path, ("pass", *names, "fig5_on_the_fly", "fig5_test"), rows)


def write_seeds(path: Path, run: Run, known: bool) -> None:
    """Each network by itself, with Wilson's interval for its test error.

    The last three columns compare its mistakes with Fig. 8: shared patterns, the same answer, and
    the exact McNemar test that it errs as often as the network drawn there.

    Example:
        >>> from paper_lenet.base.files import read_csv
        >>> from paper_lenet.results.trainings import made
        >>> write_seeds(Path("seeds.csv"), made(10, 14), known=False)
        >>> [(row["seed"], row["test_error_percent"]) for row in read_csv(Path("seeds.csv"))]
        [('0', '1.0000'), ('1', '1.4000')]
    """
    rows = []
    for seed, trained in run.seeds.items():
        last = trained.last
        both = shared(trained.misread, fig8())
        p = significant(err_equally(trained.misread, fig8()))
        rows.append(
            (
                seed,
                last.test_errors,
                *map(fixed, (last.test, *wilson_percent(last.test, last.test_patterns))),
                *map(fixed, (last.on_the_fly, last.after)),
                settling_pass(trained.tests),
                *((both.both, both.same, p) if known else ("", "", "")),
            )
        )
    heading = ("seed", "test_errors", "test_error_percent", "wilson_low", "wilson_high")
    training = ("on_the_fly_percent", "after_last_pass_percent", "settling_pass")
    write_csv(path, (*heading, *training, "fig8_shared", "fig8_same_answer", "fig8_mcnemar"), rows)


def _fields(summary: Summary, form: Format) -> list[str]:
    values = (summary.mean, summary.sd, summary.low, summary.high, summary.least, summary.greatest)
    return [form(value) for value in values]


def _spread(summary: Summary, form: Format = fixed) -> dict[str, float | None]:
    return dict(zip(SPREAD, map(_json, _fields(summary, form)), strict=True))


def _json(text: str) -> float | None:
    """A formatted number for JSON, `None` where one seed has no spread."""
    return float(text) if text else None
