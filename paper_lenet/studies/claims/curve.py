"""Claims on the curves of Fig. 5, and what other themes take from the same trainings."""

from __future__ import annotations

from paper_lenet.base.statistics import LEVEL, over_seeds
from paper_lenet.paper import numbers
from paper_lenet.paper.numbers import Published
from paper_lenet.studies.claims.model import Claim, Finding, Tolerance, Verdict
from paper_lenet.studies.claims.results import NotMeasured, Results, Run
from paper_lenet.studies.claims.rules import OPEN, as_printed, holds, undecided

STUDY = RUN = "paper"
PASSES = int(numbers.PASSES.value)
NEAR = 0.05  # points
FIRST = 3  # from this pass on the mean curve is held to NEAR
CURVES = {"train": ("errors_on_the_fly", "patterns"), "test": ("test_errors", "test_patterns")}
# Bonferroni: all passes together have the level of one interval.
TOGETHER = 1 - (1 - LEVEL) / PASSES

SPREAD = Tolerance(
    f"every point lies in the interval for one further run; all {PASSES} together at "
    f"{100 * LEVEL:g}%, so each at {100 * TOGETHER:.4g}%",
    "the paper shows one run; with twenty intervals at the usual level one point outside would be "
    "no surprise",
)
MEAN = Tolerance(
    f"the mean over seeds within {NEAR} points of every point from pass {FIRST} on",
    "half of the paper's own uncertainty, and twice the step of the drawing; a run of one's own "
    "differs by more in the first passes",
)


def claims() -> list[Claim]:
    """The claims of this theme."""
    return [
        _curve("train", "training error on the fly"),
        _curve_mean("train", "training error on the fly"),
        _curve("test", "test error"),
        _point_21(),
    ]


def chosen(results: Results) -> Run:
    """The trainings of the recipe ``paper``: two seeds or more, of as many passes as the paper's.

    Raises:
        NotMeasured: they are not there.
    """
    run = results.run(STUDY, RUN)
    if len(run.rows) < 2 or any(len(rows) != PASSES for rows in run.passes.values()):
        raise NotMeasured(f"make {STUDY}: it takes two seeds or more of {PASSES} passes")
    return run


def points(which: str) -> tuple[Published, ...]:
    """The points of Fig. 5 that have a pass of ours, for ``train`` or ``test``."""
    return tuple(
        Published(
            f"point {point.number}",
            point.training_error if which == "train" else point.test_error,
            numbers.FIG_5,
            numbers.FIG_5_STEP,
        )
        for point in numbers.fig5()[:PASSES]
    )


def by_pass(run: Run, which: str) -> list[tuple[float, ...]]:
    """Each pass's error in percent, one a seed."""
    return list(zip(*run.curve(*CURVES[which]), strict=True))


def _curve(which: str, what: str) -> Claim:
    printed = points(which)

    def judge(results: Results) -> Finding:
        run = chosen(results)
        found = by_pass(run, which)
        inside = [
            as_printed(values, point)._replace(note=point.what)
            for values, point in zip(found, printed, strict=True)
        ]
        wide = [over_seeds(values, TOGETHER) for values in found]
        outside = [
            point.what
            for summary, point in zip(wide, printed, strict=True)
            if not meets(summary.run_low, summary.run_high, point)
        ]
        usual = sum(each.verdict == Verdict.REPRODUCED for each in inside)
        note = f"{usual} at {100 * LEVEL:g}% each"
        note += f"; outside: {', '.join(outside)}" if outside else ""
        return Finding(holds(not outside), PASSES - len(outside), n=len(run.rows), note=note)

    return Claim(
        f"fig5-{which}",
        f"the curve of the {what}, pass by pass",
        printed,
        numbers.FIG_5,
        f"how many of its {PASSES} points one further run of ours may have",
        SPREAD,
        judge,
        ".0f",
    )


def meets(low: float, high: float, point: Published) -> bool:
    """Whether an interval contains a printed number, to its rounding."""
    return low <= point.value + point.unit / 2 and point.value - point.unit / 2 <= high


def _curve_mean(which: str, what: str) -> Claim:
    printed = points(which)[FIRST - 1 :]

    def judge(results: Results) -> Finding:
        run = chosen(results)
        means = [over_seeds(values).mean for values in by_pass(run, which)][FIRST - 1 :]
        apart = [mean - point.value for mean, point in zip(means, printed, strict=True)]
        worst = max(apart, key=abs)
        note = f"at {printed[apart.index(worst)].what}"
        return Finding(holds(abs(worst) <= NEAR), worst, n=len(run.rows), note=note)

    return Claim(
        f"fig5-{which}-mean",
        f"the curve of the {what}, from pass {FIRST} on",
        printed,
        numbers.FIG_5,
        "the greatest difference of our mean curve from it, in points",
        MEAN,
        judge,
        "+.3f",
    )


def _point_21() -> Claim:
    point = numbers.fig5()[-1]
    return Claim(
        "fig5-point-21",
        "the errors of the last point of Fig. 5",
        (
            Published("training error, %", point.training_error, numbers.FIG_5, numbers.FIG_5_STEP),
            Published("test error, %", point.test_error, numbers.FIG_5, numbers.FIG_5_STEP),
        ),
        f"{numbers.FIG_5}, point {point.number}",
        f"pass {point.number}",
        OPEN,
        lambda results: undecided("the text has twenty passes, and so have our trainings"),
        between=" and ",
    )
