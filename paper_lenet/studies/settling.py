"""The study ``settling``: what must not be chosen by the test error, chosen on patterns kept apart.

Two things are chosen on 10,000 training patterns that no run was trained on:

- how the distortions of Section III-B are drawn: strength, law and fixed point, and beside them
  what else may go with distortions: j, the curvature, what is shown first, the scale of the input;
- the one rate of plain SGD, for the ladder.

The rule for the distortions was fixed before the errors were looked at. The least mean error wins.
Runs within one standard error of it tie with it, and of those the one nearest the printed text and
Fig. 7 is taken: first by the number of `CHOICES` that differ (from law uniform, scaling about the
base line, and all else as without distortions), then by how near the strength is to 1, the ranges
of Fig. 7. The standard error is that of a mean over the best run's seeds, with the spread between
seeds pooled over all runs with distortions, as a few seeds give a poor spread by themselves.

For the rate the least mean error wins. Intervals are t intervals with the spread pooled in the same
way, over the runs of a kind.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from paper_lenet.base.files import write_csv, write_json
from paper_lenet.base.statistics import Interval
from paper_lenet.figures import draw
from paper_lenet.figures.runs import settling
from paper_lenet.results import pooled
from paper_lenet.results.paired import HEADING, fields
from paper_lenet.results.summary import error, error_cells, error_heading, filled
from paper_lenet.results.trainings import Run, TableError, read_study
from paper_lenet.studies.study import Folders, Study

BASE = "none"
CHOICES = (
    ("presentation", "law"),
    ("presentation", "fixed"),
    ("loss", "j"),
    ("step", "curvature"),
    ("presentation", "order"),
    ("presentation", "scale"),
)
BESIDE = CHOICES[3:]  # those that have no column of their own
COLUMNS = (
    "run",
    "strength",
    "law",
    "fixed",
    "j",
    "beside",
    "eta",
    "seeds",
    "diverged",
    *error_heading("error"),
    *HEADING,
    "tied",
    "chosen",
)


def analyse(folders: Folders) -> None:
    """Write ``distortions.csv``, ``rates.csv`` and ``chosen.json``, and draw ``settling``."""
    results = folders.results()
    runs = read_study(folders.trained())
    tied, best = distortions(runs)
    rate = least(of_kind(runs, "rate"))
    for file, left_out in (("distortions", "rate"), ("rates", "distortions")):
        names = [name for name, run in runs.items() if kind(run) != left_out]
        rows = [row(name, runs, tied, (best, rate)) for name in names]
        write_csv(results / f"{file}.csv", COLUMNS, rows)
    write_json(results / "chosen.json", chosen(runs, tied, best, rate))
    draw.write(folders.figures, {"settling": drawing(runs, best)})


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


def interval(run: Run, runs: Mapping[str, Run]) -> Interval:
    """The 95% interval for the mean error of `run`.

    Its spread is pooled with those of the runs for the same, and of the base.
    """
    what = "rate" if kind(run) == "rate" else "distortions"
    alike = {
        name: each
        for name, each in runs.items()
        if each.seeds and (kind(each) == what or name == BASE)
    }
    return pooled.interval(run, alike)


def mean(run: Run) -> float:
    """The mean error over the seeds, in percent."""
    return error(run).mean


def least(runs: Mapping[str, Run]) -> str:
    """The run with the least mean error; of equal ones the first."""
    return min(runs, key=lambda name: mean(runs[name]))


def distortions(runs: Mapping[str, Run]) -> tuple[list[str], str]:
    """The runs that tie for the least error, and the one that the rule takes."""
    found = of_kind(runs, "distortions")
    best = found[least(found)]
    limit = mean(best) + pooled.standard_error(found, len(best.seeds))
    tied = [name for name, run in found.items() if mean(run) <= limit]
    usual = runs[BASE].recipe
    return tied, min(tied, key=lambda name: from_the_text(found[name].recipe, usual))


def from_the_text(recipe: Mapping[str, Any], usual: Mapping[str, Any]) -> tuple[int, float]:
    """How far a recipe is from the printed text: choices that differ, then that of the strength.

    `usual` is the recipe without distortions.
    """
    different = sum(recipe[part][key] != usual[part][key] for part, key in CHOICES)
    return different, abs(recipe["presentation"]["strength"] - 1)


def beside(recipe: Mapping[str, Any], usual: Mapping[str, Any]) -> str:
    """What of `BESIDE` is otherwise than in `usual`, as in ``curvature originals``."""
    return ", ".join(
        f"{key} {recipe[part][key]}"
        for part, key in BESIDE
        if recipe[part][key] != usual[part][key]
    )


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
            "standard_error": round(pooled.standard_error(found, seeds), 4),
            "error": round(mean(runs[best]), 4),
            "error_without": round(mean(runs[BASE]), 4),
            "strength": shown["strength"],
            "law": shown["law"],
            "fixed": shown["fixed"],
            "j": loss["j"],
            "beside": beside(runs[best].recipe, runs[BASE].recipe) or "nothing",
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
    distorted = what == "distortions"
    drawn = [str(shown[key]) for key in ("strength", "law", "fixed")]
    start = [name, *(drawn if distorted else [""] * 3), str(recipe["loss"]["j"])]
    start += [beside(recipe, runs[BASE].recipe) if distorted else ""]
    start += [f"{recipe['step']['eta'][0][1]:g}"]
    start += [str(len(run.seeds)), str(run.diverged)]
    if not run.seeds:
        return filled(start, COLUMNS)
    return [
        *start,
        *error_cells(run, interval(run, runs)),
        *fields(run, runs[BASE]),
        "yes" if name in tied else "",
        "yes" if name in won else "",
    ]


def drawing(runs: Mapping[str, Run], best: str) -> draw.Drawing:
    """The error of each way to distort and of the base; the chosen one is starred."""
    found = {name: run for name, run in runs.items() if name == BASE or kind(run) == "distortions"}
    labels = [f"{name} ★" if name == best else name for name in found]
    errors = [
        error(run)._replace(**interval(run, runs)._asdict()) if run.seeds else None
        for run in found.values()
    ]
    base = mean(runs[BASE]) if runs[BASE].seeds else None
    return partial(settling, labels, errors, base)


STUDY = Study(analyse=analyse)
