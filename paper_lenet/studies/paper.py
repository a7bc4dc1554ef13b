"""The study ``paper``: how far its seeds differ, and whether the paper's network is one of them.

Written here: ``statistics.json`` (`power`, `mistakes`), ``overlap.csv``, ``times.csv`` (`overlap`);
and ``curve.csv``, each pass beside Fig. 5.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

from paper_lenet.base.files import fixed, read_csv, write_csv, write_json
from paper_lenet.base.statistics import Summary, over_seeds
from paper_lenet.figures import draw, errors
from paper_lenet.paper import numbers
from paper_lenet.results import power
from paper_lenet.results.trainings import Run, read_study
from paper_lenet.studies import overlap
from paper_lenet.studies.readings import BASE, LATE

RUN = "paper"
SPREAD = ("mean", "sd", "low", "high", "min", "max")
CURVE = (
    "pass",
    *(f"on_the_fly_{part}" for part in SPREAD),
    "fig5_on_the_fly",
    *(f"test_{part}" for part in SPREAD),
    "fig5_test",
)


def analyse(grid: Path, results: Path, figures: Path) -> None:
    """Write the tables, and draw ``errors``, ``overlap`` and ``times``.

    Args:
        grid: ``studies/NAME.yaml``; its stem names the study.
        results: has the study's files in ``NAME``, and takes the tables there; ``readings``, if
            it is there, gives the spread within seeds.
        figures: the drawings go to ``NAME`` below it.
    """
    folder = results / grid.stem
    run = read_study(folder)[RUN]
    beside = results / "readings"
    within = power.paired_sd(read_study(beside), BASE) if beside.is_dir() else None
    tests = run.values(lambda each: each.test)
    late = run.values(lambda each: each.on_the_fly[LATE - 1])
    tree = {
        "seeds": len(tests),
        "power": power.tree(tests, numbers.UNCERTAINTY.value, within),
        "test_error": power.draw_tree(numbers.TEST_ERROR.value, tests),
        "training_error": power.draw_tree(numbers.TRAINING_ERROR.value, late),
        "overlap": overlap.summary(run),
    }
    write_json(folder / "statistics.json", tree)
    write_csv(folder / "curve.csv", CURVE, curve(run))
    overlap.write_pairs(folder / "overlap.csv", {RUN: run})
    overlap.write_times(folder / "times.csv", run)
    rows = read_csv(folder / "curve.csv")
    drawings = {
        "errors": partial(errors.draw, rows, len(tests)),
        "overlap": partial(overlap.picture, {f"{len(tests)} seeds": run}),
        "times": partial(overlap.picture_times, run),
    }
    draw.write(figures / grid.stem, drawings)


def curve(run: Run) -> list[list[str]]:
    """The rows of ``curve.csv``: errors in percent over the seeds, and the points of Fig. 5."""
    passes = min(len(each.tests) for each in run.seeds.values())
    rows = []
    for number, point in enumerate(numbers.fig5(), 1):
        row = [str(number)]
        for quantity, printed in (
            ("on_the_fly", point.training_error),
            ("tests", point.test_error),
        ):
            if number <= passes:
                values = [getattr(each, quantity)[number - 1] for each in run.seeds.values()]
                row += _cells(over_seeds(values))
            else:
                row += [""] * len(SPREAD)
            row.append(fixed(printed, 2))
        rows.append(row)
    return rows


def _cells(value: Summary) -> list[str]:
    parts = (value.mean, value.sd, value.low, value.high, value.least, value.greatest)
    return [fixed(part) for part in parts]
