"""The study ``readings``: one place of the paper at a time, read in another way.

Each run is laid beside the run `BASE` with the same seeds, and beside the curve of Fig. 5 while
learning. The distance from Fig. 5 is the root mean square over passes 3 to 20 of the difference of
the training errors on the fly, in points: of the mean curve over seeds, and of each seed's own
curve, whose t interval is given. The first two passes are left out, as there the seeds differ by
more than the readings. Point n of Fig. 5 is taken as pass n.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from matplotlib.figure import Figure

from paper_lenet.base.files import fixed, significant, write_csv
from paper_lenet.base.statistics import Summary, over_seeds
from paper_lenet.figures import draw
from paper_lenet.figures.style import Theme
from paper_lenet.paper import numbers
from paper_lenet.results.paired import HEADING, difference, fields
from paper_lenet.results.trainings import Run, Training, read_study

BASE = "paper"
SHOWN = (1, 2, 3, 5, 10, 13, 19, 20)
FIRST, LAST = 3, 20  # passes of the distance
LATE = numbers.TRAINING_ERROR_PASS


def analyse(grid: Path, results: Path, figures: Path) -> None:
    """Write ``summary.csv``, a row a run, and draw ``readings``.

    Args:
        grid: ``studies/NAME.yaml``; its stem names the study.
        results: has the study's files in ``NAME``, and takes the tables there.
        figures: the drawings go to ``NAME`` below it.
    """
    folder = results / grid.stem
    runs = read_study(folder)
    write_csv(folder / "summary.csv", heading(), [row(name, runs) for name in runs])
    draw.write(figures / grid.stem, {"readings": partial(picture, runs)})


def heading() -> tuple[str, ...]:
    """The columns of ``summary.csv``; errors in percent, differences in points."""
    return (
        "run",
        "seeds",
        "diverged",
        "collapsed",
        *(f"test_{part}" for part in ("mean", "sd", "low", "high")),
        *(f"on_the_fly_{number}" for number in SHOWN),
        f"on_the_fly_{LATE}_low",
        f"on_the_fly_{LATE}_high",
        *HEADING,
        *(f"on_the_fly_{LATE}_difference{part}" for part in ("", "_low", "_high")),
        "smallest_step",
        "largest_step",
        "smallest_step_ratio",
        "largest_step_ratio",
        "rms",
        "worst",
        "worst_pass",
        "seed_rms_mean",
        "seed_rms_low",
        "seed_rms_high",
    )


def row(name: str, runs: dict[str, Run]) -> list[str]:
    """One run; its cells are empty where no training ended, or not after so many passes."""
    run = runs[name]
    start = [name, str(len(run.seeds)), str(run.diverged), str(run.collapsed)]
    if not run.seeds:
        return start + [""] * (len(heading()) - len(start))
    test = over_seeds(run.values(lambda each: each.test))
    fly = [on_the_fly(run, number) for number in SHOWN]
    late = on_the_fly(run, LATE)
    apart = difference(run, runs[BASE], lambda each: _at(each, LATE))
    least = over_seeds(run.values(lambda each: each.first.smallest_step)).mean
    most = over_seeds(run.values(lambda each: each.first.largest_step)).mean
    return [
        *start,
        *(fixed(value) for value in (test.mean, test.sd, test.low, test.high)),
        *(fixed(each.mean) for each in fly),
        *(fixed(value) for value in (late.low, late.high)),
        *fields(run, runs[BASE]),
        *(fixed(value) for value in ((apart.mean, apart.low, apart.high) if apart else _NONE)),
        *(significant(value, 4) for value in (least, most)),
        significant(least / numbers.SMALLEST_STEP.value, 3),
        significant(most / numbers.LARGEST_STEP.value, 3),
        *_distances(run),
    ]


_NONE = (math.nan,) * 3


def on_the_fly(run: Run, number: int) -> Summary:
    """The training error on the fly in pass `number` over the seeds, in percent."""
    return over_seeds(run.values(lambda each: _at(each, number)))


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
        *(fixed(value) for value in (seeds.mean, seeds.low, seeds.high)),
    ]


def picture(runs: dict[str, Run], theme: Theme) -> Figure:
    """Dots and intervals: the training error on the fly in pass 19, and the distance from Fig. 5.

    The hollow diamond is the distance of the mean curve.
    """
    titles = (f"on the fly, pass {LATE}, %", "distance, points")
    figure, (left, right) = draw.rows(list(runs), titles, theme)
    late = [_dot(on_the_fly(run, LATE)) if run.seeds else None for run in runs.values()]
    apart = [_dot(seed_rms(run)) if run.seeds else None for run in runs.values()]
    draw.dots(left, late, _limits(late), theme.positive)
    draw.line(left, numbers.TRAINING_ERROR.value, theme)
    draw.dots(right, apart, _limits(apart), theme.negative)
    for place, run in enumerate(runs.values()):
        if run.seeds and (distance := rms(deviations(mean_curve(run)))) <= right.get_xlim()[1]:
            right.plot(distance, place, **draw.hollow("D", theme.text, 4.0))
    return figure


def _dot(summary: Summary) -> draw.Dot:
    return draw.Dot(summary.mean, summary.low, summary.high)


def _limits(dots: Sequence[draw.Dot | None]) -> tuple[float, float]:
    """From 0 to what most runs stay within: readings that fail would squeeze the others."""
    middle = statistics.median(dot.mean for dot in dots if dot)
    near = [dot for dot in dots if dot and dot.mean <= 3 * middle]
    return 0.0, 1.05 * max(value for dot in near for value in dot if not math.isnan(value))
