"""Claims on the training: Section III-B, Fig. 5, and Appendices B and C."""

from __future__ import annotations

from paper_lenet import paper
from paper_lenet.claims.model import Claim, Finding, Tolerance, Verdict
from paper_lenet.claims.results import Results, Run, differences
from paper_lenet.claims.rules import (
    ONE_RUN,
    OPEN,
    as_printed,
    below,
    holds,
    one_run,
    undecided,
    within,
)
from paper_lenet.history import settling_pass
from paper_lenet.paper import Published
from paper_lenet.statistics import LEVEL, over_seeds, wilson

STUDY = RUN = "paper"
PASSES = int(paper.PASSES.value)
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
NO_RISE = Tolerance(
    f"the {100 * LEVEL:g}% interval for the rise lies below {paper.UNCERTAINTY.value:g} points",
    "a rise by the paper's own uncertainty would have been seen; that none is found is not enough, "
    "it must be ruled out",
)
EVERY = Tolerance("so in every seed", "the paper says it of its run without a number")
ALL_TRAINED = Tolerance(
    "no seed diverges, and none misreads more than twice what the paper does",
    "the paper says reliably; a training that ends elsewhere is one that failed",
)
SUBSET = Tolerance(
    f"the {100 * LEVEL:g}% interval for the difference of the means lies within "
    f"{paper.UNCERTAINTY.value:g} points",
    "the paper's own uncertainty: what lies within it the authors would not have seen",
)
SAMPLING = Tolerance(
    "one standard error of our error rate, when rounded like the printed number",
    "the caption does not say what was computed; the sampling of the test patterns is the least",
)


def claims() -> list[Claim]:
    """The claims of this theme."""
    return [
        _step("smallest_step", paper.SMALLEST_STEP),
        _step("largest_step", paper.LARGEST_STEP),
        _curve("train", "training error on the fly"),
        _curve_mean("train", "training error on the fly"),
        _curve("test", "test error"),
        _point_21(),
        _training_error(),
        _test_error(),
        _settling(),
        _convergence(),
        _over_training(),
        _crossing(),
        _uncertainty(),
        _reliable(),
        _subset(),
        Claim(
            "days",
            "the training took two to three days of one 200 MHz processor",
            paper.DAYS,
            paper.DAYS[0].place,
            "the same machine",
            OPEN,
            lambda results: undecided("it would need an SGI Origin 2000"),
        ),
    ]


def _run(results: Results) -> Run:
    return results.run(STUDY, RUN)


def _step(column: str, printed: Published) -> Claim:
    def judge(results: Results) -> Finding:
        run = _run(results)
        return as_printed(run.values(column), printed, run.diverged)

    return Claim(
        column.replace("_", "-"),
        f"the {printed.what.removesuffix(' (about)')}",
        (printed,),
        printed.place,
        "the same, of all weights in pass 1, a value a seed",
        ONE_RUN,
        judge,
        ".2e",
    )


def points(which: str) -> tuple[Published, ...]:
    """The points of Fig. 5 that have a pass of ours, for ``train`` or ``test``."""
    return tuple(
        Published(
            f"point {point.number}",
            point.training_error if which == "train" else point.test_error,
            paper.FIG_5,
            paper.FIG_5_STEP,
        )
        for point in paper.fig5()[:PASSES]
    )


def by_pass(run: Run, which: str) -> list[tuple[float, ...]]:
    """Each pass's error in percent, one a seed."""
    return list(zip(*run.curve(*CURVES[which]), strict=True))


def _curve(which: str, what: str) -> Claim:
    printed = points(which)

    def judge(results: Results) -> Finding:
        run = _run(results)
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
        paper.FIG_5,
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
        run = _run(results)
        means = [over_seeds(values).mean for values in by_pass(run, which)][FIRST - 1 :]
        apart = [mean - point.value for mean, point in zip(means, printed, strict=True)]
        worst = max(apart, key=abs)
        note = f"at {printed[apart.index(worst)].what}"
        return Finding(holds(abs(worst) <= NEAR), worst, n=len(run.rows), note=note)

    return Claim(
        f"fig5-{which}-mean",
        f"the curve of the {what}, from pass {FIRST} on",
        printed,
        paper.FIG_5,
        "the greatest difference of our mean curve from it, in points",
        MEAN,
        judge,
        "+.3f",
    )


def _point_21() -> Claim:
    point = paper.fig5()[-1]
    return Claim(
        "fig5-point-21",
        "the errors of the last point of Fig. 5",
        (
            Published("training error, %", point.training_error, paper.FIG_5, paper.FIG_5_STEP),
            Published("test error, %", point.test_error, paper.FIG_5, paper.FIG_5_STEP),
        ),
        f"{paper.FIG_5}, point {point.number}",
        f"pass {point.number}",
        OPEN,
        lambda results: undecided("the text has twenty passes, and so have our trainings"),
        between=" and ",
    )


def _training_error() -> Claim:
    printed, number = paper.TRAINING_ERROR, paper.TRAINING_ERROR_PASS

    def judge(results: Results) -> Finding:
        run = _run(results)
        return as_printed(by_pass(run, "train")[number - 1], printed, run.diverged)

    return Claim(
        "training-error",
        f"the training error after {number} passes, in percent",
        (printed,),
        printed.place,
        f"error on the fly in pass {number}",
        ONE_RUN,
        judge,
    )


