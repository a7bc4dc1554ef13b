"""Claims on training with distorted patterns: Section III-B, Figs. 6 to 8."""

from __future__ import annotations

from paper_lenet.base.statistics import LEVEL, over_seeds
from paper_lenet.paper import numbers
from paper_lenet.paper.numbers import Published
from paper_lenet.studies.claims.model import Claim, Finding, Tolerance
from paper_lenet.studies.claims.results import Results, differences
from paper_lenet.studies.claims.rules import ONE_RUN, above, as_printed, rounded

STUDY = "distortions"
RUNS = {
    "fig7": "with the ranges that Fig. 7 shows",
    "chosen": "with the ranges chosen on training patterns kept apart",
}
ROUND = Tolerance(
    "equal to the printed number when rounded to a whole one", 'the paper says "about"'
)
GAIN = Tolerance(
    f"the {100 * LEVEL:g}% interval for the gain, within seeds, lies above 0",
    "the paper shows one number of each; the gain must be more than chance",
)


def claims() -> list[Claim]:
    """The claims of this theme."""
    errors = [
        _error(printed, name, run)
        for run in RUNS
        for name, printed in (
            ("distorted-text", numbers.DISTORTED_TEST_ERROR),
            ("distorted-fig6", numbers.DISTORTED_FIG_6),
        )
    ]
    return [*errors, *(_gain(run) for run in RUNS), _times()]


def _error(printed: Published, name: str, run: str) -> Claim:
    def judge(results: Results) -> Finding:
        found = results.run(STUDY, run)
        note = f"the mean's own interval is {_mean(found.test())}" if len(found.rows) > 1 else ""
        return as_printed(found.test(), printed, found.diverged, note)

    return Claim(
        f"{name}-{run}",
        f"the test error after training on distorted patterns too, in percent, {RUNS[run]}",
        (printed,),
        printed.place,
        "test error after the last pass",
        ONE_RUN,
        judge,
    )


def _mean(values: list[float]) -> str:
    found = over_seeds(values)
    return f"{found.low:.3g} to {found.high:.3g}"


def _gain(run: str) -> Claim:
    def judge(results: Results) -> Finding:
        without = results.run("paper", "paper")
        return above(differences(without, results.run(STUDY, run)), 0.0)

    return Claim(
        f"distortions-help-{run}",
        f"training on distorted patterns too lowers the test error, {RUNS[run]}",
        (),
        numbers.DISTORTED_TEST_ERROR.place,
        "test error without distortions less that with them, in points",
        GAIN,
        judge,
        "+.3f",
    )


def _times() -> Claim:
    printed = numbers.TIMES_SEEN

    def judge(results: Results) -> Finding:
        shown = numbers.PASSES.value * numbers.TRAINING_PATTERNS.value
        patterns = numbers.TRAINING_PATTERNS.value + numbers.DISTORTED_PATTERNS.value
        return rounded(shown / patterns, printed)

    return Claim(
        "times-seen",
        "in a training of the same length each sample is seen about so many times",
        (printed,),
        printed.place,
        "patterns shown in all passes over the patterns that there are",
        ROUND,
        judge,
        ".2f",
    )
