"""Claims on the size of the training set: Section III-B, Fig. 6."""

from __future__ import annotations

from itertools import pairwise

from paper_lenet.base.statistics import LEVEL, over_seeds
from paper_lenet.paper import numbers
from paper_lenet.paper.numbers import Published, SizePoint
from paper_lenet.studies.claims.model import Claim, Finding, Tolerance
from paper_lenet.studies.claims.results import Results, differences
from paper_lenet.studies.claims.rules import ONE_RUN, above, as_printed

STUDY = "sizes"
LONGER = "15000_long"
LONG = Tolerance(
    ONE_RUN.rule,
    ONE_RUN.why + "; the paper does not say how long the smaller sets were trained",
)
FALLS = Tolerance(
    f"the {100 * LEVEL:g}% intervals for both differences, within seeds, lie above 0",
    "the figure shows a falling curve; each of its two parts must be more than chance",
)


def claims() -> list[Claim]:
    """The claims of this theme."""
    result = []
    for point in numbers.fig6():
        result += [_error(point, "test", point.patterns), _error(point, "train", point.patterns)]
    smallest = numbers.fig6()[0]
    result += [_error(smallest, "test", LONGER), _error(smallest, "train", LONGER)]
    return [*result, _falls()]


def _error(point: SizePoint, which: str, name: int | str) -> Claim:
    value, what = (
        (point.test_error, "test error")
        if which == "test"
        else (point.training_error, "training error")
    )
    printed = Published(f"{what}, %", value, numbers.FIG_6, numbers.FIG_6_STEP)
    long = name == LONGER
    length = "twice as long in every part of the schedule" if long else "as long as with all"

    def judge(results: Results) -> Finding:
        run = results.run(STUDY, str(name))
        values = run.test() if which == "test" else run.on_the_fly()
        note = ""
        if which == "train" and run.rows:
            after = [100 * int(row["errors_after"]) / int(row["patterns"]) for row in run.rows]
            note = f"counted after the last pass it is {over_seeds(after).mean:.2f}"
        return as_printed(values, printed, run.diverged, note)

    return Claim(
        f"fig6-{point.patterns}-{which}{'-long' if long else ''}",
        f"the {what} with {point.patterns:,} training patterns, in percent"
        + (", if that training was twice as long" if long else ""),
        (printed,),
        numbers.FIG_6,
        f"{'test error' if which == 'test' else 'error on the fly'} of the last pass, trained "
        f"{length}",
        LONG,
        judge,
    )


def _falls() -> Claim:
    names = [str(point.patterns) for point in numbers.fig6()]

    def judge(results: Results) -> Finding:
        runs = [results.run(STUDY, name) for name in names]
        parts = [above(differences(few, many), 0.0) for few, many in pairwise(runs)]
        # The part that is less sure decides.
        worst = min(parts, key=lambda part: part.low if part.low is not None else float("-inf"))
        return worst._replace(note="the smaller of the two gains")

    return Claim(
        "fig6-falls",
        "more training patterns lower the test error",
        (),
        numbers.FIG_6,
        "what twice as many patterns gain, in points",
        FALLS,
        judge,
        "+.3f",
    )