def _test_error() -> Claim:
    printed = paper.TEST_ERROR

    def judge(results: Results) -> Finding:
        run = _run(results)
        mean = over_seeds(run.test())
        note = f"the mean's own interval is {mean.low:.3g} to {mean.high:.3g}"
        return as_printed(run.test(), printed, run.diverged, note)

    return Claim(
        "test-error",
        "the test error once it has settled, in percent",
        (printed,),
        printed.place,
        "test error after the last pass",
        ONE_RUN,
        judge,
    )


def settling(run: Run) -> list[float]:
    """The pass at which each seed's test error settles, by our rule."""
    return [float(settling_pass(curve)) for curve in run.curve(*CURVES["test"])]


SETTLES = (
    "first pass from which the test error stays within "
    f"{paper.UNCERTAINTY.value:g} points of the last"
)


def _settling() -> Claim:
    printed = paper.SETTLING_PASS

    def judge(results: Results) -> Finding:
        drawn = settling_pass([point.test_error for point in paper.fig5()])
        return as_printed(
            settling(_run(results)), printed, note=f"by this rule Fig. 5 settles at {drawn}"
        )

    return Claim(
        "settling-pass",
        "the pass from which on the test error stays, about",
        (printed,),
        printed.place,
        SETTLES,
        ONE_RUN,
        judge,
        ".1f",
    )


def _convergence() -> Claim:
    low, high = paper.CONVERGENCE

    def judge(results: Results) -> Finding:
        return one_run(settling(_run(results)), low.value, high.value)

    return Claim(
        "convergence",
        "the passes that the training needs to converge",
        paper.CONVERGENCE,
        low.place,
        SETTLES,
        ONE_RUN,
        judge,
        ".1f",
    )


def _over_training() -> Claim:
    start = int(paper.SETTLING_PASS.value)

    def judge(results: Results) -> Finding:
        rises = [curve[-1] - curve[start - 1] for curve in _run(results).curve(*CURVES["test"])]
        return below(rises, paper.UNCERTAINTY.value)

    return Claim(
        "no-over-training",
        "the test error does not rise again as training goes on",
        (),
        paper.TEST_ERROR.place,
        f"test error after the last pass less that after pass {start}, in points, within seeds",
        NO_RISE,
        judge,
        "+.3f",
    )


def _crossing() -> Claim:
    def judge(results: Results) -> Finding:
        run = _run(results)
        train, test = (run.curve(*CURVES[which]) for which in ("train", "test"))
        so = [
            one[0] > other[0] and one[-1] < other[-1]
            for one, other in zip(train, test, strict=True)
        ]
        return Finding(holds(all(so)), sum(so), n=len(so), note="seeds in which it is so")

    return Claim(
        "crossing",
        "counted on the fly, the training error begins above the test error, and ends below it",
        (),
        f"{paper.FIG_5}, caption",
        "the same two errors in pass 1 and in the last",
        EVERY,
        judge,
        ".0f",
    )


def _uncertainty() -> Claim:
    printed = paper.UNCERTAINTY

    def judge(results: Results) -> Finding:
        run = _run(results)
        tests = over_seeds(run.test())
        patterns = int(run.rows[0]["test_patterns"])
        one_sigma = 0.6826894921370859
        found = wilson(tests.mean * patterns / 100, patterns, one_sigma)
        ours = 100 * (found.high - found.low) / 2
        inside = abs(ours - printed.value) <= printed.unit / 2
        note = f"seeds have a standard deviation of {tests.sd:.2g} points" if tests.n > 1 else ""
        return Finding(holds(inside), ours, n=patterns, note=note)

    return Claim(
        "uncertainty",
        "the quoted error rates are uncertain by about so many points",
        (printed,),
        printed.place,
        "half of Wilson's interval of one standard deviation, for our mean test error",
        SAMPLING,
        judge,
    )


def _reliable() -> Claim:
    def judge(results: Results) -> Finding:
        run = _run(results)
        good = sum(error <= 2 * paper.TEST_ERROR.value for error in run.test())
        total = len(run.rows) + run.diverged
        return Finding(holds(good == total), good, n=total, note="trainings that converge")

    return Claim(
        "reliable",
        "the diagonal Levenberg-Marquardt method converges reliably",
        (),
        "Appendix C, p. 2320",
        "trainings of the recipe that end where the others do",
        ALL_TRAINED,
        judge,
        ".0f",
    )


def _subset() -> Claim:
    def judge(results: Results) -> Finding:
        fewer = results.run("readings", "curvature_patterns_100")
        return within(differences(fewer, results.run("readings", RUN)), paper.UNCERTAINTY.value)

    return Claim(
        "curvature-subset",
        "second derivatives can be estimated on a small part of the patterns, whichever",
        (),
        "Appendix C, p. 2320",
        "test error with 100 patterns for it less that with 500, in points, within seeds",
        SUBSET,
        judge,
        "+.3f",
    )
