"""The study ``settling``: what must not be chosen by the test error, chosen on patterns kept apart.

Two things are chosen on 10,000 training patterns that no run was trained on:

- how the distortions of Section III-B are drawn: strength, law, fixed point, and j beside them;
- the one rate of plain SGD, for the ladder.

The rule for the distortions was fixed before the errors were looked at. The least mean error wins.
Runs within one standard error of it tie with it, and of those the one nearest the printed text and
Fig. 7 is taken: first by the number of choices that differ (law uniform, scaling about the base
line, j as without distortions), then by how near the strength is to 1, the ranges of Fig. 7. The
standard error is that of a mean over the best run's seeds, with the spread between seeds pooled
over all runs with distortions, as a few seeds give a poor spread by themselves.

For the rate the least mean error wins. Intervals are t intervals with the spread pooled in the same
way, over the runs of a kind.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure
from scipy import special

from paper_lenet.base.files import fixed, write_csv, write_json
from paper_lenet.base.statistics import LEVEL, Interval, over_seeds, wilson_of_mean
from paper_lenet.figures import draw
from paper_lenet.figures.style import Theme
from paper_lenet.results.paired import HEADING, fields
from paper_lenet.results.trainings import Run, TableError, read_study

BASE = "none"
COLUMNS = (
    "run",
    "strength",
    "law",
    "fixed",
    "j",
    "eta",
    "seeds",
    "diverged",
    *(f"error_{part}" for part in ("mean", "sd", "low", "high")),
    "wilson_low",
    "wilson_high",
    *HEADING,
    "tied",
    "chosen",
)


def analyse(grid: Path, results: Path, figures: Path) -> None:
    """Write ``distortions.csv``, ``rates.csv`` and ``chosen.json``, and draw ``settling``.

    Args:
        grid: ``studies/NAME.yaml``; its stem names the study.
        results: has the study's files in ``NAME``, and takes the tables there.
        figures: the drawings go to ``NAME`` below it.
    """
    folder = results / grid.stem
    runs = read_study(folder)
    tied, best = distortions(runs)
    rate = least(of_kind(runs, "rate"))
    for file, left_out in (("distortions", "rate"), ("rates", "distortions")):
        names = [name for name, run in runs.items() if kind(run) != left_out]
        rows = [row(name, runs, tied, (best, rate)) for name in names]
        write_csv(folder / f"{file}.csv", COLUMNS, rows)
    write_json(folder / "chosen.json", chosen(runs, tied, best, rate))
    draw.write(figures / grid.stem, {"settling": lambda theme: picture(runs, best, theme)})


def kind(run: Run) -> str:
    """What a run is for: ``distortions``, ``rate`` (no curvature), or ``neither``."""
    if run.recipe["presentation"]["distorted"]:
        return "distortions"
    return "rate" if run.recipe["step"]["curvature"] == "never" else "neither"


def of_kind(runs: Mapping[str, Run], wanted: str) -> dict[str, Run]:
    """The runs of a kind of which a seed is trained.

    Raises:
        TableError: there is none.
    """
    found = {name: run for name, run in runs.items() if run.seeds and kind(run) == wanted}
    if not found:
        raise TableError(f"study settling: no trained run of the kind {wanted}")
    return found


def alike(run: Run, runs: Mapping[str, Run]) -> dict[str, Run]:
    """The runs whose spread is pooled with that of `run`: those for distortions, and the base."""
    what = "rate" if kind(run) == "rate" else "distortions"
    return {
        name: each
        for name, each in runs.items()
        if each.seeds and (kind(each) == what or name == BASE)
    }


def mean(run: Run) -> float:
    """The mean error over the seeds, in percent."""
    return over_seeds(run.values(lambda each: each.test)).mean


def least(runs: Mapping[str, Run]) -> str:
    """The run with the least mean error; of equal ones the first."""
    return min(runs, key=lambda name: mean(runs[name]))


def pooled(runs: Mapping[str, Run]) -> tuple[float, int]:
    """The standard deviation between seeds within all `runs` together, and its degrees of freedom.

    Single seeds alone have no spread: then it is 0, with no degree of freedom.
    """
    squares, freedom = 0.0, 0
    for run in runs.values():
        errors = run.values(lambda each: each.test)
        centre = math.fsum(errors) / len(errors)
        squares += math.fsum((error - centre) ** 2 for error in errors)
        freedom += len(errors) - 1
    return (math.sqrt(squares / freedom) if freedom else 0.0), freedom


def standard_error(runs: Mapping[str, Run], seeds: int) -> float:
    """Of a mean over `seeds`, from the `pooled` spread."""
    return pooled(runs)[0] / math.sqrt(seeds)


def interval(run: Run, runs: Mapping[str, Run]) -> Interval:
    """The 95% interval for the mean error of `run`, from the spread within `runs`; NaN for none."""
    sd, freedom = pooled(runs)
    if not freedom:
        return Interval(math.nan, math.nan)
    half = float(special.stdtrit(freedom, (1 + LEVEL) / 2)) * sd / math.sqrt(len(run.seeds))
    return Interval(mean(run) - half, mean(run) + half)


def distortions(runs: Mapping[str, Run]) -> tuple[list[str], str]:
    """The runs that tie for the least error, and the one that the rule takes."""
    found = of_kind(runs, "distortions")
    best = found[least(found)]
    limit = mean(best) + standard_error(found, len(best.seeds))
    tied = [name for name, run in found.items() if mean(run) <= limit]
    usual = next(iter(runs.values())).recipe["loss"]["j"]
    return tied, min(tied, key=lambda name: from_the_text(found[name].recipe, usual))


def from_the_text(recipe: Mapping[str, Any], j: float) -> tuple[int, float]:
    """How far a recipe is from the printed text: choices that differ, then that of the strength."""
    shown = recipe["presentation"]
    choices = (shown["law"] != "uniform", shown["fixed"] != "base_line", recipe["loss"]["j"] != j)
    return sum(choices), abs(shown["strength"] - 1)


def chosen(runs: Mapping[str, Run], tied: list[str], best: str, rate: str) -> dict[str, Any]:
    """The content of ``chosen.json``."""
    found = of_kind(runs, "distortions")
    shown, loss = runs[best].recipe["presentation"], runs[best].recipe["loss"]
    seeds = len(found[least(found)].seeds)
    return {
        "distortions": {
            "run": best,
            "least": least(found),
            "tied": tied,
            "standard_error": round(standard_error(found, seeds), 4),
            "error": round(mean(runs[best]), 4),
            "error_without": round(mean(runs[BASE]), 4),
            "strength": shown["strength"],
            "law": shown["law"],
            "fixed": shown["fixed"],
            "j": loss["j"],
        },
        "rate": {
            "run": rate,
            "eta": runs[rate].recipe["step"]["eta"][0][1],
            "error": round(mean(runs[rate]), 4),
        },
    }


def row(name: str, runs: Mapping[str, Run], tied: list[str], won: tuple[str, str]) -> list[str]:
    """The cells of `COLUMNS`; errors are those on the patterns kept apart."""
    run = runs[name]
    recipe, what = run.recipe, kind(run)
    shown = recipe["presentation"]
    drawn = [str(shown[key]) for key in ("strength", "law", "fixed")]
    start = [name, *(drawn if what == "distortions" else [""] * 3)]
    start += [str(recipe["loss"]["j"]), f"{recipe['step']['eta'][0][1]:g}"]
    start += [str(len(run.seeds)), str(run.diverged)]
    if not run.seeds:
        return start + [""] * (len(COLUMNS) - len(start))
    error = over_seeds(run.values(lambda each: each.test))
    sample = wilson_of_mean(error.mean, run.last.test_patterns)
    return [
        *start,
        *(fixed(value) for value in (error.mean, error.sd, *interval(run, alike(run, runs)))),
        *map(fixed, sample),
        *fields(run, runs[BASE]),
        "yes" if name in tied else "",
        "yes" if name in won else "",
    ]


def picture(runs: Mapping[str, Run], best: str, theme: Theme) -> Figure:
    """The error on the patterns kept apart, of each way to distort; the chosen one is starred."""
    found = {name: run for name, run in runs.items() if name == BASE or kind(run) == "distortions"}
    labels = [f"{name} ★" if name == best else name for name in found]
    figure, (axes,) = draw.rows(labels, ["error on patterns kept apart, %"], theme)
    dots = []
    for run in found.values():
        dots.append(draw.Dot(mean(run), *interval(run, alike(run, runs))) if run.seeds else None)
    ends = [value for dot in dots if dot for value in dot if not math.isnan(value)]
    low, high = max(0.0, min(ends)), max(ends)
    edge = 0.05 * (high - low)
    draw.dots(axes, dots, (low - edge, high + edge), theme.negative)
    if runs[BASE].seeds:
        draw.line(axes, mean(runs[BASE]), theme)
    return figure
