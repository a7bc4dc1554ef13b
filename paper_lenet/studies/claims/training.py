"""Claims on steps and errors of the training: Section III-B."""

from __future__ import annotations

from paper_lenet.base.statistics import LEVEL, over_seeds
from paper_lenet.paper import numbers
from paper_lenet.paper.numbers import Published
from paper_lenet.results.beside_paper import settling_pass
from paper_lenet.studies.claims.curve import CURVES, by_pass, chosen
from paper_lenet.studies.claims.model import Claim, Finding, Tolerance
from paper_lenet.studies.claims.results import Results, Run
from paper_lenet.studies.claims.rules import ONE_RUN, as_printed, below, holds, one_run

NO_RISE = Tolerance(
    f"the {100 * LEVEL:g}% interval for the rise lies below {numbers.UNCERTAINTY.value:g} points",
    "a rise by the paper's own uncertainty would have been seen; that none is found is not enough, "
    "it must be ruled out",
)
EVERY = Tolerance("so in every seed", "the paper says it of its run without a number")


def claims() -> list[Claim]:
    """The claims of this theme."""
    return [
        _step("smallest_step", numbers.SMALLEST_STEP),
        _step("largest_step", numbers.LARGEST_STEP),
        _training_error(),
        _test_error(),
        _settling(),
        _convergence(),
        _over_training(),
        _crossing(),
    ]


def _step(column: str, printed: Published) -> Claim:
    def judge(results: Results) -> Finding:
        run = chosen(results)
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


def _training_error() -> Claim:
    printed, number = numbers.TRAINING_ERROR, numbers.TRAINING_ERROR_PASS

    def judge(results: Results) -> Finding:
        run = chosen(results)
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
    printed = numbers.TEST_ERROR

    def judge(results: Results) -> Finding:
        run = chosen(results)
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
    f"{numbers.UNCERTAINTY.value:g} points of the last"
)


def _settling() -> Claim:
    printed = numbers.SETTLING_PASS

    def judge(results: Results) -> Finding:
        drawn = settling_pass([point.test_error for point in numbers.fig5()])
        return as_printed(
            settling(chosen(results)), printed, note=f"by this rule Fig. 5 settles at {drawn}"
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
    low, high = numbers.CONVERGENCE

    def judge(results: Results) -> Finding:
        return one_run(settling(chosen(results)), low.value, high.value)

    return Claim(
        "convergence",
        "the passes that the training needs to converge",
        numbers.CONVERGENCE,
        low.place,
        SETTLES,
        ONE_RUN,
        judge,
        ".1f",
    )


def _over_training() -> Claim:
    start = int(numbers.SETTLING_PASS.value)

    def judge(results: Results) -> Finding:
        rises = [curve[-1] - curve[start - 1] for curve in chosen(results).curve(*CURVES["test"])]
        return below(rises, numbers.UNCERTAINTY.value)

    return Claim(
        "no-over-training",
        "the test error does not rise again as training goes on",
        (),
        numbers.TEST_ERROR.place,
        f"test error after the last pass less that after pass {start}, in points, within seeds",
        NO_RISE,
        judge,
        "+.3f",
    )


def _crossing() -> Claim:
    def judge(results: Results) -> Finding:
        run = chosen(results)
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
        f"{numbers.FIG_5}, caption",
        "the same two errors in pass 1 and in the last",
        EVERY,
        judge,
        ".0f",
    )
