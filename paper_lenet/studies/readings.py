"""The study ``readings``: one place of the paper at a time, read in another way.

Each run is laid beside the run `BASE` with the same seeds, and beside the curve of Fig. 5 while
learning. The distance from Fig. 5 is the root mean square over passes 3 to 20 of the difference of
the training errors on the fly, in points: of the mean curve over seeds, and of each seed's own
curve, whose t interval is given. The first two passes are left out, as there the seeds differ by
more than the readings. Point n of Fig. 5 is taken as pass n.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import partial

from paper_lenet.base.files import fixed, significant, write_csv
from paper_lenet.base.statistics import Summary, over_seeds
from paper_lenet.figures import draw
from paper_lenet.figures.runs import readings
from paper_lenet.paper import numbers
from paper_lenet.results import paired
from paper_lenet.results.paired import difference, fields
from paper_lenet.results.summary import INTERVAL, cells, error, filled, heading
from paper_lenet.results.trainings import Run, Training, read_study
from paper_lenet.studies.study import Folders, Study

BASE = "paper"
SHOWN = (1, 2, 3, 5, 10, 13, 19, 20)
ENDS = ("low", "high")
FIRST, LAST = 3, 20  # passes of the distance
LATE = numbers.TRAINING_ERROR_PASS
# Errors in percent, differences in points.
COLUMNS = (
    "run",
    "seeds",
    "diverged",
    "collapsed",
    *heading("test"),
    *(f"on_the_fly_{number}" for number in SHOWN),
    *heading(f"on_the_fly_{LATE}", ENDS),
    *paired.HEADING,
    f"on_the_fly_{LATE}_difference",
    *heading(f"on_the_fly_{LATE}_difference", ENDS),
    "smallest_step",
    "largest_step",
    "smallest_step_ratio",
    "largest_step_ratio",
    "rms",
    "worst",
    "worst_pass",
    *heading("seed_rms", INTERVAL),
)


def analyse(folders: Folders) -> None:
    """Write ``summary.csv``, a row a run, and draw ``readings``."""
    runs = read_study(folders.trained())
    write_csv(folders.results() / "summary.csv", COLUMNS, [row(name, runs) for name in runs])
    draw.write(folders.figures, {"readings": drawing(runs)})


def row(name: str, runs: Mapping[str, Run]) -> list[str]:
    """The cells of `COLUMNS`; they are empty where no training ended, or not so many passes."""
    run = runs[name]
    start = [name, str(len(run.seeds)), str(run.diverged), str(run.collapsed)]
    if not run.seeds:
        return filled(start, COLUMNS)
    fly = [on_the_fly(run, number) for number in SHOWN]
    late = on_the_fly(run, LATE)
    apart = difference(run, runs[BASE], lambda each: _at(each, LATE))
    least = over_seeds(run.values(lambda each: each.first.smallest_step)).mean
    most = over_seeds(run.values(lambda each: each.first.largest_step)).mean
    return [
        *start,
        *cells(error(run)),
        *(fixed(each.mean) for each in fly),
        *cells(late, ENDS),
        *fields(run, runs[BASE]),
        *(cells(apart, INTERVAL) if apart else [""] * len(INTERVAL)),
        *(significant(value, 4) for value in (least, most)),
        significant(least / numbers.SMALLEST_STEP.value, 3),
        significant(most / numbers.LARGEST_STEP.value, 3),
        *_distances(run),
    ]


def on_the_fly(run: Run, number: int) -> Summary:
    """The training error on the fly in pass `number` over the seeds, in percent."""
    return over_seeds(run.values(lambda each: _at(each, number)), floor=0)


def _at(training: Training, number: int) -> float:
    """NaN beyond the last pass."""
    return training.on_the_fly[number - 1] if number <= len(training.on_the_fly) else math.nan


def deviations(curve: Sequence[float]) -> list[float]:
    """What a curve, in percent from pass 1 on, has more than Fig. 5 in passes 3 to 20."""
    printed = numbers.fig5()
    return [
        curve[number - 1] - printed[number - 1].training_error for number in range(FIRST, LAST + 1)
    ]


def rms(values: Sequence[float]) -> float:
    """The root mean square."""
    return math.sqrt(math.fsum(value * value for value in values) / len(values))


def mean_curve(run: Run) -> list[float]:
    """The training error on the fly of each pass, the mean over the seeds."""
    curves = [each.on_the_fly for each in run.seeds.values()]
    return [math.fsum(part) / len(part) for part in zip(*curves, strict=True)]


def seed_rms(run: Run) -> Summary:
    """The distance from Fig. 5 of each seed's own curve."""
    return over_seeds([rms(deviations(each.on_the_fly)) for each in run.seeds.values()])


def _distances(run: Run) -> list[str]:
    if min(len(each.on_the_fly) for each in run.seeds.values()) < LAST:
        return [""] * 6
    apart = deviations(mean_curve(run))
    worst = max(apart, key=abs)
    seeds = seed_rms(run)
    return [
        fixed(rms(apart)),
        fixed(worst),
        str(FIRST + apart.index(worst)),
        *cells(seeds, INTERVAL),
    ]


def drawing(runs: Mapping[str, Run]) -> draw.Drawing:
    """The training error on the fly in pass 19, and the distance from Fig. 5."""
    found = [run if run.seeds else None for run in runs.values()]
    late = [run and on_the_fly(run, LATE) for run in found]
    distances = [run and seed_rms(run) for run in found]
    of_mean = [run and rms(deviations(mean_curve(run))) for run in found]
    return partial(readings, list(runs), late, distances, of_mean)


STUDY = Study(analyse=analyse)
