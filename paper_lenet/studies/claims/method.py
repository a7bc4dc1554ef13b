"""Claims on the method of training and on its errors' doubt: Appendix C, Sections III-C, III-D."""

from __future__ import annotations

from paper_lenet.base.statistics import LEVEL, over_seeds, wilson
from paper_lenet.paper import numbers
from paper_lenet.studies.claims.curve import chosen
from paper_lenet.studies.claims.model import Claim, Finding, Tolerance
from paper_lenet.studies.claims.results import Results, differences
from paper_lenet.studies.claims.rules import OPEN, holds, undecided, within

ALL_TRAINED = Tolerance(
    "no seed diverges, and none misreads more than twice what the paper does",
    "the paper says reliably; a training that ends elsewhere is one that failed",
)
SUBSET = Tolerance(
    f"the {100 * LEVEL:g}% interval for the difference of the means lies within "
    f"{numbers.UNCERTAINTY.value:g} points",
    "the paper's own uncertainty: what lies within it the authors would not have seen",
)
SAMPLING = Tolerance(
    "one standard error of our error rate, when rounded like the printed number",
    "the caption does not say what was computed; the sampling of the test patterns is the least",
)


def claims() -> list[Claim]:
    """The claims of this theme."""
    return [
        _reliable(),
        _subset(),
        _uncertainty(),
        Claim(
            "days",
            "the training took two to three days of one 200 MHz processor",
            numbers.DAYS,
            numbers.DAYS[0].place,
            "the same machine",
            OPEN,
            lambda results: undecided("it would need an SGI Origin 2000"),
        ),
    ]


def _uncertainty() -> Claim:
    printed = numbers.UNCERTAINTY

    def judge(results: Results) -> Finding:
        run = chosen(results)
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
        run = chosen(results)
        good = sum(error <= 2 * numbers.TEST_ERROR.value for error in run.test())
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
        return within(
            differences(fewer, results.run("readings", "paper")), numbers.UNCERTAINTY.value
        )

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
