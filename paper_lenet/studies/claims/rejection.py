"""Claims on rejection: Section III-D, Fig. 10."""

from __future__ import annotations

from paper_lenet.base.statistics import over_seeds
from paper_lenet.paper import classifiers
from paper_lenet.paper.numbers import Published
from paper_lenet.studies.claims.model import Claim, Finding
from paper_lenet.studies.claims.results import Results
from paper_lenet.studies.claims.rules import OPEN, undecided

STUDY, FILE = "invariance", "needed.csv"
GOAL = classifiers.ERROR_AFTER_REJECTION
LENET_4 = next(each for each in classifiers.CLASSIFIERS if each.name == "LeNet-4")
BASES = {"rejected": "of the accepted patterns", "rejected_of_all": "of all patterns"}


def claims() -> list[Claim]:
    """The claims of this theme."""
    return [_needed(column) for column in BASES]


def _needed(column: str) -> Claim:
    assert LENET_4.rejected is not None
    printed = Published("rejected by LeNet-4, %", LENET_4.rejected, GOAL.place, 0.1)

    def judge(results: Results) -> Finding:
        values = [float(row[column]) for row in results.of_study(STUDY, FILE)]
        found = over_seeds(values)
        note = (
            f"Fig. 10 has no LeNet-5; beside it stands LeNet-4. Our seeds need {found.least:.2f} "
            f"to {found.greatest:.2f}"
        )
        return undecided(note, found.mean, found.n)

    return Claim(
        column.replace("_", "-"),
        f"the percentage of test patterns to reject for {GOAL.value:g}% error {BASES[column]}",
        (printed,),
        GOAL.place,
        "rejected by the difference of the two smallest penalties, smallest first",
        OPEN,
        judge,
        ".2f",
    )
