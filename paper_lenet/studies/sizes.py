"""The study ``sizes``: Fig. 6, the errors against the size of the training set.

The paper gives no length for the smaller trainings; runs of the printed length and longer ones are
both there, and marked. The point with distortions, the paper's hollow square, is of the study
``distortions``, next to this one. The paper draws a training error and does not say here how it is
counted; Fig. 5's is counted on the fly, so both that and the one after the last pass are given.
"""

from __future__ import annotations

import math
from functools import partial
from pathlib import Path
from typing import NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from paper_lenet.base.files import fixed, write_csv
from paper_lenet.base.statistics import Summary, over_seeds
from paper_lenet.figures import draw, style
from paper_lenet.figures.style import Theme
from paper_lenet.paper import numbers
from paper_lenet.results.trainings import Run, read_study

HEIGHT = 300.0
DISTORTED = ("fig7", "chosen")  # runs of the study ``distortions``
HEADING = (
    "run",
    "patterns",
    "distorted",
    "passes",
    "seeds",
    *(f"test_{part}" for part in ("mean", "sd", "low", "high")),
    *(f"on_the_fly_{part}" for part in ("mean", "low", "high")),
    *(f"after_{part}" for part in ("mean", "low", "high")),
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


def analyse(grid: Path, results: Path, figures: Path) -> None:
    """Write ``sizes.csv``, and draw ``sizes``.

    Args:
        grid: ``studies/NAME.yaml``; its stem names the study.
        results: has the study's files in ``NAME``, and takes the table there; that of
            ``distortions`` is needed too.
        figures: the drawings go to ``NAME`` below it.
    """
    folder = results / grid.stem
    beside = read_study(results / "distortions")
    runs = read_study(folder) | {name: beside[name] for name in DISTORTED}
    found = [size(name, run) for name, run in runs.items() if run.seeds]
    write_csv(folder / "sizes.csv", HEADING, [row(each) for each in found])
    draw.write(figures / grid.stem, {"sizes": partial(picture, found)})


def size(name: str, run: Run) -> Size:
    """What Fig. 6 shows of one run."""
    shown = run.recipe["presentation"]
    return Size(
        name,
        shown["patterns"],
        shown["patterns"] * shown["distorted"],
        sum(count for count, _ in run.recipe["step"]["eta"]),
        over_seeds(run.values(lambda each: each.test)),
        over_seeds(run.values(lambda each: each.on_the_fly[-1])),
        over_seeds(run.values(lambda each: each.last.after)),
    )


def row(each: Size) -> list[str]:
    """The cells of `HEADING`; the paper's are empty where it has no such point."""
    test, training = printed(each)
    return [
        *map(str, (each.name, each.patterns, each.distorted, each.passes, each.test.n)),
        *(fixed(value) for value in (each.test.mean, each.test.sd, each.test.low, each.test.high)),
        *(
            fixed(value)
            for part in (each.on_the_fly, each.after)
            for value in (part.mean, part.low, part.high)
        ),
        fixed(test, 2),
        fixed(training, 2),
    ]


def printed(each: Size) -> tuple[float, float]:
    """The paper's test and training error for that size, in percent; NaN for none."""
    if each.distorted:
        return numbers.DISTORTED_FIG_6.value, math.nan
    for point in numbers.fig6():
        if point.patterns == each.patterns:
            return point.test_error, point.training_error
    return math.nan, math.nan


def picture(found: list[Size], theme: Theme) -> Figure:
    """Ours with intervals, the paper's points hollow; triangles are longer trainings."""
    figure = style.figure(HEIGHT)
    axes = figure.add_axes((0.11, 0.16, 0.87, 0.67))
    sizes = [point.patterns for point in numbers.fig6()]
    places = {patterns: float(place) for place, patterns in enumerate(sizes)}
    _paper(axes, theme)
    shortest = min(each.passes for each in found)
    for each in found:
        longer, drawn = each.passes > shortest, each.name == "fig7"
        place = len(sizes) if each.distorted else places[each.patterns]
        marker = "^" if longer else "D" if drawn else "o"
        place += 0.24 if longer or drawn else 0.12
        _ours(axes, place, each.test, theme.negative, marker)
        _ours(axes, place, each.on_the_fly, theme.positive, marker)
    labels = [f"{patterns:,}" for patterns in sizes]
    axes.set_xticks(range(len(sizes) + 1), [*labels, "60,000 and\n540,000 distorted"])
    axes.set_xlim(-0.3, len(sizes) + 0.5)
    axes.set_ylim(bottom=0)
    axes.set_ylabel("error, %", labelpad=2)
    axes.grid(axis="y", color=theme.muted, alpha=0.25, linewidth=0.6)
    axes.tick_params(color=theme.muted, length=3)
    _legend(figure, theme)
    return figure


def _paper(axes: Axes, theme: Theme) -> None:
    points = numbers.fig6()
    tests = [*(point.test_error for point in points), numbers.DISTORTED_FIG_6.value]
    training = [point.training_error for point in points]
    axes.plot(range(len(tests)), tests, **draw.hollow("s", theme.negative))
    axes.plot(range(len(training)), training, **draw.hollow("s", theme.positive))


def _ours(axes: Axes, place: float, value: Summary, colour: str, marker: str) -> None:
    axes.plot((place, place), (value.low, value.high), color=colour, linewidth=1.6)
    axes.plot(place, value.mean, marker, color=colour, markersize=4.4)


def _legend(figure: Figure, theme: Theme) -> None:
    """Colours are test and training, shapes whose points they are."""
    handles = [
        Line2D([], [], color=colour, linewidth=3) for colour in (theme.negative, theme.positive)
    ]
    handles.append(Line2D([], [], **draw.hollow("s", theme.text)))
    for marker in "o^D":
        point = Line2D([], [], color=theme.text, marker=marker, linestyle="none", markersize=4.4)
        handles.append(point)
    labels = ["test", "training, on the fly", "the paper: Fig. 6"]
    labels += ["ours, 95% interval", "ours, longer", "ours, Fig. 7's ranges"]
    figure.legend(handles, labels, loc="upper center", ncols=2, fontsize=style.SMALL)
