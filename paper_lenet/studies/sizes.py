"""The study ``sizes``: Fig. 6, the errors against the size of the training set.

The paper gives no length for the smaller trainings; runs of the printed length and longer ones are
both there, and marked. The point with distortions, the paper's hollow square, is of the study
``distortions``, next to this one. The paper draws a training error and does not say here how it is
counted; Fig. 5's is counted on the fly, so both that and the one after the last pass are given.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

from paper_lenet.base.files import fixed, write_csv
from paper_lenet.base.statistics import Summary
from paper_lenet.figures import draw, sizes
from paper_lenet.paper import numbers
from paper_lenet.results.summary import INTERVAL, cells, error, heading, on_the_fly
from paper_lenet.results.trainings import Run, read_study
from paper_lenet.studies.study import Folders, Study

DISTORTIONS, DRAWN = "distortions", "fig7"  # a study, and its run with the ranges of Fig. 7
DISTORTED = (DRAWN, "chosen")
HEADING = (
    "run",
    "patterns",
    "distorted",
    "passes",
    "seeds",
    *heading("test"),
    *heading("on_the_fly", INTERVAL),
    *heading("after", INTERVAL),
    "paper_test",
    "paper_training",
)


class Size(NamedTuple):
    """One run: originals, distorted copies beside them, passes, and errors in percent."""

    name: str
    patterns: int
    distorted: int
    passes: int
    test: Summary
    on_the_fly: Summary
    after: Summary


def analyse(folders: Folders) -> None:
    """Write ``sizes.csv``, and draw ``sizes``; the record of ``distortions`` is needed too."""
    beside = read_study(folders.trained(DISTORTIONS))
    runs = read_study(folders.trained()) | {name: beside[name] for name in DISTORTED}
    found = [size(name, run) for name, run in runs.items() if run.seeds]
    write_csv(folders.results() / "sizes.csv", HEADING, [row(each) for each in found])
    draw.write(folders.figures, {"sizes": partial(sizes.draw, points(found))})


def size(name: str, run: Run) -> Size:
    """What Fig. 6 shows of one run."""
    shown = run.recipe["presentation"]
    return Size(
        name,
        shown["patterns"],
        shown["patterns"] * shown["distorted"],
        sum(count for count, _ in run.recipe["step"]["eta"]),
        error(run),
        on_the_fly(run),
        run.over_seeds(run.last.number, lambda each: each.after),
    )


def row(each: Size) -> list[str]:
    """The cells of `HEADING`; the paper's are empty where it has no such point."""
    return [
        *map(str, (each.name, each.patterns, each.distorted, each.passes, each.test.n)),
        *cells(each.test),
        *cells(each.on_the_fly, INTERVAL),
        *cells(each.after, INTERVAL),
        *(fixed(value, 2) for value in printed(each)),
    ]


def printed(each: Size) -> tuple[float, float]:
    """The paper's test and training error for that size, in percent; NaN for none."""
    if each.distorted:
        return numbers.DISTORTED_FIG_6.value, math.nan
    for point in numbers.fig6():
        if point.patterns == each.patterns:
            return point.test_error, point.training_error
    return math.nan, math.nan


def points(found: Sequence[Size]) -> list[sizes.Point]:
    """What is drawn; the shortest training is taken as the paper's length."""
    shortest = min(each.passes for each in found)
    return [
        sizes.Point(
            each.patterns,
            each.distorted > 0,
            "longer" if each.passes > shortest else "drawn" if each.name == DRAWN else "paper",
            each.test,
            each.on_the_fly,
        )
        for each in found
    ]


STUDY = Study(analyse=analyse)
